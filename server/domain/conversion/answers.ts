/** Answers of the card in a conversion: the sum among them, and those that no object has a field for. */
import type { FieldValue } from '../lead.ts'
import type { Question } from '../regulation.ts'
import type { ConversionFacts, FieldInfo } from './facts.ts'
import type { StayingAnswer } from './plan.ts'
import type { ConversionSetting } from './setting.ts'
import { amountOf, isFilled } from './values.ts'

const questionsOf = ({ regulation: { card } }: Pick<ConversionSetting, 'regulation'>): readonly Question[] => card.groups.flatMap(({ questions }) => questions)

/** The lead's fields of the questions with this code, in whatever capitals. */
export const answerFields = (setting: ConversionSetting, code: string): readonly string[] => questionsOf(setting).filter(question => question.code.toLowerCase() === code).map(({ field }) => field)

/** Every answered question whose field is none of `sources`, in the order of the card; a field that two questions share is told once. */
export const stayingOf = ({ lead, fields }: ConversionFacts, setting: ConversionSetting, sources: ReadonlySet<string>): readonly StayingAnswer[] => {
  const told = new Set(sources)
  return questionsOf(setting).flatMap(({ field, title, kind }): readonly StayingAnswer[] => {
    const value = lead.fields[field] ?? null
    // The lead's sum says the same, and goes along.
    const isSum = kind === 'money' && sources.has('opportunity') && sumOf(value)?.amount === Number(lead.fields['opportunity'])
    if (!isFilled(value) || told.has(field) || isSum) return []
    told.add(field)
    const named = (setting.language === 'en' ? title.en : undefined) ?? title.ru
    return [{ title: named, kind, info: fields.lead.find(({ name }) => name === field) ?? { name: field, title: named, type: 'text', multiple: false, required: false, readOnly: false, custom: true, options: [] }, value }]
  })
}

export interface AnsweredSum {
  readonly field: FieldInfo
  readonly amount: number
  /** ISO 4217, where the field holds it. */
  readonly currency: string | null
}

/** Words of a question about the sum, for numbers that may be anything: «сценариев» and «себестоимость» are none of them. */
const ofSum = /(?<!\p{L})(?:бюджет|сумм|стоимост|цен[аыу]|budget|amount|price|sum(?!\p{L})|cost)/iu
const isOfSum = (text: string): boolean => ofSum.test(text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))

/**
 * What the card says of the deal's sum: the answer to the only question about money, or the one whose title or code is about a sum. Null where
 * the lead has a sum of its own, or where several answers might be it.
 */
export const answeredSum = ({ lead, fields }: ConversionFacts, setting: ConversionSetting): AnsweredSum | null => {
  if (Number(lead.fields['opportunity'] ?? 0) !== 0 || lead.products.length > 0) return null
  const answered = questionsOf(setting).flatMap((question) => {
    const field = fields.lead.find(({ name }) => name === question.field)
    const sum = field === undefined || field.name === 'opportunity' ? null : sumOf(lead.fields[question.field] ?? null)
    const isMoney = question.kind === 'money' || field?.type === 'money'
    const isTitled = [question.code, question.title.ru, question.title.en ?? ''].some(isOfSum)
    return sum === null || field === undefined || !(isMoney || (isTitled && (question.kind === 'number' || field.type === 'number'))) ? [] : [{ ...sum, field, isTitled }]
  })
  const titled = answered.filter(({ isTitled }) => isTitled)
  const [only, another] = titled.length > 0 ? titled : answered
  return only === undefined || another !== undefined ? null : { field: only.field, amount: only.amount, currency: only.currency }
}

const sumOf = (value: FieldValue): Pick<AnsweredSum, 'amount' | 'currency'> | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const [, currency = ''] = String(value).split('|')
  const amount = amountOf(String(value))
  return amount === null || amount <= 0 ? null : { amount, currency: /^[A-Z]{3}$/.test(currency) ? currency : null }
}
