/** Gates: what a step needs before its lead may go forward. */
import { addWorkingMs } from '../calendar.ts'
import type { Context } from '../command.ts'
import type { Activity, Lead, UserId } from '../lead.ts'
import type { GateNeed, Regulation, Step, Text } from '../regulation.ts'
import { dayMs, spanMs, toMs } from '../time.ts'
import type { ActiveWatch } from '../watch.ts'
import { answerPasses, isFilled, questionByCode } from './answers.ts'
import { cardState } from './card.ts'
import { intakeNeeds } from './channels.ts'
import { firstContact } from './contact.ts'
import { workingDay } from './deadlines.ts'
import { headsOf, poolOf } from './distribution.ts'
import { isMovePending, isStuck, movedAt, nameOfStep } from './steps.ts'
import { followUpSeen, isTaskDone } from './tasks.ts'
import { activeWatch, give, inLanguage, markOf, stepOnStage } from './turn.ts'
import type { Turn } from './turn.ts'

export interface OpenNeed {
  readonly need: GateNeed
  /** What is to be done, in the portal's language, as it stands in a list. */
  readonly title: string
  /** `unheard`: the portal has not told this time, and will be asked again; `denied`: it does not tell us at all. Neither is held against anybody. */
  readonly state: 'unmet' | 'unheard' | 'denied'
}

export interface GatePieces {
  readonly regulation: Regulation
  readonly step: Step
  readonly lead: Lead
  readonly watch: ActiveWatch
  readonly context: Context
  /** The step's own follow-up is closed, or it has none. */
  readonly taskDone: boolean
}

/** Needs of the step's gate that this lead is not known to meet; empty when there is no gate. */
export const gateState = (pieces: GatePieces): readonly OpenNeed[] =>
  (pieces.step.gate?.needs ?? []).flatMap((need) => {
    const title = lackOf(pieces, need)
    return title === null ? [] : [{ need, title, state: stateOf(pieces.lead, need) }]
  })

const stateOf = (lead: Lead, { kind }: GateNeed): OpenNeed['state'] => {
  if ((kind !== 'quote' || lead.quote !== undefined) && (kind !== 'requisites' || lead.hasRequisites !== undefined)) return 'unmet'
  return lead.denied?.some(denied => denied === kind) === true ? 'denied' : 'unheard'
}

export const titlesIn = (needs: readonly Pick<OpenNeed, 'title' | 'state'>[], state: OpenNeed['state']): readonly string[] => needs.flatMap(need => (need.state === state ? [need.title] : []))

/** The gate of a step as one look at a lead shows it. */
const openNeeds = (turn: Turn, step: Step): readonly OpenNeed[] => {
  const { regulation, lead, context } = turn
  const watch = activeWatch(turn)
  return gateState({ regulation, step, lead, watch, context, taskDone: isTaskDone(watch, followUpSeen(turn)) })
}

/** The need in words while it is not met, else null. */
const lackOf = ({ regulation, step, lead, watch, context, taskDone }: GatePieces, need: GateNeed): string | null => {
  const say = (text: Text) => `«${inLanguage(text, context.language)}»`
  const words = needWords[context.language]
  switch (need.kind) {
    case 'answers': {
      const missing = [...intakeNeeds(lead, regulation, context.language).map(({ title }) => `«${title}»`), ...cardState(regulation.card, lead.fields, step.card ?? undefined).missing.map(({ title }) => say(title))]
      return missing.length === 0 ? null : words.answers(missing.join(', '))
    }
    case 'answer': {
      const question = questionByCode(regulation.card, need.question)
      return question === undefined || answerPasses(question, lead.fields[question.field], need.answer) ? null : words[need.answer.is === 'filled' ? 'answers' : 'answer'](say(question.title))
    }
    case 'field':
      return isFilled(lead.fields[need.field]) ? null : words.field(say(need.title))
    case 'task-done':
      return taskDone ? null : words.task
    case 'contact':
      return watch.contactedAt !== null || firstContact(lead, regulation, watch.contactsFrom ?? watch.enteredAt, Infinity) !== null ? null : words.contact
    case 'email-sent':
      return lead.activities.some(one => one.kind === 'email' && isWritten(one)) ? null : words.mail
    case 'offer-sent':
      return lead.activities.some(one => isWritten(one) && one.createdAt.epochMilliseconds >= toMs(watch.contactsFrom ?? watch.enteredAt)) ? null : lead.contact.emails.length > 0 ? words.offer : words.offerWithoutMail
    case 'quote':
      return lead.quote === 'accepted' || lead.quote === need.state ? null : words[need.state]
    case 'requisites':
      return lead.hasRequisites === true ? null : words.requisites
    case 'email-known':
      return lead.contact.emails.length > 0 ? null : words.email
    case 'responsible':
      return isRight(regulation, context, lead.responsibleId, need.who) ? null : words[need.who]
  }
}

