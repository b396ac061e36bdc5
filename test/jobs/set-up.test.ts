import { expect, it } from 'vitest'
import { fieldName, stageId } from '../../server/domain/lead.ts'
import type { Binding } from '../../server/domain/presets/preset.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import type { Directory } from '../../server/domain/regulation/bind.ts'
import { shadowOf } from '../../server/domain/regulation/versions.ts'
import { worktops } from '../../server/domain/presets/worktops.ts'
import type { Ensured } from '../../server/portal/install.ts'
import { setUpPortal } from '../../server/set-up.ts'
import type { Database } from '../../server/store/database.ts'
import { factsOf } from '../../server/store/portal-facts.ts'
import { createPortals } from '../../server/store/portals.ts'
import { publishRegulation, regulationInForce, regulationVersion, versionsOf, type Publishing } from '../../server/store/regulations.ts'
import { at, binding, officeHours, people } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { firma, sealer, useRoom, type TestRoom } from './support.ts'

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom

  useRoom(open, async (made) => {
    room = made
    database = made.database
    await database.db.deleteFrom('regulations').execute()
  })

  const itemsOf = (code: string, bound: Binding, more: readonly string[] = []) => Object.fromEntries([...Object.values(bound.fields[code]?.values ?? {}), ...more].map(value => [value, value]))
  const namesOf = (bound: Binding, more: readonly string[] = []): Pick<Directory, 'stages' | 'fields' | 'sources'> => ({
    stages: Object.fromEntries(Object.values(bound.stages).map(id => [id, id])),
    fields: Object.fromEntries(Object.entries(bound.fields).map(([code, { field }]) => [field, { title: field, ...(worktops.fields.find(one => one.code === code)?.options.length === 0 ? {} : { items: itemsOf(code, bound, more) }) }])),
    sources: {},
  })
  const publish = (regulation: Regulation, how: Publishing) => database.transaction(tx => publishRegulation(tx, firma, regulation, at('10:01'), how))
  const inForce = async (): Promise<Regulation> => {
    const found = await regulationInForce(database.db, firma)
    if (found === null) throw new Error('nothing is in force')
    return found.regulation
  }
  /** The same portal, on which the working stage has been made anew. */
  const moved: Binding = { ...binding, stages: { ...binding.stages, 'in-work': stageId('IN_WORK_2') } }

  const setUp = (change: Partial<Ensured['facts']>, { bound = binding, names = namesOf(bound) }: { readonly bound?: Binding; readonly names?: ReturnType<typeof namesOf> } = {}) => {
    const facts = { people, calendar: officeHours, stageNames: {}, language: 'ru', timeZone: 'Europe/Moscow', departments: [{ id: 5, name: 'Отдел продаж', headId: 10, parentId: null }], ...change } as Ensured['facts']
    const ensured: Ensured = { ok: true, checks: [], done: [], binding: bound, facts, robots: null }
    return setUpPortal({ database, portals: createPortals(database, sealer), clock: room.clock, preset: worktops, version: 1, ensure: () => Promise.resolve(ensured), readNames: () => Promise.resolve(names) }, firma, { dry: false })
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

  it('renews what is gone in a version for the same leads, says so, and lets the shadow go on', async () => {
    await setUp({})
    const first = await inForce()
    await publish(first, { applies: 'new', comment: 'Только новые' })
    const tried = { ...first, name: { ru: 'Проба', en: 'A trial' } }
    await publish(tried, { mode: 'shadow', applies: 'all', authorId: 7, comment: 'Проба' })
    expect((await setUp({}, { bound: moved })).published).toBe(4)
    const versions = await versionsOf(database.db, firma)
    expect(versions.find(({ version }) => version === 4)).toMatchObject({ applies: 'new', mode: 'live', comment: 'Обновлены ссылки на портал' })
    expect((await inForce()).steps.map(step => step.stageId)).toContain('IN_WORK_2')
    expect(shadowOf(versions)).toBe(5)
    expect(versions[0]).toMatchObject({ mode: 'shadow', applies: 'all', authorId: 7, comment: 'Проба' })
    const shadow = await regulationVersion(database.db, firma, 5)
    expect([shadow?.name.ru, shadow?.steps.map(step => step.stageId).includes(stageId('IN_WORK_2'))]).toEqual(['Проба', true])
  })

  it('leaves alone the stages and list values that the customer has chosen and that are there', async () => {
    await setUp({})
    const first = await inForce()
    const { card } = first
    const own: Regulation = {
      ...first,
      steps: first.steps.map(step => (step.id === 'in-work' ? { ...step, stageId: stageId('OWN') } : step)),
      card: { ...card, reason: { ...card.reason, options: card.reason.options.map((option, index) => (index === 0 ? { ...option, value: 'own-1' } : option)) }, result: { ...card.result, values: { ...card.result.values, qualified: 'own-2' } } },
    }
    await publish(own, { applies: 'all' })
    const names = namesOf(binding, ['own-1', 'own-2'])
    expect((await setUp({}, { names: { ...names, stages: { ...names.stages, OWN: 'Своя' } } })).published).toBeNull()
    expect(await inForce()).toEqual(own)
    // The first of them is deleted on the portal: only that one is put right.
    const without = namesOf(binding, ['own-2'])
    expect((await setUp({}, { names: { ...without, stages: { ...without.stages, OWN: 'Своя' } } })).published).toBe(3)
    const after = await inForce()
    expect([after.card.reason.options[0]?.value, after.card.result.values.qualified, after.steps.some(step => step.stageId === stageId('OWN'))]).toEqual([card.reason.options[0]?.value, 'own-2', true])
  })

  it('does not refuse a regulation for the fields that the customer has added', async () => {
    await setUp({})
    const first = await inForce()
    const added = fieldName('UF_CRM_OWN')
    await publish({ ...first, intake: { ...first.intake, interestField: added } }, { applies: 'all' })
    const names = namesOf(moved)
    const { published, ensured } = await setUp({}, { bound: moved, names: { ...names, fields: { ...names.fields, [added]: { title: 'Своё поле' } } } })
    expect([ensured.checks, published]).toEqual([[], 3])
  })

  it('remembers the portal’s facts with the real time at which they were read', async () => {
    await setUp({})
    const readAt = (await factsOf(database.db, firma))?.readAt
    expect(Math.abs((readAt?.epochMilliseconds ?? 0) - Date.now())).toBeLessThan(60_000)
  })
})
