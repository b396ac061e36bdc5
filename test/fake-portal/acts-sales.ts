/** What people and administrators do around deals: pipelines, fields, rights, products, details, calls, the portal's own conversion. */
import type { Category, CrmItem, CrmRights, Dialling, EntityTypeId, ProductRow, Requisite, RequisitePreset, TimelineEntry, UserField } from './rows.ts'
import { itemsOf, nextId } from './state.ts'
import { convertLead, type Conversion, type Converted } from './world/conversion.ts'
import { typeNames, updateItem } from './world/items.ts'
import { addComment } from './world/notices.ts'
import { addStatus } from './world/people.ts'
import { productsOf, sumOf } from './world/products.ts'
import { isoAt } from './world/time.ts'
import type { Cause, World } from './world/world.ts'

/** A user field of any kind; options of a list by their words, ids are given out. */
export interface UserFieldDraft {
  fieldName: string
  userTypeId?: string
  label?: string
  mandatory?: boolean
  multiple?: boolean
  options?: readonly (string | { value: string; xmlId: string })[]
  settings?: Record<string, unknown>
}

export interface ProductDraft { name: string; price: number; quantity?: number; discountRate?: number; taxRate?: number; productId?: number }

const stagesOfPipeline: readonly (readonly [string, string, ('S' | 'F')?])[] = [['NEW', 'Новая'], ['PREPARATION', 'Подготовка документов'],
  ['PREPAYMENT_INVOICE', 'Счёт на предоплату'], ['EXECUTING', 'В работе'], ['FINAL_INVOICE', 'Финальный счёт'], ['WON', 'Сделка успешна', 'S'], ['LOSE', 'Сделка провалена', 'F']]

