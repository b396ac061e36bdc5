import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { leadId } from '../../server/domain/lead.ts'
import { openDatabase, type Database } from '../../server/store/database.ts'
import { incidentsOf, type IncidentRow } from '../../server/store/incidents.ts'
import { journalOf, type JournalRow } from '../../server/store/journal.ts'
import { countOutbox } from '../../server/store/outbox.ts'
import { createPortals } from '../../server/store/portals.ts'
import { createSealer } from '../../server/store/seal.ts'
import { watchOf } from '../../server/store/watches.ts'
import type { Watch } from '../../server/domain/watch.ts'
import { newPostgresUrl } from '../support/database.ts'
import { monday, prepareRun, type KillRun } from './kill-run.ts'
import { until } from './support.ts'

const leads = 200
const killsAtArrival = 12
const killsAtMisses = 8
const minute = 60_000
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Chances that are the same in every run. */
const createChances = (seed: number): (() => number) => {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
}

interface Remembered { readonly id: number; readonly watch: Watch; readonly journal: readonly JournalRow[]; readonly incidents: readonly IncidentRow[] }

/** Leads arrive while the processes die one after the other; when all are in work, time runs until each has missed its deadline, and they die again. */
const play = async (run: KillRun, places: number): Promise<void> => {
  const { faults, act } = run.portal
  const chance = createChances(42)
  const killSome = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) {
      await pause(200 + chance() * 2_300)
      await run.kill(turn % places)
      await run.start(turn % places)
    }
  }
  faults.dropEvents(0.1)
  faults.doubleEvents(0.1)
  faults.reorderEvents()
  faults.loseAnswers(0.03)
  run.setClock(10, Number.MAX_SAFE_INTEGER)
  const arrivals = (async () => {
    for (let count = 1; count <= leads; count++) {
      act.createLead({ title: `Столешница ${count}`, phone: `+7900000${String(count).padStart(4, '0')}` })
      await pause(75)
    }
  })()
  await killSome(killsAtArrival)
  await arrivals
  await until('every lead is in work', () => withoutTask(run).length === 0, 240_000)
  const lastMiss = run.now() + 36 * minute
  // Straight to the first deadlines: the deaths are to come while they pass.
  run.setClock(200, Math.max(run.now(), monday + 29 * minute))
  await until('the first deadlines are near', () => run.now() >= monday + 29 * minute)
  run.setClock(40, lastMiss)
  await killSome(killsAtMisses)
  faults.clear()
  await untilQuiet(run)
  // The tokens of ten o'clock expire, the next deadlines do not yet.
  run.setClock(40, Math.max(run.now(), monday + 70 * minute))
  await untilQuiet(run)
}

const withoutTask = ({ portal: { state } }: KillRun): readonly number[] => {
  const served = new Set([...state.tasks.values()].flatMap(task => task.ufCrmTask))
  return [...state.leads.keys()].filter(id => !served.has(`L_${id}`))
}

/** What the store knows of leads that were left behind: without it a failure tells nothing. */
const explain = async (run: KillRun, database: Database): Promise<string> => {
  const { memberId } = run.portal
  const stories = await Promise.all(withoutTask(run).slice(0, 5).map(async (id) => {
    const journal = await journalOf(database.db, memberId, leadId(id), 50)
    const inbox = await database.db.selectFrom('inbox').selectAll().where('member_id', '=', memberId).where('id', '=', id).execute()
    return { id, lead: run.portal.state.leads.get(id)?.stageId, watch: await watchOf(database.db, memberId, leadId(id)), inbox, journal: journal.map(row => `${row.command.kind} ${row.outcome} ${row.outcomeDetail ?? ''}`) }
  }))
  const work = await database.db.selectFrom('portal_work').selectAll().execute()
  const portals = await database.db.selectFrom('portals').select(['status', 'status_reason']).execute()
  return JSON.stringify({ left: withoutTask(run).length, stories, work, portals, said: run.said.slice(-10) }, null, 1)
}

/** Time stands still, the portal does not change any more, and nothing waits: as the processes tell themselves. */
const untilQuiet = async (run: KillRun): Promise<void> => {
  const begun = Date.now()
  let before = ''
  for (let still = 0; still < 6;) {
    const time = run.now()
    await pause(1_000)
    const { leads: items, tasks, notifications } = run.portal.state
    const now = JSON.stringify([[...items.values()].map(lead => [lead.stageId, lead.assignedById]), tasks.size, notifications.length])
    const metrics = await (await fetch(`${run.appUrl}/metrics`)).text()
    const isIdle = ['inbox', 'outbox'].every(queue => new RegExp(`queue="${queue}"\\} 0\\n`).test(metrics))
    if (now !== before || run.now() !== time) still = 0
    else if (isIdle || still < 5) still++
    before = now
    if (Date.now() - begun > 300_000) throw new Error(`the portal does not come to rest: ${metrics.split('\n').filter(line => line.includes('queue=')).join(', ')}`)
  }
}

