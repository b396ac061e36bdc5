/** Lines of the journal that tell a person nothing he would not read in another one. */
import type { Command, Reason } from '../command.ts'
import type { Act } from '../lead.ts'

/** True for what we do for ourselves, and for what another command of the same decision says better; a refusal of the portal is told all the same. */
export const isBookkeeping = ({ kind, because }: Pick<Command, 'kind'> & { readonly because: Reason }): boolean =>
  ownDoings.has(kind) || (kind === 'note' && because.rule === 'act' && plainActs.has(because.what)) || (kind === 'note' && ownNotes.has(because.rule))

const ownDoings: ReadonlySet<Command['kind']> = new Set(['start-watch', 'enter-step', 'note-reminded', 'wake-at', 'adopt-version', 'answer-robot', 'comment', 'fire-trigger'])

/** Nobody has decided anything, or what came of it is a line of its own. */
const plainActs: ReadonlySet<Act['kind']> = new Set(['opened', 'acknowledge', 'gaps-gone', 'check-card', 'start-deadline', 'distribute'])

const ownNotes: ReadonlySet<Reason['rule']> = new Set(['begun', 'take-by', 'step-left-elsewhere'])
