/** What publishing a draft would change for the open leads: the rules themselves are asked, and nothing is recorded. */
import type { Temporal } from 'temporal-polyfill'
import { addWorkingMs } from '../domain/calendar.ts'
import type { Command, Context } from '../domain/command.ts'
import type { LeadId, Sight } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { versionFor, type Applies } from '../domain/regulation/versions.ts'
import { calendarOf } from '../domain/rules/calendars.ts'
import { spanMs, toMoment, toMs } from '../domain/time.ts'
import type { ActiveWatch, Moment } from '../domain/watch.ts'
import { regulationVersions, versionsOf } from '../store/regulations.ts'
import { openLeadIds, watchesOf } from '../store/watches.ts'
import { freshFacts } from './fresh-facts.ts'
import { gatherContexts, type LeadRules } from './lead-rules.ts'
import { lookAtLeads } from './look.ts'
import type { Room } from './ports.ts'

export interface LeadChange {
  readonly leadId: number
  readonly title: string
  readonly what: 'deadline' | 'overdue' | 'step-lost' | 'step-changed' | 'stage-kept'
  readonly before: Moment | null
  readonly after: Moment | null
  /** Step it would be on; null: none. */
  readonly stepId: string | null
}

export interface Preview {
  readonly open: number
  readonly deadline: number
  readonly overdue: number
  readonly stepLost: number
  readonly stepChanged: number
  /** Stand on the former stage of their step, and stay there on this step until somebody moves them; their deadline may change besides. */
  readonly stageKept: number
  /** Running terms that only another calendar would make end at another moment: they run on as they were, the next one is counted by it. */
  readonly termKept: number
  /** Could not be read just now. */
  readonly unread: number
  /** The first hundred that change. */
  readonly leads: readonly LeadChange[]
}

const leadsPerPage = 47
const mostShown = 100

export const noChange: Preview = { open: 0, deadline: 0, overdue: 0, stepLost: 0, stepChanged: 0, stageKept: 0, termKept: 0, unread: 0, leads: [] }

/** Looks at every open lead that the version would take over, page by page; `progress` hears of each page and answers whether to go on. Null: not gone on with. Throws `PortalError`. */
export const previewPublishing = async (room: Room, memberId: string, regulation: Regulation, applies: Applies, progress: (done: number) => Promise<boolean> = () => Promise.resolve(true)): Promise<Preview | null> => {
  const { db } = room.database
  const versions = await versionsOf(db, memberId)
  const version = (versions[0]?.version ?? 0) + 1
  const next = [...versions, { version, applies, mode: 'live' as const }]
  let preview = noChange
  for (let after = 0; ;) {
    const ids = await openLeadIds(db, memberId, after, leadsPerPage)
    const watches = await watchesOf(db, memberId, ids)
    const taken = ids.filter((id) => {
      const watch = watches.get(id)?.watch
      return watch?.status === 'active' && versionFor(watch.regulationVersion, next) === version
    })
    const now = room.clock.now()
    const changes = taken.length === 0 ? [] : await lookUnder(room, memberId, { version, regulation }, taken, now)
    preview = changes.reduce(add, { ...preview, open: preview.open + ids.length })
    const goesOn = await progress(preview.open)
    const last = ids.at(-1)
    if (last === undefined || ids.length < leadsPerPage) return preview
    if (!goesOn) return null
    after = last
  }
}

interface Seen {
  readonly change: LeadChange | null
  readonly isStageKept: boolean
  readonly isTermKept: boolean
}

