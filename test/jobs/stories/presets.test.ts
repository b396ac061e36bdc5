import { describe, expect, it } from 'vitest'
import { BoundPreset, PresetList } from '../../../server/contract/presets.ts'
import { draftOf } from '../../../server/store/drafts.ts'
import { playStory } from './story.ts'

describe('the presets on a portal', () => {
  it('can each be bound beside the one in force, and have nothing that keeps them from being published', async () => {
    await playStory({ preset: 'worktops', database: 'pglite', badEvents: false }, async ({ ask, portal, app, people }) => {
      const list = PresetList.parse(await (await ask(1, 'GET', '/api/presets')).json())
      expect(list.presets.map(({ id, inForce }) => [id, inForce])).toEqual([['passes', false], ['requests', false], ['telemarketing', false], ['digital', false], ['worktops', true]])
      for (const [index, { id, stages }] of list.presets.entries()) {
        const bound = BoundPreset.parse(await (await ask(1, 'POST', `/api/presets/${id}/bind`, { revision: index })).json())
        expect(bound.report.checks.filter(({ ok }) => !ok), id).toEqual([])
        expect(bound.problems.filter(({ severity }) => severity === 'error'), id).toEqual([])
        expect(bound.draftRevision, id).toBe(index + 1)
        expect(stages.length, id).toBeGreaterThanOrEqual(4)
        expect((await draftOf(app.database.db, portal.memberId))?.regulation.name.ru).toBe(bound.regulation?.['name'] === undefined ? '' : (bound.regulation['name'] as { ru: string }).ru)
      }
      const statuses = portal.state.statuses.size
      // Who is late has nothing made on the portal.
      const names = list.presets[0]?.stages.map(({ name }) => name) ?? []
      const own = [...portal.state.statuses].filter(([, { entityId, name }]) => entityId === 'STATUS' && names.includes(name)).at(-1)
      expect(portal.state.statuses.delete(own?.[0] ?? 0)).toBe(true)
      expect((await ask(1, 'POST', '/api/presets/passes/bind', { revision: 1 })).status).toBe(409)
      expect(portal.state.statuses.size).toBe(statuses - 1)
      expect((await draftOf(app.database.db, portal.memberId))?.revision).toBe(list.presets.length)
      await ask(1, 'POST', '/api/presets/passes/bind', { revision: list.presets.length })
      expect(portal.state.statuses.size).toBe(statuses)
      expect((await ask(1, 'POST', '/api/presets/nothing/bind')).status).toBe(404)
      expect((await ask(people.anna, 'GET', '/api/presets')).status).toBe(403)
      expect((await ask(1, 'POST', '/api/install', { preset: 'nothing' })).status).toBe(400)
    })
  })
})
