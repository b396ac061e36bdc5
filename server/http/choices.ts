/** Which lines of the journal tell who was chosen for a lead, and what has set its deadline. */
import type { Reason } from '../domain/command.ts'
import type { Lead } from '../domain/lead.ts'
import { toMs } from '../domain/time.ts'
import type { Moment } from '../domain/watch.ts'
import type { JournalRow } from './ports.ts'

const rules: ReadonlySet<Reason['rule']> = new Set<Reason['rule']>([
  'distribution-in-turn', 'distribution-least-loaded', 'distribution-weighted', 'distribution-kept', 'distribution-nobody',
  'distribution-caller', 'distribution-client', 'distribution-person', 'taken-by-member', 'taken-over', 'responsible-changed',
])

/** The latest choice, if it is of whoever is responsible: one about somebody else explains nothing any more. `journal`: newest first. */
export const choiceRow = (lead: Lead, journal: readonly JournalRow[]): JournalRow | undefined => {
  const row = journal.find(({ command }) => (command.kind === 'assign' || command.kind === 'note-responsible') && rules.has(command.because.rule))
  return row !== undefined && 'userId' in row.command && row.command.userId === lead.responsibleId ? row : undefined
}

/** The latest command that has set the deadline to that moment. */
export const setterOf = (dueAt: Moment, journal: readonly JournalRow[]): JournalRow | undefined =>
  journal.find(({ command }) => command.kind === 'set-clock' && command.clock.kind !== 'none' && toMs(command.clock.dueAt) === toMs(dueAt))
