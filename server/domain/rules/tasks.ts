/** Follow-ups: the task or to-do that a step gives to the responsible. */
import type { Temporal } from 'temporal-polyfill'
import type { KnownDeadlines, Reason } from '../command.ts'
import type { FollowUpState, UserId } from '../lead.ts'
import type { Step, StepCard } from '../regulation.ts'
import { dayMs, minuteMs, toMoment, toMs } from '../time.ts'
import type { ActiveWatch, Moment } from '../watch.ts'
import { askedQuestions, commentQuestion } from './card.ts'
import { activeWatch, give, inLanguage, markOf, stepById } from './turn.ts'
import type { Turn } from './turn.ts'

/** Sets the step's follow-up for the present responsible and deadline; nothing for a step without one. */
export const setFollowUp = (turn: Turn, step: Step, because: Reason, purpose = 'follow-up'): void => {
  if (step.followUp === null) return
  const { language } = turn.context
  const { responsibleId, followUp } = activeWatch(turn)
  const mark = markOf(turn, purpose)
  give(turn, {
    kind: 'set-follow-up',
    leadId: turn.lead.id,
    // One that was closed in the same round had this mark.
    mark: followUp?.mark.startsWith(mark) === true ? `${mark}-${Math.floor(turn.nowMs / 1_000)}` : mark,
    form: step.followUp.form,
    title: filled(turn, inLanguage(step.followUp.title, language)),
    text: [filled(turn, inLanguage(step.followUp.text, language)), situationsText(step, language), exitText(step, language)].filter(text => text !== '').join('\n'),
    videoUrl: step.videoUrl,
    checklist: step.card !== null ? checklistOf(turn, step.card) : [],
    responsibleId,
    deadlineAt: followUpDeadline(turn),
    remindBeforeMinutes: step.followUp.remindBeforeMinutes,
    deadlineMayMove: step.followUp.deadlineMayMove,
    because,
  })
}

/** What to do in which situation, one line each (S0-25). */
const situationsText = ({ situations }: Step, language: 'ru' | 'en'): string =>
  (situations.length === 0 ? '' : ['', language === 'en' ? 'What to do if:' : 'Как поступить, если:', ...situations.map(({ title, advice }) => `• ${inLanguage(title, language)} — ${inLanguage(advice, language)}`), ''].join('\n'))

