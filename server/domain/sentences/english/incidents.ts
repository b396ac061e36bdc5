import type { IncidentReason } from '../../reasons/incidents.ts'
import type { Sayings } from '../sayings.ts'

const rungs = { responsible: 'the responsible', deputy: 'the deputy', head: 'the head of department', director: 'the director' } as const

export const englishIncidents: Sayings<IncidentReason> = {
  rung: ({ rung, name, dueAt }, words) => `The missed deadline of ${words.moment(dueAt)} is still open, so ${rungs[rung]} is told: ${name}.`,
  'rung-skipped': ({ rung, why, userId }, words) => `The ladder passes over ${rungs[rung]}: ${why === 'nobody' || userId === null ? 'nobody is named' : `${words.name(userId)} ${why === 'told' ? 'knows of the miss already' : 'no longer works here'}`}.`,
  acknowledged: ({ byUserId }, words) => `The miss was acknowledged${byUserId === null ? '' : ` by ${words.name(byUserId)}`}.`,
  'version-adopted': ({ from, to }) => `The lead goes on under version ${to} of the regulation (it was ${from}).`,
  'step-lost': () => 'The regulation no longer has the step the lead was on.',
}
