import type { Answer } from '../../server/contract/card.ts'
import type { CardView, QuestionView } from '../../server/contract/lead-view.ts'
import { closing, isAnswered, isEmpty, questionsOf, readNumber } from './card-keys.ts'
import type { Held } from './draft-store.ts'

type Condition = NonNullable<QuestionView['onlyIf']>
type AnswerTest = NonNullable<QuestionView['disqualifies']>['when']

/** The questions that are asked with the answers as they are held now: the others are not shown, and never missing. */
export const askedCodes = (card: CardView, heldOf: (key: string) => Held, language: string): ReadonlySet<string> => {
  const known = new Set(questionsOf(card).map(question => question.code))
  const answerOf = (code: string): Answer | null | undefined => (known.has(code) ? heldOf(code).value : Object.hasOwn(card.elsewhere, code) ? card.elsewhere[code] : undefined)
  return new Set(questionsOf(card).filter(({ onlyIf }) => onlyIf === null || holds(onlyIf, answerOf, language)).map(question => question.code))
}

/** Does the answer that is held pass? As the server judges it; nothing but `empty` holds for no answer. */
export const passes = (test: AnswerTest, value: Answer | null, language: string): boolean => {
  const codes = value === null || isEmpty(value) ? [] : Array.isArray(value) ? value : [String(value).trim()]
  switch (test.is) {
    case 'empty': return codes.length === 0
    case 'filled': return codes.length > 0
    case 'one-of': return codes.some(code => test.values.includes(code))
    case 'none-of': return codes.length > 0 && !codes.some(code => test.values.includes(code))
    default: {
      const amount = typeof value === 'number' ? value : codes[0] === undefined ? null : readNumber(codes[0], language)
      return amount !== null && (test.is === 'less' ? amount < test.than : amount > test.than)
    }
  }
}

const holds = (condition: Condition, answerOf: (code: string) => Answer | null | undefined, language: string): boolean => {
  if ('all' in condition) return condition.all.every(one => holds(one, answerOf, language))
  if ('any' in condition) return condition.any.some(one => holds(one, answerOf, language))
  const answer = answerOf(condition.question)
  if (answer === undefined) return false
  // What is asked only if an answer does not speak against it is asked while there is none.
  return (condition.answer.is === 'none-of' && (answer === null || isEmpty(answer))) || passes(condition.answer, answer, language)
}

/** What a refusal still lacks: its reason, or what this one wants besides. */
export type RefusalLack = 'reason' | 'attempts' | 'evidence' | 'comment' | 'date'

/** Of the refusal as it is held now; the server asks for the same. */
export const refusalLacks = ({ reason, postponedUntil, attemptsMade }: CardView, heldOf: (key: string) => Held): readonly RefusalLack[] => {
  if (reason.options.length === 0) return []
  const chosen = reason.options.find(({ code }) => code === heldOf(closing.reason).value)
  if (chosen === undefined) return ['reason']
  const comment = heldOf(closing.comment)
  const lacks = {
    attempts: attemptsMade !== undefined && attemptsMade < (chosen.attemptsNeeded ?? 0),
    evidence: chosen.evidence !== null && !showsEvidence(String(comment.value ?? '')),
    comment: chosen.evidence === null && chosen.commentRequired && !isAnswered(comment),
    date: chosen.dateAsked && postponedUntil !== null && !isAnswered(heldOf(closing.postponedUntil)),
  }
  return (['attempts', 'evidence', 'comment', 'date'] as const).filter(lack => lacks[lack])
}

/** Does the comment show what a reason of refusal wants: a link, or at least ten characters? The server asks for the same. */
export const showsEvidence = (comment: string): boolean => /https?:\/\/\S|\b[\w-]+\.(?:[a-z]{2,}|рф)\b/i.test(comment) || comment.trim().length >= 10
