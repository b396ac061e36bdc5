/** Portals with a lead each, and processes that convert all of them at once and die together, each conversion at a request of its own. */
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Temporal } from 'temporal-polyfill'
import type { Plan } from '../../../server/domain/conversion/plan.ts'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import { leadId, userId } from '../../../server/domain/lead.ts'
import type { ConversionStatus } from '../../../server/store/conversions.ts'
import { openDatabase, type DatabaseOptions } from '../../../server/store/database.ts'
import { createPortals } from '../../../server/store/portals.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../../fake-portal/fake-portals.ts'
import { stepsFor, targets } from '../../portal/conversion/conversion-room.ts'
import { sealer, until } from '../support.ts'
import type { ChildSettings, News, Order } from './kill-child.ts'

/** The request of this number, from when it was set, gets no answer: it is not carried out (`before`), or it is (`after`). */
export interface Stop { readonly at: number; readonly when: 'before' | 'after' }

export interface Place {
  readonly portal: FakePortal
  readonly leadId: number
  readonly steps: readonly ConversionStep[]
  /** Requests since it was asked last. */
  count(): number
  stopAt(stop: Stop | null): void
  hasStopped(): boolean
  /** Once, when a request with this method has been carried out. */
  onceAfter(method: string, run: () => void): void
  /** Just before the request of this number, counted from the beginning or from the last stop. */
  onceBefore(request: number, run: () => void): void
}

const manager = 1

/** A lead with all that goes along with one. */
const furnish = (portal: FakePortal): Pick<Place, 'leadId' | 'steps'> => {
  const { act } = portal
  portal.limits.rate.on = false
  const { id } = act.createLead({ title: 'Столешница на кухню', name: 'Мария', lastName: 'Белова', companyTitle: 'ООО «Кедр»', phone: '+7 900 000-00-71', sourceId: 'WEB', assignedById: manager })
  const calls = [1, 2].map(() => act.call({ leadId: id, userId: manager, durationSeconds: 60, direction: 'incoming' }).activity.id)
  const task = act.createTask({ title: 'Замер', responsibleId: manager, ufCrmTask: [`L_${id}`] })
  const comment = act.comment(id, 'Просит светлый камень', manager)
  const quote = act.createQuote({ leadId: id })
  const { check, company, contact, requisites, deal, products, linkRequisites, linkLead, tell, finish } = stepsFor(leadId(id))
  const check_ = (key: string): ConversionStep => ({ ...check, key })
  return {
    leadId: id,
    steps: [
      check, company, contact, requisites, check_('check-deal'), deal, check_('check-after'), products, linkRequisites,
      { key: 'activities', kind: 'bind-activities', ids: calls, to: targets },
      { key: 'tasks', kind: 'bind-tasks', ids: [task.id], to: targets },
      { key: 'comments', kind: 'bind-comments', ids: [comment.id], to: targets.slice(0, 1) },
      { key: 'quotes', kind: 'bind-quotes', ids: [quote.id], deal: { of: 'deal' } },
      linkLead, tell, check_('check-finish'), finish, { ...check, key: 'check-end', onSuccess: true },
    ],
  }
}

const watchRequests = (portal: FakePortal): Omit<Place, 'portal' | 'leadId' | 'steps'> => {
  let seen = 0
  let stop: Stop | null = null
  let stopped = false
  const before = new Map<number, () => void>()
  const after = new Map<string, () => void>()
  portal.faults.take = (methods, when) => {
    if (when === 'before') {
      seen += 1
      before.get(seen)?.()
      before.delete(seen)
    }
    if (stop?.when === when && stop.at === seen) {
      stopped = true
      return 'silence'
    }
    if (when === 'after') for (const method of methods) {
      const run = after.get(method)
      after.delete(method)
      run?.()
    }
    return null
  }
  return {
    count: () => {
      const count = seen
      seen = 0
      return count
    },
    stopAt: (next) => {
      seen = 0
      stopped = false
      stop = next
    },
    hasStopped: () => stopped,
    onceAfter: (method, run) => void after.set(method, run),
    onceBefore: (request, run) => void before.set(request, run),
  }
}

