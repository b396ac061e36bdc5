/** The one road to a published regulation: whatever is published has been looked through. */
import type { Temporal } from 'temporal-polyfill'
import { errorsIn, lintRegulation, type PortalThings, type Problem } from '../domain/lint.ts'
import type { Regulation } from '../domain/regulation.ts'
import type { Queries } from '../store/database.ts'
import { publishRegulation, type Publishing } from '../store/regulations.ts'

export interface Published {
  /** Null: not published, for its errors or because the portal is gone. */
  readonly version: number | null
  readonly problems: readonly Problem[]
}

/** Publishes unless the lint finds an error. The caller holds the lock `publish:<member>`, so that versions are numbered one after the other. */
export const publishChecked = async (tx: Queries, memberId: string, regulation: Regulation, things: PortalThings, now: Temporal.Instant, how: Publishing = {}): Promise<Published> => {
  const problems = lintRegulation(regulation, things)
  return { version: errorsIn(problems).length > 0 ? null : await publishRegulation(tx, memberId, regulation, now, how), problems }
}
