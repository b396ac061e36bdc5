/** What the lead tab shows, put together from what is and what we remember. Pure. */
import { Temporal } from 'temporal-polyfill'
import type { DeadlineView, IncidentView, JournalLine, LeadView } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import type { Command, Context, Reason } from '../domain/command.ts'
import { userId as toUserId, type Duplicate, type Lead } from '../domain/lead.ts'
import type { Regulation, Step, Text } from '../domain/regulation.ts'
import { leftTo } from '../domain/rules/leaving.ts'
import { gateState } from '../domain/rules/gates.ts'
import { climbingOf, nextTold } from '../domain/rules/ladder.ts'
import { openPastOf } from '../domain/rules/native-conversion.ts'
import { isTaskDone } from '../domain/rules/tasks.ts'
import { isTestLead } from '../domain/rules/test-leads.ts'
import { attemptsMade } from '../domain/rules/attempts.ts'
import { cardState, questionTitles } from '../domain/rules/card.ts'
import { refusalNeeds, resultOfCard } from '../domain/rules/results.ts'
import { rightsOver } from '../domain/rules/rights.ts'
import { commandParts, nothingDoneSentence, sentence } from '../domain/sentences.ts'
import { isBookkeeping } from '../domain/sentences/bookkeeping.ts'
import { conversionWords } from '../domain/sentences/conversion.ts'
import { wordsFor } from '../domain/sentences/words.ts'
import type { ActiveWatch, Watch } from '../domain/watch.ts'
import { actionsView } from './actions-view.ts'
import { cardView } from './card-view.ts'
import { choiceRow, setterOf } from './choices.ts'
import { contactView, numbersOf } from './contact-view.ts'
import { duplicatesView } from './duplicates-view.ts'
import { nextAction } from './next-action.ts'
import { outcomeInWords } from './lead-words.ts'
import type { ConversionStatus } from '../store/conversions.ts'
import type { IncidentRow, JournalRow, PortalNames } from './ports.ts'

export interface LeadMemory {
  readonly watch: Watch
  /** The version the lead is under; null while the portal has none. */
  readonly regulation: Regulation | null
  /** Newest first. */
  readonly journal: readonly JournalRow[]
  readonly incidents: readonly IncidentRow[]
  readonly names: PortalNames
  /** The company as it was last read; null when it never was. */
  readonly company: Pick<Context, 'people' | 'calendar' | 'successStageIds'> | null
  /** Found at the last search. */
  readonly duplicates: readonly Duplicate[]
  /** Keys (`itemKey`) of the duplicates that the opening user sees. */
  readonly visible: ReadonlySet<string>
  /** Open leads by person; null unless the opening user may give the lead to somebody. */
  readonly load: Readonly<Record<number, { readonly open: number }>> | null
  /** Of the conversion under way, else of the last one. */
  readonly conversion: ConversionStatus | null
}

export interface Viewer {
  readonly language: Language
  readonly timeZone: string
  readonly now: Temporal.Instant
  readonly clockSpeed: number
  /** Address of the task on the opening user's portal. */
  readonly taskUrl: (taskId: number) => string
  readonly itemUrl: (kind: Duplicate['kind'], id: number) => string
  readonly userId: number
  readonly isAdmin: boolean
}

