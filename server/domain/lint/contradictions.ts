/** Needs of one gate that no answer can meet together. */
import type { AnswerTest, Gate, Question, Step } from '../regulation.ts'
import { holds, valuesOf } from './conditions.ts'
import { error } from './problem.ts'
import type { Problem } from './problem.ts'

/** One problem for each question of which the gate wants answers that exclude each other, at the first need that excludes those before it. */
export const contradictions = ({ needs }: Gate, step: Step, questions: ReadonlyMap<string, Question>, asked: ReadonlySet<string>, path: string): readonly Problem[] => {
  const found = new Set<string>()
  const before = new Map<string, readonly AnswerTest[]>()
  const hasAnswers = needs.some(({ kind }) => kind === 'answers')
  return needs.flatMap((need, index): readonly Problem[] => {
    const question = need.kind === 'answer' ? questions.get(need.question) : undefined
    if (need.kind !== 'answer' || question === undefined || found.has(question.code)) return []
    // A question that the step asks for, whatever else it wants of it.
    const obligatory: readonly AnswerTest[] = hasAnswers && question.required && !question.unknownAllowed && question.onlyIf === undefined && asked.has(question.code) ? [{ is: 'filled' }] : []
    const tests = [...before.get(question.code) ?? obligatory, need.answer]
    before.set(question.code, tests)
    if (canBeMet(question, tests)) return []
    found.add(question.code)
    return [error(`${path}.${index}`, { kind: 'gate-impossible', why: 'contradiction' }, step.name)]
  })
}

/** Is there an answer that passes all of these? A test that fits no such question is told elsewhere. */
const canBeMet = (question: Question, tests: readonly AnswerTest[]): boolean => {
  if (tests.some(({ is }) => is === 'empty')) return tests.every(({ is }) => is === 'empty')
  const most = Math.min(...tests.flatMap(test => (test.is === 'less' ? [test.than] : [])))
  const least = Math.max(...tests.flatMap(test => (test.is === 'more' ? [test.than] : [])))
  if (least >= most) return false
  const values = valuesOf(question) ?? new Set(tests.flatMap(test => (test.is === 'one-of' ? test.values : [])))
  if (values.size === 0) return true
  if (question.kind !== 'multilist') return [...values].some(value => tests.every(test => holds(test, value)))
  const allowed = [...values].filter(value => tests.every(test => test.is !== 'none-of' || !test.values.includes(value)))
  return tests.every(test => test.is !== 'one-of' || test.values.some(value => allowed.includes(value)))
}