export interface KillRun {
  readonly database: DatabaseOptions
  /** As many places as asked for; more are made when there are too few. */
  places(count: number): Promise<readonly Place[]>
  /** New processes, one unless told otherwise; those before are killed without a warning. */
  restart(processes?: number): Promise<void>
  /** Whatever one process can do, the first of them does. */
  order(order: Order): void
  untilEnded(places: readonly Place[], status: ConversionStatus): Promise<void>
  /** Each waits at its stop for ever. */
  untilStopped(places: readonly Place[]): Promise<void>
  /** Without a warning, as the power goes. */
  kill(): Promise<void>
  close(): Promise<void>
}

export const prepareKillRun = async (database: DatabaseOptions): Promise<KillRun> => {
  const fakes: FakePortals = await startFakePortals({ strict: true })
  const made: Place[] = []
  let children: readonly ChildProcess[] = []
  let ended: Readonly<Record<string, ConversionStatus>> = {}
  const faults: string[] = []

  const kill = async (): Promise<void> => {
    const dying = children
    children = []
    await Promise.all(dying.map(async (child) => {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    }))
  }
  const untilAll = async (places: readonly Place[], what: string, holds: (place: Place) => boolean): Promise<void> => {
    const open = (): readonly Place[] => places.filter(place => !holds(place))
    await until(`each has ${what}`, () => open().length === 0, 180_000).catch((cause: unknown) => {
      throw new Error(`${open().length} of ${places.length} have not ${what}: ${JSON.stringify(open().slice(0, 3).map(({ portal }) => [ended[portal.memberId], portal.requests.slice(-4)]))} ${faults.slice(-2).join('\n')}`, { cause })
    })
  }
  const settings: ChildSettings = {
    database: { dataDir: database.dataDir, url: database.url },
    config: { clientId: fakes.app.clientId, clientSecret: fakes.app.clientSecret, authServers: [fakes.authServer], allowLocalPortals: true, appUrl: 'https://leadrail.example.com', version: '0.0.0' },
  }
  return {
    database: settings.database,
    places: async (count) => {
      if (made.length < count) {
        // The embedded engine is opened by one process at a time.
        await kill()
        const store = await openDatabase(made.length === 0 ? database : settings.database)
        const portals = createPortals(store, sealer)
        const now = Temporal.Now.instant()
        while (made.length < count) {
          const portal = await fakes.create()
          const { memberId, domain, clientEndpoint, serverEndpoint } = portal
          await portals.admitPortal({ memberId, domain, clientEndpoint, serverEndpoint }, now)
          const { accessToken, refreshToken } = portal.tokensFor(manager)
          await portals.saveToken({ memberId, userId: manager, serverEndpoint, accessToken, refreshToken, expiresAt: now.add({ hours: 1 }) })
          made.push({ portal, ...furnish(portal), ...watchRequests(portal) })
        }
        await store.close()
      }
      return made.slice(0, count)
    },
    restart: async (processes = 1) => {
      await kill()
      ended = {}
      children = Array.from({ length: processes }, () => fork(fileURLToPath(new URL('./kill-child.ts', import.meta.url)), { env: { PATH: process.env['PATH'] ?? '', KILL_CHILD: JSON.stringify(settings) }, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }))
      await Promise.all(children.map(child => new Promise<void>((resolve, reject) => {
        let said = ''
        child.stderr?.on('data', (chunk: Buffer) => said += chunk.toString())
        child.once('exit', () => reject(new Error(`the process has ended: ${said}`)))
        child.on('message', (news) => {
          const told = news as News
          if (told === null) resolve()
          else if ('fault' in told) faults.push(told.fault)
          else ended = told as Readonly<Record<string, ConversionStatus>>
        })
      })))
    },
    order: order => (order.kind === 'go-on' ? children : children.slice(0, 1)).forEach(child => child.send(order)),
    untilEnded: (places, status) => untilAll(places, `ended as ${status}`, place => ended[place.portal.memberId] === status),
    untilStopped: places => untilAll(places, 'stopped', place => place.hasStopped()),
    kill,
    close: async () => {
      await kill()
      await fakes.close()
    },
  }
}

export const beginOn = ({ portal, leadId: id, steps }: Place): Order => ({
  kind: 'begin', memberId: portal.memberId,
  ask: { leadId: leadId(id), byUserId: userId(manager), byUserName: 'Анна', accessToken: portal.tokensFor(manager).accessToken, regulationVersion: 1, plan: {} as Plan, steps, undoDays: 3 },
})
export const undoOn = ({ portal, leadId: id }: Place): Order => ({ kind: 'undo', memberId: portal.memberId, leadId: leadId(id), byUserId: userId(manager) })
