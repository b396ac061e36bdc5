import { describe, expect, it } from 'vitest'
import { onlyAmong } from '../../../server/portal/conversion/deals.ts'
import { PortalError } from '../../../server/portal/error.ts'

const page = (...items: readonly Readonly<Record<string, unknown>>[]) => ({ ok: true, result: { items }, next: 50, total: 900 }) as const

describe('a page of deals asked by several contacts', () => {
  it('is as it came where every deal has one of them', () => {
    const all = page({ id: 1, contactIds: [9, 3] }, { id: 2, contactIds: ['4'] })
    expect(onlyAmong(all, [3, 4])).toBe(all)
    expect(onlyAmong(page({ id: 1 }), undefined)).toEqual(page({ id: 1 }))
  })

  it('has only their deals, and no page after it, where the portal has passed over the filter', () => {
    expect(onlyAmong(page({ id: 1, contactIds: [9, 3] }, { id: 2, contactIds: [9] }, { id: 3 }), [3])).toEqual({ ok: true, result: { items: [{ id: 1, contactIds: [9, 3] }] }, next: null, total: 1 })
  })

  it('that was refused stays so', () => {
    const refused = { ok: false, error: new PortalError({ code: 'invalid', method: 'crm.item.list' }) } as const
    expect(onlyAmong(refused, [3])).toBe(refused)
  })
})
