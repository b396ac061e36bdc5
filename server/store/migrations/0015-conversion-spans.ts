import { sql, type Kysely } from 'kysely'

/** The days for undoing a conversion count from its end, those of waiting for a person from when it began to wait; afterwards it is thinned once. */
export const conversionSpans = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  'alter table conversions add column undo_days integer not null default 0',
  'update conversions set undo_days = round(extract(epoch from undo_until - started_at) / 86400) where undo_until is not null',
  'alter table conversions add column held_at timestamptz',
  `update conversions set held_at = now() where status = 'held'`,
  'alter table conversions add column thinned boolean not null default false',
]