/** To the client, by a person. */
const isWritten = ({ kind, direction, automatic, mark }: Activity): boolean => (kind === 'email' || kind === 'message') && direction === 'outgoing' && !automatic && mark === null

const isRight = ({ distribution }: Regulation, context: Context, id: UserId | null, who: 'pool' | 'head'): boolean =>
  id !== null && (who === 'head' ? headsOf(distribution, context).includes(id) : distribution.pools.some(pool => poolOf(pool, context).some(person => person.id === id)))

/**
 * How the gate stands, with the needs that are known to be unmet. What the portal has not told of is neither met nor unmet: it is asked again
 * for a working day, then the gate is passed without it, and the journal says so. What it never tells is passed without at once.
 */
export const lookAtGate = (turn: Turn, step: Step): { readonly kind: 'open' | 'unheard' } | { readonly kind: 'unmet'; readonly needs: readonly string[] } => {
  const found = openNeeds(turn, step)
  const needs = titlesIn(found, 'unmet')
  if (needs.length > 0) {
    forgetSilence(turn)
    return { kind: 'unmet', needs }
  }
  const { unheardSince = null, passedWithout } = activeWatch(turn).step ?? {}
  const unheard = titlesIn(found, 'unheard')
  const without = [...unheard, ...titlesIn(found, 'denied')]
  if (without.length === 0 || passedWithout === without.join('|')) {
    forgetSilence(turn)
    return { kind: 'open' }
  }
  const stepName = nameOfStep(turn, step)
  const leadId = turn.lead.id
  if (unheard.length > 0) {
    if (unheardSince === null) give(turn, { kind: 'note', leadId, step: { unheardSince: turn.at }, because: { rule: 'gate-unheard', needs: unheard, stepName } })
    if (unheardSince === null || turn.nowMs < patienceEndMs(turn, toMs(unheardSince))) return { kind: 'unheard' }
  }
  give(turn, { kind: 'note', leadId, step: { unheardSince: null, passedWithout: without.join('|') }, because: { rule: 'gate-unchecked', needs: without, stepName, since: unheard.length === 0 ? null : unheardSince } })
  return { kind: 'open' }
}

/** A portal that has not told for a working day is waited for no longer. */
const patienceEndMs = (turn: Turn, sinceMs: number): number => addWorkingMs(turn.calendar, sinceMs, spanMs(workingDay))?.dueMs ?? sinceMs + dayMs

/** The portal is not waited for any more. */
export const forgetSilence = (turn: Turn): void => {
  if ((activeWatch(turn).step?.unheardSince ?? null) !== null) give(turn, { kind: 'note', leadId: turn.lead.id, step: { unheardSince: null }, because: { rule: 'daily-look' } })
}

/**
 * A lead was moved forward by somebody although the step is not done: it is sent `back` to its step, or its responsible is told and it goes `on`.
 * `unheard`: only the portal's silence is in the way, and it stays where it stands. A portal that moves it again and again is given way to after some times.
 */
export const holdAtGate = (turn: Turn, step: Step): 'back' | 'unheard' | 'on' => {
  const { lead } = turn
  const { gate } = step
  const watch = activeWatch(turn)
  if (gate === null || watch.step?.moveAllowed === true || isMovePending(turn) || isStuck(turn) || !isForward(turn, step)) return 'on'
  const needs = titlesIn(openNeeds(turn, step), 'unmet')
  const isSkipped = gate.noSkipping && needs.length === 0 && !isUnknownStage(turn) && isSkipping(turn, step)
  if (needs.length === 0 && !isSkipped) return gate.sendBack && lookAtGate(turn, step).kind === 'unheard' ? 'unheard' : 'on'
  const stepName = nameOfStep(turn, step)
  const because = isSkipped ? { rule: 'gate-skipped', stepName, stageName: stageName(turn) } as const : { rule: 'gate-unmet', needs, stepName } as const
  const userId = lead.movedById ?? watch.responsibleId
  const tell = (about: 'sent-back' | 'gate-passed') => { give(turn, { kind: 'notify', leadId: lead.id, userId, mark: markOf(turn, `${about}-${watch.life?.sentBack ?? 0}`), about, incidentId: null, because }) }
  const earlier = (watch.step?.sentBackAt ?? []).filter(moment => toMs(moment) > turn.nowMs - dayMs)
  if (!gate.sendBack || earlier.length >= mostReturns) {
    tell('gate-passed')
    return 'on'
  }
  tell('sent-back')
  give(turn, { kind: 'move-stage', leadId: lead.id, from: lead.stageId, to: step.stageId, mark: markOf(turn, `back-${watch.life?.sentBack ?? 0}`), seenMovedAt: movedAt(turn), because })
  give(turn, { kind: 'note', leadId: lead.id, life: { sentBack: (watch.life?.sentBack ?? 0) + 1 }, step: { sentBackAt: [...earlier, turn.at] }, because })
  return 'back'
}

