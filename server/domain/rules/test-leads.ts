/** Leads that only try the process out: they go the whole way, and no figure knows them (S0-2). */
import type { Command } from '../command.ts'
import type { Lead } from '../lead.ts'
import type { Regulation } from '../regulation.ts'

/** Its source belongs to a channel for tests. A title says nothing: «Тест-драйв» is a request like any other. */
export const isTestLead = ({ sourceId }: Pick<Lead, 'sourceId'>, { channels }: Pick<Regulation, 'channels'>): boolean =>
  sourceId !== null && channels.some(({ isTest, sources }) => isTest === true && sources.includes(sourceId))

/** A test lead given to somebody is nobody's share and nobody's load, and its miss counts against nobody. */
export const asTest = (lead: Lead, regulation: Regulation, command: Command): Command =>
  (command.kind === 'assign' || command.kind === 'note-responsible' || command.kind === 'open-incident') && isTestLead(lead, regulation) ? { ...command, isTest: true } : command
