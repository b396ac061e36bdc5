/** How the portal names what a conversion works on (api-reference/crm/data-types.md#object_type). */
import type { Means, TargetKind } from '../../domain/conversion/facts.ts'
import { leadType } from '../rows.ts'

type Kind = 'lead' | TargetKind

export const typeIds: Readonly<Record<Kind, number>> = { lead: leadType, deal: 2, contact: 3, company: 4 }

/** entityTypeId of offers. */
export const quoteType = 7

/** entityTypeId of invoices; a deal's have it in `parentId2` (api-reference/crm/universal/invoice.md). */
export const invoiceType = 31

/** Of UF_CRM_TASK (api-reference/tasks/fields.md). */
const taskCodes: Readonly<Record<Kind, string>> = { lead: 'L', deal: 'D', contact: 'C', company: 'CO' }
export const taskCode = (kind: Kind, id: number): string => `${taskCodes[kind]}_${id}`

/** `typeId` of phones, addresses, sites and messengers (api-reference/crm/data-types.md). */
export const meansTypes: Readonly<Record<Means['kind'], string>> = { phone: 'PHONE', email: 'EMAIL', web: 'WEB', messenger: 'IM' }

/** The field in which an item says who has made it; the mark stands in `originId`. */
export const originator = 'leadrail'

/** Id of the conversion that has made an item; null: nobody's or somebody else's. */
export const conversionOf = (row: Readonly<Record<string, unknown>>): string | null => {
  const origin = row['originId']
  return row['originatorId'] === originator && typeof origin === 'string' && origin.includes(':') ? origin.slice(0, origin.indexOf(':')) : null
}

/** Where a person opens an item, as a path of the portal. */
export const itemPath = (kind: Kind, id: number): string => `/crm/${kind}/details/${id}/`
