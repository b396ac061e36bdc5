import type { CrmItem, EntityTypeId, MultiField, Status } from '../rows.ts'
import { itemsOf, nextId } from '../state.ts'
import { followItem } from './company-links.ts'
import { productsOf, sumOf } from './products.ts'
import { isoAt } from './time.ts'
import { authorOf, type Cause, type World } from './world.ts'

/** Names of the four types in events and classic methods (api-reference/crm/universal/events/index.md). */
export const typeNames: Record<EntityTypeId, 'LEAD' | 'DEAL' | 'CONTACT' | 'COMPANY'> = { 1: 'LEAD', 2: 'DEAL', 3: 'CONTACT', 4: 'COMPANY' }

export const isEntityType = (id: number): id is EntityTypeId => id === 1 || id === 2 || id === 3 || id === 4

/** ENTITY_ID of the stages in the dictionaries, or null for types without stages (api-reference/crm/status/index.md). */
export const stageEntityOf = (entityTypeId: EntityTypeId, categoryId = 0): string | null => {
  if (entityTypeId === 1) return 'STATUS'
  if (entityTypeId === 2) return categoryId === 0 ? 'DEAL_STAGE' : `DEAL_STAGE_${categoryId}`
  return null
}

/** The stages an item can stand on, in order. */
export const stagesOf = (world: World, entityTypeId: EntityTypeId, categoryId = 0): Status[] => {
  const entityId = stageEntityOf(entityTypeId, categoryId)
  return [...world.state.statuses.values()].filter(status => status.entityId === entityId).sort((a, b) => a.sort - b.sort || a.id - b.id)
}

/** P in work, S success, F failure. */
export const semanticOf = (stages: readonly Status[], stageId: string): 'P' | 'S' | 'F' => stages.find(stage => stage.statusId === stageId)?.semantics ?? 'P'

const recordHistory = (world: World, item: CrmItem, how: 'created' | 'moved' | 'pipeline'): void => {
  if (item.entityTypeId > 2) return
  const typeId = how === 'pipeline' ? 5 : item.stageSemanticId === 'P' ? (how === 'created' ? 1 : 2) : 3
  world.state.stageHistory.push({
    id: nextId(world.state, 'stageHistory'), typeId, entityTypeId: item.entityTypeId, ownerId: item.id,
    createdTime: isoAt(world.now(), world.timeZone), categoryId: item.categoryId, stageId: item.stageId, semanticId: item.stageSemanticId,
  })
}

/** New multi-fields get their ids here; an empty value is nothing. */
export const newMultiFields = (world: World, drafts: readonly Partial<MultiField>[]): MultiField[] =>
  drafts.filter(draft => typeof draft.value === 'string' && draft.value !== '' && draft.typeId !== undefined).map(draft => ({
    id: nextId(world.state, 'fm'), typeId: draft.typeId ?? 'PHONE', valueType: draft.valueType ?? 'WORK', value: draft.value ?? '',
  }))

const names: Record<EntityTypeId, string> = { 1: 'Лид', 2: 'Сделка', 3: 'Контакт', 4: 'Компания' }

const firstOf = (world: World, entityId: string): string =>
  [...world.state.statuses.values()].filter(status => status.entityId === entityId).sort((a, b) => a.sort - b.sort || a.id - b.id)[0]?.statusId ?? ''

/** Defaults of deals, contacts and companies (api-reference/crm/universal/crm-item-add.md). */
const defaultsOf = (world: World, entityTypeId: EntityTypeId): Record<string, unknown> => {
  if (entityTypeId === 1) return {}
  if (entityTypeId === 2) return { typeId: firstOf(world, 'DEAL_TYPE'), sourceId: firstOf(world, 'SOURCE'), currencyId: world.state.baseCurrency }
  if (entityTypeId === 3) return { typeId: firstOf(world, 'CONTACT_TYPE'), sourceId: firstOf(world, 'SOURCE') }
  return { typeId: firstOf(world, 'COMPANY_TYPE'), industry: firstOf(world, 'INDUSTRY'), employees: firstOf(world, 'EMPLOYEES'), currencyId: world.state.baseCurrency,
    revenue: 0, isMyCompany: 'N' }
}

/**
 * Stores a new item with the defaults of its type (api-reference/crm/universal/crm-item-add.md), its first stage history entry,
 * and fires ONCRM…ADD.
 */
