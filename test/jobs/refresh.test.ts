/** What the daily refresh costs a portal: measured on the emulator. */
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import { worktops } from '../../server/domain/presets/worktops.ts'
import { refreshPortal } from '../../server/jobs/refresh-portal.ts'
import { setUpPortal } from '../../server/set-up.ts'
import { factsOf } from '../../server/store/portal-facts.ts'
import { createPortals } from '../../server/store/portals.ts'
import { startRoom } from '../portal/room.ts'
import { openTestDatabase } from '../support/database.ts'
import { admit, roomOn, sealer } from './support.ts'

it('reads people, departments and calendar once, with what the set-up looks at: four requests in all', async () => {
  const { database } = await openTestDatabase('pglite')
  const { access, portal, close } = await startRoom()
  try {
    const { memberId } = portal
    await admit(database, memberId)
    // Whose token the robots bring.
    await createPortals(database, sealer).saveToken({ memberId, userId: 1, accessToken: 'access', refreshToken: 'refresh', expiresAt: Temporal.Now.instant(), serverEndpoint: 'https://oauth.example.com/rest/' })
    const { clock } = roomOn(database)
    const deps = { database, portals: createPortals(database, sealer), clock, preset: worktops, version: 1, ensure: access.ensure, readNames: access.readNames }
    const room = roomOn(database, { clock, portals: { ...access, ensure: async of => (await setUpPortal(deps, of, { dry: false })).ensured } })
    await refreshPortal(room, memberId)
    portal.requests.length = 0
    await refreshPortal(room, memberId)
    const asked = portal.requests.flatMap(({ method, batchCommands }) => [method, ...batchCommands]).map(name => name.toLowerCase())
    for (const method of ['user.get', 'department.get', 'calendar.settings.get', 'app.info']) expect(asked.filter(name => name === method), method).toHaveLength(1)
    // Facts and set-up, presence, and the names of stages and fields: for the set-up, and for the check of the regulation.
    expect(portal.requests).toHaveLength(4)
    expect((await factsOf(database.db, memberId))?.facts.people.length).toBeGreaterThan(0)
  }
  finally {
    await close()
    await database.close()
  }
})
