/** Values of fields as the portal writes them, as the rules read them, and whether two of them are the same. */
import { Temporal } from 'temporal-polyfill'
import type { FieldInfo } from '../../domain/conversion/facts.ts'
import type { FieldValue } from '../../domain/lead.ts'
import { idOf, momentOf, type Row, rowsOf, textOf } from '../rows.ts'
import { fileRefs } from './files.ts'
import { typeIds } from './kinds.ts'

/** Yes and no stay `Y` and `N`; a day is cut from its midnight. */
const readValue = (raw: unknown, type: FieldInfo['type'] = 'text'): FieldValue => {
  if (!Array.isArray(raw)) return readOne(raw, type)
  return raw.flatMap((item: unknown) => {
    const value = readOne(item, type)
    return typeof value === 'string' || typeof value === 'number' ? [value] : []
  })
}

const readOne = (raw: unknown, type: FieldInfo['type']): string | number | null => {
  if (type === 'file') return null
  if (typeof raw === 'boolean') return raw ? 'Y' : 'N'
  if (typeof raw === 'number') return raw
  if (typeof raw !== 'string' || raw === '') return null
  return type === 'date' && isMoment(raw) ? raw.slice(0, 10) : raw
}

/** A field of an item; files as names by which they can be fetched (`files.ts`). */
export const readField = (row: Row, name: string, type?: FieldInfo['type']): FieldValue => fileRefs(row, name) ?? readValue(row[name], type)

/** An empty text clears a field of any kind (a list that is empty clears one of several values). */
export const writtenValue = (value: FieldValue): string | number | readonly (string | number)[] => {
  if (value === null) return ''
  return typeof value === 'boolean' ? (value ? 'Y' : 'N') : value
}

/** The same to the portal: how a number, a day, a moment or yes/no is written does not count, nor the order of several values; nought and no are as good as nothing. */
export const isSame = (a: FieldValue, b: FieldValue): boolean => {
  const [left, right] = [listOf(a), listOf(b)]
  return left.length === right.length && left.every((item, index) => isSameText(item, right[index] ?? ''))
}

const listOf = (value: FieldValue): readonly string[] => (Array.isArray(value) ? value as readonly (string | number)[] : [value as string | number | boolean | null]).map(plain).filter(text => text !== '').toSorted()

const plain = (value: string | number | boolean | null): string => {
  const text = value === null || value === false ? '' : value === true ? 'Y' : String(value).replaceAll('\r\n', '\n').trim()
  if (text === 'N') return ''
  // Only noughts behind the point are dropped: one before the number, or any digit of a long one, may be a code's own.
  const [, whole = '', fraction = '', currency = ''] = /^(-?(?:0|[1-9]\d*))(?:\.(\d*?)0*)?(\|[A-Z]{3})?$/.exec(text) ?? []
  if (whole === '') return text
  const number = `${whole === '-0' && fraction === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}${currency}`
  return number === '0' ? '' : number
}

const isSameText = (a: string, b: string): boolean => {
  if (a === b) return true
  if (isDay(a) || isDay(b)) return (isDay(a) || isMoment(a)) && (isDay(b) || isMoment(b)) && a.slice(0, 10) === b.slice(0, 10)
  const [left, right] = [isMoment(a) ? momentOf(a) : null, isMoment(b) ? momentOf(b) : null]
  return left !== null && right !== null && Temporal.Instant.compare(left, right) === 0
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)
const isMoment = (text: string): boolean => /^\d{4}-\d{2}-\d{2}T/.test(text)

/** Phones, addresses and the like of an item in one list. */
export const meansTexts = (row: Row): readonly string[] => rowsOf(row['fm']).map(one => `${textOf(one['typeId'])} ${textOf(one['value'])}`)

/** Set by the portal itself, or by what is done beside an item (api-reference/crm/universal/object-fields.md). */
const notOwn = new Set([
  'id', 'entityTypeId', 'contactId', 'contacts', 'quoteId', 'fm', 'isReturnCustomer', 'isRepeatedApproach', 'shortName', 'imol', 'isNew', 'closed',
  'opportunityAccount', 'taxValue', 'taxValueAccount', 'accountCurrencyId', 'exchRate', 'receivedAmount', 'lostAmount', 'orderStage',
  'hasPhone', 'hasEmail', 'hasImol', 'hasProducts', 'searchContent', 'dateCreateShort', 'dateModifyShort', 'dateClosed',
  'phone', 'phoneMobile', 'phoneWork', 'phoneMailing', 'email', 'emailHome', 'emailWork', 'emailMailing',
])
/** Who did something to an item last, and when. */
const trace = /^(?:created|updated|moved|lastActivity)(?:By|Time)$|^lastCommunication(?:[A-Z][A-Za-z]*)?Time$/

/** Clients of an item; a company's contacts are the contacts' own link. */
const linkNames: ReadonlySet<string> = new Set(['companyId', 'companyIds', 'contactIds'])
const isLinkOfOther = (row: Row, name: string): boolean => name === 'contactIds' && idOf(row['entityTypeId']) === typeIds.company

/**
 * All of an item that a person may change, by field name, its clients too: whoever has touched it since has changed one of them.
 */
export const snapshotOf = (row: Row): Readonly<Record<string, FieldValue>> => ({
  ...Object.fromEntries(Object.entries(row)
    .filter(([name, raw]) => !notOwn.has(name) && !isLinkOfOther(row, name) && !trace.test(name) && (isPlain(raw) || fileRefs(row, name) !== null))
    .map(([name]) => [name, readField(row, name)])),
  fm: meansTexts(row),
})

const isPlain = (raw: unknown): boolean => typeof raw !== 'object' || raw === null || (Array.isArray(raw) && raw.every(item => typeof item !== 'object'))

/** A field that holds an item's clients; the moment of its last change does not tell of them. */
export const isLink = (name: string): boolean => linkNames.has(name)

/** Names of the fields that read otherwise than they did. */
export const touchedFields = (row: Row, after: Readonly<Record<string, FieldValue>>): readonly string[] => {
  const now = snapshotOf(row)
  return Object.entries(after).flatMap(([name, value]) => (isSame(value, Object.hasOwn(now, name) ? now[name] ?? null : null) ? [] : [name]))
}