export const createSalesActs = (world: World) => {
  const { state } = world
  const item = (entityTypeId: EntityTypeId, id: number): CrmItem => {
    const row = itemsOf(state, entityTypeId).get(id)
    if (row === undefined) throw new Error(`there is no item of type ${entityTypeId} with id ${id}`)
    return row
  }
  const cause = (by: number | null): Cause => ({ userId: by })
  const at = (): string => isoAt(world.now(), world.timeZone)

  return {
    /** Converts a lead as a person does in the portal's page: phones go to both contact and company, the lead to its success stage. */
    convertNatively: (leadId: number, wanted: Conversion, by: number | null = null): Converted => convertLead(world, item(1, leadId), wanted, cause(by)),

    /** A further pipeline of deals with the usual stages `C<id>:NEW` … `C<id>:LOSE`. */
    addDealCategory: (name: string): Category => {
      const category: Category = { id: nextId(state, 'category'), entityTypeId: 2, name, sort: 200, isDefault: false }
      state.categories.push(category)
      stagesOfPipeline.forEach(([code, title, semantics], index) => addStatus(state, { entityId: `DEAL_STAGE_${category.id}`, statusId: `C${category.id}:${code}`, name: title,
        sort: (index + 1) * 10, system: code === 'NEW' || semantics !== undefined, categoryId: category.id, semantics: semantics ?? null, color: '#47E4C2' }))
      return category
    },
    /** A user field of leads, deals, contacts or companies (`UF_CRM_` is put before the name); string unless said otherwise. */
    addUserField: (entityTypeId: EntityTypeId, draft: UserFieldDraft): UserField => {
      const label = Object.fromEntries(['ru', 'en'].map(language => [language, draft.label ?? draft.fieldName]))
      const field: UserField = {
        id: nextId(state, 'userField'), entityId: `CRM_${typeNames[entityTypeId]}`, fieldName: `UF_CRM_${draft.fieldName.toUpperCase().replace(/^UF_CRM_/, '')}`,
        userTypeId: draft.userTypeId ?? (draft.options === undefined ? 'string' : 'enumeration'), xmlId: '', sort: 100, multiple: draft.multiple ?? false,
        mandatory: draft.mandatory ?? false, showFilter: 'N', showInList: false, editInList: true, isSearchable: false, settings: draft.settings ?? {},
        editFormLabel: label, listColumnLabel: label, listFilterLabel: label,
        list: (draft.options ?? []).map((option, index) => ({ id: nextId(state, 'enum'), sort: (index + 1) * 10, def: false,
          value: typeof option === 'string' ? option : option.value, xmlId: typeof option === 'string' ? `option-${index + 1}` : option.xmlId })),
      }
      state.userFields.set(field.id, field)
      return field
    },
    /** What one person may do with the items of one type; what is not named stays. */
    setCrmRights: (userId: number, entityTypeId: EntityTypeId, change: Omit<CrmRights, 'userId' | 'entityTypeId'>): void => {
      const before = state.crmRights.find(one => one.userId === userId && one.entityTypeId === entityTypeId)
      state.crmRights = [...state.crmRights.filter(one => one !== before), { ...before, userId, entityTypeId, ...change }]
    },
    /** Writes the products of a lead (1) or deal (2) anew; the sum follows unless it is set by hand. */
    setProducts: (entityTypeId: 1 | 2, id: number, products: readonly ProductDraft[], by: number | null = null): ProductRow[] => {
      const owner = item(entityTypeId, id)
      const rows = products.map((one, index): ProductRow => ({
        id: nextId(state, 'productRow'), ownerType: entityTypeId === 1 ? 'L' : 'D', ownerId: id, productId: one.productId ?? 0, productName: one.name, price: one.price,
        quantity: one.quantity ?? 1, discountTypeId: 2, discountRate: one.discountRate ?? 0, discountSum: 0, taxRate: one.taxRate ?? null, taxIncluded: 'Y', measureCode: 796,
        sort: (index + 1) * 10,
      }))
      const before = productsOf(state, owner)
      state.productRows = [...state.productRows.filter(row => !before.includes(row)), ...rows]
      if (owner['isManualOpportunity'] !== 'Y') updateItem(world, owner, { opportunity: sumOf(rows).opportunity }, cause(by))
      return rows
    },
    /** Fills in the details of a contact (3) or company (4): with the taxpayer number alone, or with more fields and another template. */
    addRequisite: (entityTypeId: 3 | 4, entityId: number, inn: string, more: { presetId?: number; name?: string; fields?: Record<string, string> } = {}): Requisite => {
      const requisite: Requisite = { id: nextId(state, 'requisite'), entityTypeId, entityId, presetId: more.presetId ?? 1, name: more.name ?? 'Организация', created: at(),
        createdBy: 1, modified: '', modifiedBy: null, fields: { RQ_INN: inn, ...more.fields } }
      state.requisites.push(requisite)
      return requisite
    },
    /** A template of details of the portal's own; `fields` are the RQ_ fields a person sees. */
    addRequisitePreset: (draft: Pick<RequisitePreset, 'name' | 'fields'> & Partial<RequisitePreset>): RequisitePreset => {
      const preset: RequisitePreset = { countryId: 1, xmlId: '', active: true, sort: 600, ...draft, id: nextId(state, 'requisitePreset') }
      state.requisitePresets.push(preset)
      return preset
    },
    /** A comment in the timeline of any item. */
    commentOn: (entityTypeId: EntityTypeId, id: number, text: string, by: number | null): TimelineEntry =>
      addComment(world, entityTypeId, item(entityTypeId, id).id, text, cause(by)),
    /** The application's frame asked the portal to dial a number, or to call a colleague. */
    dial: (userId: number, draft: Partial<Pick<Dialling, 'phone' | 'calleeId' | 'leadId' | 'params'>>): Dialling => {
      const dialling: Dialling = { phone: '', calleeId: null, leadId: null, params: null, ...draft, id: nextId(state, 'dialling'), userId, at: at() }
      state.diallings.push(dialling)
      return dialling
    },
  }
}
