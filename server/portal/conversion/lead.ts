/** The lead that is converted: whether somebody else was first, its clients, its last stage. */
import type { ConversionStep, StepResult } from '../../domain/conversion/step.ts'
import { boundOf } from '../around.ts'
import { PortalError } from '../error.ts'
import { itemsIn } from '../lists.ts'
import type { Portal } from '../portal.ts'
import { type Call, idOf, resultOf, type Row, textOf, uniqueOf } from '../rows.ts'
import { isRecord } from '../transport.ts'
import type { Hands, StepManner } from './hands.ts'
import { changedAt, knownId, readItem, updateItem } from './items.ts'
import { conversionOf, typeIds } from './kinds.ts'

type Step<Kind extends ConversionStep['kind']> = Extract<ConversionStep, { kind: Kind }>

/** Deals with this lead as their origin (`leadId`, object-fields.md#deal). */
const dealsCall = (leadId: number): Call => ({ method: 'crm.item.list', params: { entityTypeId: typeIds.deal, filter: { leadId }, select: ['id', 'originatorId', 'originId'], order: { id: 'ASC' } } })

/** Ids of the first page of them, as far as this portal's person sees them; nobody makes fifty. Rejects with `PortalError`. */
export const dealsOfLead = async (portal: Portal, leadId: number): Promise<readonly number[]> => {
  const [deals] = await portal.callAll([dealsCall(leadId)], { kind: 'read' })
  return itemsIn(resultOf(deals)).flatMap(row => idOf(row['id']) ?? [])
}

/** Whoever has converted the lead natively has put it on its success stage, or made a deal of it that is neither ours nor known. */
export const check = async (own: Portal, { leadId, knownDeals, onSuccess }: Step<'check'>, { conversionId }: StepManner): Promise<StepResult> => {
  const [lead, deals] = await own.callAll([{ method: 'crm.item.get', params: { entityTypeId: typeIds.lead, id: leadId } }, dealsCall(leadId)], { kind: 'read' })
  if (lead?.ok === false && lead.error.code === 'not-found') return { stop: { why: 'lead-gone', dealIds: [] } }
  const semantic = textOf(itemOf(resultOf(lead))['stageSemanticId'])
  const dealIds = itemsIn(resultOf(deals)).filter(row => conversionOf(row) !== conversionId).flatMap(row => idOf(row['id']) ?? []).filter(id => !knownDeals.includes(id))
  if ((semantic === 'S' && onSuccess !== true) || dealIds.length > 0) return { stop: { why: 'converted-elsewhere', dealIds } }
  return semantic === 'F' ? { stop: { why: 'lead-closed', dealIds } } : {}
}

const itemOf = (result: unknown): Row => (isRecord(result) && isRecord(result['item']) ? result['item'] : {})

/** A company that the lead has got meanwhile stays; contacts are added. */
export const linkLead = async ({ own, person }: Hands, step: Step<'link-lead'>, { results }: StepManner): Promise<StepResult> => {
  const row = await readItem(own, 'lead', step.leadId)
  const bound = boundOf(row)
  const companyId = step.companyId === null ? null : knownId(step.companyId, results)
  const missing = step.contactIds.map(ref => knownId(ref, results)).filter(id => !bound.contactIds.includes(id))
  const fields = {
    ...(companyId === null || companyId === bound.companyId || bound.companyId !== step.before.companyId ? {} : { companyId }),
    ...(missing.length === 0 ? {} : { contactIds: uniqueOf([...bound.contactIds, ...missing]) }),
  }
  const after = Object.keys(fields).length === 0 ? row : await updateItem(person, 'lead', step.leadId, fields)
  return { id: step.leadId, ...changedAt(after) }
}

/** Rejects with the portal's words when it refuses the stage, for fields that it demands there, say. */
export const finishLead = async ({ own, person }: Hands, { leadId, to }: Step<'finish-lead'>): Promise<StepResult> => {
  const row = await readItem(own, 'lead', leadId)
  if (row['stageId'] === to) return { id: leadId, found: true, ...changedAt(row) }
  const after = await updateItem(person, 'lead', leadId, { stageId: to })
  if (after['stageId'] !== to) throw new PortalError({ code: 'invalid', method: 'crm.item.update', bitrixCode: 'STAGE_NOT_CHANGED', status: 200 })
  return { id: leadId, ...changedAt(after) }
}
