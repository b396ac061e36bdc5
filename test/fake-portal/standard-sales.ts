/** What a new portal has around deals: further dictionaries, currencies, templates of details. */
import type { Currency, RequisitePreset } from './rows.ts'
import type { PortalState } from './state.ts'

type Names = Record<'ru' | 'en', string>

/** Dictionaries of companies (api-reference/crm/status/index.md names them; the entries are those of the interface). */
export const companyDictionaries: readonly { entityId: string; statusId: string; name: Names }[] = [
  ...([['IT', 'Информационные технологии', 'Information Technology'], ['TELECOM', 'Телекоммуникации и связь', 'Telecommunication'],
    ['MANUFACTURING', 'Производство', 'Manufacturing'], ['BANKING', 'Банковские услуги', 'Banking Services'], ['CONSULTING', 'Консалтинг', 'Consulting'],
    ['FINANCE', 'Финансы', 'Finance'], ['GOVERNMENT', 'Правительство', 'Government'], ['DELIVERY', 'Доставка', 'Delivery'],
    ['ENTERTAINMENT', 'Развлечения', 'Entertainment'], ['NOTPROFIT', 'Не для получения прибыли', 'Non-profit'], ['OTHER', 'Другое', 'Other']] as const)
    .map(([statusId, ru, en]) => ({ entityId: 'INDUSTRY', statusId, name: { ru, en } })),
  ...([['EMPLOYEES_1', 'менее 50', 'less than 50'], ['EMPLOYEES_2', '50–250', '50–250'], ['EMPLOYEES_3', '250–500', '250–500'],
    ['EMPLOYEES_4', 'более 500', 'more than 500']] as const).map(([statusId, ru, en]) => ({ entityId: 'EMPLOYEES', statusId, name: { ru, en } })),
]

const currencies: readonly { id: string; rate: number; name: Names }[] = [
  { id: 'RUB', rate: 1, name: { ru: 'Российский рубль', en: 'Russian Ruble' } },
  { id: 'USD', rate: 80, name: { ru: 'Доллар США', en: 'US Dollar' } },
  { id: 'EUR', rate: 90, name: { ru: 'Евро', en: 'Euro' } },
]

const companyFields = ['RQ_INN', 'RQ_COMPANY_NAME', 'RQ_COMPANY_FULL_NAME', 'RQ_OGRN', 'RQ_KPP', 'RQ_COMPANY_REG_DATE', 'RQ_OKPO', 'RQ_OKTMO', 'RQ_DIRECTOR',
  'RQ_ACCOUNTANT', 'RQ_ADDR', 'RQ_SIGNATURE', 'RQ_STAMP']
const soleFields = ['RQ_LAST_NAME', 'RQ_FIRST_NAME', 'RQ_SECOND_NAME', 'RQ_INN', 'RQ_COMPANY_NAME', 'RQ_COMPANY_FULL_NAME', 'RQ_OGRNIP', 'RQ_OKPO', 'RQ_OKTMO',
  'RQ_ACCOUNTANT', 'RQ_ADDR', 'RQ_SIGNATURE', 'RQ_STAMP']
const personFields = ['RQ_LAST_NAME', 'RQ_FIRST_NAME', 'RQ_SECOND_NAME', 'RQ_IDENT_DOC', 'RQ_IDENT_DOC_SER', 'RQ_IDENT_DOC_NUM', 'RQ_IDENT_DOC_DATE',
  'RQ_IDENT_DOC_ISSUED_BY', 'RQ_IDENT_DOC_DEP_CODE', 'RQ_ADDR']

/** Organisation, sole proprietor, person: the fields of the first are those of crm-requisite-preset-field-list.md, the others assumed. */
const presets: readonly { name: Names; mark: string; fields: string[] }[] = [
  { name: { ru: 'Организация', en: 'Organization' }, mark: 'COMPANY', fields: companyFields },
  { name: { ru: 'ИП', en: 'Sole Proprietorship' }, mark: 'INDIVIDUAL', fields: soleFields },
  { name: { ru: 'Физ. лицо', en: 'Individual' }, mark: 'PERSON', fields: personFields },
]

/** Fills in currencies and templates of details. */
export const addSalesStandards = (state: PortalState, language: 'ru' | 'en'): void => {
  state.currencies = currencies.map(({ id, rate, name }, index): Currency => ({ id, rate, name: name[language], sort: (index + 1) * 100 }))
  state.requisitePresets = presets.map(({ name, mark, fields }, index): RequisitePreset => ({
    id: index + 1, countryId: 1, name: name[language], xmlId: `#CRM_REQUISITE_PRESET_DEF_RU_${mark}#`, active: true, sort: 500 + index * 10, fields: [...fields],
  }))
  state.counters.set('requisitePreset', presets.length)
}
