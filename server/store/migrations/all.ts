import type { Migration } from 'kysely/migration'
import { rails } from './0001-rails.ts'
import { inTime } from './0002-in-time.ts'
import { askedAt } from './0003-asked-at.ts'
import { unfinished } from './0004-unfinished.ts'

/** In order of their names; a published one is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-rails': rails,
  '0002-in-time': inTime,
  '0003-asked-at': askedAt,
  '0004-unfinished': unfinished,
}