export const leadView = (lead: Lead, remembered: LeadMemory, viewer: Viewer): LeadView => {
  const memory = mayKnow(lead, remembered, viewer) ? remembered : { ...remembered, journal: remembered.journal.map(withoutPortalWords) }
  const { watch, regulation, names, journal } = memory
  const active = watch.status === 'active' ? watch : null
  const step = regulation?.steps.find(candidate => candidate.id === active?.stepId) ?? null
  const say = (text: Text) => inLanguage(text, viewer.language)
  const explain = (reason: Reason) => sentence(reason, viewer.language, viewer.timeZone, id => nameIn(names.people, id))
  return {
    leadId: lead.id,
    title: lead.title,
    clientName: [lead.clientName, lead.companyTitle].filter(part => part !== '').join(', '),
    stage: { id: lead.stageId, name: names.stages[lead.stageId] ?? lead.stageId, semantic: lead.semantic },
    responsible: lead.responsibleId === null ? null : { id: lead.responsibleId, name: nameIn(names.people, lead.responsibleId) },
    responsibleBecause: responsibleBecause(lead, journal, explain),
    status: watch.status,
    isTest: regulation !== null && isTestLead(lead, regulation),
    outcome: watch.status === 'closed' ? outcomeInWords(watch.outcome, viewer.language) : null,
    now: viewer.now.toString(),
    timeZone: viewer.timeZone,
    clockSpeed: viewer.clockSpeed,
    step: step === null ? null : { id: step.id, name: say(step.name), exit: say(step.exit), guidance: say(step.guidance), situations: step.situations.map(({ title, advice }) => ({ title: say(title), advice: say(advice) })), videoUrl: step.videoUrl },
    deadline: active === null ? null : deadlineView(active, journal, viewer, explain),
    nothingDone: nothingDone(active, memory, viewer),
    ...journeyView(lead, active, step, memory, viewer),
    followUp: followUpView(active, viewer),
    card: regulation === null ? null : cardOf(regulation, step, lead, watch, viewer),
    contact: contactView(lead.contact, numbersOf(lead.contact, watch, regulation), viewer.language),
    incidents: memory.incidents.map(incidentView),
    journal: onceEach(journal).map(row => journalLine(row, names, viewer.language)),
    reasons: lastDecision(journal),
    ...(regulation === null ? {} : workView(lead, active, step, { ...memory, regulation }, viewer, explain)),
  }
}

/** As on the page of a conversion: the portal's words may name clients, and are for whoever works on the lead. */
const mayKnow = ({ responsibleId }: Lead, { regulation, company }: LeadMemory, { userId, isAdmin }: Viewer): boolean =>
  isAdmin || (regulation !== null && rightsOver({ regulation, context: { people: company?.people ?? [] } }, toUserId(userId), responsibleId).length > 0)

/** A step that asks nothing can still end in a refusal, so its card has the end only. */
const cardOf = (regulation: Regulation, step: Step | null, lead: Lead, watch: Watch, { language, now }: Viewer): LeadView['card'] => {
  const { status } = watch
  // What a conversion past the application lacks may still be answered.
  if (status === 'closed') return cardView(regulation.card, null, lead, { editable: openPastOf(watch) !== null }, language)
  if (status !== 'active' || step === null) return null
  const open = { editable: true, attemptsMade: attemptsMade({ watch, lead, regulation, nowMs: now.epochMilliseconds }) }
  if (step.card !== null) return cardView(regulation.card, step.card, lead, open, language)
  return step.kind === 'work' ? cardView({ ...regulation.card, groups: [] }, { groups: [], closing: false }, lead, open, language) : null
}

type Work = Pick<LeadView, 'next' | 'actions' | 'refusal' | 'duplicates' | 'emailNeeded' | 'sentBack' | 'conversion'>

/** What is to be done next, and what this person may do. */
const workView = (lead: Lead, active: ActiveWatch | null, step: Step | null, memory: LeadMemory & { readonly regulation: Regulation }, viewer: Viewer, explain: (reason: Reason) => string): Work => {
  const { regulation, names, company, watch, journal } = memory
  const { language, now } = viewer
  const isAtWork = active !== null && step?.kind === 'work'
  const needs = isAtWork ? unmetNeeds(lead, active, step, regulation, company, language) : []
  const card = isAtWork && step.card !== null ? cardState(regulation.card, lead.fields, step.card) : null
  const unanswered = card === null ? [] : questionTitles(regulation.card, card.missing.map(({ code }) => code), language)
  const numbers = numbersOf(lead.contact, watch, regulation)
  const refusal = isAtWork ? refusalOf(lead, active, memory, viewer) : null
  const standing = isAtWork ? { step, numbers, unanswered, needs, refusalNeeds: refusal?.isOld === false ? refusal.needs : [], wrongNumberReason: reasonOfWrong(regulation, language), resultMissing: step.card?.closing === true && card?.result === null, ...onwardOf(active, memory), ...untilOf(active, viewer) } : null
  return {
    next: standing === null || active === null ? null : nextAction(lead, active, standing, language),
    actions: company === null ? undefined : actionsView(lead, watch, { regulation, company, incidents: memory.incidents, stageName: id => names.stages[id] ?? id, missing: [...unanswered, ...needs], gateNeeds: needs, numbers, load: memory.load }, { userId: viewer.userId, isAdmin: viewer.isAdmin, timeZone: viewer.timeZone, now }),
    refusal,
    duplicates: duplicatesView(lead, watch, memory.duplicates, { language, nameOf: id => nameIn(names.people, id), urlOf: viewer.itemUrl, visible: memory.visible, mayAttach: mayKnow(lead, memory, viewer) }),
    emailNeeded: emailNeeded(lead, step, regulation, language),
    sentBack: sentBack(active, journal, explain),
    conversion: conversionOf(lead, watch, regulation, memory.conversion, language),
  }
}

