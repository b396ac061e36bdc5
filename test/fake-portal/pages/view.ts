import type { FakePortal } from '../fake-portals.ts'
import { stageEntityOf } from '../world/items.ts'
import type { CrmItem, EntityTypeId, Status, User } from '../rows.ts'
import type { PortalState } from '../state.ts'
import { html, type Html } from './html.ts'

/** The emulator's clock as the pages see it: emulated milliseconds since 1970, and how many of them pass per real one (0 = stopped). */
export interface PageClock {
  now(): number
  speed(): number
  setSpeed(speed: number): void
}

/** What every page is made from. */
export interface View {
  readonly state: PortalState
  readonly portalName: string
  readonly timeZone: string
  readonly app: { readonly code: string; readonly name: string; readonly status: AppStatus; readonly version: number; readonly nextVersion: number }
  /** Who looks at the page. */
  readonly user: User
  readonly url: URL
  /** Opened inside a slider: no menu and no top bar. */
  readonly slider: boolean
  readonly now: number
}

/** `installing`: the installer's page is shown until it calls installFinish. */
export type AppStatus = 'absent' | 'installing' | 'installed'

export const appStatusOf = ({ app }: FakePortal): AppStatus => (!app.present ? 'absent' : app.installed ? 'installed' : 'installing')

/** The company's name: the root of its departments is called so. */
export const portalNameOf = ({ state, domain }: FakePortal): string => [...state.departments.values()].find(department => department.parentId === null)?.name ?? domain

export const fullName = (user: User | undefined): string => (user === undefined ? '—' : `${user.name} ${user.lastName}`.trim())

export const nameOf = (state: PortalState, userId: number | null | undefined): string =>
  userId === null || userId === undefined || userId === 0 ? 'Битрикс24' : fullName(state.users.get(userId))

/** Position, with the rights of an administrator where the position does not tell. */
export const positionOf = (user: User): string => `${user.workPosition}${user.isAdmin && !/администратор/i.test(user.workPosition) ? ' · администратор' : ''}`

/** Employees who still work here, by surname. */
export const staff = (state: PortalState): User[] =>
  [...state.users.values()].filter(user => user.active).sort((a, b) => a.lastName.localeCompare(b.lastName, 'ru'))

/** The stages an item of this type and pipeline can stand on. */
export const stagesOfItem = (state: PortalState, { entityTypeId, categoryId }: Pick<CrmItem, 'entityTypeId' | 'categoryId'>): Status[] => {
  const entityId = stageEntityOf(entityTypeId, categoryId)
  return [...state.statuses.values()].filter(status => status.entityId === entityId).sort((a, b) => a.sort - b.sort || a.id - b.id)
}

/** Colours of the system stages where a portal has none of its own. */
const ownColours: Readonly<Record<string, string>> = { NEW: '#39a8ef', IN_PROCESS: '#2fc6f6', PROCESSED: '#55d0e0', CONVERTED: '#7bd500', JUNK: '#ff5752' }

export const stageColour = (stage: Status): string => stage.color || ownColours[stage.statusId] || (stage.semantics === 'S' ? '#7bd500' : stage.semantics === 'F' ? '#ff5752' : '#39a8ef')

export const sourceName = (state: PortalState, sourceId: string): string =>
  [...state.statuses.values()].find(status => status.entityId === 'SOURCE' && status.statusId === sourceId)?.name ?? sourceId

/** How the client may be addressed: person, company, or nothing. */
export const clientOf = (lead: CrmItem): string => [`${lead.name} ${lead.lastName}`.trim(), lead.companyTitle].filter(text => text !== '').join(', ')

export const contacts = (item: CrmItem, typeId: 'PHONE' | 'EMAIL' | 'WEB' | 'IM'): string[] => item.fm.filter(entry => entry.typeId === typeId).map(entry => entry.value)

const connectors: Readonly<Record<string, string>> = { telegrambot: 'Telegram', wz_whatsapp: 'WhatsApp', vkgroup: 'ВКонтакте', livechat: 'Чат на сайте' }

/** An open-line address `imol|<connector>|<line>|<chat>|<user>` as a person reads it; other messengers as they are. */
export const messengerName = (value: string): string => {
  const connector = /^imol\|([^|]+)\|/.exec(value)?.[1]
  return connector === undefined ? value : `${connectors[connector] ?? connector}, открытая линия`
}

export const leadPath = (id: number): string => `/crm/lead/details/${id}/`
const kindPaths: Readonly<Record<EntityTypeId, string>> = { 1: 'lead', 2: 'deal', 3: 'contact', 4: 'company' }

/** Page of an item: `/crm/deal/details/5/`. */
export const itemPath = (item: Pick<CrmItem, 'entityTypeId' | 'id'>): string => `/crm/${kindPaths[item.entityTypeId]}/details/${item.id}/`

export const itemTitle = (item: CrmItem): string => (item.entityTypeId === 3 ? `${item.name} ${item.lastName}`.trim() : item.title) || `№ ${item.id}`

export const itemLink = (item: CrmItem): Html => html`<a href="${itemPath(item)}" data-open>${itemTitle(item)}</a>`

export const taskPath = (userId: number, taskId: number): string => `/company/personal/user/${userId}/tasks/task/view/${taskId}/`
export const tasksPath = (userId: number): string => `/company/personal/user/${userId}/tasks/`
export const boardPath = '/crm/lead/kanban/'
export const marketPath = '/marketplace/'
export const appPath = (code: string): string => `/marketplace/app/${code}/`

/** Text of a field that rows keep as `unknown`. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')
