/** The English sentences: one per reason, command and message. */
import type { Command, ContactBasis, CoreReason, Reason } from '../command.ts'
import type { IncidentReason } from '../reasons/incidents.ts'
import type { IntakeReason } from '../reasons/intake.ts'
import type { JourneyReason } from '../reasons/journey.ts'
import { englishIncidents } from './english/incidents.ts'
import { englishIntake } from './english/intake.ts'
import { englishJourney } from './english/journey.ts'
import { laterMessages, messageNames } from './english/messages.ts'
import { othersOf } from './english/parts.ts'
import { say } from './sayings.ts'
import { counted, quoted } from './words.ts'
import type { MessageFacts, Notify, Words } from './words.ts'
import { inQuotes } from './quotes.ts'

export const englishReason = (reason: Reason, words: Words): string => {
  if (reason.rule in englishIntake) return say(englishIntake, reason as IntakeReason, words)
  if (reason.rule in englishJourney) return say(englishJourney, reason as JourneyReason, words)
  if (reason.rule in englishIncidents) return say(englishIncidents, reason as IncidentReason, words)
  return core(reason as CoreReason, words)
}

const core = (reason: CoreReason, words: Words): string => {
  switch (reason.rule) {
    case 'new-lead':
      return `New lead on the stage “${reason.stageName}”.`
    case 'distribution-in-turn':
      return `Assigned in turn: ${reason.chosen.name}.${othersOf(reason.candidates)}`
    case 'distribution-kept':
      return `${reason.name} is already responsible and belongs to the group, so the lead stays.`
    case 'distribution-nobody':
      return `Nobody is available for this lead; ${reason.name} is responsible for now.${othersOf(reason.candidates, 'In the department')}`
    case 'responsible-dismissed':
      return `${reason.name} no longer works here, so the lead was passed on.`
    case 'responsible-away':
      return `The deadline passed on ${words.moment(reason.dueAt)}, but ${reason.name} is not at work, so the lead was passed on.`
    case 'responsible-changed':
      return `${reason.name} is responsible for the lead now.`
    case 'step-entered':
      return `The lead has reached the step “${reason.stepName}”.`
    case 'step-left-elsewhere':
      return `The lead was moved to ${reason.stageName === undefined ? 'another stage' : `the stage “${reason.stageName}”`}; the step “${reason.stepName}” is over.`
    case 'step-begins':
      return `The step “${reason.stepName}” begins.`
    case 'deadline':
      return deadline(reason, words)
    case 'deadline-moved':
      return `The deadline was moved in the task from ${words.moment(reason.from)} to ${words.moment(reason.to, reason.from)}.`
    case 'deadline-not-due':
      return `Due ${words.moment(reason.dueAt)}.`
    case 'contact-made':
      return `${contacts[reason.by]} on ${words.moment(reason.at)}${talk(reason.by, reason.durationSeconds)}.`
    case 'reminder-due':
      return `No more than ${counted(reason.minutes, 'minute')} left until the deadline (${words.moment(reason.dueAt)}).`
    case 'deadline-missed':
      return `The deadline passed on ${words.moment(reason.dueAt)} ${reason.titles === undefined || reason.titles.length === 0 ? undone[reason.about] : `without required answers: ${reason.titles.join(', ')}`}.`
    case 'answers-missing':
      return reason.questions.length === 0 ? 'All required answers are there.' : `Required answers are missing: ${listed(reason)}.`
    case 'follow-up-closed':
      return 'The task was closed, but the card has no result.'
    case 'task-done':
      return 'The task of the step is closed.'
    case 'follow-up-deleted':
      return 'The former task was deleted, but the work on the lead is not done.'
    case 'card-complete':
      return `The card is complete and the lead is qualified.${reason.title === undefined ? '' : ` Next step: ${reason.title}.`}`
    case 'not-qualified':
      return `The lead is not qualified${reason.title === undefined ? '' : `: ${reason.title}`}.`
    case 'misses-repeated':
      return `${reason.name}: ${counted(reason.count, 'missed deadline')} within ${counted(reason.windowDays, 'day')}.`
    case 'no-head':
      return `This person has no head of department (${words.name(reason.userId)}), so the fallback person is told.`
    case 'incident-answered':
      return answered[reason.how]
    case 'lead-finished':
      return reason.semantic === 'success' ? 'The lead was finished successfully.' : 'The lead was closed as lost.'
    case 'lead-gone':
      return 'The lead was deleted or can no longer be read.'
    case 'refused':
      return `${refusals[reason.what]}${quoted(reason.words, ['“', '”'])}.`
    case 'returned-again':
      return `The lead was moved back to the stage “${reason.stageName}” for the ${reason.count}${reason.count === 3 ? 'rd' : 'th'} time within a day. The step “${reason.stepName}” goes on, and the stage is no longer changed automatically.`
    case 'no-working-time':
      return 'The calendar has no working time, so no deadline was set.'
    case 'daily-look':
      return 'Regular check of the lead.'
  }
}

