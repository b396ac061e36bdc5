import { sql, type Kysely } from 'kysely'

/** Conversions of leads, step by step; at most one of a lead is under way. */
export const conversions = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table conversions (
    member_id text not null,
    id text not null,
    lead_id bigint not null,
    status text not null check (status in ('running', 'held', 'done', 'taking-back', 'taken-back', 'undoing', 'undone')),
    by_user_id bigint not null,
    by_user_name text not null,
    regulation_version integer not null,
    plan jsonb not null,
    why text,
    why_words text,
    elsewhere jsonb,
    started_at timestamptz not null,
    ended_at timestamptz,
    undo_until timestamptz,
    undone_by_id bigint,
    not_before timestamptz,
    failures integer not null default 0,
    primary key (member_id, id)
  )`,
  `create unique index conversions_one on conversions (member_id, lead_id) where status in ('running', 'held', 'taking-back', 'undoing')`,
  'create index conversions_of_lead on conversions (member_id, lead_id, started_at)',
  `create index conversions_due on conversions (not_before) where status in ('running', 'taking-back', 'undoing')`,
  `create table conversion_steps (
    member_id text not null,
    conversion_id text not null,
    place integer not null,
    step jsonb not null,
    state text not null default 'waiting' check (state in ('waiting', 'begun', 'done', 'refused', 'taken-back', 'kept')),
    attempts integer not null default 0,
    begun_at timestamptz,
    result jsonb,
    words text,
    primary key (member_id, conversion_id, place)
  )`,
]
