import { sql, type Kysely } from 'kysely'

/** Drafts, versions for new leads only, and versions that only watch. What was published before applied to every lead. */
export const versions = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `alter table regulations add column applies text not null default 'all' check (applies in ('new', 'all'))`,
  `alter table regulations add column mode text not null default 'live' check (mode in ('live', 'shadow'))`,
  `alter table regulations add column comment text not null default ''`,
  `create table drafts (
    member_id text primary key,
    regulation jsonb not null,
    base_version integer,
    revision integer not null,
    author_id bigint,
    updated_at timestamptz not null
  )`,
  `create table shadow_watches (
    member_id text not null,
    lead_id bigint not null,
    regulation_version integer not null,
    watch jsonb not null,
    next_at timestamptz,
    primary key (member_id, lead_id)
  )`,
  `create table previews (
    member_id text primary key,
    revision integer not null,
    applies text not null,
    status text not null,
    done integer not null,
    total integer not null,
    result jsonb,
    started_at timestamptz not null
  )`,
  `create table portal_directories (
    member_id text primary key,
    directory jsonb not null,
    read_at timestamptz not null,
    missing jsonb not null default '[]'
  )`,
  `create index journal_shadow on journal (member_id, id desc) where outcome = 'shadow'`,
]
