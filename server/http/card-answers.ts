/** Between the card's answers as people speak of them and the lead's fields as the portal keeps them. */
import type { Answer, CardAnswers } from '../contract/card.ts'
import type { Language } from '../contract/session.ts'
import type { FieldValue, Lead } from '../domain/lead.ts'
import type { Card, Option, Question } from '../domain/regulation.ts'

export type FieldsToSave =
  | { readonly ok: true; readonly values: Readonly<Record<string, FieldValue>> }
  /** Nothing may be saved: one sentence for each wrong answer. */
  | { readonly ok: false; readonly fields: readonly { field: string; message: string }[] }

/** Fields to write for these answers. Only what is named in `given` is written; `current` are the lead's fields as they are, `today` is the portal's date, `YYYY-MM-DD`. */
export const toFields = (card: Card, given: CardAnswers, current: Lead['fields'], language: Language, today: string): FieldsToSave => {
  const questions = new Map(card.groups.flatMap(group => group.questions.map(question => [question.code, question] as const)))
  const values = new Map<string, FieldValue>()
  const wrong: { field: string; message: string }[] = []
  const say = (field: string, [ru, en]: readonly [string, string]) => void wrong.push({ field, message: language === 'ru' ? ru : en })

  for (const [code, answer] of Object.entries(given.answers)) {
    const question = questions.get(code)
    if (question === undefined) {
      say(code, sentences.noSuchQuestion)
      continue
    }
    const field = toField(question, answer, current[question.field])
    if ('value' in field) values.set(question.field, field.value)
    else say(code, field.wrong)
  }
  if (given.comment !== undefined) values.set(card.comment.field, given.comment)
  if (given.result !== undefined) {
    const value = given.result === null ? null : card.result.values[resultKeys[given.result]] ?? undefined
    if (value === undefined) say('result', sentences.noSuchOption)
    else values.set(card.result.field, value)
  }
  if (given.postponedUntil !== undefined) {
    const wrong = card.postponedUntil === null ? sentences.noDate : given.postponedUntil === null ? null : dateFault(given.postponedUntil, today)
    if (wrong !== null || card.postponedUntil === null) say('postponedUntil', wrong ?? sentences.noDate)
    else values.set(card.postponedUntil.field, given.postponedUntil)
  }
  for (const name of ['nextStep', 'reason'] as const) {
    const code = given[name]
    if (code === undefined) continue
    const value = code === null ? null : optionValue(card[name].options, code)
    if (value === undefined) say(name, sentences.noSuchOption)
    else values.set(card[name].field, value)
  }
  const unknown = unknownAfter(card, given, current, questions)
  for (const code of unknown?.filter(code => questions.get(code)?.unknownAllowed !== true) ?? []) say(code, sentences.mustBeAnswered)
  if (unknown !== null) values.set(card.unknown.field, unknown)
  return wrong.length > 0 ? { ok: false, fields: wrong } : { ok: true, values: Object.fromEntries(values) }
}

const resultKeys = { 'qualified': 'qualified', 'not-qualified': 'notQualified', 'postponed': 'postponed' } as const

const dateFault = (text: string, today: string): readonly [string, string] | null => (isDate(text) ? (text > today ? null : sentences.pastDate) : sentences.date)

/** The answer that stands in the lead's field; null when there is none, or one that the card does not know. */
export const toAnswer = (question: Question, value: FieldValue | undefined): Answer | null => {
  if (value === undefined || value === null || value === '') return null
  const texts = typeof value === 'object' ? value.map(String) : [String(value)]
  const [first = ''] = texts
  switch (question.kind) {
    case 'list': return question.options.find(option => texts.includes(option.value))?.code ?? null
    case 'multilist': {
      const codes = question.options.filter(option => texts.includes(option.value)).map(option => option.code)
      return codes.length > 0 ? codes : null
    }
    case 'yesno': return yes.has(first) ? 'yes' : no.has(first) ? 'no' : null
    case 'number':
    case 'money': {
      const number = Number(first.split('|')[0])
      return first.trim() !== '' && Number.isFinite(number) ? number : null
    }
    case 'date': return toDay(first)
    default: return texts.join(', ')
  }
}

/** A date field's day; text that is none stays as it is. */
export const toDay = (text: string): string => /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? text

/** Codes of the questions answered «не знает / отказался». */
export const unknownCodes = (card: Card, fields: Lead['fields']): readonly string[] => {
  const value = fields[card.unknown.field]
  if (value === undefined || value === null || value === '') return []
  return typeof value === 'object' ? value.map(String) : [String(value)]
}

/** The whole list to be written; null when it stays as it is. A question that gets an answer leaves it. */
const unknownAfter = (card: Card, given: CardAnswers, current: Lead['fields'], questions: ReadonlyMap<string, Question>): string[] | null => {
  const before = unknownCodes(card, current).filter(code => questions.has(code))
  const answered = new Set(Object.entries(given.answers).filter(([, answer]) => answer !== null).map(([code]) => code))
  const removed = new Set(given.unknownRemove)
  const after = [...new Set([...(given.unknown ?? before).filter(code => !removed.has(code)), ...(given.unknownAdd ?? [])])].filter(code => !answered.has(code))
  return given.unknown !== undefined || after.length !== before.length || after.some(code => !before.includes(code)) ? after : null
}