/** The step's exit with its heading; the lead tab has a heading of its own. */
const exitText = ({ exit }: Step, language: 'ru' | 'en'): string => {
  const text = inLanguage(exit, language)
  return text === '' ? '' : `${language === 'en' ? 'To go on' : 'Чтобы перейти дальше'}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

/** The main questions in the lead's timeline, once for each step that asks any (S0-11). */
export const commentQuestions = (turn: Turn, step: Step, because: Reason): void => {
  if (step.card === null) return
  const { language } = turn.context
  const main = askedQuestions(turn.regulation.card, turn.lead.fields, step.card).filter(question => question.class !== 'auxiliary')
  const mark = `${turn.lead.id}-${step.id}-questions`
  if (main.length === 0 || activeWatch(turn).life?.commented?.includes(step.id) === true) return
  give(turn, { kind: 'comment', leadId: turn.lead.id, about: 'questions', text: [`${language === 'en' ? 'Main questions' : 'Основные вопросы'}:`, ...main.map(question => `• ${inLanguage(question.title, language)}`)].join('\n'), mark, because })
}

type NextAction = 'move' | 'conversion' | 'refusal'

/** A step that is done and left to people: to move the lead on, to convert it or to refuse it is its next action (S3-18). */
export const setNextAction = (turn: Turn, step: Step, next: NextAction, because: Reason = { rule: 'no-next-action' }, purpose = `${Math.floor(turn.nowMs / 1_000)}`): void => {
  if (step.followUp === null) return
  const { responsibleId, followUp } = activeWatch(turn)
  const mark = markOf(turn, `next-${purpose}`)
  const words = nextActions[next][turn.context.language]
  give(turn, {
    kind: 'set-follow-up',
    leadId: turn.lead.id,
    // One that was closed within the same second had this mark.
    mark: followUp?.mark.startsWith(mark) === true ? `${mark}-${followUpSeen(turn)?.id ?? 0}` : mark,
    next,
    form: step.followUp.form,
    title: filled(turn, words.title),
    text: words.text,
    videoUrl: null,
    checklist: [],
    responsibleId,
    deadlineAt: followUpDeadline(turn),
    remindBeforeMinutes: step.followUp.remindBeforeMinutes,
    deadlineMayMove: step.followUp.deadlineMayMove,
    because,
  })
}

/** The step's own follow-up is closed, or it has none; the task to move a finished lead on is another one. */
export const isTaskDone = ({ followUp, step }: Pick<ActiveWatch, 'followUp' | 'step'>, seen: Pick<FollowUpState, 'open'> | undefined): boolean =>
  step?.taskClosed === true || (followUp === null ? step?.taskOpen !== true : followUp.next !== undefined || seen?.open === false)

const nextAction = {
  ru: { title: 'Перевести лид дальше: {lead}', text: 'Шаг закончен. Переведите лид на следующую стадию или нажмите «Перевести дальше» в карточке лида.' },
  en: { title: 'Move the lead on: {lead}', text: 'The step is done. Move the lead to its next stage, or press “Go on” in the lead card.' },
} as const

const conversion = {
  ru: { title: 'Сконвертировать лид: {lead}', text: 'Шаг закончен. Сконвертируйте лид в карточке портала: при этом появятся контакт, компания и сделка. Переводить стадию вручную не нужно.' },
  en: { title: 'Convert the lead: {lead}', text: 'The step is done. Convert the lead in the portal’s card: that creates the contact, the company and the deal. Do not move the stage by hand.' },
} as const

const refusal = {
  ru: { title: 'Завершить лид отказом: {lead}', text: 'Лид признан некачественным. Переведите его на стадию отказа или нажмите «Перевести дальше» в карточке лида: он перейдёт туда сам.' },
  en: { title: 'Refuse the lead: {lead}', text: 'The lead is not qualified. Move it to the stage of refusals, or press “Go on” in the lead card: it goes there by itself.' },
} as const

const nextActions = { move: nextAction, conversion, refusal } as const

/** Asks the fallback person to name a responsible, as a task of its own. */
export const setAppointment = (turn: Turn, because: Reason, purpose = 'appoint'): void => {
  const words = appointment[turn.context.language]
  give(turn, {
    kind: 'set-follow-up',
    leadId: turn.lead.id,
    mark: markOf(turn, purpose),
    form: 'task',
    title: filled(turn, words.title),
    text: words.text,
    videoUrl: null,
    checklist: [],
    responsibleId: activeWatch(turn).responsibleId,
    deadlineAt: followUpDeadline(turn),
    remindBeforeMinutes: 0,
    deadlineMayMove: true,
    because,
  })
}

/** Gives the follow-up the clock's deadline; one that was closed meanwhile is set anew. */
export const renewFollowUp = (turn: Turn, step: Step, because: Reason): void => {
  if (isDeleted(turn)) return
  const { followUp } = activeWatch(turn)
  if (followUp === null || followUpSeen(turn)?.open === false) setAnew(turn, step, because)
  else changeFollowUp(turn, because, null)
}

/** In place of one that is not there any more, the step's own or the task to move the lead on. */
const setAnew = (turn: Turn, step: Step, because: Reason, purpose?: string): void => {
  const next = activeWatch(turn).followUp?.next
  if (next === undefined) setFollowUp(turn, step, because, purpose)
  else setNextAction(turn, step, next, because, purpose)
}

/** Moves the follow-up along with the clock, and to another person when one is given. */
export const changeFollowUp = (turn: Turn, because: Reason, responsibleId: UserId | null): void => {
  const { followUp, clock, life } = activeWatch(turn)
  if (followUp === null || isDeleted(turn)) return
  const deadlineAt = clock.kind === 'none' || clock.dueAt === followUp.deadlineAt ? null : clock.dueAt
  if (deadlineAt === null && responsibleId === null) return
  const unlessMoved = deadlineAt === null ? null : knownDeadlines(turn)
  give(turn, { kind: 'change-follow-up', leadId: turn.lead.id, mark: markOf(turn, `change-${clock.kind}${deadlineAt === null ? '' : `-${Math.floor(toMs(deadlineAt) / 1_000)}`}-${Math.floor(turn.nowMs / 1_000)}-${life?.actsSeen ?? 0}`), followUp: followUp.mark, form: followUp.form, deadlineAt, responsibleId, ...(unlessMoved === null ? {} : { unlessMoved }), because })
}

const knownDeadlines = (turn: Turn): KnownDeadlines | null => {
  const { followUp, clock, stepId } = activeWatch(turn)
  if (followUp === null || clock.kind === 'none' || stepById(turn.regulation, stepId)?.followUp?.deadlineMayMove !== true) return null
  return { known: [clock.dueAt, ...(followUp.deadlineAt === null ? [] : [followUp.deadlineAt]), ...(followUp.earlierDeadlines ?? [])], from: clock.startedAt }
}

/** Has a person moved the deadline since the change was decided? Then it stays as it is, and the next look follows it. */
export const isMovedSince = ({ unlessMoved }: { readonly unlessMoved?: KnownDeadlines }, seen: Temporal.Instant | null): boolean =>
  unlessMoved !== undefined && seen !== null && seen.epochMilliseconds >= toMs(unlessMoved.from) && !unlessMoved.known.some(known => sameMinute(toMs(known), seen.epochMilliseconds))

/** Portals keep deadlines to the minute or the second. */
export const sameMinute = (a: number, b: number): boolean => Math.abs(a - b) < minuteMs

/** A follow-up that somebody has deleted is set again, last of all, for whoever has the lead by then and with the deadline of then. */
export const restoreFollowUp = (turn: Turn, step: Step): void => {
  const { followUp, chosenId } = activeWatch(turn)
  if (followUp === null || !isDeleted(turn)) return
  const again = `instead-of-${followUp.id ?? followUp.mark}`
  if (chosenId === null) setAppointment(turn, { rule: 'follow-up-deleted' }, again)
  else setAnew(turn, step, { rule: 'follow-up-deleted' }, again)
}

const isDeleted = (turn: Turn): boolean => {
  const mark = activeWatch(turn).followUp?.mark
  return mark !== undefined && turn.lead.deletedFollowUps?.includes(mark) === true
}

/** Closes the follow-up, if there is one. */
export const closeFollowUp = (turn: Turn, because: Reason): void => {
  const { followUp } = activeWatch(turn)
  if (followUp === null) return
  give(turn, { kind: 'close-follow-up', leadId: turn.lead.id, mark: `${followUp.mark}-close`, followUp: followUp.mark, form: followUp.form, because })
}

/** The follow-up as the portal shows it; undefined until our own one is found there. */
export const followUpSeen = (turn: Turn): FollowUpState | undefined => {
  const mark = activeWatch(turn).followUp?.mark
  return mark === undefined ? undefined : turn.lead.followUps.findLast(followUp => followUp.mark === mark)
}

/** A portal's task wants a deadline even where the regulation sets none: the end of a wait, or the next daily look. */
const followUpDeadline = (turn: Turn): Moment => {
  const { clock, step } = activeWatch(turn)
  const until = step?.waiting?.until
  if (clock.kind !== 'none') return clock.dueAt
  return until !== undefined && toMs(until) > turn.nowMs ? until : toMoment(Math.floor(turn.nowMs / 1_000) * 1_000 + dayMs)
}

const appointment = {
  ru: { title: 'Назначить ответственного: {lead}', text: 'Распределить лид некому: никого из отдела нет на работе, либо никто не может взять ещё один лид. Назначьте ответственного в карточке лида. Если кто-то освободится раньше, лид будет распределён автоматически, а эта задача закроется.' },
  en: { title: 'Appoint a responsible person: {lead}', text: 'Nobody of the department is available to take this lead. Choose a responsible person in the lead card. If somebody becomes available first, the lead is assigned automatically and this task is closed.' },
} as const

const filled = (turn: Turn, text: string): string => {
  const { title, clientName, companyTitle, id } = turn.lead
  const lead = title.trim() || `№ ${id}`
  const client = [clientName, companyTitle].map(name => name.trim()).find(name => name !== '') ?? lead
  return text.replaceAll(/\{(lead|client)\}/g, (_, name) => (name === 'lead' ? lead : client))
}

/** The questions that the step asks of this lead; obligatory ones are marked. */
const checklistOf = (turn: Turn, step: StepCard): readonly string[] => {
  const { language } = turn.context
  const { card } = turn.regulation
  const mark = language === 'en' ? ' (required)' : ' (обязательно)'
  return [...askedQuestions(card, turn.lead.fields, step), ...(step.closing ? [commentQuestion(card)] : [])].map(question => inLanguage(question.title, language) + (question.required ? mark : ''))
}
