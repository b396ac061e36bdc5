import type { JournalLine } from '../../server/contract/lead-view.ts'

/** Sorts of journal lines, in the order in which they are offered. */
export const journalSorts = ['decisions', 'messages', 'misses', 'contacts'] as const
export type JournalSort = (typeof journalSorts)[number]

const byKind: Readonly<Record<string, JournalSort>> = {
  'notify': 'messages', 'comment': 'messages', 'ask-again': 'messages', 'note-reminded': 'messages',
  'open-incident': 'misses', 'resolve-incident': 'misses', 'acknowledge-incident': 'misses', 'escalate': 'misses',
  'note-contact': 'contacts',
}
/** Notes of these rules tell of the talk with the client. */
const talks: ReadonlySet<string> = new Set(['attempt-failed', 'attempts-spent', 'wrong-number', 'call-declared', 'contact-made'])

export const sortOf = ({ kind, rule }: Pick<JournalLine, 'kind' | 'rule'>): JournalSort => byKind[kind] ?? (talks.has(rule) ? 'contacts' : 'decisions')
