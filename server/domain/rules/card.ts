/** The qualification card: what is answered, what is missing, and the result. */
import type { FieldName, FieldValue, Lead } from '../lead.ts'
import type { Card, Question } from '../regulation.ts'

export interface CardState {
  /** Codes of the answered questions, the comment's code among them. */
  readonly answered: readonly string[]
  /** Obligatory questions without an answer; the comment stands among them as a question of its own. */
  readonly missing: readonly Question[]
  /** Codes of what the chosen result still lacks: answers, comment, next step; or the reason of a refusal. */
  readonly toAsk: readonly string[]
  readonly result: 'qualified' | 'not-qualified' | null
  /** Code of the chosen option. */
  readonly nextStep: string | null
  /** Code of the chosen option. */
  readonly reason: string | null
}

/** The comment's code among the questions. */
export const commentCode = 'comment'
export const nextStepCode = 'nextStep'
export const reasonCode = 'reason'
/** The result's code when it is asked for again. */
export const resultCode = 'result'

/** Reads the card from the lead's fields. An honest «не знает / отказался» is an answer where the question allows it. */
export const cardState = (card: Card, fields: Lead['fields']): CardState => {
  const unknown = new Set(textsOf(fields[card.unknown.field]))
  const answered: string[] = []
  const missing: Question[] = []
  for (const group of card.groups) {
    for (const question of group.questions) {
      if (isFilled(fields[question.field]) || (question.unknownAllowed && unknown.has(question.code))) answered.push(question.code)
      else if (question.required) missing.push(question)
    }
  }
  if (isFilled(fields[card.comment.field])) answered.push(commentCode)
  else if (card.comment.required) missing.push(commentQuestion(card))
  const result = resultOf(card, fields)
  const nextStep = optionOf(card.nextStep, fields)
  const reason = optionOf(card.reason, fields)
  const toAsk = result === 'not-qualified'
    ? (reason === null && card.reason.options.length > 0 ? [reasonCode] : [])
    : [...missing.map(({ code }) => code), ...(result === 'qualified' && nextStep === null && card.nextStep.options.length > 0 ? [nextStepCode] : [])]
  return { answered, missing, toAsk, result, nextStep, reason }
}

/** The obligatory comment as a question, so that it can be asked for by name like the others. */
export const commentQuestion = ({ comment }: Card): Question => ({
  code: commentCode,
  field: comment.field,
  title: comment.title,
  script: comment.title,
  kind: 'longtext',
  class: 'key',
  required: comment.required,
  unknownAllowed: false,
  options: [],
})

/** Titles of questions by their codes, in the card's order; the result's own title for `result`. */
export const questionTitles = (card: Card, codes: readonly string[], language: 'ru' | 'en'): readonly string[] => {
  const wanted = new Set(codes)
  const titles = [
    ...card.groups.flatMap(group => group.questions.filter(question => wanted.has(question.code)).map(question => question.title)),
    ...(wanted.has(commentCode) ? [card.comment.title] : []),
    ...(wanted.has(resultCode) ? [card.result.title] : []),
    ...(wanted.has(nextStepCode) ? [card.nextStep.title] : []),
    ...(wanted.has(reasonCode) ? [card.reason.title] : []),
  ]
  return titles.map(title => (language === 'en' ? title.en ?? title.ru : title.ru))
}

const resultOf = ({ result }: Card, fields: Lead['fields']): 'qualified' | 'not-qualified' | null => {
  const values = textsOf(fields[result.field])
  if (values.includes(result.values.qualified)) return 'qualified'
  return values.includes(result.values.notQualified) ? 'not-qualified' : null
}

const optionOf = (list: { readonly field: FieldName; readonly options: Card['nextStep']['options'] }, fields: Lead['fields']): string | null => {
  const values = textsOf(fields[list.field])
  return list.options.find(option => values.includes(option.value))?.code ?? null
}

const textsOf = (value: FieldValue | undefined): readonly string[] => {
  if (value === undefined || value === null || value === '') return []
  return typeof value === 'object' ? value.map(String) : [String(value)]
}

/** Zero and "no" are answers; blanks and empty lists are not. */
const isFilled = (value: FieldValue | undefined): boolean => {
  if (value === undefined || value === null) return false
  if (typeof value === 'string') return value.trim() !== ''
  return typeof value === 'object' ? value.some(item => String(item).trim() !== '') : true
}
