/** Conditions of the card: what they ask about, whether they can hold, whether they run in a circle. */
import type { AnswerTest, Condition, Question, Text } from '../regulation.ts'
import { testsOf } from '../regulation/references.ts'
import { error, warning } from './problem.ts'
import type { Problem } from './problem.ts'

/** In a text somebody may have written a number. */
const mayBeNumber: ReadonlySet<Question['kind']> = new Set(['number', 'money', 'text', 'longtext'])

/** Whether a test can be put to that question at all. */
export const testProblems = (code: string, answer: AnswerTest, questions: ReadonlyMap<string, Question>, path: string, place?: Text): readonly Problem[] => {
  const question = questions.get(code)
  if (question === undefined) return [error(path, { kind: 'unknown-question', question: code }, place)]
  if ('than' in answer) return mayBeNumber.has(question.kind) ? [] : [error(path, { kind: 'not-a-number', question: question.title.ru }, place)]
  if (!('values' in answer)) return []
  if (answer.values.length === 0) return [error(path, { kind: 'empty-test', question: question.title.ru }, place)]
  const known = valuesOf(question)
  return known === null ? [] : answer.values.filter(value => !known.has(value)).map(option => error(path, { kind: 'unknown-option', question: question.title.ru, option }, place))
}

export const conditionProblems = (condition: Condition, questions: ReadonlyMap<string, Question>, path: string, place: Text): readonly Problem[] => [
  ...testsOf(condition).flatMap(({ question, answer }) => testProblems(question, answer, questions, path, place)),
  ...neverHolds(condition, questions).map(code => warning(path, { kind: 'condition-never', question: questions.get(code)?.title.ru ?? code }, place)),
]

/** Questions of which a condition wants answers that exclude each other. */
const neverHolds = (condition: Condition, questions: ReadonlyMap<string, Question>): readonly string[] => {
  if (!('all' in condition)) return []
  const left = new Map<string, ReadonlySet<string>>()
  for (const part of condition.all) {
    if (!('question' in part)) continue
    const question = questions.get(part.question)
    const known = question === undefined || question.kind === 'multilist' ? null : valuesOf(question)
    if (known === null) continue
    const before = left.get(part.question) ?? known
    left.set(part.question, new Set([...before].filter(value => holds(part.answer, value))))
  }
  return [...left].flatMap(([code, values]) => (values.size === 0 && !condition.all.some(part => 'question' in part && part.question === code && part.answer.is === 'empty') ? [code] : []))
}

export const holds = (answer: AnswerTest, value: string): boolean => {
  if (answer.is === 'one-of') return answer.values.includes(value)
  return answer.is === 'none-of' ? !answer.values.includes(value) : true
}

/** The answers that a question can have; null: anything. */
export const valuesOf = ({ kind, options }: Question): ReadonlySet<string> | null => {
  if (kind === 'yesno') return new Set(['yes', 'no'])
  return kind === 'list' || kind === 'multilist' ? new Set(options.map(({ code }) => code)) : null
}

/** Questions that are asked only if each other is answered, each circle once. */
export const circles = (questions: readonly Question[]): readonly (readonly string[])[] => {
  const needs = new Map(questions.map(question => [question.code, question.onlyIf === undefined ? [] : testsOf(question.onlyIf).map(test => test.question)]))
  const done = new Set<string>()
  const found: string[][] = []
  const follow = (code: string, way: readonly string[]): void => {
    const start = way.indexOf(code)
    if (start >= 0) found.push(way.slice(start))
    if (start >= 0 || done.has(code)) return
    for (const next of needs.get(code) ?? []) follow(next, [...way, code])
    done.add(code)
  }
  for (const { code } of questions) follow(code, [])
  return found
}