/** Of an open lead. */
const refusalOf = (lead: Lead, watch: ActiveWatch, { regulation }: { readonly regulation: Regulation }, { language, now }: Viewer): NonNullable<LeadView['refusal']> | null => {
  const lacks = refusalNeeds({ watch, lead, regulation, nowMs: now.epochMilliseconds })
  const old = watch.life?.oldResult ?? null
  return lacks === null ? null : { needs: [...questionTitles(regulation.card, lacks, language)], isOld: old !== null && old === resultOfCard(regulation.card, lead.fields) }
}

const reasonOfWrong = ({ attempts, card }: Regulation, language: Language): string | null => {
  const reason = card.reason.options.find(({ code }) => code === attempts.wrongNumberReason)
  return reason === undefined ? null : inLanguage(reason.title, language)
}

const onwardOf = (active: ActiveWatch, { names, company }: LeadMemory): { readonly onward: string | null; readonly isConversion: boolean } => {
  const { proposed = '' } = active.step ?? {}
  const target = proposed.startsWith(leftTo) ? proposed.slice(leftTo.length) : ''
  return { onward: target === '' ? null : names.stages[target] ?? target, isConversion: company?.successStageIds?.some(id => id === target) === true }
}

const untilOf = ({ clock, step }: ActiveWatch, { language, timeZone, now }: Viewer): { readonly until: string | null; readonly isOverdue: boolean } => {
  const moment = step?.waiting?.until ?? (clock.kind === 'none' ? null : clock.dueAt)
  return { until: moment === null ? null : wordsFor(language, timeZone).moment(moment), isOverdue: moment !== null && Temporal.Instant.compare(now, Temporal.Instant.from(moment)) >= 0 }
}

/** The next step sends something by e-mail, and there is none: it is to be asked in this talk (S0-22). */
const emailNeeded = (lead: Lead, step: Step | null, { steps }: Regulation, language: Language): string | null => {
  if (step?.kind !== 'work' || lead.contact.emails.length > 0) return null
  const at = steps.indexOf(step)
  const next = steps.find((one, place) => place >= at && place <= at + 1 && one.gate?.needs.some(({ kind }) => kind === 'email-sent' || kind === 'email-known' || kind === 'offer-sent') === true)
  return next === undefined ? null : emailWords[language](inLanguage(next.name, language))
}

const emailWords: Readonly<Record<Language, (step: string) => string>> = {
  ru: step => `Узнайте e-mail клиента: без него не завершить шаг «${step}».`,
  en: step => `Learn the client’s e-mail: without it the step “${step}” cannot be finished.`,
}

const sentBack = (active: ActiveWatch | null, journal: readonly JournalRow[], explain: (reason: Reason) => string): LeadView['sentBack'] => {
  const at = active?.step?.sentBackAt?.at(-1)
  if (at === undefined) return null
  const row = journal.find(({ command: { kind, because } }) => kind === 'move-stage' && (because.rule === 'gate-unmet' || because.rule === 'gate-skipped'))
  return row === undefined ? null : { at, because: explain(row.command.because) }
}

