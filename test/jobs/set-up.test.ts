import { beforeEach, expect, it } from 'vitest'
import { worktops } from '../../server/domain/presets/worktops.ts'
import type { Ensured } from '../../server/portal/install.ts'
import { setUpPortal } from '../../server/set-up.ts'
import type { Database } from '../../server/store/database.ts'
import { factsOf } from '../../server/store/portal-facts.ts'
import { createPortals, tenantTables } from '../../server/store/portals.ts'
import { regulationInForce } from '../../server/store/regulations.ts'
import { binding, officeHours, people } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { firma, makeRoom, sealer, type TestRoom } from './support.ts'

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom

  beforeEach(async () => {
    database ??= await open()
    await database.transaction(async (tx) => {
      for (const table of tenantTables) await tx.deleteFrom(table).execute()
    })
    room = await makeRoom(database)
    await database.db.deleteFrom('regulations').execute()
  })

  const setUp = (change: Partial<Ensured['facts']>) => {
    const facts = { people, calendar: officeHours, stageNames: {}, language: 'ru', timeZone: 'Europe/Moscow', departments: [], ...change } as Ensured['facts']
    const ensured: Ensured = { ok: true, checks: [], done: [], binding, facts }
    return setUpPortal({ database, portals: createPortals(database, sealer), clock: room.clock, preset: worktops, version: 1, ensure: () => Promise.resolve(ensured) }, firma, { dry: false })
  }

  it('publishes a regulation that can work', async () => {
    expect(await setUp({})).toMatchObject({ published: 1, ensured: { ok: true, checks: [] } })
  })

  it('publishes none that cannot, and says why in plain words', async () => {
    const { published, ensured } = await setUp({ people: people.map(one => ({ ...one, active: one.id !== binding.fallbackUserId })) })
    expect(published).toBeNull()
    expect(ensured).toMatchObject({ ok: false, checks: [{ id: 'regulation', ok: false, detail: 'запасной ответственный (№ 20) не работает в компании' }] })
    expect(await regulationInForce(database.db, firma)).toBeNull()
  })

  it('remembers the portal’s facts with the real time at which they were read', async () => {
    await setUp({})
    const readAt = (await factsOf(database.db, firma))?.readAt
    expect(Math.abs((readAt?.epochMilliseconds ?? 0) - Date.now())).toBeLessThan(60_000)
  })
})
