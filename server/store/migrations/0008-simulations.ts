import { sql, type Kysely } from 'kysely'

/** Regulations tried on past leads: at most one of a portal at a time, the regulation as it was when it was asked for. */
export const simulations = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table simulations (
    member_id text not null,
    id bigint generated always as identity,
    version integer,
    regulation jsonb not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    status text not null check (status in ('running', 'done', 'failed', 'cancelled')),
    phase text not null check (phase in ('waiting', 'reading', 'computing')),
    done integer not null default 0,
    total integer,
    problem text,
    result jsonb,
    author_id bigint,
    asked_at timestamptz not null,
    ended_at timestamptz,
    primary key (member_id, id)
  )`,
  `create unique index simulations_one on simulations (member_id) where status = 'running'`,
]
