/** What a refusal still lacks is asked for once a working day; unanswered, it is told to the head (S3-27). */
import { Temporal } from 'temporal-polyfill'
import { localDay, nextWorkingMoment } from '../calendar.ts'
import type { Reason } from '../command.ts'
import type { UserId } from '../lead.ts'
import { toMs } from '../time.ts'
import type { LifeNotes } from '../watch.ts'
import { calendarOf } from './calendars.ts'
import { headFor } from './heads.ts'
import { give, isDismissed, nameOf } from './turn.ts'
import type { Turn } from './turn.ts'

type Asked = NonNullable<LifeNotes['refusalAsked']>

/**
 * Asks this person for what the refusal lacks: at once, then at the beginning of each of the next three working days, then the head is told.
 * Gives the moment (epoch milliseconds) of the next question; null when nothing more is asked.
 */
export const askUntilAnswered = (turn: Turn, what: string, userId: UserId, because: Reason): number | null => {
  const life = turn.watch.status === 'closed' ? turn.watch.life : undefined
  const known = life?.refusalAsked?.what === what ? life.refusalAsked : null
  if (known === null) {
    const askedId = isDismissed(turn.context, userId) ? headFor(turn, userId) ?? userId : userId
    return ask(turn, { what, times: 1, lastAt: turn.at, userId: askedId, isEscalated: isDismissed(turn.context, askedId) }, because)
  }
  if (known.isEscalated) return null
  const isGone = isDismissed(turn.context, known.userId)
  const nextMs = nextDayMs(turn, known)
  if (!isGone && (nextMs === null || nextMs > turn.nowMs)) return nextMs
  if (!isGone && known.times <= repeats) return ask(turn, { ...known, times: known.times + 1, lastAt: turn.at }, because)
  escalate(turn, known, because)
  return null
}

/** So often is the question put again. */
const repeats = 3

const ask = (turn: Turn, asked: Asked, because: Reason): number | null => {
  note(turn, asked, because)
  tell(turn, asked.userId, asked.what, because)
  return nextDayMs(turn, asked)
}

const escalate = (turn: Turn, asked: Asked, because: Reason): void => {
  note(turn, { ...asked, isEscalated: true }, because)
  const head = headFor(turn, asked.userId)
  if (head !== undefined) tell(turn, head, `${asked.what}-head`, { rule: 'refusal-unanswered', userId: asked.userId, name: nameOf(turn.context, asked.userId), times: asked.times })
}

/** When the asked person's next working day begins. */
const nextDayMs = (turn: Turn, { lastAt, userId, isEscalated }: Asked): number | null => {
  if (isEscalated) return null
  const calendar = calendarOf(turn, userId)
  const { end } = localDay(calendar, toMs(lastAt))
  return nextWorkingMoment(calendar, Temporal.Instant.fromEpochMilliseconds(end))?.epochMilliseconds ?? null
}

const note = (turn: Turn, refusalAsked: Asked, because: Reason): void => { give(turn, { kind: 'note', leadId: turn.lead.id, life: { refusalAsked }, because }) }

const tell = (turn: Turn, userId: UserId, purpose: string, because: Reason): void => {
  give(turn, { kind: 'notify', leadId: turn.lead.id, userId, mark: refusalMark(turn, `${purpose}-${Math.floor(turn.nowMs / 1_000)}`), about: 'reason-needed', incidentId: null, because })
}

/** Marks of a closed lead; its round grows when it comes back. */
export const refusalMark = ({ lead, watch }: Turn, purpose: string): string => `${lead.id}-refused-${watch.status === 'closed' ? watch.round ?? 0 : 0}-${purpose}`
