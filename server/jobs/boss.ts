/** The one place that knows pg-boss: queues, their workers, and jobs that outlived their process. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { PgBoss, fromPglite, type Db } from 'pg-boss'
import type { Database } from '../store/database.ts'
import type { Log } from './ports.ts'

export interface JobFacts {
  readonly memberId: string
  readonly what?: string
}

export interface Queues {
  /** Asks for jobs; a key that has one already, waiting or running, gets no second one. */
  send(queue: QueueName, jobs: readonly { readonly key: string; readonly facts: JobFacts }[]): Promise<void>
  work(queue: QueueName, count: number, run: (facts: JobFacts, jobId: string, signal: AbortSignal) => Promise<void>): Promise<void>
  /** Running jobs with the time since they began. */
  running(queue: QueueName): Promise<readonly { readonly id: string; readonly facts: JobFacts; readonly ageMs: number }[]>
  /** Gives up a running job whose process is gone. */
  drop(queue: QueueName, ids: readonly string[]): Promise<void>
  /** Takes no new jobs, waits for the running ones (at most `waitMs`). */
  stop(waitMs: number): Promise<void>
}

export const queueNames = ['serve-portal', 'keep-portal', 'simulate', 'preview'] as const
export type QueueName = typeof queueNames[number]

/**
 * `exclusive`: one job per key, waiting or running. Not `stately`: a waiting job beside a running one of the same key makes the
 * fetch of every other portal fail until the running one ends. What comes while a job runs is found by the dispatcher.
 */
const policy = 'exclusive'

/** Opens the queues on the store's database. `isWorker`: look after them, too. */
export const openQueues = async (database: Database, log: Log, { isWorker }: { readonly isWorker: boolean }): Promise<Queues> => {
  const place = database.boss()
  const common = { useListenNotify: isWorker, supervise: isWorker, schedule: false, monitorIntervalSeconds: 60, maintenanceIntervalSeconds: 120, reindex: false } as const
  const boss = place.kind === 'pglite'
    ? new PgBoss({ backend: 'pglite', db: breathing(fromPglite(place.lite)), ...common })
    : new PgBoss({ connectionString: place.url, max: 4, application_name: 'leadrail-jobs', ...common })
  boss.on('error', error => log.error({ error }, 'queue.failed'))
  boss.on('warning', warning => log.warn({ warning }, 'queue.warned'))
  await boss.start()
  for (const name of queueNames) {
    const options = { notify: true, retryLimit: 0, expireInSeconds: name === 'simulate' ? 21_600 : 900, deleteAfterSeconds: 60, retentionSeconds: 86_400 }
    if (await boss.getQueue(name) === null) await boss.createQueue(name, { policy, ...options })
    else await boss.updateQueue(name, options)
    // Fills the cache: a queue looked up for the first time inside a transaction would wait for itself on one connection.
    await boss.findJobs(name, { id: '00000000-0000-0000-0000-000000000000' })
  }
  const stopping = new AbortController()

  return {
    send: async (queue, jobs) => {
      await boss.insert(queue, jobs.map(({ key, facts }) => ({ data: facts, singletonKey: key })))
    },
    work: async (queue, count, run) => {
      for (let place = 0; place < count; place++) {
        let own = ''
        own = await boss.work<JobFacts>(queue, { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 }, async ([job]) => {
          if (job === undefined) return
          try {
            await run(job.data, job.id, stopping.signal)
          }
          finally {
            // There may be more: fetch again at once instead of at the next poll.
            boss.notifyWorker(own)
          }
        })
      }
    },
    running: async (queue) => {
      // pg-boss has no question for running jobs alone, and with the ended ones its answer is long.
      const { rows } = await boss.getDb().executeSql(`select id, data, extract(epoch from now() - started_on) * 1000 as age from pgboss.job where name = $1 and state = 'active'`, [queue])
      return rows.map((row: { id: string; data: JobFacts; age: string | number }) => ({ id: row.id, facts: row.data, ageMs: Number(row.age) }))
    },
    drop: async (queue, ids) => {
      if (ids.length > 0) await boss.deleteJob(queue, [...ids])
    },
    stop: async (waitMs) => {
      stopping.abort()
      await boss.stop({ graceful: true, timeout: waitMs, close: true })
    },
  }
}

const breathing = (db: Db): Db => ({
  ...db,
  executeSql: async (text, values) => {
    const result = await db.executeSql(text, values)
    await nextTurn()
    return result
  },
})
