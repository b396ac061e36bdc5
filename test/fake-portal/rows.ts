/** The rows an emulated portal keeps, by kind; `state.ts` says where each is found. Moments are ISO 8601 strings with offset. */

export type { Absence, CalendarSettings, WorkDay } from './rows-office.ts'
export type { Address, BankDetail, CompanyLink, CrmRights, Currency, Dialling, Invoice, ProductRow, Quote, Requisite, RequisiteLink, RequisitePreset } from './rows-sales.ts'

/** 1 lead, 2 deal, 3 contact, 4 company (api-reference/crm/data-types.md). */
export type EntityTypeId = 1 | 2 | 3 | 4

export interface User {
  id: number
  active: boolean
  name: string
  lastName: string
  secondName: string
  email: string
  workPosition: string
  personalPhone: string
  gender: '' | 'M' | 'F'
  photo: string
  departments: number[]
  isAdmin: boolean
  /** May open the application; otherwise REST answers user_access_error. */
  hasAppAccess: boolean
  timeZone: string
  isOnline: boolean
  lastActivityAt: string
  registeredAt: string
  userType: 'employee' | 'extranet' | 'email'
}

export interface Department {
  id: number
  name: string
  sort: number
  parentId: number | null
  headId: number | null
}

export interface Status {
  id: number
  entityId: string
  statusId: string
  name: string
  nameInit: string
  sort: number
  system: boolean
  categoryId: number | null
  color: string
  /** null while in work, S success, F failure; only for stages. */
  semantics: null | 'S' | 'F'
  isStage: boolean
}

export interface Category {
  id: number
  entityTypeId: EntityTypeId
  name: string
  sort: number
  isDefault: boolean
}

/** One phone, address or messenger of a CRM item (api-reference/crm/data-types.md, crm_multifield). */
export interface MultiField {
  id: number
  typeId: 'PHONE' | 'EMAIL' | 'WEB' | 'IM' | 'LINK'
  valueType: string
  value: string
}

/** A lead, deal, contact or company: universal camelCase names, user fields by their original UF_ name. */
export interface CrmItem {
  id: number
  entityTypeId: EntityTypeId
  title: string
  stageId: string
  stageSemanticId: 'P' | 'S' | 'F'
  categoryId: number
  assignedById: number
  createdBy: number
  updatedBy: number
  movedBy: number
  createdTime: string
  updatedTime: string
  movedTime: string
  name: string
  lastName: string
  companyTitle: string
  sourceId: string
  opened: 'Y' | 'N'
  fm: MultiField[]
  [field: string]: unknown
}

export interface Binding {
  ownerTypeId: number
  ownerId: number
}

export interface Communication {
  type: string
  value: string
  entityId: number
  entityTypeId: number
}

export interface Note {
  text: string
  createdById: number
  createdTime: string
}

/** typeId: 1 meeting, 2 call, 3 task, 4 e-mail, 6 of a provider; direction: 0 none, 1 incoming, 2 outgoing. */
export interface Activity {
  id: number
  ownerId: number
  ownerTypeId: number
  typeId: number
  providerId: string
  providerTypeId: string
  associatedEntityId: number
  subject: string
  description: string
  direction: 0 | 1 | 2
  completed: boolean
  /** 1 waiting, 2 done, 3 done automatically. */
  status: 1 | 2 | 3
  responsibleId: number
  authorId: number
  editorId: number
  created: string
  lastUpdated: string
  startTime: string
  endTime: string
  deadline: string
  priority: number
  isIncomingChannel: boolean
  bindings: Binding[]
  communications: Communication[]
  originatorId: string
  originId: string
  pingOffsets: number[]
  colorId: string
  settings: Record<string, unknown>
  providerParams: Record<string, unknown>
  /** What somebody wrote to it in the timeline. */
  note?: Note
  /** Layout of a configurable activity, as it was sent. */
  layout: unknown
  badgeCode: string
}

export interface ChecklistItem {
  id: number
  taskId: number
  parentId: number
  title: string
  sortIndex: number
  isComplete: boolean
  createdBy: number
}

/** Status: 2 waiting, 3 in progress, 4 awaiting control, 5 done, 6 deferred. */
export interface Task {
  id: number
  title: string
  description: string
  status: 2 | 3 | 4 | 5 | 6
  priority: 0 | 1 | 2
  responsibleId: number
  createdBy: number
  changedBy: number
  closedBy: number | null
  createdDate: string
  changedDate: string
  statusChangedDate: string
  closedDate: string | null
  deadline: string | null
  startDatePlan: string | null
  endDatePlan: string | null
  accomplices: number[]
  auditors: number[]
  groupId: number
  parentId: number
  xmlId: string | null
  ufCrmTask: string[]
  allowChangeDeadline: boolean
  taskControl: boolean
  matchWorkTime: boolean
  checklist: ChecklistItem[]
  comments: { id: number; authorId: number; text: string; at: string }[]
  /** Comments that were marked as the task's result. */
  results?: { authorId: number; text: string; at: string }[]
  /** Other fields that were set, by their name in upper case. */
  more: Record<string, unknown>
}

export interface TimelineEntry {
  id: number
  kind: 'comment' | 'log'
  bindings: { entityTypeId: number; entityId: number }[]
  authorId: number
  created: string
  title: string
  text: string
  iconCode: string
  byRest: boolean
}

export interface Notification {
  id: number
  userId: number
  /** null: a message of the system. */
  fromUserId: number | null
  message: string
  messageOut: string
  tag: string
  subTag: string
  at: string
  read: boolean
}

/** A row of call statistics (api-reference/telephony/voximplant/voximplant-statistic-get.md). */
export interface CallRecord {
  id: number
  callId: string
  portalUserId: number
  portalNumber: string
  phoneNumber: string
  /** 1 outgoing, 2 incoming, 3 incoming with forwarding, 4 callback. */
  callType: 1 | 2 | 3 | 4
  durationSeconds: number
  startDate: string
  failedCode: string
  failedReason: string
  crmEntityType: 'LEAD' | 'CONTACT' | 'COMPANY' | null
  crmEntityId: number | null
  crmActivityId: number | null
}

export interface StageHistoryEntry {
  id: number
  /** 1 created, 2 intermediate stage, 3 final stage, 5 pipeline changed. */
  typeId: 1 | 2 | 3 | 5
  entityTypeId: EntityTypeId
  ownerId: number
  createdTime: string
  categoryId: number
  stageId: string
  semanticId: 'P' | 'S' | 'F'
}

export interface UserFieldOption {
  id: number
  sort: number
  value: string
  def: boolean
  xmlId: string
}

export interface UserField {
  id: number
  /** CRM_LEAD, CRM_DEAL, CRM_CONTACT, CRM_COMPANY. */
  entityId: string
  fieldName: string
  userTypeId: string
  xmlId: string
  sort: number
  multiple: boolean
  mandatory: boolean
  showFilter: 'N' | 'I' | 'E' | 'S'
  showInList: boolean
  editInList: boolean
  isSearchable: boolean
  settings: Record<string, unknown>
  /** Language → label. */
  editFormLabel: Record<string, string>
  listColumnLabel: Record<string, string>
  listFilterLabel: Record<string, string>
  list: UserFieldOption[]
}
