import { describe, expect, it } from 'vitest'
import { PortalError, type PortalErrorCode } from '../../server/portal/error.ts'
import { readNames } from '../../server/portal/names.ts'
import { result } from '../fake-portal/testing.ts'
import { type Room, useRoom } from './room.ts'

let room: Room
useRoom((made) => { room = made })

describe('what a portal calls its things', () => {
  it('is read in one request: stages, sources and fields', async () => {
    await room.access.ensure(room.portal.memberId)
    const before = room.portal.requests.length
    const { stages, sources, fields } = await room.access.readNames(room.portal.memberId)
    expect(room.portal.requests.length - before).toBe(1)
    expect(stages).toMatchObject({ NEW: 'Не обработан', IN_PROCESS: 'В работе', CONVERTED: expect.any(String) as unknown })
    expect(sources).toMatchObject({ CALL: 'Звонок', WEB: 'Веб-сайт' })
    expect(Object.keys(sources)).not.toContain('NEW')
    expect(fields['title']?.title).toBeTruthy()
  })

  it('names fields as the regulation does, lists with their values', async () => {
    const { access, portal } = room
    await result(portal, 'crm.lead.userfield.add', { fields: { USER_TYPE_ID: 'enumeration', FIELD_NAME: 'LR_MATERIAL', LABEL: 'Материал', LIST: [{ VALUE: 'Камень' }, { VALUE: 'Дерево' }] } })
    const { fields } = await access.readNames(portal.memberId)
    expect(fields['UF_CRM_LR_MATERIAL']).toMatchObject({ title: 'Материал' })
    expect(Object.entries(fields['UF_CRM_LR_MATERIAL']?.items ?? {}).map(([id, value]) => [Number(id) > 0, value])).toEqual([[true, 'Камень'], [true, 'Дерево']])
    expect(fields['title']).not.toHaveProperty('items')
  })
})

describe('what gates may ask for', () => {
  it('is told to be out of reach when the portal refuses it, not when it fails', async () => {
    expect((await room.access.readNames(room.portal.memberId)).denied).toEqual([])
    const portal = await room.access.asUser(room.portal.memberId, room.portal.tokensFor(1).accessToken)
    const namesWith = (method: string, code: PortalErrorCode) => readNames({
      ...portal, callAll: async (calls, manner) => (await portal.callAll(calls, manner)).map((outcome, index) => (calls[index]?.method === method ? { ok: false, error: new PortalError({ code, method }) } : outcome)),
    })
    expect((await namesWith('crm.item.list', 'access-denied')).denied).toEqual(['quote'])
    expect((await namesWith('crm.requisite.list', 'access-denied')).denied).toEqual(['requisites'])
    expect((await namesWith('crm.requisite.list', 'unavailable')).denied).toEqual([])
  })
})

describe('a message that is about no lead', () => {
  const messages = () => room.portal.state.notifications

  it('reaches each person, a second one of the same mark in place of the first', async () => {
    const { access, portal } = room
    const second = portal.act.addUser({ name: 'Олег', lastName: 'Крылов' }).id
    await access.tell(portal.memberId, { userIds: [1, second], text: 'Стадии больше нет', mark: 'regulation-1-missing' })
    await access.tell(portal.memberId, { userIds: [1], text: 'Поля больше нет', mark: 'regulation-1-missing' })
    expect(messages().filter(({ tag }) => tag === 'LEADRAIL|regulation-1-missing').map(({ userId, message }) => [userId, message]).sort()).toEqual([[1, 'Поля больше нет'], [second, 'Стадии больше нет']].sort())
  })

  it('to nobody asks nothing of the portal', async () => {
    const before = room.portal.requests.length
    await room.access.tell(room.portal.memberId, { userIds: [], text: 'Никому', mark: 'm' })
    expect(room.portal.requests.length).toBe(before)
  })

  it('rejects when not one of them was sent', async () => {
    await expect(room.access.tell(room.portal.memberId, { userIds: [999], text: 'Нет', mark: 'm' })).rejects.toMatchObject({ name: 'PortalError' })
    await expect(room.access.tell(room.portal.memberId, { userIds: [1, 999], text: 'Есть', mark: 'm' })).resolves.toBeUndefined()
  })
})
