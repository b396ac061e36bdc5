/** The card as the present step sees it: a result that stood there before the lead came back is past (S3-28). */
import type { Lead } from '../lead.ts'
import type { Card, Step } from '../regulation.ts'
import { textsOf } from './answers.ts'
import { attemptsMade, type SeenTurn } from './attempts.ts'
import { attemptsLack, cardState, chosenReason, noCard } from './card.ts'
import type { CardState } from './card.ts'
import { activeWatch, give } from './turn.ts'
import type { Turn } from './turn.ts'

/** What was chosen, as text: another choice is a new result. Null: nothing. */
export const resultOfCard = (card: Card, fields: Lead['fields']): string | null => {
  const result = textsOf(fields[card.result.field]).join()
  const more = [card.reason.field, card.nextStep.field, ...(card.postponedUntil === null ? [] : [card.postponedUntil.field])].map(field => textsOf(fields[field]).join())
  return result === '' ? null : [result, ...more].join('|')
}

/** The card of the step, without a result of the lead's former life. A step that asks nothing can still end in a refusal. */
export const presentCard = (turn: Turn, step: Step): CardState => {
  const { card } = turn.regulation
  const state = step.card === null ? cardState({ ...card, groups: [] }, turn.lead.fields, { groups: [], closing: false }) : cardState(card, turn.lead.fields, step.card)
  if (step.card === null && state.result === null) return noCard
  const old = activeWatch(turn).life?.oldResult ?? null
  if (old === null || old !== resultOfCard(card, turn.lead.fields)) return withAttempts(turn, state)
  return { ...state, result: null, toAsk: state.missing.map(({ code }) => code) }
}

/** Codes of what the refusal in the card lacks, whenever it was written; null: there is none. */
export const refusalNeeds = (seen: SeenTurn): readonly string[] | null => {
  const { card } = seen.regulation
  const { result, toAsk } = cardState({ ...card, groups: [] }, seen.lead.fields, { groups: [], closing: false })
  return result === 'not-qualified' ? [...toAsk, ...attemptsNeeded(seen)] : null
}

const attemptsNeeded = (seen: SeenTurn): readonly string[] => {
  const reason = chosenReason(seen.regulation.card, seen.lead.fields)
  return reason === null ? [] : attemptsLack(reason, attemptsMade(seen))
}

/** A reason that is chosen after too few attempts lacks them. */
const withAttempts = (turn: Turn, state: CardState): CardState => {
  const lacks = state.result === 'not-qualified' ? attemptsNeeded(turn) : []
  return lacks.length === 0 ? state : { ...state, toAsk: [...state.toAsk, ...lacks] }
}

/** A result that was changed since is a new one, even if the old one is chosen again: a refusal that was confirmed before is not. */
export const forgetOldResult = (turn: Turn): void => {
  const { life, step } = activeWatch(turn)
  const now = resultOfCard(turn.regulation.card, turn.lead.fields)
  const isOver = (known: string | null | undefined): boolean => (known ?? null) !== null && known !== now
  const notes = { ...(isOver(life?.oldResult) ? { life: { oldResult: null } } : {}), ...(isOver(step?.refuse) ? { step: { refuse: null } } : {}) }
  if (Object.keys(notes).length > 0) give(turn, { kind: 'note', leadId: turn.lead.id, ...notes, because: { rule: 'daily-look' } })
}
