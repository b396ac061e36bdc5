import { sql, type Kysely } from 'kysely'

/** What outlives a draft, a publishing, a set-up and a shadow, so that nothing stale passes for the newest and nothing begun is forgotten. */
export const revisions = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  'alter table portal_work add column draft_revision integer not null default 0',
  `update portal_work set draft_revision = greatest(
    coalesce((select revision from drafts where drafts.member_id = portal_work.member_id), 0), coalesce((select revision from previews where previews.member_id = portal_work.member_id), 0))`,
  'alter table portal_work add column look_for_version integer',
  'alter table portal_work add column robots_at text',
  'alter table portal_work add column robots_user_id bigint',
  'alter table portal_work add column notice jsonb',
  'alter table portal_work add column notice_at timestamptz',
  'alter table regulations add column ended boolean not null default false',
  'alter table duplicate_searches add column found_at timestamptz',
]
