/** Values of fields in words, and as the screen edits them. Pure. */
import type { Answer } from '../contract/card.ts'
import type { Language } from '../contract/session.ts'
import type { ConversionFacts, FieldInfo } from '../domain/conversion/facts.ts'
import type { StayingAnswer } from '../domain/conversion/plan.ts'
import type { FieldValue } from '../domain/lead.ts'

/** «90 000 ₽»; `currency`: ISO 4217, without one the number alone. */
export const money = (amount: number, currency: string, language: Language): string => {
  const style = /^[A-Z]{3}$/.test(currency) ? { style: 'currency', currency } as const : {}
  return amount.toLocaleString(language, { ...style, maximumFractionDigits: 2, trailingZeroDisplay: 'stripIfInteger' })
}

/** As the screen edits it. */
export const toAnswer = ({ type }: FieldInfo, value: FieldValue): Answer | null => {
  if (value === null || value === '') return null
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object') return value.map(String)
  if (type === 'yesno') return /^(y|yes|true|1)$/i.test(String(value)) ? 'yes' : 'no'
  if (type === 'date') return String(value).slice(0, 10)
  return type === 'list' || type === 'user' ? String(value) : value
}

/** `currency`: of sums that do not hold their own. */
export const inWords = (info: FieldInfo, value: FieldValue, facts: ConversionFacts, currency: string, language: Language): string => {
  const answer = toAnswer(info, value)
  if (answer === null) return ''
  if (info.type === 'yesno') return yesNo[answer === 'yes' ? 'yes' : 'no'][language]
  const items = Array.isArray(answer) ? answer : [String(answer)]
  return items.map(item => (info.type === 'user' ? facts.people.find(({ id }) => String(id) === item)?.name : info.options.find(option => option.value === item)?.title) ?? plainOf(info, item, currency, language)).join(', ')
}

/** A question about money may be answered in a field of plain numbers. */
export const stayingInWords = ({ kind, info, value }: StayingAnswer, facts: ConversionFacts, currency: string, language: Language): string =>
  inWords(kind === 'money' && info.type === 'number' ? { ...info, type: 'money' } : info, value, facts, currency, language)

const plainOf = ({ name, type }: FieldInfo, item: string, otherwise: string, language: Language): string => {
  if (type === 'date' || type === 'datetime') return dayInWords(item, language)
  if (type !== 'money' && name !== 'opportunity') return item
  const [amount = '', currency = otherwise] = item.split('|')
  return Number.isFinite(Number(amount)) && amount !== '' ? money(Number(amount), currency, language) : item
}

/** The portal writes a moment by its own clock (api-reference/data-types.md), which is the clock of the reader too. */
const dayInWords = (value: string, language: Language): string => {
  const [, day = '', time = ''] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?/.exec(value) ?? []
  const at = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return value
  const words = at.toLocaleDateString(language === 'en' ? 'en-GB' : 'ru', { timeZone: 'UTC', dateStyle: 'long' })
  return time === '' || time === '00:00' ? words : `${words}, ${time}`
}

const yesNo = { yes: { ru: 'да', en: 'yes' }, no: { ru: 'нет', en: 'no' } } as const
