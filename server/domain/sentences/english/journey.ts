import type { JourneyReason } from '../../reasons/journey.ts'
import type { Sayings } from '../sayings.ts'
import { conversionEnded } from '../conversion/ended.ts'
import { counted } from '../words.ts'

const robots = { 'check-card': 'Check the qualification card', 'start-deadline': 'Start the deadline', distribute: 'Distribute the lead' } as const
const acts = {
  opened: 'Card opened',
  take: 'Lead taken',
  'not-reached': 'Client noted as not reached',
  'wrong-number': 'Number noted as wrong',
  'right-number': 'Marked as a right number',
  'call-declared': 'Mobile call recorded',
  'call-back': 'Time to call the client back recorded',
  wait: 'Wait set',
  'stop-waiting': 'Wait ended',
  'go-on': 'Lead sent on',
  refuse: 'Refusal confirmed',
  'allow-move': 'Move allowed',
  'not-duplicate': 'Noted that this is another client',
  acknowledge: 'Acknowledged',
  'move-deadline': 'Move of the deadline asked for',
  reassign: 'Lead handed over',
  converted: 'Conversion begun',
  'conversion-undone': 'Conversion undone',
  'conversion-ended': 'How the conversion ended',
  'gaps-gone': 'Nothing is missing after the conversion',
  'check-card': 'Robot asked to check the qualification card',
  'start-deadline': 'Robot asked to start the deadline',
  distribute: 'Robot asked to distribute the lead',
} as const
const moveRefusals = { 'not-allowed': 'this step does not allow it', 'too-many': 'it has been moved as often as allowed', 'too-far': 'that is further than allowed' } as const
const stops = { asked: 'as asked', contact: 'the client was reached', stage: 'the lead was moved to another stage' } as const

export const englishJourney: Sayings<JourneyReason> = {
  'attempt-failed': ({ count, limit, at }, words) => `The client was not reached ${words.moment(at)}: attempt ${count}${limit === null || count > limit + 1 ? '' : ` of ${limit + 1}`}.`,
  'attempts-spent': ({ count, title }) => `The client was not reached ${count} times.${title === null ? '' : ` The lead may be closed with the reason “${title}”.`}`,
  'wrong-number': ({ phone, title }) => `The number ${phone} is wrong.${title === undefined || title === null ? '' : ` There is no other one; the lead may be closed with the reason “${title}”.`}`,
  'right-number': ({ phone }) => `The number ${phone} is right after all.`,
  'call-declared': ({ at }, words) => `A mobile call ${words.moment(at)}, entered by the employee.`,
  waiting: ({ until, comment }, words) => `Waiting until ${words.moment(until)}${comment.trim() === '' ? '' : `: ${comment.trim()}`}.`,
  'waiting-too-long': ({ wanted, until, maxDays }, words) => `Waiting until ${words.moment(wanted)} is too long: ${maxDays} days at most. Waiting until ${words.moment(until)}.`,
  'waiting-spent': ({ maxDays }) => `No more waiting is possible: the regulation allows ${counted(maxDays, 'day')} at most, and they are used up.`,
  'waiting-not-allowed': () => 'The regulation does not allow waiting.',
  'waiting-over': ({ since }, words) => `The wait since ${words.moment(since)} is over.`,
  'waiting-stopped': ({ how }) => `The wait was ended: ${stops[how]}.`,
  'waiting-share': ({ name, waiting, open }) => `${name}: ${waiting} of ${open} open leads are waiting.`,
  'gate-unmet': ({ needs, stepName }) => `To finish “${stepName}”: ${needs.join('; ')}.`,
  'gate-unheard': ({ needs, stepName }) => `The portal has not told yet whether this part of “${stepName}” is done: ${needs.join('; ')}. The lead stays on its step, and the portal is asked again.`,
  'gate-unchecked': ({ needs, stepName, since }, words) => `A part of “${stepName}” was not checked and is held against nobody: ${needs.join('; ')}. ${since === null ? 'The application has no right to learn it from the portal.' : `The portal has not told of it since ${words.moment(since)}.`}`,
  'gate-skipped': ({ stepName, stageName }) => `The stage “${stageName}” cannot be reached directly from “${stepName}”.`,
  'move-allowed': ({ byUserId }, words) => `The move was allowed${byUserId === null ? '' : ` by ${words.name(byUserId)}`}.`,
  'reason-missing': ({ stageName }) => `The lead was moved to “${stageName}” without a reason.`,
  'reason-comment-missing': ({ title, evidence }) => evidence === undefined
    ? `The reason “${title}” needs a detailed comment.`
    : `The reason “${title}” needs evidence in the comment, “${evidence}”: a link, or at least 10 characters.`,
  'attempts-missing': ({ title, needed, made }) => `The reason “${title}” needs at least ${counted(needed, 'attempt')} to reach the client; ${made} ${made === 1 ? 'is' : 'are'} on record.`,
  'refusal-unanswered': ({ name, times }) => `${name} was asked ${times} times and has not answered.`,
  'return-date-missing': ({ title }) => `The reason “${title}” needs a date on which to come back to the lead.`,
  'refusal-controlled': ({ title }) => `The refusal${title === null ? '' : ` “${title}”`} was chosen for a quality check.`,
  'returned-on-date': ({ refusedAt, title }, words) => `The lead was closed ${words.moment(refusedAt)}${title === null ? '' : ` with the reason “${title}”`}; it is time to come back to it.`,
  'step-confirmed': () => 'The employee has confirmed that the step is done.',
  'refusal-confirmed': () => 'The employee has confirmed the refusal.',
  act: ({ what, byUserId, toUserId }, words) => `${acts[what]}${byUserId === null ? '' : `: ${words.name(byUserId)}`}.${toUserId === undefined ? '' : ` New responsible person: ${words.name(toUserId)}.`}`,
  'conversion-ended': reason => conversionEnded(reason, 'en'),
  'outcome-noted': ({ title }) => `The outcome “${title}” is noted: the lead stays on its stage, with a new term for the next action.`,
  'summary-missing': () => 'The task was closed without a summary.',
  'no-next-action': () => 'The lead has no next action.',
  'deadline-move-refused': ({ why, wanted, dueAt }, words) => `The deadline cannot be moved to ${words.moment(wanted)}: ${moveRefusals[why]}. It is ${words.moment(dueAt)}.`,
  postponed: ({ until }, words) => `The client asks to talk again ${words.moment(until)}.`,
  disqualified: ({ question, title }) => `The answer to “${question}” means a refusal${title === null ? '' : `: “${title}”`}.`,
  robot: ({ robot }) => `Robot “${robots[robot]}”.`,
  'next-step': ({ title }) => `Next step: ${title}.`,
}
