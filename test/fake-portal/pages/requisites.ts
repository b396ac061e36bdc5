import type { CrmItem, Requisite } from '../rows.ts'
import { html, type Html } from './html.ts'
import type { View } from './view.ts'

const labels: Readonly<Record<string, string>> = {
  RQ_INN: 'ИНН', RQ_KPP: 'КПП', RQ_OGRN: 'ОГРН', RQ_OGRNIP: 'ОГРНИП', RQ_COMPANY_NAME: 'Сокращённое наименование', RQ_COMPANY_FULL_NAME: 'Полное наименование',
  RQ_COMPANY_REG_DATE: 'Дата государственной регистрации', RQ_OKPO: 'ОКПО', RQ_OKTMO: 'ОКТМО', RQ_DIRECTOR: 'Генеральный директор', RQ_ACCOUNTANT: 'Главный бухгалтер',
  RQ_LAST_NAME: 'Фамилия', RQ_FIRST_NAME: 'Имя', RQ_SECOND_NAME: 'Отчество', RQ_IDENT_DOC: 'Документ', RQ_IDENT_DOC_SER: 'Серия', RQ_IDENT_DOC_NUM: 'Номер',
}

const addressTypes: Readonly<Record<number, string>> = { 1: 'Фактический адрес', 4: 'Адрес регистрации', 6: 'Юридический адрес', 8: 'Адрес для корреспонденции', 9: 'Адрес бенефициара', 11: 'Адрес доставки' }

const line = (label: string, value: string): Html | false => value !== '' && html`<div><dt>${label}</dt><dd>${value}</dd></div>`

/** Only what the template has is shown (api-reference/crm/requisites/universal/crm-requisite-add.md); the number of stored but unseen fields stands below. */
const one = (view: View, requisite: Requisite): Html => {
  const preset = view.state.requisitePresets.find(other => other.id === requisite.presetId)
  const seen = (preset?.fields ?? []).filter(name => (requisite.fields[name] ?? '') !== '')
  const unseen = Object.keys(requisite.fields).filter(name => name.startsWith('RQ_') && requisite.fields[name] !== '' && !seen.includes(name))
  return html`<article data-key="requisite-${requisite.id}"><h3>${requisite.name} <span class="tag">${preset?.name ?? ''}</span></h3><dl class="facts">
    ${seen.map(name => line(labels[name] ?? name, requisite.fields[name] ?? ''))}
    ${view.state.addresses.filter(address => address.entityTypeId === 8 && address.entityId === requisite.id).map(address =>
      line(addressTypes[address.typeId] ?? 'Адрес', ['POSTAL_CODE', 'COUNTRY', 'REGION', 'CITY', 'ADDRESS_1', 'ADDRESS_2'].map(name => address.fields[name] ?? '').filter(Boolean).join(', ')))}
    ${view.state.bankDetails.filter(bank => bank.requisiteId === requisite.id).map(bank => line(`Счёт: ${bank.name}`, ['RQ_BANK_NAME', 'RQ_BIK', 'RQ_ACC_NUM'].map(name => bank.fields[name] ?? '').filter(Boolean).join(', ') || '—'))}
  </dl>${unseen.length > 0 && html`<p class="muted">Сохранено, но не показано шаблоном: ${unseen.join(', ')}</p>`}</article>`
}

/** Details of a contact or company. */
export const requisitePanel = (view: View, item: CrmItem): Html => {
  const own = view.state.requisites.filter(other => other.entityTypeId === item.entityTypeId && other.entityId === item.id)
  return html`<section class="panel" id="requisites"><h2>Реквизиты</h2>${own.length === 0 && html`<p class="empty">Реквизитов нет.</p>`}${own.map(other => one(view, other))}</section>`
}

/** Name of the client's details chosen in a deal; empty when none are. */
export const chosenRequisite = (view: View, deal: CrmItem): string => {
  const link = view.state.requisiteLinks.find(one => one.entityTypeId === deal.entityTypeId && one.entityId === deal.id)
  return view.state.requisites.find(other => other.id === link?.requisiteId)?.name ?? ''
}
