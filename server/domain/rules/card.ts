/** The qualification card: what is answered, what is missing, and the result. */
import type { FieldName, Lead } from '../lead.ts'
import type { Card, NextStepOption, Question, RefusalReason, StepCard, Text } from '../regulation.ts'
import { answerPasses, isAsked, isFilled, textsOf } from './answers.ts'

export interface CardState {
  /** Codes of the answered questions, the comment's code among them. */
  readonly answered: readonly string[]
  /** Obligatory questions without an answer; the comment stands among them as a question of its own. */
  readonly missing: readonly Question[]
  /** Codes of what the chosen result still lacks: answers, comment, next step; the reason of a refusal; the date of a postponement. */
  readonly toAsk: readonly string[]
  readonly result: 'qualified' | 'not-qualified' | 'postponed' | null
  /** Code of the chosen option. */
  readonly nextStep: string | null
  /** Code of the chosen option. */
  readonly reason: string | null
  /** The date of a postponement or of a return as the portal gave it; null: none. */
  readonly postponedUntil: string | null
  /** The first answer that makes the lead not qualified, with the code of the reason proposed for it. */
  readonly disqualified: { readonly question: Question; readonly reason: string | null } | null
}

/** The comment's code among the questions. */
export const commentCode = 'comment'
export const nextStepCode = 'nextStep'
export const reasonCode = 'reason'
/** The result's code when it is asked for again. */
export const resultCode = 'result'
export const postponedUntilCode = 'postponedUntil'
/** Before the code of a reason: the evidence that it wants in the comment. */
const evidenceOf = 'evidence:'
/** Before the code of a reason: the failed attempts that it wants. */
const attemptsOf = 'attempts:'

/** The state of a step that asks nothing. */
export const noCard: CardState = { answered: [], missing: [], toAsk: [], result: null, nextStep: null, reason: null, postponedUntil: null, disqualified: null }

/** The whole card: every group, with a result. */
const wholeCard: StepCard = { groups: [], closing: true }

/** Groups that a step asks, in the step's order. */
export const groupsOf = (card: Card, { groups }: StepCard): Card['groups'] => (groups.length === 0 ? card.groups : groups.flatMap(id => card.groups.find(group => group.id === id) ?? []))

/** Questions that a step asks of this lead. */
export const askedQuestions = (card: Card, fields: Lead['fields'], step: StepCard = wholeCard): readonly Question[] => groupsOf(card, step).flatMap(group => group.questions.filter(question => isAsked(card, fields, question)))

/** Reads the card from the lead's fields. An honest «не знает / отказался» is an answer where the question allows it. */
export const cardState = (card: Card, fields: Lead['fields'], step: StepCard = wholeCard): CardState => {
  const unknown = new Set(textsOf(fields[card.unknown.field]))
  const answered: string[] = []
  const missing: Question[] = []
  let disqualified: CardState['disqualified'] = null
  for (const question of askedQuestions(card, fields, step)) {
    if (isFilled(fields[question.field]) || (question.unknownAllowed && unknown.has(question.code))) answered.push(question.code)
    else if (question.required) missing.push(question)
    if (disqualified === null && question.disqualifies !== undefined && answerPasses(question, fields[question.field], question.disqualifies.when)) disqualified = { question, reason: question.disqualifies.reason }
  }
  const hasComment = isFilled(fields[card.comment.field])
  if (hasComment) answered.push(commentCode)
  else if (card.comment.required && step.closing) missing.push(commentQuestion(card))
  const chosen = resultOf(card, fields)
  // Any step may end in a refusal (S0-13); only a closing card asks for the other results.
  const result = step.closing || chosen === 'not-qualified' ? chosen : null
  const nextStep = optionOf(card.nextStep, fields)
  const reason = optionOf(card.reason, fields)
  const postponedUntil = card.postponedUntil === null ? null : textsOf(fields[card.postponedUntil.field])[0] ?? null
  const state = { answered, missing, result, nextStep: nextStep?.code ?? null, reason: reason?.code ?? null, postponedUntil, disqualified }
  return { ...state, toAsk: toAskOf(card, state, reason, commentOf(card, fields)) }
}

const toAskOf = (card: Card, { result, missing, nextStep, postponedUntil }: Omit<CardState, 'toAsk'>, reason: RefusalReason | null, comment: string): readonly string[] => {
  if (result === 'postponed') return postponedUntil === null ? [postponedUntilCode] : []
  if (result === 'not-qualified') return reason === null ? (card.reason.options.length > 0 ? [reasonCode] : []) : refusalLacks(card, reason, comment, postponedUntil)
  return [...missing.map(({ code }) => code), ...(result === 'qualified' && nextStep === null && card.nextStep.options.length > 0 ? [nextStepCode] : [])]
}

