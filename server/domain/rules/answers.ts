/** Answers of the card as values that conditions can be compared with. */
import type { FieldValue, Lead } from '../lead.ts'
import type { AnswerTest, Card, Condition, Question } from '../regulation.ts'

/** Zero and "no" are answers; blanks and empty lists are not. */
export const isFilled = (value: FieldValue | undefined): boolean => {
  if (value === undefined || value === null) return false
  if (typeof value === 'string') return value.trim() !== ''
  return typeof value === 'object' ? value.some(item => String(item).trim() !== '') : true
}

export const textsOf = (value: FieldValue | undefined): readonly string[] => {
  if (value === undefined || value === null || value === '') return []
  return typeof value === 'object' ? value.map(String) : [String(value)]
}

/** Is this question asked of this lead? One whose condition names an unknown question is not. */
export const isAsked = (card: Card, fields: Lead['fields'], { onlyIf }: Question): boolean => onlyIf === undefined || conditionHolds(card, fields, onlyIf)

/** Does a condition hold for the answers given so far? */
export const conditionHolds = (card: Card, fields: Lead['fields'], condition: Condition): boolean => {
  if ('all' in condition) return condition.all.every(one => conditionHolds(card, fields, one))
  if ('any' in condition) return condition.any.some(one => conditionHolds(card, fields, one))
  const question = questionByCode(card, condition.question)
  if (question === undefined) return false
  const value = fields[question.field]
  // What is asked only if an answer does not speak against it is asked while there is none.
  return (condition.answer.is === 'none-of' && !isFilled(value)) || answerPasses(question, value, condition.answer)
}

export const questionByCode = (card: Card, code: string): Question | undefined => {
  for (const group of card.groups) {
    const found = group.questions.find(question => question.code === code)
    if (found !== undefined) return found
  }
  return undefined
}

/** Compares one answer. Nothing but `empty` holds for a question without an answer. */
export const answerPasses = (question: Question, value: FieldValue | undefined, test: AnswerTest): boolean => {
  if (test.is === 'empty') return !isFilled(value)
  if (!isFilled(value)) return false
  if (test.is === 'none-of') return !codesOf(question, value).some(code => test.values.includes(code))
  if (test.is === 'filled') return true
  if (test.is === 'one-of') return codesOf(question, value).some(code => test.values.includes(code))
  const amount = amountOf(value)
  return amount !== null && (test.is === 'less' ? amount < test.than : amount > test.than)
}

/** Option codes of a list, `yes` or `no`, else the text itself. */
export const codesOf = ({ kind, options }: Question, value: FieldValue | undefined): readonly string[] => {
  const texts = textsOf(value)
  if (kind === 'yesno') return texts.map(text => (['1', 'Y', 'true'].includes(text) ? 'yes' : 'no'))
  return options.length === 0 ? texts : texts.flatMap(text => options.find(option => option.value === text)?.code ?? [])
}

/** Money is `90000|RUB` on some portals. */
const amountOf = (value: FieldValue | undefined): number | null => {
  const amount = Number.parseFloat((textsOf(value)[0] ?? '').replaceAll(/[\s\u00A0]/g, '').replace(',', '.'))
  return Number.isNaN(amount) ? null : amount
}
