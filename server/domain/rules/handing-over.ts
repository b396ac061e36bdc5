/** To whom a head may best give a lead, and what becomes of its term: told before he does it. */
import type { Temporal } from 'temporal-polyfill'
import { isWorkingMs } from '../calendar.ts'
import type { Context, Person } from '../command.ts'
import type { Lead, UserId } from '../lead.ts'
import type { CalendarData, Regulation } from '../regulation.ts'
import type { ActiveWatch, Moment } from '../watch.ts'
import { poolOfLead } from './channels.ts'
import { poolOf } from './distribution.ts'
import { handOver } from './responsible.ts'
import { give, nameOf, openTurn, stepById } from './turn.ts'

/** At work, not at work at this hour, or absent: on holiday, ill, away. */
export type Presence = 'at-work' | 'off' | 'absent'

export interface Successor {
  readonly id: UserId
  readonly name: string
  /** One of those whom the regulation gives such leads to. */
  readonly isOfPool: boolean
  /** Open leads under the regulation; null where it is not known. */
  readonly open: number | null
  readonly presence: Presence
  /** When the lead would be due; null where no term runs. */
  readonly dueAt: Moment | null
}

interface Given {
  readonly lead: Lead
  readonly watch: ActiveWatch
  readonly regulation: Regulation
  readonly company: Pick<Context, 'people' | 'calendar'>
  /** Open leads by person; null where they were not counted. */
  readonly load: Readonly<Record<number, { readonly open: number }>> | null
  readonly now: Temporal.Instant
}

/** Everybody who works here but the present responsible: those of the lead's pool before the others, whoever is at work before whoever is not, and whoever has less to do first. */
export const successorsOf = ({ lead, watch, regulation, company, load, now }: Given): readonly Successor[] => {
  const context: Context = { ...company, shares: {}, load: {}, misses: {}, stageNames: {}, language: 'ru' }
  const turnFor = () => openTurn(watch, lead, regulation, watch.regulationVersion, context, now)
  const { people } = turnFor().context
  const members = new Set(poolOf(poolOfLead({ lead, regulation }), context).map(({ id }) => id))
  const due = new Map<CalendarData, Moment | null>()
  const dueFor = ({ id, calendar = company.calendar }: Person): Moment | null => {
    if (!due.has(calendar)) due.set(calendar, dueAfter(turnFor(), id))
    return due.get(calendar) ?? null
  }
  return people.filter(({ active, id }) => active && id !== lead.responsibleId)
    .map((person): Successor => ({
      id: person.id, name: person.name, isOfPool: members.has(person.id), open: load === null ? null : load[person.id]?.open ?? 0,
      presence: presenceOf(person, company.calendar, now.epochMilliseconds), dueAt: dueFor(person),
    }))
    .toSorted((a, b) => Number(b.isOfPool) - Number(a.isOfPool) || presences.indexOf(a.presence) - presences.indexOf(b.presence) || (a.open ?? 0) - (b.open ?? 0) || a.name.localeCompare(b.name, 'ru'))
}

const presences: readonly Presence[] = ['at-work', 'off', 'absent']

/** Time tracking says it where it is used, else the person's calendar. */
const presenceOf = ({ absent, dayOpen, calendar }: Person, common: CalendarData, nowMs: number): Presence =>
  absent ? 'absent' : dayOpen ?? isWorkingMs(calendar ?? common, nowMs) ? 'at-work' : 'off'

/** The same rule that follows the change, tried out. */
const dueAfter = (turn: ReturnType<typeof openTurn>, to: UserId): Moment | null => {
  const watch = turn.watch
  if (watch.status !== 'active' || watch.clock.kind === 'none') return null
  const step = stepById(turn.regulation, watch.stepId)
  if (step === undefined) return null
  const because = { rule: 'responsible-changed', from: watch.responsibleId, to, name: nameOf(turn.context, to) } as const
  give(turn, { kind: 'note-responsible', leadId: watch.leadId, userId: to, because })
  handOver(turn, step, because)
  return turn.watch.status === 'active' && turn.watch.clock.kind !== 'none' ? turn.watch.clock.dueAt : null
}
