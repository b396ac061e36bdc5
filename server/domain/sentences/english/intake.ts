import type { IntakeReason } from '../../reasons/intake.ts'
import type { Sayings } from '../sayings.ts'
import { foundBy, kinds, othersOf } from './parts.ts'
import { inQuotes } from '../quotes.ts'

export const englishIntake: Sayings<IntakeReason> = {
  'taken-over': ({ name }) => `The lead was open before the installation, so it stays with ${name}.`,
  channel: ({ name }) => `Channel: “${name}”.`,
  'no-channel': ({ sourceId }) => (sourceId === null || sourceId === '' ? 'No source is given, so the lead has no channel.' : 'The lead’s source belongs to no channel.'),
  'not-a-lead-source': ({ name }) => `What comes through “${name}” is not a lead.`,
  'source-missing': () => 'The lead has no source.',
  'source-detail-missing': ({ title, channel }) => `The channel “${channel}” needs: ${title}.`,
  'person-missing': ({ phone }) => `The number ${phone} is a shared one and no person is named: an interest so far, not a lead.`,
  'title-by-template': ({ to }) => `The title follows the template: ${inQuotes(to, 'en')}.`,
  'repeated-request': ({ kind, title, by }) => `The client seems to be known: ${kinds[kind]} ${inQuotes(title, 'en')} (${by.map(one => foundBy[one]).join(', ')}).`,
  'not-the-same': ({ title }) => `${inQuotes(title, 'en')} is another client.`,
  'distribution-caller': ({ name, at }, words) => `${name} is the one who talked to the client (call of ${words.moment(at)}) and keeps the lead.`,
  'distribution-client': ({ name, client }) => `${name} is responsible for the client ${inQuotes(client, 'en')} and gets this lead too.`,
  'distribution-person': ({ name, channel }) => `Leads of the channel “${channel}” go to ${name}.`,
  'distribution-least-loaded': ({ chosen, candidates }) => `Fewest open leads: ${chosen.name}.${othersOf(candidates)}`,
  'distribution-weighted': ({ chosen, candidates }) => `Shares of the leads: ${chosen.name}.${othersOf(candidates)}`,
  'nobody-named': ({ name, since }, words) => `Nobody has been responsible since ${words.moment(since)}; ${name} is to name somebody.`,
  'taken-by-member': ({ name }) => `${name} has taken the lead.`,
  'not-taken': ({ name, takeBy }, words) => `${name} did not take the lead by ${words.moment(takeBy)}, so it goes to the next one.`,
  'take-by': ({ takeBy }, words) => `The lead is to be taken by ${words.moment(takeBy)}: open its card or contact the client.`,
  begun: ({ how, at }, words) => (how === 'opened' ? `The responsible opened the lead ${words.moment(at)}.` : `Work on the lead began ${words.moment(at)}.`),
}
