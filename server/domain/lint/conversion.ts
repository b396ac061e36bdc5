/** The question that tells what a lead becomes: is it there, and are its answers (S0-29)? */
import type { Regulation } from '../regulation.ts'
import { questionByCode } from '../rules/answers.ts'
import { testProblems } from './conditions.ts'
import { error, repeats } from './problem.ts'
import type { Problem } from './problem.ts'

const path = 'conversion.variantBy'
const place = { ru: 'Вопрос о виде клиента', en: 'Question of the kind of client' }

export const conversionProblems = ({ conversion, card }: Regulation): readonly Problem[] => {
  const setting = conversion.variantBy ?? null
  if (setting === null) return []
  const question = questionByCode(card, setting.question)
  if (question === undefined) return [error(`${path}.question`, { kind: 'unknown-question', question: setting.question }, place)]
  if (question.kind !== 'yesno' && question.options.length === 0) return [error(`${path}.question`, { kind: 'no-options' }, question.title)]
  const variants = (['person', 'organisation', 'client'] as const).filter(variant => setting[variant].length > 0)
  const questions = new Map([[question.code, question]])
  return [
    ...variants.flatMap(variant => testProblems(question.code, { is: 'one-of', values: setting[variant] }, questions, `${path}.${variant}`, place)),
    ...repeats(variants.flatMap(variant => setting[variant])).map(({ value }) => error(path, { kind: 'duplicate-code', code: value }, place)),
  ]
}
