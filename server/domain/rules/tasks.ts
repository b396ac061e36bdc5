/** Follow-ups: the task or to-do that a step gives to the responsible. */
import type { Reason } from '../command.ts'
import type { FollowUpState, UserId } from '../lead.ts'
import type { Step } from '../regulation.ts'
import { dayMs, toMoment } from '../time.ts'
import type { Moment } from '../watch.ts'
import { activeWatch, give, inLanguage, markOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** Sets the step's follow-up for the present responsible and deadline; nothing for a step without one. */
export const setFollowUp = (turn: Turn, step: Step, because: Reason): void => {
  if (step.followUp === null) return
  const { language } = turn.context
  const { responsibleId } = activeWatch(turn)
  give(turn, {
    kind: 'set-follow-up',
    leadId: turn.lead.id,
    mark: markOf(turn, 'follow-up'),
    form: step.followUp.form,
    title: filled(turn, inLanguage(step.followUp.title, language)),
    text: [filled(turn, inLanguage(step.followUp.text, language)), exitText(step, language)].filter(text => text !== '').join('\n'),
    videoUrl: step.videoUrl,
    checklist: step.card ? checklistOf(turn) : [],
    responsibleId,
    deadlineAt: followUpDeadline(turn),
    remindBeforeMinutes: step.followUp.remindBeforeMinutes,
    deadlineMayMove: step.followUp.deadlineMayMove,
    because,
  })
}

/** The step's exit with its heading; the lead tab has a heading of its own. */
const exitText = ({ exit }: Step, language: 'ru' | 'en'): string => {
  const text = inLanguage(exit, language)
  return text === '' ? '' : `${language === 'en' ? 'To go on' : 'Чтобы перейти дальше'}: ${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

/** Asks the fallback person to name a responsible, as a task of its own. */
export const setAppointment = (turn: Turn, because: Reason): void => {
  const words = appointment[turn.context.language]
  give(turn, {
    kind: 'set-follow-up',
    leadId: turn.lead.id,
    mark: markOf(turn, 'appoint'),
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
  if (activeWatch(turn).followUp === null || followUpSeen(turn)?.open === false) setFollowUp(turn, step, because)
  else changeFollowUp(turn, because, null)
}

/** Moves the follow-up along with the clock, and to another person when one is given. */
export const changeFollowUp = (turn: Turn, because: Reason, responsibleId: UserId | null): void => {
  const { followUp, clock } = activeWatch(turn)
  if (followUp === null) return
  const deadlineAt = clock.kind === 'none' || clock.dueAt === followUp.deadlineAt ? null : clock.dueAt
  if (deadlineAt === null && responsibleId === null) return
  give(turn, { kind: 'change-follow-up', leadId: turn.lead.id, mark: markOf(turn, `change-${clock.kind}`), followUp: followUp.mark, form: followUp.form, deadlineAt, responsibleId, because })
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

/** A portal's task wants a deadline even where the regulation sets none: the next daily look. */
const followUpDeadline = (turn: Turn): Moment => {
  const { clock } = activeWatch(turn)
  return clock.kind === 'none' ? toMoment(Math.floor(turn.nowMs / 1_000) * 1_000 + dayMs) : clock.dueAt
}

const appointment = {
  ru: { title: 'Назначить ответственного: {lead}', text: 'Распределить лид некому: никого из отдела нет на работе. Назначьте ответственного в карточке лида. Если кто-то придёт раньше, лид будет распределён автоматически, а эта задача закроется.' },
  en: { title: 'Appoint a responsible person: {lead}', text: 'Nobody of the department is available to take this lead. Choose a responsible person in the lead card. If somebody comes to work first, the lead is assigned automatically and this task is closed.' },
} as const

const filled = (turn: Turn, text: string): string => {
  const { title, clientName, companyTitle, id } = turn.lead
  const lead = title.trim() || `№ ${id}`
  const client = [clientName, companyTitle].map(name => name.trim()).find(name => name !== '') ?? lead
  return text.replaceAll(/\{(lead|client)\}/g, (_, name) => (name === 'lead' ? lead : client))
}

/** The card's questions; obligatory ones are marked. */
const checklistOf = (turn: Turn): readonly string[] => {
  const { language } = turn.context
  const { card } = turn.regulation
  const mark = language === 'en' ? ' (required)' : ' (обязательно)'
  return [
    ...card.groups.flatMap(group => group.questions.map(question => inLanguage(question.title, language) + (question.required ? mark : ''))),
    inLanguage(card.comment.title, language) + (card.comment.required ? mark : ''),
  ]
}
