/** What the daily refresh does besides looking at leads, and that nothing of it keeps it from looking at them. */
import { Temporal } from 'temporal-polyfill'
import { expect, it } from 'vitest'
import type { Regulation } from '../../server/domain/regulation.ts'
import { referencesOf } from '../../server/domain/regulation/references.ts'
import { checkRegulation } from '../../server/jobs/check-regulation.ts'
import { refreshPortal } from '../../server/jobs/refresh-portal.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import { tellAdministrators } from '../../server/jobs/tell-administrators.ts'
import { PortalError, type PortalErrorCode } from '../../server/portal/error.ts'
import type { Database } from '../../server/store/database.ts'
import { countInbox } from '../../server/store/inbox.ts'
import { noticeOf, portalsToTell } from '../../server/store/notices.ts'
import { directoryOf } from '../../server/store/portal-directories.ts'
import { createPortals } from '../../server/store/portals.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { at, regulation } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, sealer, untouched, type TestRoom, useRoom } from './support.ts'

const other = JSON.parse(JSON.stringify(regulation).replaceAll('"IN_WORK"', '"IN_WORK_2"')) as Regulation

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom
  const said: { readonly userIds: readonly number[]; readonly text: string }[] = []

  useRoom(open, async (made) => {
    room = made
    database = made.database
    said.length = 0
    room.toy.tell = async (_memberId, { userIds, text }) => void said.push({ userIds, text })
    has()
    for (const userId of [10, 20]) await createPortals(database, sealer).saveToken({ memberId: firma, userId, accessToken: `access-${userId}`, refreshToken: `refresh-${userId}`, expiresAt: at('11:00'), serverEndpoint: 'https://oauth.example.com/rest/' })
  })

  /** The portal has all that both documents name but these. */
  const has = (without: readonly string[] = []): void => {
    const references = [...referencesOf(regulation), ...referencesOf(other)]
    const named = (kind: string) => Object.fromEntries(references.filter(one => one.kind === kind && !without.includes(String(one.id))).map(({ id }) => [id, String(id)]))
    room.toy.readNames = async () => ({ stages: named('stage'), fields: Object.fromEntries(Object.keys(named('field')).map(id => [id, { title: id }])), sources: {} })
  }
  const publish = (document: Regulation, applies: 'new' | 'all', mode: 'live' | 'shadow' = 'live') => database.transaction(tx => publishRegulation(tx, firma, document, at('10:01'), { applies, mode }))
  const oneLead = async (): Promise<void> => {
    room.toy.create(7)
    await ask(database, [7])
    await servePortal(room, firma, untouched)
    await database.db.deleteFrom('inbox').execute()
  }
  const missing = async () => (await directoryOf(database.db, firma))?.missing ?? []

  it.each<[string, (code: PortalErrorCode) => void]>([
    ['administrators cannot be told', (code) => {
      has(['QUALIFIED'])
      room.toy.tell = () => Promise.reject(new PortalError({ code, method: 'im.notify.system.add' }))
    }],
    ['names cannot be read', (code) => {
      room.toy.readNames = () => Promise.reject(new PortalError({ code, method: 'crm.status.list' }))
    }],
  ])('looks at every open lead although %s', async (_what, breakIt) => {
    await oneLead()
    breakIt('access-denied')
    await refreshPortal(room, firma)
    expect(await countInbox(database.db, firma)).toBe(1)
  })

  it('looks at every open lead before it learns that its access is lost', async () => {
    await oneLead()
    room.toy.readNames = () => Promise.reject(new PortalError({ code: 'auth-lost', method: 'crm.status.list' }))
    await expect(refreshPortal(room, firma)).rejects.toMatchObject({ code: 'auth-lost' })
    expect(await countInbox(database.db, firma)).toBe(1)
  })

  it('misses what only an older version needs while leads are under it, and what the shadow needs', async () => {
    await oneLead()
    await publish(other, 'new')
    has(['IN_WORK'])
    await checkRegulation(room, firma)
    expect(new Set((await missing()).map(({ kind, version }) => `${kind} ${version}`))).toEqual(new Set(['missing-stage 1']))
    expect(said[0]?.text).toContain('версия 1: «Взят в работу»: на портале нет стадии IN_WORK')
    await database.db.deleteFrom('watches').execute()
    await checkRegulation(room, firma)
    expect(await missing()).toEqual([])
    await publish(regulation, 'all', 'shadow')
    await checkRegulation(room, firma)
    expect(new Set((await missing()).map(({ kind, version }) => `${kind} ${version}`))).toEqual(new Set(['missing-stage 3']))
  })

  it('tells the whole list each time: the later message takes the place of the one before', async () => {
    has(['QUALIFIED'])
    await checkRegulation(room, firma)
    has(['QUALIFIED', 'JUNK'])
    await checkRegulation(room, firma)
    expect(said).toHaveLength(2)
    expect(said[1]?.text).toContain('нет стадии QUALIFIED')
    expect(said[1]?.text).toContain('нет стадии JUNK')
    await checkRegulation(room, firma)
    expect(said).toHaveLength(2)
  })

  it('tells nobody in his quiet hours, and everybody once they are over', async () => {
    await publish({ ...regulation, quietHours: { from: '20:00', to: '09:00', daysOff: false } }, 'all')
    has(['QUALIFIED'])
    room.clock.set(at('23:00'))
    await refreshPortal(room, firma)
    expect(said).toEqual([])
    expect(await missing()).toHaveLength(1)
    expect(await portalsToTell(database.db, Temporal.Now.instant().add({ hours: 9 }), 10)).toEqual([])
    expect(await portalsToTell(database.db, Temporal.Now.instant().add({ hours: 10, minutes: 1 }), 10)).toEqual([firma])
    room.clock.set(at('09:00', '2026-07-25'))
    await tellAdministrators(room, firma)
    expect(said.map(({ userIds }) => userIds)).toEqual([[10, 20]])
    await tellAdministrators(room, firma)
    expect(said).toHaveLength(1)
    expect(await noticeOf(database.db, firma)).toBeNull()
  })

  it('tells of what was made again even if it could not be told at once', async () => {
    room.toy.tell = () => Promise.reject(new PortalError({ code: 'unavailable', method: 'batch' }))
    await checkRegulation(room, firma, [{ what: 'stages', count: 2 }])
    room.toy.tell = async (_memberId, { userIds, text }) => void said.push({ userIds, text })
    await tellAdministrators(room, firma)
    expect(said[0]?.text).toContain('стадии – 2')
  })
})