/** What a reason of refusal wants besides being chosen (S3-27). */
export const refusalLacks = (card: Card, reason: RefusalReason, comment: string, postponedUntil: string | null): readonly string[] => [
  ...(reason.evidence === undefined ? (reason.commentRequired === true && comment === '' ? [commentCode] : []) : showsEvidence(comment) ? [] : [evidenceOf + reason.code]),
  ...(reason.returnDateAsked === true && card.postponedUntil !== null && postponedUntil === null ? [postponedUntilCode] : []),
]

/** What a reason lacks that wants more failed attempts than were made (S3-27.6). */
export const attemptsLack = ({ code, attemptsNeeded = 0 }: RefusalReason, made: number): readonly string[] => (made < attemptsNeeded ? [attemptsOf + code] : [])

/** A link, or enough words to mean something. */
export const showsEvidence = (comment: string): boolean => /https?:\/\/\S|\b[\w-]+\.(?:[a-z]{2,}|рф)\b/i.test(comment) || comment.trim().length >= evidenceLength

/** Characters of evidence in words. */
export const evidenceLength = 10

/** The comment as it stands in the lead, blanks around it left out. */
export const commentOf = ({ comment }: Card, fields: Lead['fields']): string => textsOf(fields[comment.field]).join(' ').trim()

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

/** Titles of questions by their codes, in the card's order; the result's own title for `result`. Evidence is told with its reason. */
export const questionTitles = (card: Card, codes: readonly string[], language: 'ru' | 'en'): readonly string[] => {
  const wanted = new Set(codes)
  const titles = [
    ...card.groups.flatMap(group => group.questions.filter(question => wanted.has(question.code)).map(question => question.title)),
    ...(wanted.has(commentCode) ? [card.comment.title] : []),
    ...(wanted.has(resultCode) ? [card.result.title] : []),
    ...(wanted.has(nextStepCode) ? [card.nextStep.title] : []),
    ...(wanted.has(reasonCode) ? [card.reason.title] : []),
    ...(wanted.has(postponedUntilCode) && card.postponedUntil !== null ? [card.postponedUntil.title] : []),
  ]
  const say = (title: Text) => (language === 'en' ? title.en ?? title.ru : title.ru)
  const evidence = card.reason.options.flatMap(({ code, title, evidence: shown }) => (shown !== undefined && wanted.has(evidenceOf + code) ? [evidenceWords[language](say(title), say(shown))] : []))
  const attempts = card.reason.options.flatMap(({ code, title, attemptsNeeded }) => (attemptsNeeded !== undefined && wanted.has(attemptsOf + code) ? [attemptsWords[language](say(title), attemptsNeeded)] : []))
  return [...titles.map(say), ...evidence, ...attempts]
}

const evidenceWords = {
  ru: (reason: string, evidence: string) => `Комментарий к причине «${reason}» («${evidence}»: ссылкой или не меньше ${evidenceLength} знаков)`,
  en: (reason: string, evidence: string) => `Comment on the reason “${reason}” (“${evidence}”: a link, or at least ${evidenceLength} characters)`,
} as const

const attemptsWords = {
  ru: (reason: string, needed: number) => `Попытки дозвониться: для причины «${reason}» нужно не меньше ${needed}`,
  en: (reason: string, needed: number) => `Attempts to reach the client: the reason “${reason}” needs at least ${needed}`,
} as const

const resultOf = ({ result }: Card, fields: Lead['fields']): CardState['result'] => {
  const values = textsOf(fields[result.field])
  if (values.includes(result.values.qualified)) return 'qualified'
  if (result.values.postponed !== null && values.includes(result.values.postponed)) return 'postponed'
  return values.includes(result.values.notQualified) ? 'not-qualified' : null
}

/** The chosen option with the rules that belong to it. */
export const chosenReason = (card: Card, fields: Lead['fields']): RefusalReason | null => optionOf(card.reason, fields)
export const chosenNextStep = (card: Card, fields: Lead['fields']): NextStepOption | null => optionOf(card.nextStep, fields)

const optionOf = <O extends { readonly value: string }>(list: { readonly field: FieldName; readonly options: readonly O[] }, fields: Lead['fields']): O | null => {
  const values = textsOf(fields[list.field])
  return list.options.find(option => values.includes(option.value)) ?? null
}
