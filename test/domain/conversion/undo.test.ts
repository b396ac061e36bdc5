import { describe, expect, it } from 'vitest'
import type { ConversionStep, StepResult } from '../../../server/domain/conversion/step.ts'
import { stepsOf } from '../../../server/domain/conversion/steps.ts'
import { keeperOf, sparing, undoOf } from '../../../server/domain/conversion/undo.ts'
import { leadId } from '../../../server/domain/lead.ts'
import { tellWords } from '../../../server/domain/sentences/conversion.ts'
import { won } from '../support.ts'
import { client, facts, innOfOrganisation, openDeal, phone, plan } from './support.ts'

const given = {
  inn: innOfOrganisation,
  along: { activities: [61, 62], tasks: [71], comments: [], quotes: [91] },
  lead: { fields: { companyTitle: 'ООО Ромашка' }, products: [{ name: 'Столешница', productId: 5, price: 9, quantity: 1, row: { productId: 5 } }] },
} as const
const steps = stepsOf(plan(given), facts(given), tellWords('ru'))
const results: Readonly<Record<string, StepResult>> = {
  'check': {}, 'company': { id: 4, updatedAt: '2026-07-24T10:00:00Z', after: { title: 'ООО Ромашка' } }, 'contact': { id: 3, found: true }, 'requisites': { id: 40 },
  'check-deal': {}, 'deal': { id: 2 }, 'check-after': {}, 'products': { ids: [21] }, 'link-requisites': {}, 'activities': { ids: [61, 62], bound: [{ id: 61, object: 'deal', objectId: 2 }] },
  'tasks': { ids: [71] }, 'quotes': { ids: [91] }, 'link-lead': {}, 'tell': { ids: [31, 32] }, 'finish-lead': {},
}

