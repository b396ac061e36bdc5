import { describe, expect, it } from 'vitest'
import { LeadView } from '../../server/contract/lead-view.ts'
import { SessionAnswer } from '../../server/contract/session.ts'
import { zoneOf } from '../../server/http/zone.ts'
import { createTestApp, domain, managerToken, memberId, prove, usualMemory } from './support.ts'
import { lead } from './values.ts'

describe('the time zone of whoever looks (issue 4)', () => {
  it('is his own, else the portal’s, which is asked for only then', async () => {
    let asked = 0
    const portals = async () => { asked += 1; return 'Europe/Moscow' }
    expect([await zoneOf('Asia/Omsk', portals), asked]).toEqual(['Asia/Omsk', 0])
    expect([await zoneOf('', portals), await zoneOf('Europe/Nowhere', portals)]).toEqual(['Europe/Moscow', 'Europe/Moscow'])
  })

  it('is known to the session of a person whose profile has none', async () => {
    const app = createTestApp({ prove: async (claim) => {
      const proved = await prove(claim)
      return proved.ok ? { ...proved, proof: { ...proved.proof, user: { ...proved.proof.user, timeZone: '' } } } : proved
    } })
    const answer = await app.request('/api/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ domain, memberId, accessToken: managerToken }) })
    expect(SessionAnswer.parse(await answer.json()).user.timeZone).toBe('Europe/Moscow')
  })

  it('is the one of all times of the tab, in figures and in sentences', async () => {
    const dueAt = '2026-03-10T09:00:00Z'
    const command = { kind: 'set-clock', leadId: lead.id, clock: { kind: 'none' }, because: { rule: 'deadline-not-due', dueAt } } as const
    const journal: typeof usualMemory.journal = async () => [{ id: '1', at: '2026-03-10T06:00:00Z', leadId: lead.id, regulationVersion: 4, command, outcome: 'recorded', outcomeDetail: null }]
    const viewIn = async (timeZone: string) => {
      const app = createTestApp({ memory: { ...usualMemory, journal } })
      return LeadView.parse(await (await app.request(`/api/leads/${lead.id}`, { headers: app.bearer({ timeZone }) })).json())
    }
    const [moscow, omsk] = [await viewIn('Europe/Moscow'), await viewIn('Asia/Omsk')]
    expect([moscow.timeZone, omsk.timeZone]).toEqual(['Europe/Moscow', 'Asia/Omsk'])
    expect([moscow.journal[0]?.text, omsk.journal[0]?.text]).toEqual([expect.stringContaining('12:00'), expect.stringContaining('15:00')])
  })
})
