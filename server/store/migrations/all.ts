import type { Migration } from 'kysely/migration'
import { rails } from './0001-rails.ts'
import { inTime } from './0002-in-time.ts'
import { askedAt } from './0003-asked-at.ts'
import { unfinished } from './0004-unfinished.ts'
import { versions } from './0005-versions.ts'
import { acknowledged } from './0006-acknowledged.ts'
import { acts } from './0007-acts.ts'
import { simulations } from './0008-simulations.ts'
import { closedLately } from './0009-closed-lately.ts'
import { previewProblem } from './0010-preview-problem.ts'
import { simulationPages } from './0011-simulation-pages.ts'
import { revisions } from './0013-revisions.ts'
import { conversions } from './0014-conversions.ts'
import { conversionSpans } from './0015-conversion-spans.ts'

/** In order of their names; a published one is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-rails': rails,
  '0002-in-time': inTime,
  '0003-asked-at': askedAt,
  '0004-unfinished': unfinished,
  '0005-versions': versions,
  '0006-acknowledged': acknowledged,
  '0007-acts': acts,
  '0008-simulations': simulations,
  '0009-closed-lately': closedLately,
  '0010-preview-problem': previewProblem,
  '0011-simulation-pages': simulationPages,
  '0013-revisions': revisions,
  '0014-conversions': conversions,
  '0015-conversion-spans': conversionSpans,
}
