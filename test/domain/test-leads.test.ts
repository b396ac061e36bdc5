import { describe, expect, it } from 'vitest'
import type { Channel } from '../../server/domain/regulation.ts'
import { userId } from '../../server/domain/lead.ts'
import { active, anna, at, changeLead, inWork, later, look, only, passUntil, regulation, stages } from './support.ts'

const channel = (isTest: boolean): Channel => ({ id: 'test', name: { ru: 'Проверки' }, sources: ['WEB'], isLeadSource: true, isTest, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null })
const begun = (isTest: boolean) => inWork({ regulation: { ...regulation, channels: [channel(isTest)] } })

describe('a lead of a channel for tests (S0-2)', () => {
  it('goes the whole way: somebody has it, with a task and a term', () => {
    const { lead, journal, watch } = begun(true)
    expect(lead).toMatchObject({ stageId: stages['in-work'], responsibleId: anna })
    expect(only(journal, 'set-follow-up')).toHaveLength(1)
    expect(watch).toMatchObject({ status: 'active', clock: { kind: 'first-contact' }, life: { channelId: 'test', isTest: true } })
  })

  it('is nobody’s share and nobody’s load', () => {
    expect(begun(true).context).toMatchObject({ shares: {}, load: {} })
    const { shares, load } = begun(false).context
    expect(shares['main']?.[anna]).toMatchObject({ received: 1 })
    expect(load[anna]).toMatchObject({ open: 1, today: 1 })
  })

  it('is told of its misses, which never count', () => {
    const late = (isTest: boolean) => passUntil(begun(isTest), at('17:00'))
    expect(only(late(true).journal, 'notify').some(({ about }) => about === 'missed')).toBe(true)
    expect(only(late(true).journal, 'open-incident').length).toBeGreaterThan(0)
    expect(late(true).context.misses).toEqual({})
    expect(late(false).context.misses[anna]?.length).toBeGreaterThan(0)
    expect(only(passUntil(begun(true), at('17:00', '2026-07-31')).journal, 'escalate')).toEqual([])
  })

  it('counts again once its source is another one', () => {
    const state = later(begun(true), '10:10')
    const other = look(changeLead(state, { sourceId: 'CALL' })).world
    expect(active(other).life?.isTest).toBe(false)
    expect(active(look(later(begun(false), '10:10')).world).life?.isTest).toBeUndefined()
    expect(active(state).responsibleId).toBe(userId(1))
  })
})
