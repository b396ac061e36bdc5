import type { IncidentReason } from '../../reasons/incidents.ts'
import type { Sayings } from '../sayings.ts'
import { rungs } from './parts.ts'

export const englishIncidents: Sayings<IncidentReason> = {
  rung: ({ rung, name, dueAt }, words) => `The missed deadline of ${words.moment(dueAt)} is still open, so the ${rungs[rung]} is told: ${name}.`,
  'rung-skipped': ({ rung, why, userId }, words) => `The ladder passes over the ${rungs[rung]}: ${why === 'nobody' || userId === null ? 'nobody is named' : `${words.name(userId)} ${why === 'told' ? 'knows of the miss already' : 'no longer works here'}`}.`,
  acknowledged: ({ byUserId }, words) => `The miss was acknowledged${byUserId === null ? '' : ` by ${words.name(byUserId)}`}.`,
  'converted-past': ({ byUserId, at, titles }, words) => `The lead was put on success in Bitrix24 itself, past Leadrail${at === null ? '' : `, on ${words.moment(at)}`}${byUserId === null ? '' : ` (${words.name(byUserId)})`}.${titles.length === 0 ? '' : ` Obligatory answers are missing: ${titles.map(title => `“${title}”`).join(', ')}.`}`,
  'past-conversion-settled': ({ how }) => settled[how],
  'past-conversion-noted': ({ byUserId }, words) => `The conversion past Leadrail was acknowledged${byUserId === null ? '' : ` by ${words.name(byUserId)}`}.`,
  'version-adopted': ({ from, to }) => `The lead goes on under version ${to} of the regulation (it was ${from}).`,
  'step-on-other-stage': ({ stepName, stageName, standsOn }) => `The step “${stepName}” is on the stage “${stageName}” now; the lead stays on the step on the stage “${standsOn}” until it is moved.`,
  'step-lost': () => 'The regulation no longer has the step the lead was on.',
}

const settled = {
  complete: 'Everything that was missing after the conversion is there.',
  back: 'The lead is no longer on its success stage.',
  converted: 'The lead has been converted by Leadrail as well.',
  gone: 'The lead was deleted or is no longer accessible.',
} as const
