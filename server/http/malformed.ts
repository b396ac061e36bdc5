/** Takes requests of the right shape, and says of the others what is wrong with them in the user's words. */
import type { z } from 'zod'
import type { Language } from '../contract/session.ts'
import { Refused } from './problem.ts'

/** The value by its schema. Throws `Refused` with a sentence for every key that is written wrongly. */
export const parseAs = <T>(schema: z.ZodType<T>, value: unknown, language: Language): T => {
  const given = schema.safeParse(value, { error: issue => wordsFor(issue)[language] })
  if (given.success) return given.data
  throw new Refused('malformed', { fields: given.error.issues.flatMap(issue => namesOf(issue).map(field => ({ field, message: issue.message }))) })
}

/** Keys that nobody knows are reported together by the schema; here each has its line. */
const namesOf = (issue: z.core.$ZodIssue): string[] => {
  const path = issue.path.map(String)
  return issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...path, key].join('.')) : [path.join('.')]
}

type Words = Readonly<Record<Language, string>>

const wordsFor = (issue: z.core.$ZodRawIssue): Words => {
  switch (issue.code) {
    case 'unrecognized_keys': return { ru: 'Такого ключа здесь нет.', en: 'There is no such key here.' }
    case 'too_big': return issue.origin === 'string'
      ? { ru: `Слишком длинно: не больше ${issue.maximum} знаков.`, en: `Too long: ${issue.maximum} characters at most.` }
      : { ru: `Слишком много: не больше ${issue.maximum}.`, en: `Too many: ${issue.maximum} at most.` }
    case 'too_small': return { ru: 'Здесь должно быть значение.', en: 'A value is needed here.' }
    case 'invalid_value': return { ru: `Возможные значения: ${issue.values.map(String).join(', ')}.`, en: `Possible values: ${issue.values.map(String).join(', ')}.` }
    case 'invalid_type': return issue.input === undefined ? missing : expected[issue.expected] ?? otherwise
    default: return otherwise
  }
}

const missing: Words = { ru: 'Это обязательно, а в запросе этого нет.', en: 'This is obligatory, but the request does not have it.' }
const otherwise: Words = { ru: 'Записано неверно.', en: 'Written wrongly.' }
const keys: Words = { ru: 'Здесь ожидается объект с ключами.', en: 'An object with keys is expected here.' }

const expected: Readonly<Record<string, Words>> = {
  string: { ru: 'Здесь ожидается текст.', en: 'A text is expected here.' },
  array: { ru: 'Здесь ожидается список.', en: 'A list is expected here.' },
  object: keys,
  record: keys,
}