const lookUnder = async (room: Room, memberId: string, published: { readonly version: number; readonly regulation: Regulation }, ids: readonly LeadId[], now: Temporal.Instant): Promise<readonly (Seen | 'unread')[]> => {
  const facts = await freshFacts(room, memberId)
  const watches = await watchesOf(room.database.db, memberId, ids)
  const rules: LeadRules = { regulations: [published.regulation], live: [published], shadow: null, of: () => published, anew: () => null, publishedAt: () => null }
  const context = (await gatherContexts(room, memberId, rules, facts, now)).of(published.version)
  const former = await regulationVersions(room.database.db, memberId, [...new Set([...watches.values()].flatMap(({ watch }) => (watch.status === 'active' ? [watch.regulationVersion] : [])))])
  const sights = new Map((await lookAtLeads(room, memberId, [published.regulation], ids, watches)).map(sight => [sight.kind === 'seen' ? sight.lead.id : sight.leadId, sight]))
  return ids.map((id) => {
    const sight = sights.get(id)
    const watch = watches.get(id)?.watch
    if (sight === undefined || watch?.status !== 'active') return 'unread'
    const commands = room.rules.decide(watch, sight, published.regulation, published.version, context, now)
    const change = changeOf(watch, sight, commands, now)
    const own = former.get(watch.regulationVersion)
    const dueBy = (regulation: Regulation) => dueAtBy(watch, regulation, { calendar: facts.calendar, people: facts.people })
    return {
      change,
      isStageKept: commands.some(isStay),
      isTermKept: sight.kind === 'seen' && own !== undefined && !commands.some(({ kind }) => kind === 'set-clock' || kind === 'close-watch') && dueBy(own) !== dueBy(published.regulation),
    }
  })
}

const isStay = ({ kind, because }: Command): boolean => kind === 'stay-on-step' && because.rule === 'step-on-other-stage'

/** When the running term ends by a regulation's calendar; null for one that no span of a step has made, or that a person has moved. */
const dueAtBy = ({ clock, responsibleId }: ActiveWatch, regulation: Regulation, context: Pick<Context, 'calendar' | 'people'>): Moment | null => {
  if (clock.kind === 'none' || clock.made === undefined || clock.movedFrom !== null) return null
  const counted = addWorkingMs(calendarOf({ regulation, context }, responsibleId), toMs(clock.startedAt), spanMs(clock.made.span))
  return counted === null ? null : toMoment(counted.dueMs)
}

const changeOf = (watch: ActiveWatch, sight: Sight, commands: readonly Command[], now: Temporal.Instant): LeadChange | null => {
  if (sight.kind === 'gone') return null
  const before = watch.clock.kind === 'none' ? null : watch.clock.dueAt
  const base = { leadId: watch.leadId, title: sight.lead.title, before }
  const isLost = commands.some(command => command.because.rule === 'step-lost')
  const entered = commands.find(command => command.kind === 'enter-step')
  if (isLost && entered?.kind !== 'enter-step') return { ...base, what: 'step-lost', after: null, stepId: null }
  const clocks = commands.flatMap(command => (command.kind === 'set-clock' ? [command.clock] : []))
  const first = clocks[0]
  const after = first === undefined ? before : first.kind === 'none' ? null : first.dueAt
  if (entered?.kind === 'enter-step' && isLost) return { ...base, what: 'step-changed', after, stepId: entered.stepId }
  if (after === before) return commands.some(isStay) ? { ...base, what: 'stage-kept', after, stepId: watch.stepId } : null
  const isOverdue = after !== null && now.toString() >= after && (before === null || now.toString() < before)
  const stepId = commands.find(command => command.kind === 'adopt-version')?.stepId ?? watch.stepId
  return { ...base, what: isOverdue ? 'overdue' : 'deadline', after, stepId }
}

const add = (preview: Preview, seen: Seen | 'unread'): Preview => {
  if (seen === 'unread') return { ...preview, unread: preview.unread + 1 }
  const { change, isStageKept, isTermKept } = seen
  const counted = { ...preview, stageKept: preview.stageKept + (isStageKept ? 1 : 0), termKept: preview.termKept + (isTermKept ? 1 : 0) }
  if (change === null) return counted
  const leads = counted.leads.length < mostShown ? [...counted.leads, change] : counted.leads
  if (change.what === 'stage-kept') return { ...counted, leads }
  const count = { deadline: 'deadline', overdue: 'overdue', 'step-lost': 'stepLost', 'step-changed': 'stepChanged' } as const
  const key = count[change.what]
  return { ...counted, [key]: counted[key] + 1, leads }
}