/** What was done; empty where the reason alone says it. */
export const englishCommand = (command: Command, words: Words): string => {
  switch (command.kind) {
    case 'assign':
      return 'Responsible person assigned.'
    case 'move-stage':
      return command.because.rule === 'not-qualified' ? 'Lead moved to another stage.' : 'Lead moved to the next stage.'
    case 'set-follow-up':
      return `${command.form === 'task' ? 'Task' : 'To-do'} ${inQuotes(command.title, 'en')} set, due ${words.moment(command.deadlineAt)}.`
    case 'change-follow-up':
      return `${command.form === 'task' ? 'Task' : 'To-do'} changed${command.deadlineAt === null ? '' : `, now due ${words.moment(command.deadlineAt)}`}.`
    case 'close-follow-up':
      return command.form === 'task' ? 'Task closed.' : 'To-do closed.'
    case 'notify':
      return `Message sent: ${messageNames[command.about]}.`
    case 'start-watch':
      return 'The lead is watched from now on.'
    case 'enter-step':
      return 'New step started.'
    case 'set-clock':
      return command.clock.kind === 'none' ? 'No deadline any more.' : command.because.rule === 'deadline' ? '' : `Due ${words.moment(command.clock.dueAt)}.`
    case 'note-contact':
      return ''
    case 'note-responsible':
      return ''
    case 'note-reminded':
      return 'Reminder sent.'
    case 'ask-again':
      return 'Required answers asked for again.'
    case 'open-incident':
      if (command.about === 'converted-past') return 'Conversion past Leadrail recorded.'
      return command.systemDelay ? 'Missed deadline recorded; it was noticed late by the system and does not count against the person.' : 'Missed deadline recorded.'
    case 'resolve-incident':
      if (isPast(command.because)) return 'The remark on the conversion is closed.'
      return command.inTime === true ? 'Missed deadline taken back.' : isAnswered(command.because) ? 'Missed deadline made good.' : 'Missed deadline closed.'
    case 'acknowledge-incident':
      return isPast(command.because) ? 'The conversion is known, and nobody is reminded of it any more.' : 'The miss is not told any further.'
    case 'note-refused':
      return 'Refusal of the portal noted.'
    case 'stay-on-step':
      return 'The lead stays on its step.'
    case 'escalate':
      return command.because.rule === 'no-head' ? 'Repeated missed deadlines reported.' : 'Head of department brought in.'
    case 'set-title':
      return `The lead was given the title ${inQuotes(command.title, 'en')}.`
    case 'comment':
      return 'A comment was added to the timeline.'
    case 'fire-trigger':
      return `Trigger “${triggers[command.trigger]}” fired.`
    case 'answer-robot':
      return 'The robot was answered.'
    case 'note':
      return ''
    case 'adopt-version':
      return 'The version of the regulation changed.'
    case 'wake-at':
      return `Next check: ${words.moment(command.at)}.`
    case 'close-watch':
      return outcomes[command.outcome]
  }
}