/** Somebody who moves a lead more often than this within a day will not be stopped by us. */
const mostReturns = 3

/**
 * Towards success: the stage the step itself leads to, wherever that stands, a later step's stage, or success itself. Back and to a refusal is
 * always allowed. An open stage that the regulation does not know would be a way round a gate that may not be skipped.
 */
const isForward = (turn: Turn, step: Step): boolean => {
  const { stageId, semantic } = turn.lead
  if (semantic === 'processing' && stageId === step.leave.done?.stageId) return true
  if (isRefusal(turn, step)) return false
  return rankOf(turn, stageId) > turn.regulation.steps.indexOf(step) || (step.gate?.noSkipping === true && isUnknownStage(turn))
}

/** A stage to which leads are refused: the step's own, a reason's, or another step's to which nothing leads otherwise. */
const isRefusal = ({ regulation: { steps, card }, lead: { stageId, semantic } }: Turn, step: Step): boolean => {
  if (semantic !== 'processing') return semantic === 'failure'
  if (stageId === step.leave.notQualified?.stageId || card.reason.options.some(option => option.stageId === stageId)) return true
  return steps.some(({ leave }) => leave.notQualified?.stageId === stageId) && steps.every(({ leave }) => leave.done?.stageId !== stageId)
}

/** An open stage that no step stands on or leads to, for whatever result. */
const isUnknownStage = ({ regulation: { steps, card }, lead: { stageId, semantic } }: Turn): boolean =>
  semantic === 'processing'
  && steps.every(({ stageId: own, leave }) => own !== stageId && leave.done?.stageId !== stageId && leave.notQualified?.stageId !== stageId)
  && [...card.nextStep.options, ...card.reason.options].every(option => option.stageId !== stageId)

const rankOf = ({ regulation, lead }: Turn, stageId: string): number => {
  const { steps } = regulation
  if (lead.stageId === stageId && lead.semantic !== 'processing') return lead.semantic === 'success' ? Infinity : -1
  const own = steps.findIndex(step => step.stageId === stageId)
  if (own < 0 && regulation.card.nextStep.options.some(option => option.stageId === stageId)) return steps.length
  return own >= 0 ? own : steps.findLastIndex(({ leave }) => leave.done?.stageId === stageId && leave.notQualified?.stageId !== stageId) + 0.5
}

const isSkipping = (turn: Turn, step: Step): boolean => {
  const { stageId } = turn.lead
  const allowed = [step.leave.done?.stageId, ...turn.regulation.card.nextStep.options.map(option => option.stageId ?? undefined)]
  return !allowed.includes(stageId) && (step.leave.done !== null || rankOf(turn, stageId) > turn.regulation.steps.indexOf(step) + 1)
}

const stageName = ({ lead, context, regulation }: Turn): string => {
  const step = stepOnStage(regulation, lead.stageId)
  return context.stageNames[lead.stageId] ?? (step === undefined ? lead.stageId : inLanguage(step.name, context.language))
}

const needWords = {
  ru: {
    answers: (titles: string) => `ответить на вопросы: ${titles}`,
    answer: (title: string) => `получить подходящий ответ на вопрос ${title}`,
    field: (title: string) => `заполнить поле ${title}`,
    task: 'закрыть задачу шага',
    contact: 'связаться с клиентом',
    mail: 'отправить клиенту письмо',
    offer: 'отправить клиенту предложение письмом или сообщением',
    offerWithoutMail: 'узнать e-mail клиента и отправить предложение письмом, а пока его нет — сообщением в мессенджере',
    sent: 'отправить предложение',
    accepted: 'получить согласие клиента на предложение',
    requisites: 'заполнить реквизиты компании',
    email: 'узнать e-mail клиента',
    pool: 'назначить ответственного из группы распределения',
    head: 'передать лид руководителю',
  },
  en: {
    answers: (titles: string) => `answer the questions: ${titles}`,
    answer: (title: string) => `get a suitable answer to the question ${title}`,
    field: (title: string) => `fill in the field ${title}`,
    task: 'close the task of the step',
    contact: 'talk to the client',
    mail: 'send the client an e-mail',
    offer: 'send the client the offer by e-mail or message',
    offerWithoutMail: 'learn the client’s e-mail and send the offer by it, or by messenger while there is none',
    sent: 'send the offer',
    accepted: 'get the client’s consent to the offer',
    requisites: 'fill in the company’s requisites',
    email: 'learn the client’s e-mail',
    pool: 'assign somebody of the distribution group',
    head: 'hand the lead to a head of department',
  },
} as const
