import type { CrmItem, UserField } from '../rows.ts'
import { flag, html, type Html } from './html.ts'
import { technicalDate } from '../world/time.ts'
import { textOf, type View } from './view.ts'

/** User fields of one kind of item, in their order. */
export const userFieldsOf = (view: View, entityId: string): UserField[] =>
  [...view.state.userFields.values()].filter(field => field.entityId === entityId).sort((a, b) => a.sort - b.sort || a.id - b.id)

export const labelOf = (field: UserField): string => field.editFormLabel['ru'] || field.editFormLabel['en'] || field.fieldName

const many = (value: unknown): string[] => (Array.isArray(value) ? value : value === null || value === undefined || value === '' ? [] : [value]).map(entry => (entry === true ? '1' : entry === false ? '0' : textOf(entry)))

const yes = (value: string): boolean => value === '1' || value === 'Y'

const shown = (field: UserField, value: string): string => {
  if (field.userTypeId === 'enumeration') return field.list.find(option => String(option.id) === value)?.value ?? value
  if (field.userTypeId === 'boolean') return yes(value) ? 'да' : 'нет'
  if (field.userTypeId === 'money') return `${Number(value.split('|')[0]).toLocaleString('ru-RU')} ${value.split('|')[1] === 'RUB' ? '₽' : value.split('|')[1] ?? ''}`.trim()
  if (field.userTypeId === 'date') return value.slice(0, 10).split('-').reverse().join('.')
  return value
}

/** Filled user fields of an item, as rows of a description list; the empty ones are only named in the last row. */
export const userFieldRows = (view: View, item: CrmItem, entityId: string): Html[] => {
  const fields = userFieldsOf(view, entityId)
  const valuesOf = (field: UserField): string[] => many(item[field.fieldName]).map(value => shown(field, value))
  const empty = fields.filter(field => valuesOf(field).length === 0)
  return [
    ...fields.filter(field => !empty.includes(field)).map(field => html`<div data-key="${field.fieldName}"><dt>${labelOf(field)}</dt><dd>${valuesOf(field).join(', ')}</dd></div>`),
    ...(empty.length === 0 ? [] : [html`<div data-key="empty"><dt>Не заполнено</dt><dd class="muted">${empty.map(labelOf).join(', ')}</dd></div>`]),
  ]
}

const input = (field: UserField, value: string): Html => {
  const name = field.fieldName
  if (field.userTypeId === 'double' || field.userTypeId === 'integer') return html`<input type="number" step="any" name="${name}" value="${value}">`
  if (field.userTypeId === 'date') return html`<input type="date" name="${name}" value="${value.slice(0, 10)}">`
  if (field.userTypeId === 'money') return html`<input type="number" step="any" name="${name}" value="${value.split('|')[0] ?? ''}">`
  if (Number(field.settings['ROWS'] ?? 1) > 1) return html`<textarea name="${name}" rows="3">${value}</textarea>`
  return html`<input name="${name}" value="${value}">`
}

/** A field's control in the edit form; its name is the field's name. */
export const userFieldInput = (field: UserField, item: CrmItem): Html => {
  const values = many(item[field.fieldName])
  if (field.userTypeId === 'boolean') return html`<label class="check"><input type="checkbox" name="${field.fieldName}" value="1"${flag('checked', yes(values[0] ?? ''))}>${labelOf(field)}</label>`
  if (field.userTypeId === 'enumeration' && field.multiple) {
    return html`<fieldset><legend>${labelOf(field)}</legend>${field.list.map(option => html`<label class="check"><input type="checkbox" name="${field.fieldName}" value="${option.id}"${flag('checked', values.includes(String(option.id)))}>${option.value}</label>`)}</fieldset>`
  }
  if (field.userTypeId === 'enumeration') {
    return html`<label>${labelOf(field)}<select name="${field.fieldName}"><option value="">не выбрано</option>${field.list.map(option => html`<option value="${option.id}"${flag('selected', values.includes(String(option.id)))}>${option.value}</option>`)}</select></label>`
  }
  if (field.multiple) return html`<label>${labelOf(field)}<textarea name="${field.fieldName}" rows="2" data-lines>${values.join('\n')}</textarea></label>`
  return html`<label>${labelOf(field)}${input(field, values[0] ?? '')}</label>`
}

/** What a form says about user fields, as the portal stores it. Only fields of `entityId` are read. */
export const readUserFields = (view: View, form: URLSearchParams, entityId: string): Record<string, unknown> =>
  Object.fromEntries(userFieldsOf(view, entityId).map((field) => {
    const values = form.getAll(field.fieldName).filter(value => value !== '')
    const first = values[0] ?? ''
    const single = field.userTypeId === 'enumeration' ? Number(first) : field.userTypeId === 'double' || field.userTypeId === 'integer' ? Number(first) : field.userTypeId === 'money' ? `${first}|${view.state.baseCurrency}` : field.userTypeId === 'date' ? technicalDate(first, view.timeZone) : first
    if (field.userTypeId === 'boolean') return [field.fieldName, first === '1' ? 'Y' : 'N']
    if (field.multiple) return [field.fieldName, field.userTypeId === 'enumeration' ? values.map(Number) : first.split('\n').map(line => line.trim()).filter(Boolean)]
    return [field.fieldName, first === '' ? null : single]
  }))