export const englishMessage = (command: Notify, { leadTitle, dueAt }: MessageFacts, words: Words): string => {
  const because = englishReason(command.because, words)
  const until = dueAt === null ? '' : ` Due ${words.moment(dueAt)}.`
  switch (command.about) {
    case 'assigned':
      return `The lead “${leadTitle}” is yours now. Please contact the client and fill in the card.${until}`
    case 'reminder':
      return command.because.rule === 'reminder-due' ? `The lead “${leadTitle}” is due soon: ${words.moment(command.because.dueAt)}.` : `The lead “${leadTitle}” is due soon.${until}`
    case 'missed':
      return `Lead “${leadTitle}”: deadline missed. ${because}${dueAt === null ? '' : ` New deadline: ${words.moment(dueAt)}.`}`
    case 'escalated':
      return `Your attention is needed. ${because} Latest miss: the lead “${leadTitle}”.`
    case 'answers-needed':
      return `Lead “${leadTitle}”: please complete the card. ${because}${until}`
    case 'refused':
      return `Lead “${leadTitle}”: ${because} Please add what is missing: the move is repeated when the lead changes.${until}`
    case 'returned':
      return `The lead “${leadTitle}” is moved back and forth. ${because} Please check the robots and rules of this stage.`
    case 'nobody-available':
      if (command.because.rule === 'nobody-named') return `The lead “${leadTitle}” still belongs to nobody. ${because}`
      return `Nobody in the group can take the lead “${leadTitle}” now. Please choose who is to handle it.`
    case 'move-proposed':
      if (command.because.rule !== 'not-qualified') return laterMessages[command.about]?.(leadTitle, because, until) ?? because
      return `The lead “${leadTitle}” may be refused. ${because}`
    default:
      return laterMessages[command.about]?.(leadTitle, because, until) ?? because
  }
}

const deadline = (reason: Extract<Reason, { rule: 'deadline' }>, words: Words): string => {
  const span = `${words.span(reason.span)} of working time from ${words.moment(reason.startedAt)}`
  const paused = reason.pieces.length > 1 || (reason.pieces[0] !== undefined && reason.pieces[0].from !== reason.startedAt) ? '; hours off do not count' : ''
  const due = words.moment(reason.dueAt, reason.startedAt)
  if (reason.about === 'first-contact') return `First contact is due ${due}${reason.basis === null ? '' : `: ${bases[reason.basis]}`} (${span}${paused}).`
  if (reason.about === 'finish') return `The card with its result is due ${due} (${span}${paused}).`
  return `New deadline: ${due} (${span}${paused}).`
}

const isPast = ({ rule }: Reason): boolean => rule === 'past-conversion-settled' || rule === 'past-conversion-noted'

const isAnswered = (because: Reason): boolean => because.rule === 'incident-answered' && because.how !== 'stage'


const listed = ({ questions, titles }: Extract<Reason, { rule: 'answers-missing' }>): string => (titles === undefined || titles.length === 0 ? counted(questions.length, 'question') : titles.join(', '))

const talk = (by: 'call' | 'email' | 'meeting' | 'message', seconds: number | null): string => {
  if (by !== 'call') return ''
  return seconds === null ? ' (entered by hand)' : `, ${seconds < 60 ? counted(seconds, 'second') : counted(Math.round(seconds / 60), 'minute')} of talk`
}

const contacts = { call: 'There was a call', email: 'An e-mail was sent', meeting: 'There was a meeting', message: 'A message was sent' } as const
const undone = { 'first-contact': 'without a contact with the client', finish: 'without a result in the card', again: 'and there is still no result' } as const
const answered = { 'in-time': 'The client was contacted before the deadline, though it was registered later.', contact: 'The client was contacted.', result: 'The result is there.', stage: 'The lead was moved to another stage.' } as const
const refusals = { assign: 'The portal did not accept the responsible person', 'move-stage': 'The portal did not move the lead to another stage' } as const
const bases: Record<ContactBasis, string> = { phone: 'there is a phone number', messenger: 'there is a messenger address', email: 'there is only an e-mail address', nothing: 'there is no contact data' }
const triggers = { 'deadline-missed': 'Deadline missed', 'card-complete': 'Card complete', qualified: 'Qualified' } as const
const outcomes = {
  qualified: 'Work is done: the lead is qualified.',
  'not-qualified': 'Work is done: the lead is not qualified.',
  converted: 'Work is done: the lead was converted.',
  lost: 'Work is done: the lead was closed as lost.',
  'moved-on': 'The watch ends: the lead has moved on.',
  gone: 'The watch ends.',
} as const
