import { addSalesStandards, companyDictionaries } from './standard-sales.ts'
import { emptyState, type PortalState } from './state.ts'
import { addDepartment, addStatus, addUser } from './world/people.ts'

type Names = Record<'ru' | 'en', string>

interface StandardStatus { entityId: string; statusId: string; name: Names; system?: boolean; semantics?: 'S' | 'F'; color?: string }

const stages = (entityId: string, rows: readonly (readonly [string, string, string, ('S' | 'F' | 'system' | undefined)?,
  string?])[]): StandardStatus[] => rows.map(([statusId, ru, en, kind, color]) => ({
  entityId, statusId, name: { ru, en }, system: kind !== undefined, ...(kind === 'S' || kind === 'F' ? { semantics: kind } : {}), color: color ?? '#47E4C2',
}))

const plain = (entityId: string, rows: readonly (readonly [string, string, string])[]): StandardStatus[] =>
  rows.map(([statusId, ru, en]) => ({ entityId, statusId, name: { ru, en }, system: true }))

/** Dictionaries as a new portal has them (api-reference/crm/status/index.md; names of other entries are those of the interface). */
const standardStatuses: readonly StandardStatus[] = [
  ...stages('STATUS', [
    ['NEW', 'Не обработан', 'Unassigned', 'system', '#39A8EF'], ['IN_PROCESS', 'В работе', 'In progress', undefined, '#2FC6F6'],
    ['PROCESSED', 'Обработан', 'Processed', undefined, '#55D0E0'], ['CONVERTED', 'Качественный лид', 'Good lead', 'S', '#7BD500'], ['JUNK', 'Некачественный лид',
      'Junk lead', 'F', '#FF5752'],
  ]),
  ...stages('DEAL_STAGE', [
    ['NEW', 'Новая', 'New', 'system'], ['PREPARATION', 'Подготовка документов', 'Create papers'], ['PREPAYMENT_INVOICE', 'Cчёт на предоплату', 'Invoice'],
    ['EXECUTING', 'В работе', 'In progress'], ['FINAL_INVOICE', 'Финальный счёт', 'Final invoice'], ['WON', 'Сделка успешна', 'Deal won', 'S'], ['LOSE',
      'Сделка провалена', 'Deal lost', 'F'],
  ]),
  ...stages('QUOTE_STATUS', [
    ['DRAFT', 'Новое', 'Draft', 'system'], ['SENT', 'Отправлено клиенту', 'Sent to client'], ['APPROVED', 'Принято', 'Approved', 'S'], ['DECLAINED', 'Отклонено', 'Declined', 'F'],
  ]),
  ...plain('SOURCE', [
    ['CALL', 'Звонок', 'Call'], ['EMAIL', 'Электронная почта', 'E-mail'], ['WEB', 'Веб-сайт', 'Website'], ['ADVERTISING', 'Реклама', 'Advertising'], ['PARTNER',
      'Существующий клиент', 'Existing client'],
    ['RECOMMENDATION', 'По рекомендации', 'By recommendation'], ['TRADE_SHOW', 'Выставка', 'Show/Exhibition'], ['WEBFORM', 'CRM-форма', 'CRM form'], ['CALLBACK',
      'Обратный звонок', 'Callback'],
    ['RC_GENERATOR', 'Генератор продаж', 'Sales boost'], ['STORE', 'Интернет-магазин', 'Online store'], ['OTHER', 'Другое', 'Other'],
  ]),
  ...plain('HONORIFIC', [['HNR_RU_1', 'г-н', 'Mr.'], ['HNR_RU_2', 'г-жа', 'Ms.']]),
  ...plain('CONTACT_TYPE', [['CLIENT', 'Клиенты', 'Clients'], ['SUPPLIER', 'Поставщики', 'Suppliers'], ['PARTNER', 'Партнёры', 'Partners'], ['OTHER', 'Другое',
    'Other']]),
  ...plain('COMPANY_TYPE', [['CUSTOMER', 'Клиент', 'Client'], ['SUPPLIER', 'Поставщик', 'Supplier'], ['PARTNER', 'Партнёр', 'Partner'], ['OTHER', 'Другое',
    'Other']]),
  ...plain('DEAL_TYPE', [['SALE', 'Продажа', 'Sales'], ['SERVICES', 'Услуги', 'Service'], ['SERVICE', 'Сервисное обслуживание', 'After-sale service']]),
  ...companyDictionaries.map(entry => ({ ...entry, system: true })),
]

/** A portal on its first day: dictionaries, the root department and one administrator (id 1), who is its head. */
export const standardState = (around: { timeZone: string; now(): number; language: 'ru' | 'en' }): PortalState => {
  const state = emptyState()
  for (const { name, ...status } of standardStatuses) addStatus(state, { ...status, name: name[around.language],
    nameInit: status.system === true ? name[around.language] : '' })
  state.categories.push({ id: 0, entityTypeId: 2, name: around.language === 'ru' ? 'Общая' : 'General', sort: 200, isDefault: true })
  addSalesStandards(state, around.language)
  const world = { state, timeZone: around.timeZone, now: around.now }
  addDepartment(world, { name: around.language === 'ru' ? 'Компания' : 'Company', headId: 1 })
  addUser(world, { name: 'Анна', lastName: 'Ветрова', isAdmin: true, workPosition: 'Администратор', timeZone: around.timeZone })
  return state
}
