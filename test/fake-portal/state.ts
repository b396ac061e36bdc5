/**
 * Everything one emulated portal remembers, as plain data: maps by numeric id and lists in order of creation.
 * Pages and scenarios read it directly; whoever changes something that a person or a program would change
 * in Bitrix24 goes through `acts.ts` or `world/*`, so that stage history, mirrors and events follow.
 * Moments are ISO 8601 strings with the offset of the portal's time zone, as the REST methods show them.
 */

import type { EventHandler, OfflineRecord, PlacementBinding, Robot, RobotRun } from './app-rows.ts'
import type {
  Absence, Activity, Address, BankDetail, CalendarSettings, CallRecord, Category, CompanyLink, CrmItem, CrmRights, Currency, Department, Dialling, EntityTypeId,
  Invoice, Notification, ProductRow, Quote, Requisite, RequisiteLink, RequisitePreset, StageHistoryEntry, Status, Task, TimelineEntry, User, UserField, WorkDay,
} from './rows.ts'

export interface PortalState {
  users: Map<number, User>
  departments: Map<number, Department>
  statuses: Map<number, Status>
  categories: Category[]
  leads: Map<number, CrmItem>
  deals: Map<number, CrmItem>
  contacts: Map<number, CrmItem>
  companies: Map<number, CrmItem>
  activities: Map<number, Activity>
  tasks: Map<number, Task>
  timeline: TimelineEntry[]
  notifications: Notification[]
  calls: CallRecord[]
  stageHistory: StageHistoryEntry[]
  userFields: Map<number, UserField>
  eventHandlers: EventHandler[]
  offlineQueue: OfflineRecord[]
  placements: PlacementBinding[]
  quotes: Quote[]
  invoices: Invoice[]
  requisites: Requisite[]
  requisitePresets: RequisitePreset[]
  bankDetails: BankDetail[]
  addresses: Address[]
  requisiteLinks: RequisiteLink[]
  companyLinks: CompanyLink[]
  productRows: ProductRow[]
  currencies: Currency[]
  /** What was changed for single people; `act.setCrmRights` writes it. */
  crmRights: CrmRights[]
  /** Files of CRM fields by number. */
  files: Map<number, { id: number; name: string; base64: string }>
  /** Calls the application asked for by its frame. */
  diallings: Dialling[]
  /** Triggers of the application: name by code; the stage a person has bound one to; every run. */
  triggers: Map<string, string>
  triggerStages: Map<string, string>
  triggerRuns: { code: string; leadId: number; at: string }[]
  robots: Map<string, Robot>
  robotRuns: RobotRun[]
  options: { app: Map<string, unknown>; user: Map<number, Map<string, unknown>> }
  calendarSettings: CalendarSettings
  /** False: working days are not tracked for this person (UF_TIMEMAN). */
  timemanEnabled: boolean
  workDays: Map<number, WorkDay>
  absences: Absence[]
  /** 1 with leads, 2 without (api-reference/crm/crm-settings-mode-get.md). */
  crmMode: 1 | 2
  baseCurrency: string
  /** Fields that must be filled to enter a stage, by stage id of a lead; universal names or UF_ names. */
  requiredByStage: Map<string, string[]>
  /** The same by stage id of a deal. */
  requiredByDealStage: Map<string, string[]>
  /** Fields without which an item of a type cannot be created. */
  requiredFields: Map<EntityTypeId, string[]>
  /** The last number given out, by kind of thing. */
  counters: Map<string, number>
}

/** The next free number of a kind, from 1 on. */
export const nextId = (state: PortalState, kind: string): number => {
  const id = (state.counters.get(kind) ?? 0) + 1
  state.counters.set(kind, id)
  return id
}

/** The items of one CRM type. */
export const itemsOf = (state: PortalState, entityTypeId: EntityTypeId): Map<number, CrmItem> =>
  ({ 1: state.leads, 2: state.deals, 3: state.contacts, 4: state.companies })[entityTypeId]

/** The stages of leads in their order. */
export const leadStages = (state: PortalState): Status[] =>
  [...state.statuses.values()].filter(status => status.entityId === 'STATUS').sort((a, b) => a.sort - b.sort || a.id - b.id)

/** A portal with dictionaries but without people, items or handlers. */
export const emptyState = (): PortalState => ({
  users: new Map(), departments: new Map(), statuses: new Map(), categories: [],
  leads: new Map(), deals: new Map(), contacts: new Map(), companies: new Map(),
  activities: new Map(), tasks: new Map(), timeline: [], notifications: [], calls: [], stageHistory: [],
  userFields: new Map(), eventHandlers: [], offlineQueue: [], placements: [],
  quotes: [], invoices: [], requisites: [], requisitePresets: [], bankDetails: [], addresses: [], requisiteLinks: [], companyLinks: [], productRows: [], currencies: [],
  crmRights: [], files: new Map(), diallings: [], triggers: new Map(), triggerStages: new Map(), triggerRuns: [], robots: new Map(), robotRuns: [],
  options: { app: new Map(), user: new Map() },
  calendarSettings: { workTimeStart: '9', workTimeEnd: '18', yearHolidays: '1.01,2.01,7.01,23.02,8.03,1.05,9.05,12.06,4.11', yearWorkdays: '', weekHolidays: ['SA', 'SU'], weekStart: 'MO' },
  timemanEnabled: true, workDays: new Map(), absences: [],
  crmMode: 1, baseCurrency: 'RUB', requiredByStage: new Map(), requiredByDealStage: new Map(),
  requiredFields: new Map(), counters: new Map(),
})
