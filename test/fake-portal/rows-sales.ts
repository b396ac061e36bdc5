/** Rows around deals: products, offers, details of clients (requisites) with addresses and bank accounts, and what a person may do with CRM items. */
import type { EntityTypeId } from './rows.ts'

/** An offer (entityTypeId 7); `leadId` is the lead it was made from. */
export interface Quote {
  id: number
  title: string
  leadId: number
  /** The deal it belongs to; none when it is missing or null. */
  dealId?: number | null
  stageId: string
  assignedById: number
  companyId?: number | null
  contactIds?: number[]
}

/** An invoice (entityTypeId 31); `parentId2` is its deal. */
export interface Invoice {
  id: number
  title: string
  parentId2: number | null
  companyId: number | null
  contactIds: number[]
}

/** A product of a lead or deal (api-reference/crm/data-types.md, crm_item_product_row); money is per unit, in the owner's currency. */
export interface ProductRow {
  id: number
  ownerType: 'L' | 'D'
  ownerId: number
  productId: number
  productName: string
  /** With discount and tax. */
  price: number
  quantity: number
  /** 1 absolute, 2 percent. */
  discountTypeId: 1 | 2
  discountRate: number
  discountSum: number
  /** Per cent; null: without tax. */
  taxRate: number | null
  taxIncluded: 'Y' | 'N'
  measureCode: number
  sort: number
}

/** Details of a contact (3) or company (4); `fields` holds what was set by its name: RQ_INN, RQ_KPP, XML_ID … */
export interface Requisite {
  id: number
  entityTypeId: 3 | 4
  entityId: number
  presetId: number
  name: string
  created: string
  createdBy: number
  /** '' while unchanged. */
  modified: string
  modifiedBy: number | null
  fields: Record<string, string>
}

/** A template of details: which RQ_ fields a person sees, in their order. */
export interface RequisitePreset {
  id: number
  /** 1 Russia, 4 Belarus, 6 Kazakhstan … (api-reference/crm/requisites/presets/crm-requisite-preset-countries.md) */
  countryId: number
  name: string
  xmlId: string
  active: boolean
  sort: number
  fields: string[]
}

export interface BankDetail {
  id: number
  requisiteId: number
  countryId: number
  name: string
  created: string
  createdBy: number
  fields: Record<string, string>
}

/** One address of its type: of details (entityTypeId 8) or of a lead (1); `fields` by name: ADDRESS_1, CITY … */
export interface Address {
  typeId: number
  entityTypeId: 1 | 8
  entityId: number
  fields: Record<string, string>
}

/** The client's and the seller's details chosen in a deal (2) or offer (7); 0 is none. */
export interface RequisiteLink {
  entityTypeId: number
  entityId: number
  requisiteId: number
  bankDetailId: number
  myRequisiteId: number
  myBankDetailId: number
}

/** A contact belongs to a company; one of a contact's companies is the main one. */
export interface CompanyLink {
  contactId: number
  companyId: number
  sort: number
  isPrimary: boolean
}

export interface Currency {
  id: string
  name: string
  /** Units of the base currency for one. */
  rate: number
  sort: number
}

/** What one person may do with the items of one type; what is missing is as for everybody (methods/rights.ts). */
export interface CrmRights {
  userId: number
  entityTypeId: EntityTypeId
  add?: boolean
  read?: 'none' | 'own' | 'all'
  change?: 'none' | 'own' | 'all'
  delete?: 'none' | 'own' | 'all'
}

/** A number the application asked the portal to dial, or a colleague it asked to call. */
export interface Dialling {
  id: number
  userId: number
  /** Empty for a call to a colleague. */
  phone: string
  calleeId: number | null
  /** The lead whose card it was dialled from. */
  leadId: number | null
  /** What was sent with the number. */
  params: unknown
  at: string
}
