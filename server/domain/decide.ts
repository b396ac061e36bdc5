/** Every rule of the product, in the order in which they apply. */
import type { Temporal } from 'temporal-polyfill'
import type { Command, Context } from './command.ts'
import type { Sight } from './lead.ts'
import type { Regulation } from './regulation.ts'
import type { Watch } from './watch.ts'

/**
 * Compares a lead with what the regulation wants and returns what is to be done, each with its reason.
 * Pure: the same arguments give the same commands; a second look right after carrying them out gives none but `wake-at`.
 * An open lead's commands always end in exactly one `wake-at`, so that no lead is ever forgotten.
 */
export const decide = (_watch: Watch, _sight: Sight, _regulation: Regulation, _version: number, _context: Context, _now: Temporal.Instant): readonly Command[] => []
