import { describe, expect, it } from 'vitest'
import { bindRegulation, exportRegulation, type Directory } from '../../server/domain/regulation/bind.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { fieldName, stageId } from '../../server/domain/lead.ts'
import { mapReferences, referencesOf } from '../../server/domain/regulation/references.ts'
import { people, regulation } from './support.ts'

const references = referencesOf(regulation)
const itemsOf = (field: string) => Object.fromEntries(references.filter(one => one.kind === 'item' && one.field === field).map(one => [one.id, `значение ${one.id}`]))
const here: Directory = {
  stages: Object.fromEntries(references.filter(({ kind }) => kind === 'stage').map(({ id }) => [id, `Стадия ${id}`])),
  fields: Object.fromEntries(references.filter(({ kind }) => kind === 'field').map(({ id }) => [id, { title: `Поле ${id}`, items: itemsOf(String(id)) }])),
  users: Object.fromEntries(people.map(({ id, name }) => [id, name])),
  departments: { 5: 'Отдел продаж' },
  sources: {},
}

describe('a regulation as a file', () => {
  it('comes back as it went out', () => {
    expect(bindRegulation(exportRegulation(regulation, here), here)).toEqual({ regulation, missing: [] })
  })

  it('is bound by name where the ids differ', () => {
    const there: Directory = { ...here, users: { 77: 'дина  ветрова' }, departments: { 8: 'ОТДЕЛ ПРОДАЖ', 5: 'Бухгалтерия' } }
    const bound = bindRegulation(exportRegulation(regulation, here), there)
    expect(bound.missing).toEqual([])
    expect(bound.regulation.distribution).toMatchObject({ fallbackUserId: 77, pools: [{ members: { departmentId: 8 } }] })
  })

  it('says what is missing, what it is called and where it is needed', () => {
    const { NEW: _stage, ...stages } = here.stages
    const { missing } = bindRegulation(exportRegulation(regulation, here), { ...here, stages, departments: {} })
    expect(missing).toContainEqual({ kind: 'stage', id: 'NEW', name: 'Стадия NEW', where: ['steps.0.stageId'], ambiguous: false })
    expect(missing).toContainEqual({ kind: 'department', id: 5, name: 'Отдел продаж', where: ['distribution.pools.0.members.departmentId'], ambiguous: false })
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('takes the id %s for an id like any other', (id) => {
    const [step, ...steps] = regulation.steps
    if (step === undefined) throw new Error('the regulation has no step')
    const odd: Regulation = { ...regulation, intake: { ...regulation.intake, interestField: fieldName(id) }, steps: [{ ...step, stageId: stageId(id) }, ...steps] }
    const file = exportRegulation(odd, here)
    expect(Object.keys(file.names.stages)).not.toContain(id)
    const { missing } = bindRegulation(file, here)
    expect(missing).toContainEqual(expect.objectContaining({ kind: 'stage', id, name: null }))
    expect(missing).toContainEqual(expect.objectContaining({ kind: 'field', id, name: null }))
    const listed = mapReferences(regulation, (kind, own) => (kind === 'field' ? id as typeof own : own))
    expect(bindRegulation(exportRegulation(listed, here), here).missing).toContainEqual(expect.objectContaining({ kind: 'field', id }))
    const valued = mapReferences(regulation, (kind, own) => (kind === 'item' ? id as typeof own : own))
    expect(bindRegulation(exportRegulation(valued, here), here).missing).toContainEqual(expect.objectContaining({ kind: 'item', id }))
  })

  it('names the pipeline and the stage of deals, whose meaning on this portal nobody knows (S0-29)', () => {
    const selling: Regulation = { ...regulation, conversion: { ...regulation.conversion, dealCategoryId: 7, dealStageId: 'C7:PREPARATION' } }
    const bound = bindRegulation(exportRegulation(selling, here), here)
    expect(bound.regulation).toEqual(selling)
    expect(bound.missing).toEqual([
      { kind: 'pipeline', id: 7, name: null, where: ['conversion.dealCategoryId'], ambiguous: false },
      { kind: 'deal-stage', id: 'C7:PREPARATION', name: null, where: ['conversion.dealStageId'], ambiguous: false },
    ])
  })

  it('binds the regions that people serve by their names, and says which are missing (S1-D18)', () => {
    const region = fieldName('UF_REGION')
    const regions = (north: string, south: string): Regulation => ({ ...regulation, distribution: { ...regulation.distribution, regionField: region, pools: regulation.distribution.pools.map(pool => ({ ...pool, regions: { 1: [north], 2: [south, north] } })) } })
    const portal = (items: Readonly<Record<string, string>>): Directory => ({ ...here, fields: { ...here.fields, [region]: { title: 'Регион', items } } })
    const file = exportRegulation(regions('451', '452'), portal({ 451: 'Север', 452: 'Юг' }))
    expect(bindRegulation(file, portal({ 88: 'юг', 89: 'Север' }))).toEqual({ regulation: regions('89', '88'), missing: [] })
    expect(bindRegulation(file, portal({ 451: 'Восток', 89: 'Север' })).missing).toEqual([{ kind: 'item', id: '452', name: 'Юг', where: ['distribution.pools.0.regions.2.0'], ambiguous: false }])
    const words = bindRegulation(exportRegulation(regions('Север', 'Юг'), here), { ...here, fields: { ...here.fields, [region]: { title: 'Регион' } } })
    expect(words.regulation).toEqual(regions('Север', 'Юг'))
  })

  it('does not choose between two of the same name, nor a stranger with the same number', () => {
    const twice = bindRegulation(exportRegulation(regulation, here), { ...here, users: { 77: 'Дина Ветрова', 78: 'Дина Ветрова', 20: 'Пётр Чужой' } })
    expect(twice.missing).toContainEqual(expect.objectContaining({ kind: 'user', id: 20, ambiguous: true }))
    const stranger = bindRegulation(exportRegulation(regulation, here), { ...here, users: { 20: 'Пётр Чужой' } })
    expect(stranger.missing).toContainEqual(expect.objectContaining({ kind: 'user', id: 20, name: 'Дина Ветрова', ambiguous: false }))
  })
})