type Field = { readonly value: FieldValue } | { readonly wrong: readonly [string, string] }

const toField = (question: Question, answer: Answer | null, current: FieldValue | undefined): Field => {
  if (answer === null) return { value: question.kind === 'multilist' ? [] : null }
  if (question.kind === 'multilist') return severalOf(question.options, answer)
  if (typeof answer === 'object') return { wrong: sentences.oneAnswer }
  if (question.kind === 'number' || question.kind === 'money') return numberOf(question.kind, answer, current)
  if (typeof answer === 'number') return { wrong: sentences.textExpected }
  const text = answer.trim()
  if (question.kind === 'list') {
    const value = optionValue(question.options, text)
    return value === undefined ? { wrong: sentences.noSuchOption } : { value }
  }
  if (question.kind === 'yesno') return text === 'yes' || text === 'no' ? { value: text === 'yes' } : { wrong: sentences.yesOrNo }
  if (text === '') return { value: null }
  const wrong = formFault[question.kind]?.(text) ?? null
  return wrong === null ? { value: text } : { wrong }
}

const severalOf = (options: readonly Option[], answer: Answer): Field => {
  if (typeof answer !== 'object') return { wrong: sentences.severalAnswers }
  const values = [...new Set(answer)].map(code => optionValue(options, code))
  return values.every(value => value !== undefined) ? { value: values } : { wrong: sentences.noSuchOption }
}

const numberOf = (kind: 'number' | 'money', answer: string | number, current: FieldValue | undefined): Field => {
  const text = String(answer).replace(/[\s\u00a0]/g, '').replace(',', '.')
  if (text === '') return { value: null }
  const number = Number(text)
  if (!/^[-+]?[\d.]+(e\+?\d+)?$/i.test(text) || !Number.isFinite(number)) return { wrong: sentences.numberExpected }
  if (kind === 'number') return { value: number }
  if (number < 0) return { wrong: sentences.notNegative }
  // A money field keeps the currency that it has; without one the portal takes its own.
  const currency = typeof current === 'string' ? current.split('|')[1] : undefined
  return { value: currency === undefined ? String(number) : `${number}|${currency}` }
}

const optionValue = (options: readonly Option[], code: string): string | undefined => options.find(option => option.code === code)?.value

const yes = new Set(['1', 'Y', 'true', 'yes'])
const no = new Set(['0', 'N', 'false', 'no'])

const sentences = {
  noSuchQuestion: ['Такого вопроса в карточке нет.', 'There is no such question in the card.'],
  noSuchOption: ['Выберите ответ из списка.', 'Choose an answer from the list.'],
  mustBeAnswered: ['На этот вопрос нельзя ответить «не знает».', 'This question cannot be answered with "does not know".'],
  oneAnswer: ['Здесь возможен только один ответ.', 'Only one answer is possible here.'],
  severalAnswers: ['Отметьте ответы из списка.', 'Tick the answers in the list.'],
  textExpected: ['Введите ответ текстом.', 'Enter the answer as text.'],
  numberExpected: ['Введите число, например 12 или 2,5.', 'Enter a number, e.g. 12 or 2.5.'],
  notNegative: ['Сумма не может быть меньше нуля.', 'An amount cannot be less than zero.'],
  yesOrNo: ['Выберите «да» или «нет».', 'Choose "yes" or "no".'],
  noDate: ['В этой карточке дата не спрашивается.', 'This card does not ask for a date.'],
  pastDate: ['Выберите день позже сегодняшнего.', 'Choose a day after today.'],
  date: ['Введите дату, например 2026-03-31.', 'Enter a date, e.g. 2026-03-31.'],
  phone: ['Введите телефон с кодом, например +7 900 000-00-00.', 'Enter a phone number with its code, e.g. +7 900 000-00-00.'],
  email: ['Введите адрес почты, например ivan@example.com.', 'Enter an e-mail address, e.g. ivan@example.com.'],
  link: ['Введите ссылку, которая начинается с https://.', 'Enter a link that begins with https://.'],
  tooLong: ['Ответ слишком длинный: до 1000 знаков.', 'The answer is too long: up to 1000 characters.'],
} as const satisfies Record<string, readonly [string, string]>

/** What is wrong with the form of a text answer; null = nothing. */
const formFault: Partial<Record<Question['kind'], (text: string) => readonly [string, string] | null>> = {
  text: text => (text.length <= 1000 ? null : sentences.tooLong),
  address: text => (text.length <= 1000 ? null : sentences.tooLong),
  date: text => (isDate(text) ? null : sentences.date),
  phone: text => (/^\+?[\d\s().\-–]{5,30}(\s*(доб\.?|ext\.?|#|,)\s*\d{1,8})?$/i.test(text) && text.replace(/\D/g, '').length >= 5 ? null : sentences.phone),
  email: text => (/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text) && text.length <= 254 ? null : sentences.email),
  link: text => (/^https?:\/\//i.test(text) && URL.canParse(text) && text.length <= 2000 ? null : sentences.link),
}

const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
