/** Values of fields: whether they are the same, fit another field, or are what a field of their type may hold. */
import type { FieldValue } from '../lead.ts'
import { isFilled, textsOf } from '../rules/answers.ts'
import type { FieldInfo } from './facts.ts'

export { isFilled } from '../rules/answers.ts'

/** The same to a reader: blanks around a text, the order of a list and the way of writing a number or yes/no do not count. */
export const isSameValue = (info: FieldInfo, a: FieldValue, b: FieldValue): boolean => {
  if (!isFilled(a) || !isFilled(b)) return isFilled(a) === isFilled(b)
  return plain(info, a).join('\n') === plain(info, b).join('\n')
}

const plain = (info: FieldInfo, value: FieldValue): readonly string[] => textsOf(value).map((text) => {
  const trimmed = text.trim()
  if (info.type === 'yesno') return String(yesNoOf(trimmed))
  if (info.type === 'number' || info.type === 'money') return String(amountOf(trimmed) ?? trimmed) + (info.type === 'money' ? trimmed.split('|')[1] ?? '' : '')
  return trimmed
}).toSorted()

/** A lead's value as a field of another object may hold it; null: it does not fit. */
export const carried = (from: FieldInfo, to: FieldInfo, value: FieldValue): FieldValue => {
  if (!isFilled(value)) return null
  const several = typeof value === 'object' && value !== null ? value : null
  if (from.type === 'list' && to.type === 'list') {
    const items = textsOf(value).map(item => sameItem(from, to, item))
    return items.some(item => item === null) ? null : shaped(to, items.flatMap(item => item ?? []))
  }
  if (from.type === to.type) return several === null ? (to.multiple && typeof value !== 'boolean' && value !== null ? [value as string | number] : value) : shaped(to, several)
  if (to.type !== 'text' || from.type === 'file' || from.type === 'other' || from.type === 'user' || from.type === 'yesno') return null
  return shaped(to, textsOf(value).map(text => (from.type === 'list' ? titleOf(from, text) ?? text : text)))
}

/** Several values in a field of one: texts are joined, anything else is left where it is. */
const shaped = (to: FieldInfo, items: readonly (string | number)[]): FieldValue => {
  if (to.multiple) return items
  if (items.length === 1) return items[0] ?? null
  return to.type === 'text' && items.length > 1 ? items.join(', ') : null
}

/** The same value where both lists call it the same, or where nothing is known of the other list; else the one of the same title. */
const sameItem = (from: FieldInfo, to: FieldInfo, item: string): string | null => {
  const title = titleOf(from, item)
  if (to.options.length === 0) return from.custom || to.custom ? null : item
  const here = to.options.find(({ value }) => value === item)
  if (here !== undefined && (title === null || isSameTitle(here.title, title))) return item
  return title === null ? null : to.options.find(option => isSameTitle(option.title, title))?.value ?? null
}

const titleOf = (info: FieldInfo, item: string): string | null => info.options.find(({ value }) => value === item)?.title ?? null

/** Titles as people read them: capitals, blanks, «ё» and marks at the end do not count. */
export const isSameTitle = (a: string, b: string): boolean => plainTitle(a) === plainTitle(b)
export const plainTitle = (title: string): string => title.toLocaleLowerCase('ru').replaceAll('ё', 'е').replaceAll(/\s+/g, ' ').trim().replace(/[:.!?*]+$/, '').trim()

export type ValueProblem = 'not-a-number' | 'not-a-date' | 'not-an-option'

/** Nobody types files, nor values of a type that is not known: these come from the lead only. */
const untypable: ReadonlySet<FieldInfo['type']> = new Set<FieldInfo['type']>(['file', 'other'])

/** What somebody typed, as the field holds it, and what is wrong with it. An empty value is null. */
export const typed = (info: FieldInfo, value: FieldValue): { readonly value: FieldValue; readonly problem: ValueProblem | null } => {
  if (!isFilled(value)) return { value: null, problem: null }
  if (untypable.has(info.type)) return { value: null, problem: 'not-an-option' }
  const items = typeof value === 'object' && value !== null ? value.filter(item => String(item).trim() !== '') : [typeof value === 'boolean' || value === null ? String(value) : value]
  const read = items.map(item => one(info, item))
  const problem = read.find(part => part.problem !== null)?.problem ?? null
  if (problem !== null) return { value, problem }
  if (info.type === 'yesno') return { value: read[0]?.value === 'true', problem: null }
  const values = read.map(part => part.value)
  return { value: info.multiple ? values : values.length === 1 ? values[0] ?? null : values.join(', '), problem: null }
}

const one = (info: FieldInfo, item: string | number): { readonly value: string | number; readonly problem: ValueProblem | null } => {
  const text = String(item).trim()
  switch (info.type) {
    case 'number': case 'user': {
      const amount = amountOf(text)
      return amount === null ? { value: item, problem: 'not-a-number' } : { value: amount, problem: null }
    }
    case 'money': {
      const amount = amountOf(text)
      const currency = text.split('|')[1]
      return amount === null ? { value: item, problem: 'not-a-number' } : { value: currency === undefined ? amount : `${amount}|${currency}`, problem: null }
    }
    case 'date': return { value: text, problem: isDay(text) ? null : 'not-a-date' }
    case 'datetime': return { value: text, problem: isDay(text.slice(0, 10)) && /^(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text.slice(10)) ? null : 'not-a-date' }
    case 'list': return info.options.length === 0 || info.options.some(option => option.value === text) ? { value: text, problem: null } : { value: item, problem: 'not-an-option' }
    case 'yesno': {
      const answer = yesNoOf(text)
      return answer === null ? { value: item, problem: 'not-an-option' } : { value: String(answer), problem: null }
    }
    default: return { value: typeof item === 'number' ? item : text, problem: null }
  }
}

const yesNoOf = (text: string): boolean | null => (/^(y|yes|true|1)$/i.test(text) ? true : /^(n|no|false|0)$/i.test(text) ? false : null)

/** «90 000,50» and `90000|RUB`; null: no number. */
export const amountOf = (text: string): number | null => {
  const plainNumber = (text.split('|')[0] ?? '').replaceAll(/[\s\u00A0\u202F]/g, '').replace(',', '.')
  return /^[+-]?\d+(\.\d+)?$/.test(plainNumber) ? Number(plainNumber) : null
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

const isDay = (text: string): boolean => {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  const last = m === 2 && ((y % 4 === 0 && y % 100 !== 0) || y % 400 === 0) ? 29 : monthDays[m - 1] ?? 0
  return year !== '' && d >= 1 && d <= last
}
