/** The card: its lists, its conditions, its reasons. */
import type { Card, Option, Question, Regulation } from '../regulation.ts'
import { circles, conditionProblems, testProblems } from './conditions.ts'
import { placeOf } from './missing.ts'
import { error, repeats, warning } from './problem.ts'
import type { Problem } from './problem.ts'

/** A card that no step asks for is left alone. */
export const cardProblems = (regulation: Regulation): readonly Problem[] => {
  const { card, steps } = regulation
  if (!steps.some(step => step.card !== null)) return []
  const placed = placedQuestions(card)
  const questions = new Map(placed.map(({ question }) => [question.code, question]))
  const used = [
    ...placed.map(({ question, path }) => ({ path, code: question.code, field: question.field })),
    ...(['comment', 'result', 'nextStep', 'reason', 'unknown'] as const).map(code => ({ path: `card.${code}`, code, field: card[code].field })),
  ]
  const written = [...used, ...(card.postponedUntil === null ? [] : [{ path: 'card.postponedUntil', field: card.postponedUntil.field }])]
  const asked = new Set(steps.flatMap(step => (step.card === null ? [] : step.card.groups.length === 0 ? card.groups.map(({ id }) => id) : step.card.groups)))
  const isClosing = steps.some(step => step.card?.closing === true)
  return [
    ...repeats(card.groups.map(({ id }) => id)).map(({ value, index }) => error(`card.groups.${index}.id`, { kind: 'duplicate-code', code: value })),
    ...repeats(used.map(({ code }) => code)).map(({ value, index }) => error(`${used[index]?.path ?? 'card'}.code`, { kind: 'duplicate-code', code: value })),
    ...repeats(used.map(({ field }) => field)).map(({ value, index }) => error(`${used[index]?.path ?? 'card'}.field`, { kind: 'duplicate-field', field: value }, placeOf(regulation, used[index]?.path ?? ''))),
    ...written.flatMap(({ path, field }) => (isWritable(field) ? [] : [error(`${path}.field`, { kind: 'field-not-writable', field }, placeOf(regulation, path))])),
    ...card.groups.flatMap((group, index) => (asked.has(group.id) ? [] : [warning(`card.groups.${index}`, { kind: 'group-never-asked' }, group.title)])),
    ...placed.flatMap(({ question, path }) => questionProblems(question, path, questions, card)),
    ...circles(placed.map(({ question }) => question)).map(codes => error('card.groups', { kind: 'cyclic-condition', questions: codes.map(code => questions.get(code)?.title.ru ?? code) })),
    ...(isClosing ? [...listProblems('nextStep', card.nextStep.options, `card.nextStep`, card.nextStep.title), ...listProblems('reason', card.reason.options, 'card.reason', card.reason.title)] : []),
    ...resultProblems(card),
    ...card.nextStep.options.flatMap(({ stay, stageId, title }, index) => (stay === true && (stageId ?? null) !== null ? [error(`card.nextStep.options.${index}.stay`, { kind: 'stay-and-go', option: title.ru }, card.nextStep.title)] : [])),
    ...reasonProblems(regulation),
  ]
}

const placedQuestions = (card: Card) => card.groups.flatMap((group, place) => group.questions.map((question, index) => ({ question, path: `card.groups.${place}.questions.${index}` })))

/** What the portal itself keeps: read-only by crm.item.fields (crm-item-fields.md), or moved by the rules and by automation, never by an answer. */
const kept: ReadonlySet<string> = new Set([
  'id', 'entityTypeId', 'categoryId', 'createdTime', 'updatedTime', 'createdBy', 'updatedBy', 'movedTime', 'movedBy', 'lastActivityTime', 'lastActivityBy',
  'stageId', 'previousStageId', 'stageSemanticId', 'assignedById', 'observers', 'opened', 'companyId', 'contactId', 'contactIds', 'contacts', 'leadId', 'isReturnCustomer',
])
const isWritable = (field: string): boolean => !kept.has(field)

const questionProblems = (question: Question, path: string, questions: ReadonlyMap<string, Question>, card: Card): readonly Problem[] => [
  ...(question.kind === 'list' || question.kind === 'multilist' ? listProblems(question.code, question.options, path, question.title) : []),
  ...(question.onlyIf === undefined ? [] : conditionProblems(question.onlyIf, questions, `${path}.onlyIf`, question.title)),
  ...(question.disqualifies === undefined
    ? []
    : [...testProblems(question.code, question.disqualifies.when, questions, `${path}.disqualifies.when`, question.title), ...unknownReason(card, question.disqualifies.reason, `${path}.disqualifies.reason`)]),
]

const listProblems = (code: string, options: readonly Option[], path: string, place: Question['title']): readonly Problem[] => [
  ...(options.length === 0 ? [error(`${path}.options`, { kind: 'no-options' }, place)] : []),
  ...repeats(options.map(option => option.code)).map(({ value, index }) => error(`${path}.options.${index}.code`, { kind: 'duplicate-code', code: `${code}.${value}` }, place)),
  ...options.flatMap(({ value, title }, index) => (value === '' ? [error(`${path}.options.${index}.value`, { kind: 'missing-option-value', option: title.ru }, place)] : [])),
  ...repeats(options.map(({ value }) => value)).flatMap(({ value, index }) => (value === '' ? [] : [error(`${path}.options.${index}.value`, { kind: 'same-option-value', option: options[index]?.title.ru ?? '', first: options.find(option => option.value === value)?.title.ru ?? '' }, place)])),
]

const resultKeys = ['qualified', 'notQualified', 'postponed'] as const

const resultProblems = ({ result, postponedUntil, reason }: Card): readonly Problem[] => [
  ...resultKeys.flatMap(key => (result.values[key] === '' ? [error(`card.result.values.${key}`, { kind: 'missing-option-value', option: key }, result.title)] : [])),
  ...repeats(resultKeys.map(key => result.values[key])).flatMap(({ value, index }) => ((value ?? '') === '' ? [] : [error(`card.result.values.${resultKeys[index] ?? ''}`, { kind: 'same-result-value', value: value ?? '' }, result.title)])),
  ...(result.values.postponed !== null && postponedUntil === null ? [error('card.postponedUntil', { kind: 'postponed-without-date' }, result.title)] : []),
  ...reason.options.flatMap((option, index) => (option.returnDateAsked === true && postponedUntil === null ? [error(`card.reason.options.${index}.returnDateAsked`, { kind: 'postponed-without-date' }, option.title)] : [])),
]

const reasonProblems = ({ card, attempts }: Regulation): readonly Problem[] => [
  ...unknownReason(card, attempts.reason, 'attempts.reason'),
  ...unknownReason(card, attempts.wrongNumberReason, 'attempts.wrongNumberReason'),
]

const unknownReason = ({ reason }: Card, code: string | null, path: string): readonly Problem[] =>
  (code === null || reason.options.some(option => option.code === code) ? [] : [error(path, { kind: 'unknown-reason', reason: code })])