/** A lead whose steps are all done may still be converted: nothing of the regulation stands on its stage. */
const conversionOf = (lead: Lead, watch: Watch, { conversion, steps }: Regulation, status: ConversionStatus | null, language: Language): LeadView['conversion'] => {
  const say = (why: 'already-converted' | 'lead-closed' | 'wrong-step' | 'not-allowed', detail: string | null = null) => conversionWords(language).lack({ kind: 'blocked', why, detail })
  if (watch.status === 'unseen' || !conversion.allowed) return status === null ? null : { why: say(status === 'done' ? 'already-converted' : 'not-allowed'), status }
  if (lead.semantic !== 'processing') return status === null ? null : { why: say(lead.semantic === 'success' ? 'already-converted' : 'lead-closed'), status }
  const at = steps.findIndex(({ id }) => id === watch.stepId)
  const from = steps.findIndex(({ id }) => id === conversion.fromStepId)
  if (watch.status === 'active' && steps[at]?.kind === 'intake') return status === null ? null : { why: say('wrong-step'), status }
  const name = steps[from]?.name
  return { why: at < from ? say('wrong-step', name === undefined ? null : inLanguage(name, language)) : null, status }
}

export const inLanguage = (text: Text, language: Language): string => (language === 'en' ? text.en ?? text.ru : text.ru)

export const incidentView = ({ id, about, dueAt, noticedAt, deliveredAt, resolvedAt, acknowledgedAt, systemDelay }: IncidentRow): IncidentView =>
  ({ id, about, dueAt, noticedAt, deliveredAt, resolvedAt, acknowledgedAt, systemDelay })

export const journalLine = ({ id, at, command, outcome, outcomeDetail }: JournalRow, { people, timeZone }: PortalNames, language: Language): JournalLine => {
  const { done, because } = commandParts(command, language, timeZone, userId => nameIn(people, userId))
  return { id, at, text: done === '' ? because : `${done} ${because}`, done, because, ...(isBookkeeping(command) ? { quiet: true } : {}), kind: command.kind, rule: command.because.rule, by: 'leadrail', outcome, outcomeDetail }
}

/** The end of a conversion as those are told of it who only see the lead. */
export const withoutPortalWords = (row: JournalRow): JournalRow => {
  const { command } = row
  return command.because.rule === 'conversion-ended' ? { ...row, command: { ...command, because: { ...command.because, words: null } } } : row
}

/** What was recorded, remembered and told of a conversion past the application at one moment is one event: the first of these tells it. */
const onceEach = (journal: readonly JournalRow[]): readonly JournalRow[] => journal.filter((row) => {
  const place = pastParts.indexOf(row.command.kind)
  if (!isPastEvent(row) || place < 0) return true
  const told = journal.filter(other => isPastEvent(other) && other.at === row.at && other.command.because.rule === row.command.because.rule).map(({ command }) => pastParts.indexOf(command.kind))
  return place === Math.min(...told.filter(one => one >= 0))
})

const pastParts: readonly Command['kind'][] = ['open-incident', 'acknowledge-incident', 'resolve-incident', 'notify', 'note']

const isPastEvent = ({ command: { because: { rule } } }: JournalRow): boolean => rule === 'converted-past' || rule === 'past-conversion-noted' || rule === 'past-conversion-settled'

export const nameIn = (people: PortalNames['people'], userId: number): string => people[userId] ?? `#${userId}`

const responsibleBecause = (lead: Lead, journal: readonly JournalRow[], explain: (reason: Reason) => string): string | null => {
  const row = choiceRow(lead, journal)
  return row === undefined ? null : explain(row.command.because)
}

/** What comes of doing nothing, in the order in which it comes; null while nothing runs. */
const nothingDone = (active: ActiveWatch | null, { regulation, company, names }: LeadMemory, { language, timeZone }: Viewer): string | null => {
  if (active === null || active.clock.kind === 'none') return null
  const told = regulation === null || company === null ? null : nextTold({ watch: active, regulation, context: company }, active.clock.dueAt)
  return nothingDoneSentence({ dueAt: active.clock.dueAt, hasMissed: climbingOf(active) !== undefined, repeated: (regulation?.incidents.misses ?? 0) > 0, told: told === null ? null : { at: told.at, name: nameIn(names.people, told.userId) } }, language, timeZone)
}

