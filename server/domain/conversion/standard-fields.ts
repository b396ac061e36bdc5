/** Where the standard fields of a lead go, by the names of the universal methods (api-reference/crm/universal/object-fields.md). */
import type { TargetKind } from './facts.ts'

export interface StandardWay {
  readonly lead: string
  readonly to: TargetKind
  readonly field: string
  /** Tells where a new object comes from; an existing one came from elsewhere. */
  readonly newOnly?: true
}

const same = (to: TargetKind, ...names: readonly string[]): readonly StandardWay[] => names.map(name => ({ lead: name, to, field: name }))
const origin = (to: TargetKind, ...names: readonly string[]): readonly StandardWay[] => same(to, ...names).map(way => ({ ...way, newOnly: true }))
const utm = ['utmSource', 'utmMedium', 'utmCampaign', 'utmContent', 'utmTerm'] as const

/** In the order of the screen. The company's title and the person's name come first in their objects. */
export const standardWays: readonly StandardWay[] = [
  { lead: 'companyTitle', to: 'company', field: 'title' },
  ...origin('company', 'opened', ...utm),
  ...same('contact', 'honorific', 'lastName', 'name', 'secondName', 'birthdate', 'post'),
  ...origin('contact', 'sourceId', 'sourceDescription', 'opened', ...utm),
  ...same('deal', 'title', 'opportunity', 'currencyId', 'isManualOpportunity', 'comments'),
  ...origin('deal', 'sourceId', 'sourceDescription'),
  ...same('deal', 'observers'),
  ...origin('deal', 'opened', ...utm),
]

/** Set by the plan itself, by its steps or by the portal: never asked for on the screen. */
export const ownedFields: Readonly<Record<TargetKind, ReadonlySet<string>>> = {
  company: new Set(['id', 'assignedById', 'leadId', 'categoryId', 'contactIds', 'contactId', 'fm', 'phone', 'email', 'originatorId', 'originId', 'createdBy', 'updatedBy', 'createdTime', 'updatedTime']),
  contact: new Set(['id', 'assignedById', 'leadId', 'categoryId', 'companyId', 'companyIds', 'fm', 'phone', 'email', 'originatorId', 'originId', 'createdBy', 'updatedBy', 'createdTime', 'updatedTime']),
  deal: new Set(['id', 'assignedById', 'leadId', 'categoryId', 'stageId', 'companyId', 'contactId', 'contactIds', 'originatorId', 'originId', 'createdBy', 'updatedBy', 'createdTime', 'updatedTime']),
}

/** How a record is kept, not what it says: they go along and are not shown. */
export const technicalFields: ReadonlySet<string> = new Set(['opened', 'isManualOpportunity'])

/** Fields without which no object of the kind makes sense, whatever the portal demands. */
export const alwaysNeeded: Readonly<Record<TargetKind, readonly string[]>> = { company: ['title'], contact: [], deal: ['title'] }

/** A new contact needs one of them: a contact is a person who can be named (S1-D1). */
export const personNames = ['name', 'lastName'] as const
