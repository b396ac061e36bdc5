import type { Answer, CardAnswersInput } from '../../server/contract/card.ts'
import type { CardView, QuestionView } from '../../server/contract/lead-view.ts'
import type { Held } from './draft-store.ts'

/** Keys of the card's closing fields among the codes of its questions; `@` stands in no code. */
export const closing = { comment: '@comment', result: '@result', nextStep: '@nextStep', reason: '@reason', postponedUntil: '@postponedUntil' } as const

export const emptyHeld: Held = { value: null, unknown: false }

export const questionsOf = (card: CardView): readonly QuestionView[] => card.groups.flatMap(group => group.questions)

/** What the server has for every key of a card. */
export const serverAnswers = (card: CardView | null): ReadonlyMap<string, Held> => {
  if (card === null) return new Map()
  const held = (value: Answer | null): Held => ({ value: isEmpty(value) ? null : value, unknown: false })
  return new Map([
    ...questionsOf(card).map(question => [question.code, { value: question.value, unknown: question.unknown }] as const),
    [closing.comment, held(card.comment.value)],
    [closing.result, held(card.result.value)],
    [closing.nextStep, held(card.nextStep.value)],
    [closing.reason, held(card.reason.value)],
    ...(card.postponedUntil === null ? [] : [[closing.postponedUntil, held(card.postponedUntil.value)] as const]),
  ])
}

export const isEmpty = (value: Answer | null): boolean =>
  value === null || (Array.isArray(value) ? value.length === 0 : typeof value === 'string' && value.trim() === '')

export const isAnswered = (held: Held): boolean => held.unknown || !isEmpty(held.value)

export const sameHeld = (a: Held, b: Held): boolean =>
  a.unknown === b.unknown && (isEmpty(a.value) ? isEmpty(b.value) : JSON.stringify(a.value) === JSON.stringify(b.value))

/** Do both mean the same answer to the server? `3,2` typed is its 3.2. */
export const sameAnswer = (card: CardView | null, key: string, a: Held, b: Held, language: string): boolean => {
  const question = card === null ? undefined : questionsOf(card).find(each => each.code === key)
  const plain = (held: Held): Held => {
    if (question === undefined) return { ...held, value: typeof held.value === 'string' ? held.value.trim() : held.value }
    const value = wireAnswer(question, held, language)
    return value === 'invalid' ? held : { ...held, value }
  }
  return sameHeld(plain(a), plain(b))
}

/** `12.500` where the comma is the decimal sign: 12 500 to some, 12,5 to others. */
export const isAmbiguousNumber = (typed: string, language: string): boolean =>
  language !== 'en' && /^-?[1-9]\d{0,2}(\.\d{3})+$/.test(typed.replace(/\s/g, ''))

/**
 * A typed number as a number; null when it is none, or may be two different ones. Spaces stand between thousands; a comma
 * does so in English only (`12,500`), elsewhere it is the decimal sign (`2,4`).
 */
export const readNumber = (typed: string, language: string): number | null => {
  if (isAmbiguousNumber(typed, language)) return null
  const close = typed.replace(/\s/g, '')
  const thousands = language === 'en' && /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(close)
  const plain = thousands ? close.replaceAll(',', '') : close.replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null
}

/** The answer as the server takes it; `invalid` when a number was asked and none was typed. */
export const wireAnswer = (question: QuestionView, held: Held, language: string): Answer | null | 'invalid' => {
  if (held.unknown || isEmpty(held.value)) return null
  if ((question.kind === 'number' || question.kind === 'money') && typeof held.value === 'string') return readNumber(held.value, language) ?? 'invalid'
  return typeof held.value === 'string' ? held.value.trim() : held.value
}

/** The request that writes exactly these keys. Marks «не знает» go as changes: the list belongs to everybody who fills the card. */
export const toRequest = (card: CardView, heldOf: (key: string) => Held, keys: readonly string[], language: string): CardAnswersInput => {
  const questions = questionsOf(card)
  const answers: Record<string, Answer | null> = {}
  for (const question of questions) {
    if (!keys.includes(question.code)) continue
    const answer = wireAnswer(question, heldOf(question.code), language)
    if (answer !== 'invalid') answers[question.code] = answer
  }
  const emptied = questions.filter(question => question.unknownAllowed && keys.includes(question.code) && isEmpty(heldOf(question.code).value)).map(question => question.code)
  const unknownAdd = emptied.filter(code => heldOf(code).unknown)
  const unknownRemove = emptied.filter(code => !heldOf(code).unknown)
  const text = (key: string): string | null => {
    const { value } = heldOf(key)
    return typeof value === 'string' && !isEmpty(value) ? value : null
  }
  const result = text(closing.result)
  return {
    ...(Object.keys(answers).length > 0 ? { answers } : {}),
    ...(unknownAdd.length > 0 ? { unknownAdd } : {}),
    ...(unknownRemove.length > 0 ? { unknownRemove } : {}),
    ...(keys.includes(closing.comment) ? { comment: text(closing.comment) ?? '' } : {}),
    ...(keys.includes(closing.result) ? { result: card.result.options.find(option => option === result) ?? null } : {}),
    ...(keys.includes(closing.nextStep) ? { nextStep: text(closing.nextStep) } : {}),
    ...(keys.includes(closing.reason) ? { reason: text(closing.reason) } : {}),
    ...(keys.includes(closing.postponedUntil) ? { postponedUntil: text(closing.postponedUntil) } : {}),
  }
}

/** The key of the card that a refusal speaks of: a question's code, or the name of a closing field in the request. */
export const keyOfField = (field: string): string => {
  const last = field.split('.').at(-1) ?? field
  return Object.hasOwn(closing, last) ? closing[last as keyof typeof closing] : last
}
