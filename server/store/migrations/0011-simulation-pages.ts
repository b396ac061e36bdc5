import { sql, type Kysely } from 'kysely'

/** What a running simulation has read of the past, so that it goes on where it was interrupted, and the moment at which it has begun. */
export const simulationPages = {
  up: async (db: Kysely<unknown>): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  'alter table simulations add column until_at timestamptz',
  `create table simulation_pages (
    member_id text not null,
    simulation_id bigint not null,
    page integer not null,
    next jsonb,
    gaps jsonb not null,
    content text not null,
    primary key (member_id, simulation_id, page),
    foreign key (member_id, simulation_id) references simulations (member_id, id) on delete cascade
  )`,
]
