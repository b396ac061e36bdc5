/** Who has a claim to a lead before the pool: whoever talked to the client, the client's responsible, the channel's person. */
import type { Candidate, Reason } from '../command.ts'
import type { Duplicate, UserId } from '../lead.ts'
import { toMoment, toMs } from '../time.ts'
import { channelOf, poolOfLead } from './channels.ts'
import { fallbackOf, isAway, isOfPool, keptCandidates } from './distribution.ts'
import { byStrength, isHint, isNotTheSame, ownerInRun } from './duplicates.ts'
import { activeWatch, inLanguage, nameOf, personOf } from './turn.ts'
import type { Turn } from './turn.ts'

export interface Claim {
  readonly userId: UserId
  /** The ledger that counts the lead; left out when it does not take the place of one given in turn. */
  readonly poolId?: string
  readonly because: Extract<Reason, { rule: 'distribution-caller' | 'distribution-client' | 'distribution-person' }>
}

/**
 * The first claim in the order of the product: caller (S0-4), client's responsible (S2-6, S1-D6), channel's person (S1-A7). Null: the pool.
 * Dismissed and absent people have none, nor has whoever had the lead and did not begin.
 * `atWork`: only people who are at work now, for a lead that waits for somebody.
 */
export const claimOf = (turn: Turn, atWork: boolean): Claim | null => callerOf(turn, atWork) ?? clientResponsible(turn, atWork) ?? channelPerson(turn, atWork)

/**
 * Whoever made the lead's first call, or took it. A missed call was taken by nobody. A call taken counts in the ledger like a lead given in
 * turn; one that a person made himself is his own work and takes nothing from his part.
 */
const callerOf = (turn: Turn, atWork: boolean): Claim | null => {
  if (!turn.regulation.distribution.keepCaller) return null
  const { contactsFrom, enteredAt } = activeWatch(turn)
  const sinceMs = toMs(contactsFrom ?? enteredAt)
  const calls = turn.lead.activities.flatMap((activity) => {
    const { responsibleId, call } = activity
    const atMs = (activity.endedAt ?? activity.startedAt ?? activity.createdAt).epochMilliseconds
    const taken = activity.direction === 'outgoing' ? call !== null || activity.completed : call?.reached ?? activity.completed
    return activity.kind === 'call' && activity.mark === null && !activity.automatic && taken && responsibleId !== null && atMs >= sinceMs && atMs <= turn.nowMs && mayClaim(turn, responsibleId, atWork)
      ? [{ userId: responsibleId, atMs, isOutgoing: activity.direction === 'outgoing' }]
      : []
  })
  const first = calls.reduce<(typeof calls)[number] | undefined>((best, next) => (best === undefined || next.atMs < best.atMs ? next : best), undefined)
  if (first === undefined) return null
  const { userId, atMs, isOutgoing } = first
  const because = { rule: 'distribution-caller', userId, name: nameOf(turn.context, userId), at: toMoment(Math.floor(atMs / 1_000) * 1_000) } as const
  return isOutgoing ? { userId, because } : { userId, ...inLedger(turn, userId, because) }
}

/** The bound company's responsible, else the bound contact's, else that of the strongest duplicate. */
const clientResponsible = (turn: Turn, atWork: boolean): Claim | null => {
  const { regulation, lead } = turn
  if (!regulation.distribution.keepClientResponsible) return null
  const bound = [...(lead.clients ?? [])].sort((a, b) => Number(b.kind === 'company') - Number(a.kind === 'company')).map(({ name, responsibleId }) => ({ client: name, userId: responsibleId }))
  const found = byStrength(lead.duplicates ?? []).flatMap((duplicate) => {
    if (isHint(duplicate) || isNotTheSame(turn, duplicate)) return []
    return [{ client: duplicate.title, userId: duplicate.kind === 'lead' ? responsibleOfLead(turn, duplicate) : duplicate.responsibleId }]
  })
  for (const { client, userId } of [...bound, ...found]) {
    if (userId === null || !mayClaim(turn, userId, atWork) || isOnlyFallback(turn, userId)) continue
    return { userId, because: { rule: 'distribution-client', userId, name: nameOf(turn.context, userId), client } }
  }
  return null
}

const channelPerson = (turn: Turn, atWork: boolean): Claim | null => {
  const channel = channelOf(turn)
  if (channel?.handledBy?.kind !== 'person' || !mayClaim(turn, channel.handledBy.userId, atWork)) return null
  const { userId } = channel.handledBy
  return { userId, because: { rule: 'distribution-person', userId, name: nameOf(turn.context, userId), channel: inLanguage(channel.name, turn.context.language) } }
}

/** An open lead's responsible counts when he is one of a pool, or was chosen a moment ago; one that waits itself, or comes later, tells nothing. */
const responsibleOfLead = (turn: Turn, { id, open, responsibleId }: Duplicate): UserId | null => {
  if (!open || id === turn.lead.id) return null
  const chosen = ownerInRun(turn, id)
  if (chosen !== undefined) return chosen
  const { pools } = turn.regulation.distribution
  return id < turn.lead.id && responsibleId !== null && pools.some(pool => isOfPool(pool, turn.context, responsibleId)) ? responsibleId : null
}

const mayClaim = (turn: Turn, id: UserId, atWork: boolean): boolean => {
  const person = personOf(turn.context, id)
  if (person === undefined || !person.active || person.absent || activeWatch(turn).life?.passedOn?.includes(id) === true) return false
  return !atWork || !isAway(person, turn.calendar, turn.nowMs)
}

/** The integration's user owns what it made: he is nobody's manager unless he stands in a pool. */
const isOnlyFallback = ({ regulation: { distribution }, context }: Turn, id: UserId): boolean =>
  id === fallbackOf(distribution, context) && !distribution.pools.some(pool => isOfPool(pool, context, id))

/** The reason with the pool as it stands, so that the ledger counts the lead for a member of it. */
export const inLedger = <R extends Reason & { readonly candidates?: readonly Candidate[] }>(turn: Turn, id: UserId, because: R): { readonly poolId?: string; readonly because: R } => {
  const pool = poolOfLead(turn)
  if (!isOfPool(pool, turn.context, id)) return { because }
  return { poolId: pool.id, because: { ...because, candidates: keptCandidates(turn.regulation.distribution, pool, turn.context, turn.calendar, turn.nowMs, id) } }
}
