import { sql, type Kysely } from 'kysely'

/** What people and robots did, each to be obeyed once; and who was found to be the same client, so that nobody is searched for twice. */
export const acts = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table acts (
    member_id text not null,
    id bigint generated always as identity,
    lead_id bigint not null,
    at timestamptz not null,
    by_user_id bigint,
    kind text not null,
    facts jsonb not null,
    mark text,
    primary key (member_id, id)
  )`,
  'create index acts_lead on acts (member_id, lead_id, id)',
  'create unique index acts_mark on acts (member_id, mark) where mark is not null',
  'create index acts_at on acts (at)',
  `create table duplicate_searches (
    member_id text not null,
    lead_id bigint not null,
    key text not null,
    found jsonb not null,
    primary key (member_id, lead_id)
  )`,
]