const recall = async (database: Database, memberId: string, ids: readonly number[]): Promise<readonly Remembered[]> => {
  const remembered: Remembered[] = []
  for (const id of ids) {
    remembered.push({
      id,
      watch: await watchOf(database.db, memberId, leadId(id)),
      journal: await journalOf(database.db, memberId, leadId(id), 1_000),
      incidents: await incidentsOf(database.db, memberId, leadId(id)),
    })
  }
  return remembered
}

/** What must hold of every lead, however the run went: differences are told by lead. */
const check = (run: KillRun, all: readonly Remembered[]): void => {
  const { state } = run.portal
  const wrong: unknown[] = []
  const escalated: string[] = []
  for (const { id, watch, journal, incidents } of all) {
    const tell = (what: string, found: unknown): void => void wrong.push({ id, what, found })
    const choices = journal.filter(({ command }) => command.kind === 'assign')
    const choice = choices[0]?.command
    if (choices.length !== 1 || choice?.kind !== 'assign' || choice.userId !== state.leads.get(id)?.assignedById) tell('choices', { choices: choices.map(row => row.command), responsible: state.leads.get(id)?.assignedById })
    const tasks = [...state.tasks.values()].filter(task => task.ufCrmTask.includes(`L_${id}`))
    const asked = journal.filter(({ command }) => command.kind === 'set-follow-up')
    if (tasks.length !== 1 || asked.length !== 1 || tasks[0]?.xmlId !== `leadrail:${asked[0] !== undefined && 'mark' in asked[0].command ? asked[0].command.mark : ''}`) tell('tasks', tasks.map(task => task.xmlId))
    if (watch.status !== 'active' || watch.clock.kind !== 'again') tell('watch', watch)
    if (incidents.length !== 1) tell('incidents', incidents)
    for (const incident of incidents) {
      const told = journal.flatMap(({ command }) => command.kind === 'notify' && command.incidentId === incident.id ? [command.mark] : [])
      const arrived = state.notifications.filter(({ tag }) => told.some(mark => tag === `leadrail:${mark}`))
      if (told.length !== 1 || arrived.length !== 1 || incident.deliveredAt === null) tell('message of the miss', { told, arrived, incident })
    }
    const unfinished = journal.filter(({ outcome }) => outcome !== 'recorded' && outcome !== 'done')
    if (unfinished.length > 0) tell('unfinished', unfinished.map(({ command, outcome, outcomeDetail }) => ({ kind: command.kind, outcome, outcomeDetail })))
    if (journal.some(({ command }) => command.because.rule.length === 0)) tell('unexplained', journal)
    escalated.push(...journal.flatMap(({ command }) => command.kind === 'escalate' ? command.incidentIds : []))
  }
  expect(wrong.slice(0, 5), `${wrong.length} leads`).toEqual([])
  expect(new Set(escalated).size).toBe(escalated.length)
  expect(escalated.length).toBeGreaterThan(0)
}

const refreshesOf = (run: KillRun): number => run.portals.authRequests.filter(({ kind }) => kind === 'refresh').length

const runOn = async (places: number, environment: Readonly<Record<string, string>>, open: () => Promise<Database>): Promise<void> => {
  const run = await prepareRun({ places, environment })
  const before = refreshesOf(run)
  try {
    await play(run, places).catch(async (cause: unknown) => {
      for (let place = 0; place < places; place++) await run.kill(place)
      const database = await open()
      const story = await explain(run, database)
      await database.close()
      throw new Error(story, { cause })
    })
    const ids = [...run.portal.state.leads.keys()]
    expect(ids).toHaveLength(leads)
    const refreshes = refreshesOf(run) - before
    for (let place = 0; place < places; place++) await run.kill(place)
    const database = await open()
    try {
      const portals = createPortals(database, createSealer([new Uint8Array(32).fill(7)]))
      expect(await portals.findPortal(run.portal.memberId)).toMatchObject({ status: 'active' })
      expect(await countOutbox(database.db)).toBe(0)
      check(run, await recall(database, run.portal.memberId, ids))
      // Tokens live for an hour, and the deaths are over before they expire.
      expect(refreshes).toBe(1)
    }
    finally {
      await database.close()
    }
  }
  finally {
    await run.close()
  }
}

// At the same time: they mostly wait.
describe.concurrent('two hundred leads, twenty deaths, lost, doubled and reordered events', () => {
  it('leave each lead with one responsible, one task and one incident per miss, on PGlite', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'leadrail-kill-'))
    await runOn(1, { DATA_DIR: dataDir }, () => openDatabase({ dataDir }))
    rmSync(dataDir, { recursive: true })
  }, 900_000)

  it('leave each lead with one responsible, one task and one incident per miss, on PostgreSQL', async () => {
    const url = await newPostgresUrl()
    await runOn(1, { DATABASE_URL: url }, () => openDatabase({ url, dataDir: '' }))
  }, 900_000)

  it('are served by two processes at once with the same end, and one token refresh per expiry', async () => {
    const url = await newPostgresUrl()
    await runOn(2, { DATABASE_URL: url }, () => openDatabase({ url, dataDir: '' }))
  }, 900_000)
})
