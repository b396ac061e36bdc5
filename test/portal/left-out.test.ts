import { describe, expect, it } from 'vitest'
import { type LeadId, leadId } from '../../server/domain/lead.ts'
import { PortalError } from '../../server/portal/error.ts'
import { readSights } from '../../server/portal/leads.ts'
import type { Call, Outcome, Portal } from '../../server/portal/portal.ts'
import { rowsUnder } from '../../server/portal/rows.ts'
import { type Room, useRoom } from './room.ts'

let room: Room

useRoom((made) => { room = made })

const memberId = () => room.portal.memberId
const newLead = (draft: Record<string, unknown> = {}) => leadId(room.portal.act.createLead({ title: 'Столешница', ...draft }).id)

describe('a lead that the list leaves out', () => {
  it('is not gone when the token\'s owner is no administrator any more: it is left out of the look, and said so', async () => {
    const [mine, foreign] = [newLead({ assignedById: 1 }), newLead({ assignedById: room.portal.act.addUser({ name: 'Борис', lastName: 'Чужой' }).id })]
    const administrator = room.portal.state.users.get(1)
    if (administrator !== undefined) administrator.isAdmin = false
    for (const department of room.portal.state.departments.values()) department.headId = null
    expect(await room.access.readSights(memberId(), [leadId(999), foreign, mine], [])).toMatchObject([{ kind: 'gone', leadId: 999 }, { kind: 'seen', lead: { id: mine } }])
    expect(room.logged.join('')).toContain('lead.left-out')
  })
})

describe('a lead that cannot be read', () => {
  const lookWith = async (change: (call: Call, outcome: Outcome) => Outcome, ids: readonly LeadId[]) => {
    const portal = await room.access.asUser(memberId(), room.portal.tokensFor(1).accessToken)
    const callAll: Portal['callAll'] = async (calls, manner) => (await portal.callAll(calls, manner)).map((outcome, index) => change(calls[index] ?? { method: '' }, outcome))
    const log = { info: () => undefined, warn: () => undefined, error: () => void left.push('left out') }
    const left: string[] = []
    return { sights: await readSights({ ...portal, callAll }, ids, [], log), left }
  }

  it('for a date that makes no sense is left out, and the others are seen', async () => {
    const [poison, good] = [newLead(), newLead()]
    const { sights, left } = await lookWith(({ method }, outcome) => (method !== 'crm.item.list' || !outcome.ok ? outcome
      : { ...outcome, result: { items: rowsUnder(outcome.result, 'items').map(row => (row['id'] === poison ? { ...row, createdTime: 'once' } : row)) } }), [poison, good])
    expect(sights).toMatchObject([{ kind: 'seen', lead: { id: good } }])
    expect(left).toHaveLength(1)
  })

  it.each(['access-denied', 'unexpected'] as const)('for its activities (%s) is left out, and the others are seen', async (code) => {
    const [poison, good] = [newLead(), newLead()]
    const isPoison = ({ method, params }: Call) => method === 'crm.activity.list' && JSON.stringify(params).includes(`{"OWNER_TYPE_ID":1,"OWNER_ID":${poison}}`)
    const { sights } = await lookWith((call, outcome) => (isPoison(call)
      ? { ok: false, error: new PortalError({ code, method: call.method, status: 200 }) } : outcome), [poison, good])
    expect(sights).toMatchObject([{ kind: 'seen', lead: { id: good } }])
  })

  it('because the method is blocked for everybody fails the look', async () => {
    const id = newLead()
    await expect(lookWith(({ method }, outcome) => (method === 'crm.activity.list' ? { ok: false, error: new PortalError({ code: 'method-blocked', method }) } : outcome), [id])).rejects.toMatchObject({ code: 'method-blocked' })
  })
})
