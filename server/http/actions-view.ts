/** What the person who has opened the tab may do with the lead now. Pure. */
import { Temporal } from 'temporal-polyfill'
import type { ActionsView } from '../contract/lead-view.ts'
import { addWorkingTime, nextWorkingMoment } from '../domain/calendar.ts'
import type { Context } from '../domain/command.ts'
import { userId as toUserId, type ActRight, type Lead, type UserId } from '../domain/lead.ts'
import type { CalendarData, Regulation, Step } from '../domain/regulation.ts'
import { successorsOf } from '../domain/rules/handing-over.ts'
import { isAbove, type Company } from '../domain/rules/heads.ts'
import { moveLimits } from '../domain/rules/move-deadline.ts'
import { rightsFor, rightsOver } from '../domain/rules/rights.ts'
import { mayTakeLead } from '../domain/rules/take.ts'
import { toInstant } from '../domain/time.ts'
import type { ActiveWatch, Watch } from '../domain/watch.ts'
import type { LeadNumber } from './contact-view.ts'
import type { IncidentRow } from './ports.ts'

export interface Asker {
  readonly userId: number
  readonly isAdmin: boolean
  /** In which days are counted for him. */
  readonly timeZone: string
  readonly now: Temporal.Instant
}

export interface Around {
  readonly regulation: Regulation
  readonly company: Pick<Context, 'people' | 'calendar' | 'successStageIds'>
  readonly incidents: readonly IncidentRow[]
  readonly stageName: (id: string) => string
  /** What is still to be done before the step may be left, in words. */
  readonly missing: readonly string[]
  /** What its gate needs of that; an answer may stand in both. */
  readonly gateNeeds: readonly string[]
  readonly numbers: readonly LeadNumber[]
  /** Open leads by person; null where they were not counted. */
  readonly load: Readonly<Record<number, { readonly open: number }>> | null
}

export const nothingToDo: ActionsView = {
  take: null, notReached: null, callBack: null, wrongNumber: null, rightNumber: null, declareCall: null, wait: null, stopWaiting: null, moveDeadline: null, goOn: null, allowMove: null, reassign: null, acknowledge: [],
}

export const actionsView = (lead: Lead, watch: Watch, around: Around, asker: Asker): ActionsView => {
  const { regulation, company, incidents } = around
  const rights = [...rightsOver({ regulation, context: company }, toUserId(asker.userId), lead.responsibleId), ...(asker.isAdmin ? ['admin' as const] : [])]
  const may = (kind: Parameters<typeof rightsFor>[0]): boolean => rightsFor(kind)?.some(right => rights.includes(right)) ?? true
  const acknowledge = may('acknowledge') ? incidents.filter(({ id, resolvedAt, acknowledgedAt }) => resolvedAt === null && acknowledgedAt === null && !hasNoted(watch, id, { regulation, context: company }, toUserId(asker.userId))).map(({ id }) => id) : []
  const active = watch.status === 'active' ? watch : null
  const step = regulation.steps.find(({ id }) => id === active?.stepId)
  if (active === null || step === undefined) return { ...nothingToDo, acknowledge }
  const isWork = step.kind === 'work' && may('not-reached')
  return {
    ...nothingToDo,
    take: mayTakeLead({ watch: active, lead, regulation, ...company, now: asker.now }, toUserId(asker.userId)) ? {} : null,
    ...(isWork ? workActions(lead, active, step, around, asker) : {}),
    allowMove: may('allow-move') && around.missing.length > 0 && active.step?.moveAllowed !== true && targetOf(step) !== null ? { stage: around.stageName(targetOf(step) ?? ''), missing: [...(around.gateNeeds.length > 0 ? around.gateNeeds : around.missing)] } : null,
    reassign: isAboveAll(rights) ? { people: successorsOf({ lead, watch: active, regulation, company, load: around.load, now: asker.now }).map(one => ({ ...one })), dueAt: active.clock.kind === 'none' ? null : active.clock.dueAt } : null,
    acknowledge,
  }
}

