/** Folds recorded commands into what we remember. */
import type { Command, Context } from './command.ts'
import type { Watch } from './watch.ts'

/** The watch after one command; commands that do not change it return it as it is. */
export const evolve = (watch: Watch, _command: Command): Watch => watch

/** The context after one command (shares, misses), so that the next lead of the same run sees it. */
export const evolveContext = (context: Context, _command: Command): Context => context