describe('taking a conversion back', () => {
  it('undoes each step in reverse', () => {
    expect(undoOf(steps, results)).toEqual([
      { key: 'finish-lead', kind: 'reopen-lead', leadId: 7, from: won, to: facts().lead.stageId },
      { key: 'tell', kind: 'delete-entries', ids: [31, 32] },
      { key: 'link-lead', kind: 'unlink-lead', leadId: 7, made: { companyId: 4, contactIds: [3] }, before: { companyId: null, contactIds: [] } },
      { key: 'quotes', kind: 'unbind-quotes', ids: [91], dealId: 2 },
      { key: 'tasks', kind: 'unbind-tasks', bound: [{ id: 71, object: 'deal', objectId: 2 }, { id: 71, object: 'contact', objectId: 3 }, { id: 71, object: 'company', objectId: 4 }] },
      { key: 'activities', kind: 'unbind-activities', bound: [{ id: 61, object: 'deal', objectId: 2 }] },
      { key: 'link-requisites', kind: 'unlink-requisites', dealId: 2, requisitesId: 40 },
      { key: 'products', kind: 'remove-products', dealId: 2, ids: [21] },
      { key: 'deal', kind: 'delete', object: 'deal', id: 2, updatedAt: null, after: {}, linked: [] },
      { key: 'requisites', kind: 'delete-requisites', id: 40 },
      { key: 'contact', kind: 'delete', object: 'contact', id: 3, updatedAt: null, after: {}, linked: [] },
      { key: 'company', kind: 'delete', object: 'company', id: 4, updatedAt: '2026-07-24T10:00:00Z', after: { title: 'ООО Ромашка' }, linked: [] },
    ])
  })

  it.each([
    ['not where it follows the products that came after it', { isManualOpportunity: 'N' }, [21], false],
    ['where it was set by hand', { isManualOpportunity: 'Y' }, [21], true],
    ['where the deal has no products', { isManualOpportunity: 'N' }, [], true],
  ] as const)('compares the sum of the deal: %s', (_which, mode, rows, isCompared) => {
    const after = { title: 'Кухня', opportunity: 150_000, ...mode }
    const undone = undoOf(steps, { ...results, deal: { id: 2, after }, products: { ids: rows } }).find(({ key }) => key === 'deal')
    expect(undone).toMatchObject({ kind: 'delete', after: { title: 'Кухня' } })
    expect(undone?.kind === 'delete' && 'opportunity' in undone.after).toBe(isCompared)
  })

  it('of one that broke off undoes what was done only', () => {
    expect(undoOf(steps, { 'check': {}, 'company': { id: 4 } }).map(({ key }) => key)).toEqual(['company'])
    expect(undoOf(steps, { 'check': {}, 'company': {} })).toEqual([])
    expect(undoOf(steps, {})).toEqual([])
  })

  it('removes no deal that was there before, and gives back its values', () => {
    const known = { clients: [client('contact', 3, { by: ['bound'], fields: { lastName: null } })], deals: [openDeal(51, { leadId: leadId(7), fields: { comments: '' } })], lead: { contactIds: [3], means: [phone('+7 900 000-00-01')], fields: { comments: 'Замерить' } } }
    const ways = stepsOf(plan(known), facts(known), tellWords('ru'))
    const undone = undoOf(ways, { 'contact': { id: 3 }, 'deal': { id: 51, before: { comments: 'было' }, after: { comments: 'Замерить.' } } })
    expect(undone).toMatchObject([
      { kind: 'restore', object: 'deal', id: 51, fields: { comments: { wrote: 'Замерить.', before: 'было' } }, companyId: null, contactIds: [3] },
      { kind: 'restore', object: 'contact', id: 3, fields: { lastName: { wrote: 'Крылова', before: null } }, means: [{ value: '+7 900 000-00-01' }] },
    ])
  })

  it('knows which objects from before were linked with what was made, and leaves links that were there', () => {
    const made: readonly ConversionStep[] = [
      { key: 'company', kind: 'create', object: 'company', fields: {}, means: [], companyId: null, contactIds: [] }, { key: 'link-company', kind: 'link-company', contact: 3, company: { of: 'company' } },
      { key: 'deal', kind: 'change', object: 'deal', id: 51, fields: {}, means: [], companyId: { of: 'company' }, contactIds: [3] },
    ]
    const last = (done: Readonly<Record<string, StepResult>>) => undoOf(made, done).at(-1)
    expect(last({ 'company': { id: 4 }, 'link-company': {}, 'deal': { id: 51 } })).toMatchObject({ kind: 'delete', linked: [{ object: 'contact', id: 3 }, { object: 'deal', id: 51 }] })
    expect(last({ company: { id: 4 } })).toMatchObject({ kind: 'delete', linked: [] })
    expect(undoOf(made, { 'company': { id: 4 }, 'link-company': { found: true } }).map(({ kind }) => kind)).toEqual(['delete'])
  })

  it('leaves links to what stays, of the deal that was there before and of the lead, and says who keeps them', () => {
    const used: readonly ConversionStep[] = [
      { key: 'company', kind: 'create', object: 'company', fields: {}, means: [], companyId: null, contactIds: [] },
      { key: 'contact', kind: 'create', object: 'contact', fields: {}, means: [], companyId: { of: 'company' }, contactIds: [] },
      { key: 'deal', kind: 'change', object: 'deal', id: 5, fields: { comments: { from: '', to: 'Замерить' } }, means: [], companyId: { of: 'company' }, contactIds: [{ of: 'contact' }] },
      { key: 'link-lead', kind: 'link-lead', leadId: leadId(7), companyId: { of: 'company' }, contactIds: [{ of: 'contact' }, 8], before: { companyId: null, contactIds: [8] } },
    ]
    const done = { 'company': { id: 4 }, 'contact': { id: 70 }, 'deal': { id: 5 }, 'link-lead': {} }
    const [contact, company] = [{ object: 'contact', id: 70 }, { object: 'company', id: 4 }] as const
    const left = (key: string, kept: readonly (typeof contact | typeof company)[], told = used) => {
      const undo = undoOf(told, done).find(one => one.key === key)
      return undo === undefined ? undefined : [sparing(undo, kept, told, done), keeperOf(undo, kept, told, done)]
    }
    expect(left('deal', [])).toMatchObject([{ kind: 'restore', companyId: 4, contactIds: [70] }, null])
    expect(left('deal', [contact])).toMatchObject([{ kind: 'restore', fields: { comments: { before: '' } }, companyId: 4, contactIds: [] }, 'contact'])
    expect(left('deal', [contact, company])).toMatchObject([{ kind: 'restore', fields: { comments: { before: '' } }, companyId: null, contactIds: [] }, 'contact'])
    expect(left('deal', [contact, company], used.map(step => (step.kind === 'change' ? { ...step, fields: {} } : step)))).toEqual([null, 'contact'])
    expect(left('link-lead', [company])).toMatchObject([{ kind: 'unlink-lead', made: { companyId: null, contactIds: [70, 8] } }, 'company'])
    expect(left('link-lead', [contact, company])).toEqual([null, 'contact'])
    expect(left('link-lead', [contact])).toMatchObject([{ kind: 'unlink-lead', made: { companyId: 4, contactIds: [8] } }, 'contact'])
  })

  it('does not stumble over a name that every object has', () => {
    const strange: readonly ConversionStep[] = [{ key: 'constructor', kind: 'check', leadId: leadId(7), knownDeals: [] }, { key: 'link', kind: 'link-company', contact: { of: 'toString' }, company: 4 }]
    expect(undoOf(strange, { link: {} })).toEqual([])
  })
})
