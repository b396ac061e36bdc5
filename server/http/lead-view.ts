/** What the lead tab shows, put together from what is and what we remember. Pure. */
import { Temporal } from 'temporal-polyfill'
import type { DeadlineView, IncidentView, JournalLine, LeadView } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import type { Context, Reason } from '../domain/command.ts'
import type { Lead } from '../domain/lead.ts'
import type { Regulation, Step, Text } from '../domain/regulation.ts'
import { leftTo } from '../domain/rules/leaving.ts'
import { gateState } from '../domain/rules/gates.ts'
import { nextTold } from '../domain/rules/ladder.ts'
import { isTaskDone } from '../domain/rules/tasks.ts'
import { isTestLead } from '../domain/rules/test-leads.ts'
import { commandSentence, nothingDoneSentence, sentence } from '../domain/sentences.ts'
import type { ActiveWatch, Watch } from '../domain/watch.ts'
import { cardView } from './card-view.ts'
import { contactView } from './contact-view.ts'
import { outcomeInWords } from './lead-words.ts'
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
  readonly company: Pick<Context, 'people' | 'calendar'> | null
}

export interface Viewer {
  readonly language: Language
  readonly timeZone: string
  readonly now: Temporal.Instant
  readonly clockSpeed: number
  /** Address of the task on the opening user's portal. */
  readonly taskUrl: (taskId: number) => string
}

export const leadView = (lead: Lead, memory: LeadMemory, viewer: Viewer): LeadView => {
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
    nothingDone: active === null || active.clock.kind === 'none' ? null : nothingDoneSentence(active.clock.dueAt, viewer.language, viewer.timeZone),
    ...journeyView(lead, active, step, memory, viewer),
    followUp: followUpView(active, viewer),
    card: regulation === null || !((step?.card ?? null) !== null || watch.status === 'closed') ? null : cardView(regulation.card, step?.card ?? null, lead, active !== null, viewer.language),
    contact: contactView(lead.contact, regulation?.intake.defaultCountry ?? 'RU', viewer.language),
    incidents: memory.incidents.map(incidentView),
    journal: journal.map(row => journalLine(row, names, viewer.language)),
    reasons: lastDecision(journal),
  }
}

export const inLanguage = (text: Text, language: Language): string => (language === 'en' ? text.en ?? text.ru : text.ru)

export const incidentView = ({ id, about, dueAt, noticedAt, deliveredAt, resolvedAt, acknowledgedAt, systemDelay }: IncidentRow): IncidentView =>
  ({ id, about, dueAt, noticedAt, deliveredAt, resolvedAt, acknowledgedAt, systemDelay })

export const journalLine = ({ id, at, command, outcome, outcomeDetail }: JournalRow, { people, timeZone }: PortalNames, language: Language): JournalLine =>
  ({ id, at, text: commandSentence(command, language, timeZone, userId => nameIn(people, userId)), kind: command.kind, rule: command.because.rule, by: 'leadrail', outcome, outcomeDetail })

export const nameIn = (people: PortalNames['people'], userId: number): string => people[userId] ?? `#${userId}`

const responsibleBecause = (lead: Lead, journal: readonly JournalRow[], explain: (reason: Reason) => string): string | null => {
  for (const { command: { because } } of journal) {
    const chosenId = because.rule === 'distribution-in-turn' ? because.chosen.userId
      : because.rule === 'distribution-kept' || because.rule === 'taken-over' ? because.userId
        : because.rule === 'distribution-nobody' ? because.fallbackUserId
          : because.rule === 'responsible-changed' ? because.to : null
    // A later choice hides the earlier ones; one about somebody else no longer explains anything.
    if (chosenId !== null) return chosenId === lead.responsibleId ? explain(because) : null
  }
  return null
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
    gateNeeds: proposed === '' || proposed.startsWith(leftTo) ? [] : gateNeeds(lead, active, step, regulation, memory, viewer),
    onward: target === '' ? null : names.stages[target] ?? target,
    attempts: attempts === 0 ? null : { count: attempts, limit: regulation.attempts.limit },
    nextTold: next === null ? null : { name: nameIn(names.people, next.userId), at: next.at },
  }
}

const gateNeeds = (lead: Lead, watch: ActiveWatch, step: Step, regulation: Regulation, { company }: LeadMemory, { language }: Viewer): string[] => {
  const context: Context = { people: [], calendar: { timeZone: 'UTC', week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] }, holidays: [], workdays: [] }, ...company, shares: {}, load: {}, misses: {}, stageNames: {}, language }
  const followUp = lead.followUps.findLast(({ mark }) => mark === watch.followUp?.mark)
  return gateState({ regulation, step, lead, watch, context, taskDone: isTaskDone(watch, followUp) }).flatMap(({ title, state }) => (state === 'unmet' ? [title] : []))
}

const deadlineView = ({ clock }: ActiveWatch, journal: readonly JournalRow[], { now }: Viewer, explain: (reason: Reason) => string): DeadlineView | null => {
  if (clock.kind === 'none') return null
  const reasons = journal.map(({ command }) => command.because)
  const rule = reasons.find(reason => reason.rule === 'deadline' && reason.about === clock.kind && sameMoment(reason.dueAt, clock.movedFrom ?? clock.dueAt))
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
