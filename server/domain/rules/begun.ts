/** Has the responsible begun with the lead that distribution gave him? */
import type { Reason } from '../command.ts'
import { toMoment, toMs } from '../time.ts'
import type { Moment } from '../watch.ts'
import { textsOf } from './answers.ts'
import { firstContact } from './contact.ts'
import { followUpSeen } from './tasks.ts'
import { activeWatch, give } from './turn.ts'
import type { Turn } from './turn.ts'

/** Somebody has moved the lead to another stage: it is being worked on. */
export const noteMoved = (turn: Turn): void => {
  if (turn.regulation.distribution.takeWithin !== null && isWaitedFor(turn)) noteBegun(turn, { rule: 'begun', how: 'moved', at: turn.at })
}

/** When to look whether the lead has been begun; null when nothing is waited for. */
export const takeByOf = (turn: Turn): Moment | null => (turn.regulation.distribution.takeWithin !== null && isWaitedFor(turn) ? activeWatch(turn).step?.takeBy ?? null : null)

/** The responsible was given the lead by distribution, and has not begun. */
export const isWaitedFor = (turn: Turn): boolean => {
  const { life, responsibleId, chosenId } = activeWatch(turn)
  return chosenId !== null && life?.givenTo === responsibleId
}

type Begun = Extract<Reason, { rule: 'begun' }>

/** A contact with the client, a call of the responsible that reached nobody, a wait agreed with the client, an answer in the card, a closed task, or anything he did in the lead's tab. */
export const beginningOf = (turn: Turn): Begun | null => {
  const { contactedAt, contactsFrom, enteredAt, responsibleId } = activeWatch(turn)
  const since = contactsFrom ?? enteredAt
  const wait = activeWatch(turn).step?.waiting ?? null
  const contact = contactedAt ?? firstContact(turn.lead, turn.regulation, since, turn.nowMs)?.because.at
  if (contact !== undefined) return { rule: 'begun', how: 'contact', at: contact }
  const act = turn.lead.acts?.find(({ byUserId }) => byUserId === responsibleId)
  if (act !== undefined) return { rule: 'begun', how: 'opened', at: toMoment(act.at.epochMilliseconds) }
  // Somebody has agreed with the client when to go on.
  if (wait !== null) return { rule: 'begun', how: 'opened', at: wait.since }
  const tried = turn.lead.activities.find(one => one.kind === 'call' && one.direction === 'outgoing' && one.responsibleId === responsibleId && one.mark === null && !one.automatic && (one.call !== null || one.completed) && one.createdAt.epochMilliseconds >= toMs(since))
  if (tried !== undefined) return { rule: 'begun', how: 'contact', at: toMoment(tried.createdAt.epochMilliseconds) }
  return hasWorked(turn) ? { rule: 'begun', how: 'worked', at: turn.at } : null
}

/** The card or the follow-up is not as it was when the lead was given. */
const hasWorked = (turn: Turn): boolean => {
  const { givenWith, takeBy } = activeWatch(turn).step ?? {}
  const [version] = givenWith?.split(':') ?? []
  return givenWith !== undefined && takeBy !== undefined && version === String(turn.version) && givenWith !== stateOfWork(turn)
}

/** What the card and the follow-up show of somebody's work, as a checksum; another version may have another card. */
export const stateOfWork = (turn: Turn): string => {
  const { card } = turn.regulation
  const fields = [...card.groups.flatMap(({ questions }) => questions.map(({ field }) => field)), card.unknown.field, card.comment.field, card.result.field, card.nextStep.field, card.reason.field, ...(card.postponedUntil === null ? [] : [card.postponedUntil.field])]
  const text = [followUpSeen(turn)?.open === false, ...fields.map(field => textsOf(turn.lead.fields[field]).join('|'))].join('\n')
  let sum = 0
  for (let index = 0; index < text.length; index += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(index)) >>> 0
  return `${turn.version}:${sum.toString(36)}`
}

/** Remembers the beginning: from now on nobody takes the lead away. */
export const noteBegun = (turn: Turn, because: Begun): void => {
  give(turn, { kind: 'note', leadId: turn.lead.id, life: { givenTo: null, passedOn: [] }, step: { takenAt: because.at }, because })
}
