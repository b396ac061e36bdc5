/** The documented fields of leads, deals, contacts and companies. */
import type { EntityTypeId, UserField } from '../rows.ts'

/** One field of a CRM type as `crm.item.fields` describes it. */
export interface ItemField {
  name: string
  type: string
  readOnly: boolean
  multiple: boolean
  /** Always null (api-reference/crm/universal/object-fields.md, "field is disabled"). */
  disabled: boolean
  /** Dictionary of a crm_status field. */
  dictionary: string | null
  userField: UserField | null
}

const dictionaries: Readonly<Record<string, string>> = { sourceId: 'SOURCE', honorific: 'HONORIFIC', industry: 'INDUSTRY', employees: 'EMPLOYEES' }
const typeDictionaries: Partial<Record<EntityTypeId, string>> = { 2: 'DEAL_TYPE', 3: 'CONTACT_TYPE', 4: 'COMPANY_TYPE' }

const parse = (entityTypeId: EntityTypeId, table: string): ItemField[] => table.trim().split(/\s+/).map(entry => {
  const [name = '', type = 'string', flags = ''] = entry.split(':')
  return { name, type, readOnly: flags.includes('r'), multiple: flags.includes('m'), disabled: flags.includes('d'),
    dictionary: name === 'typeId' ? typeDictionaries[entityTypeId] ?? null : dictionaries[name] ?? null, userField: null }
})

const common = `id:integer:r createdTime:datetime:r updatedTime:datetime:r createdBy:user:r updatedBy:user:r assignedById:user opened:boolean
  lastActivityBy:user:r lastActivityTime:datetime:r utmSource utmMedium utmCampaign utmContent utmTerm originatorId originId`
const aliases = `phoneMobile:string:r phoneWork:string:r phoneMailing:string:r emailHome:string:r emailWork:string:r emailMailing:string:r
  imol:string:r email:string:r phone:string:r fm:crm_multifield:m`

/**
 * Fields by type; flags: r read-only, m multiple, d disabled (api-reference/crm/universal/object-fields.md). Of deals, contacts and companies
 * those are read-only that crm-item-add.md does not take.
 */
export const itemFields: Record<EntityTypeId, ItemField[]> = {
  1: parse(1, `${common} ${aliases} webformId:integer skype:string:rd icq:string:rd dateCreateShort:datetime:rd dateModifyShort:datetime:rd
    companyId:crm_company contactId:crm_contact contactIds:crm_contact:m
    stageId:crm_status isConvert:boolean:rd statusDescription:text stageSemanticId:string:r productId:string:rd opportunity:double currencyId:crm_currency isManualOpportunity:boolean
    sourceId:crm_status sourceDescription:text title name lastName secondName shortName:string:rd companyTitle post address:text:rd comments:text dateClosed:datetime:r birthdate:date
    honorific:crm_status hasPhone:boolean:r hasEmail:boolean:r hasImol:boolean:r login:string:rd isReturnCustomer:boolean:r searchContent:text:r movedBy:user:r movedTime:datetime:r observers:user:m`),
  2: parse(2, `${common} webformId:integer:r dateCreateShort:datetime:rd dateModifyShort:datetime:rd leadId:crm_lead companyId:crm_company contactId:crm_contact
    contactIds:crm_contact:m quoteId:crm_quote title productId:string:rd categoryId:crm_category stageId:crm_status stageSemanticId:string:r isNew:boolean:r isRecurring:boolean
    isReturnCustomer:boolean:r isRepeatedApproach:boolean:r closed:boolean:r typeId:crm_status opportunity:double isManualOpportunity:boolean taxValue:double currencyId:crm_currency
    probability:integer comments:text begindate:date begindateShort:datetime:rd closedate:date closedateShort:datetime:rd eventDate:datetime:r eventDateShort:datetime:rd
    eventId:crm_status:r eventDescription:text:r locationId:location sourceId:crm_status sourceDescription:text additionalInfo searchContent:text:r orderStage:string:r
    movedBy:user:r movedTime:datetime:r isWork:boolean:rd isWon:boolean:rd isLose:boolean:rd receivedAmount:string:rd lostAmount:string:rd hasProducts:boolean:rd observers:user:m`),
  3: parse(3, `${common} ${aliases} webformId:integer:r companyId:crm_company companyIds:crm_company:m leadId:crm_lead sourceId:crm_status sourceDescription:text name lastName secondName
    shortName:string:rd photo:file post address:text:rd comments:text export:boolean typeId:crm_status originVersion birthdate:date honorific:crm_status hasPhone:boolean:r
    hasEmail:boolean:r hasImol:boolean:r searchContent:text:r categoryId:crm_category:r login:string:rd observers:user:m`),
  4: parse(4, `${common} ${aliases} webformId:integer:r title logo:file address:text:rd addressLegal:text:r bankingDetails comments:text typeId:crm_status industry:crm_status revenue:double
    currencyId:crm_currency employees:crm_status leadId:crm_lead originVersion hasPhone:boolean:r hasEmail:boolean:r hasImol:boolean:r isMyCompany:boolean
    searchContent:text:r categoryId:crm_category:r ufLogo:file:r ufStamp:file:r ufDirectorSign:file:r ufAccountantSign:file:r observers:user:m contactIds:crm_contact:m`),
}