export const addItem = (world: World, entityTypeId: EntityTypeId, fields: Record<string, unknown>, cause: Cause): CrmItem => {
  const items = itemsOf(world.state, entityTypeId)
  const id = nextId(world.state, `item${entityTypeId}`)
  const author = authorOf(world, cause)
  const at = isoAt(world.now(), world.timeZone)
  const categoryId = Number(fields['categoryId'] ?? 0)
  const stages = stagesOf(world, entityTypeId, categoryId)
  const stageId = String(fields['stageId'] ?? stages[0]?.statusId ?? '')
  const { fm, ...rest } = fields
  const item: CrmItem = {
    title: '', name: '', lastName: '', companyTitle: '', sourceId: '', opened: 'Y', assignedById: author, ...defaultsOf(world, entityTypeId),
    ...rest,
    id, entityTypeId, categoryId, stageId, stageSemanticId: semanticOf(stages, stageId),
    createdBy: author, updatedBy: author, movedBy: author, createdTime: at, updatedTime: at, movedTime: at,
    lastActivityTime: at, lastActivityBy: author,
    fm: newMultiFields(world, Array.isArray(fm) ? fm : []),
  }
  if (item.title === '' && entityTypeId !== 3) item.title = `${names[entityTypeId]} №${id}`
  if (entityTypeId === 2 && item['closedate'] === undefined) {
    item['begindate'] ??= at
    item['closedate'] = isoAt(world.now() + 7 * 86_400_000, world.timeZone)
  }
  if (item.stageSemanticId !== 'P' && entityTypeId === 1) item['dateClosed'] = at
  items.set(id, item)
  followItem(world.state, item, Object.keys(rest))
  recordHistory(world, item, 'created')
  world.fire(`ONCRM${typeNames[entityTypeId]}ADD`, { FIELDS: { ID: id } }, cause)
  return item
}

const sameValue = (a: unknown, b: unknown): boolean => {
  const empty = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  return (empty(a) && empty(b)) || JSON.stringify(a) === JSON.stringify(b)
}

/** A deal that changes its pipeline without a stage stands on the first one there (assumed). */
const withStage = (world: World, item: CrmItem, changes: Record<string, unknown>): Record<string, unknown> => {
  const categoryId = Number(changes['categoryId'] ?? item.categoryId)
  if (item.entityTypeId !== 2 || categoryId === item.categoryId || changes['stageId'] !== undefined) return changes
  return { ...changes, stageId: stagesOf(world, 2, categoryId)[0]?.statusId ?? item.stageId }
}

/** The sum follows the products unless it is set by hand (tutorials/crm/how-to-edit-crm-objects/how-to-generate-edit-form-for-deal.md). */
const withSum = (world: World, item: CrmItem, changes: Record<string, unknown>): Record<string, unknown> => {
  const rows = productsOf(world.state, item)
  return rows.length === 0 || (changes['isManualOpportunity'] ?? item['isManualOpportunity']) === 'Y' ? changes
    : { ...changes, opportunity: sumOf(rows).opportunity, ...(item.entityTypeId === 2 ? { taxValue: sumOf(rows).taxValue } : {}) }
}

/**
 * Writes changed fields, stage history with a changed stage, and fires ONCRM…UPDATE. When no value differs nothing is saved
 * and nothing fires (api-reference/crm/universal/crm-item-update.md). Returns the names of what really changed.
 */
export const updateItem = (world: World, item: CrmItem, changes: Record<string, unknown>, cause: Cause): string[] => {
  const wanted = withSum(world, item, withStage(world, item, changes))
  const changed = Object.keys(wanted).filter(name => !sameValue(item[name], wanted[name]))
  if (changed.length === 0) return []
  const author = authorOf(world, cause)
  const at = isoAt(world.now(), world.timeZone)
  for (const name of changed) item[name] = wanted[name]
  followItem(world.state, item, changed)
  item.updatedTime = at
  item.updatedBy = author
  if (changed.includes('stageId')) {
    item.stageSemanticId = semanticOf(stagesOf(world, item.entityTypeId, item.categoryId), item.stageId)
    item.movedTime = at
    item.movedBy = author
    if (item.entityTypeId === 1) item['dateClosed'] = item.stageSemanticId === 'P' ? null : at
    recordHistory(world, item, changed.includes('categoryId') ? 'pipeline' : 'moved')
  }
  world.fire(`ONCRM${typeNames[item.entityTypeId]}UPDATE`, { FIELDS: { ID: item.id } }, cause)
  return changed
}

/** Something happened with an item (call, mail, comment): its last activity moves; no event, no change of updatedTime. */
export const touchItem = (world: World, entityTypeId: number, id: number, userId: number): void => {
  if (!isEntityType(entityTypeId)) return
  const item = itemsOf(world.state, entityTypeId).get(id)
  if (item === undefined) return
  item['lastActivityTime'] = isoAt(world.now(), world.timeZone)
  item['lastActivityBy'] = userId
}