/** What holds the lead on its step: a wait, an unmet gate, a client who cannot be reached, a move that is left to people, a miss that goes up the ladder. */
const journeyView = (lead: Lead, active: ActiveWatch | null, step: Step | null, memory: LeadMemory, viewer: Viewer): Pick<LeadView, 'waiting' | 'gateNeeds' | 'onward' | 'attempts' | 'nextTold'> => {
  const { regulation, names } = memory
  if (active === null || step === null || regulation === null) return { waiting: null, gateNeeds: [], onward: null, attempts: null, nextTold: null }
  const { waiting, proposed = '' } = active.step ?? {}
  const attempts = active.life?.attempts?.count ?? 0
  const target = proposed.startsWith(leftTo) ? proposed.slice(leftTo.length) : ''
  const next = memory.company === null ? null : nextTold({ watch: active, regulation, context: memory.company })
  return {
    waiting: waiting === undefined || waiting === null ? null : { since: waiting.since, until: waiting.until },
    gateNeeds: proposed === '' || proposed.startsWith(leftTo) ? [] : unmetNeeds(lead, active, step, regulation, memory.company, viewer.language),
    onward: target === '' ? null : names.stages[target] ?? target,
    attempts: attempts === 0 ? null : { count: attempts, limit: regulation.attempts.limit },
    nextTold: next === null ? null : { name: nameIn(names.people, next.userId), at: next.at },
  }
}

/** What is still to be done before this step may be left, in words. */
export const unmetNeeds = (lead: Lead, watch: ActiveWatch, step: Step, regulation: Regulation, company: LeadMemory['company'], language: Language): string[] => {
  const context: Context = { people: [], calendar: { timeZone: 'UTC', week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] }, holidays: [], workdays: [] }, ...company, shares: {}, load: {}, misses: {}, stageNames: {}, language }
  const followUp = lead.followUps.findLast(({ mark }) => mark === watch.followUp?.mark)
  return gateState({ regulation, step, lead, watch, context, taskDone: isTaskDone(watch, followUp) }).flatMap(({ title, state }) => (state === 'unmet' ? [title] : []))
}

const deadlineView = ({ clock }: ActiveWatch, journal: readonly JournalRow[], { now }: Viewer, explain: (reason: Reason) => string): DeadlineView | null => {
  if (clock.kind === 'none') return null
  const reasons = journal.map(({ command }) => command.because)
  const own = clock.movedFrom ?? clock.dueAt
  // A term that no span of the step has made, e.g. of another try, has the reason of whatever has set it.
  const rule = reasons.find(reason => reason.rule === 'deadline' && reason.about === clock.kind && sameMoment(reason.dueAt, own)) ?? setterOf(own, journal)?.command.because
  const moved = clock.movedFrom === null ? undefined : reasons.find(reason => reason.rule === 'deadline-moved' && sameMoment(reason.to, clock.dueAt))
  return {
    kind: clock.kind,
    startedAt: clock.startedAt,
    dueAt: clock.dueAt,
    movedFrom: clock.movedFrom,
    overdue: Temporal.Instant.compare(now, Temporal.Instant.from(clock.dueAt)) >= 0,
    because: [rule, moved].filter(reason => reason !== undefined).map(explain).join(' '),
    receipt: rule?.rule === 'deadline' ? { pieces: rule.pieces.map(({ from, to }) => ({ from, to })), basis: rule.basis, span: rule.span } : null,
  }
}

const sameMoment = (a: string, b: string) => Temporal.Instant.compare(Temporal.Instant.from(a), Temporal.Instant.from(b)) === 0

const followUpView = (active: ActiveWatch | null, { taskUrl }: Viewer): LeadView['followUp'] => {
  if (active === null || active.followUp === null) return null
  const { form, id } = active.followUp
  return { form, id, url: form === 'task' && id !== null ? taskUrl(id) : null }
}

/** Reasons of all that was recorded at the newest moment, each once. */
const lastDecision = (journal: readonly JournalRow[]): Reason[] => {
  const last = journal.filter(({ at }) => at === journal[0]?.at).map(({ command }) => command.because)
  return [...new Map(last.map(reason => [JSON.stringify(reason), reason])).values()].reverse()
}