/** Whoever has missed the deadline, or works on the lead now, has taken note of the miss already: it goes up all the same. */
const hasNoted = (watch: Watch, incidentId: string, company: Company, by: UserId): boolean => {
  const ladder = watch.status === 'active' ? watch.life?.ladders?.[incidentId] : undefined
  if (watch.status !== 'active' || ladder?.noted !== true) return false
  const [late = null] = ladder.told
  return by === late || (by === watch.responsibleId && !isAbove(company, by, late))
}

/** May this person give the lead to somebody else? */
export const mayReassign = (lead: Lead, regulation: Regulation, people: Context['people'], { userId, isAdmin }: Pick<Asker, 'userId' | 'isAdmin'>): boolean =>
  isAdmin || isAboveAll(rightsOver({ regulation, context: { people } }, toUserId(userId), lead.responsibleId))

const isAboveAll = (rights: readonly ActRight[]): boolean => rights.includes('above') || rights.includes('admin')

const targetOf = ({ leave }: Step): string | null => leave.done?.stageId ?? null

const workActions = (lead: Lead, watch: ActiveWatch, step: Step, { regulation, company, missing, stageName, numbers }: Around, { now, timeZone }: Asker): Partial<ActionsView> => {
  const { attempts, waiting, contact } = regulation
  const { life, step: notes } = watch
  const callable = numbers.filter(({ mayBeCalled }) => mayBeCalled).map(({ value }) => value)
  const wrong = numbers.filter(({ isWrong }) => isWrong).map(({ value }) => value)
  const target = targetOf(step)
  // A bound contact or company has numbers that the lead does not show.
  const mayCall = callable.length > 0 || (lead.boundTo ?? []).length > 0
  const isWaiting = (notes?.waiting ?? null) !== null
  const limits = moveLimits({ watch, lead, regulation, context: company, now }, step)
  return {
    notReached: isWaiting || !mayCall ? null : { count: life?.attempts?.count ?? 0, limit: attempts.limit === null ? null : attempts.limit + 1, nextAt: addWorkingTime(company.calendar, now, attempts.retryAfter)?.dueAt.toString() ?? null },
    callBack: { proposals: proposalsOf(company.calendar, now), remindMinutes: step.followUp?.remindBeforeMinutes ?? 0 },
    wrongNumber: callable.length === 0 ? null : { phones: callable },
    rightNumber: wrong.length === 0 ? null : { phones: wrong },
    declareCall: { commentRequired: contact.declaredCallNeedsComment },
    wait: waitLimits(regulation, watch, timeZone, now, waiting.allowed),
    stopWaiting: isWaiting ? {} : null,
    moveDeadline: limits === null ? null : { made: limits.made, most: limits.most, latest: limits.latestMs === null ? null : Temporal.Instant.fromEpochMilliseconds(limits.latestMs).toString() },
    goOn: target === null ? null : { stage: stageName(target), missing: [...missing], isConversion: company.successStageIds?.some(id => id === target) === true },
  }
}

/** In an hour and in three of work, at the next opening, and the day after it. */
const proposalsOf = (calendar: CalendarData, now: Temporal.Instant): string[] => {
  const soon = (['PT1H', 'PT3H'] as const).flatMap(span => addWorkingTime(calendar, now, span)?.dueAt ?? [])
  const days = [1, 2].flatMap((count) => {
    const midnight = now.toZonedDateTimeISO(calendar.timeZone).startOfDay().add({ days: count }).toInstant()
    return nextWorkingMoment(calendar, midnight) ?? []
  })
  const rounded = [...soon, ...days].map(at => at.round({ smallestUnit: 'minute', roundingIncrement: 5, roundingMode: 'ceil' }).toString())
  return [...new Set(rounded)].toSorted((a, b) => Temporal.Instant.compare(Temporal.Instant.from(a), Temporal.Instant.from(b)))
}

const waitLimits = ({ waiting }: Regulation, { life, step }: ActiveWatch, timeZone: string, now: Temporal.Instant, allowed: boolean): ActionsView['wait'] => {
  const daysLeft = Math.floor(waiting.maxDays - (life?.waitedDays ?? 0))
  if (!allowed || daysLeft < 1) return null
  const from = step?.waiting === undefined || step.waiting === null ? now : toInstant(Temporal.Instant.from(step.waiting.since).epochMilliseconds)
  return { latest: from.toZonedDateTimeISO(timeZone).toPlainDate().add({ days: daysLeft }).toString(), daysLeft }
}
