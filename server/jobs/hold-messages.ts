/** A message that was decided by day and is late must not wake anybody at night: quiet hours are asked again before it goes out. */
import { Temporal } from 'temporal-polyfill'
import { quietFor } from '../domain/rules/quiet.ts'
import type { Queries } from '../store/database.ts'
import { putOffInOutbox, type OutboxItem } from '../store/outbox.ts'
import { factsOf } from '../store/portal-facts.ts'
import { regulationInForce, regulationVersions } from '../store/regulations.ts'
import { watchesOf } from '../store/watches.ts'
import type { Clock, Room } from './ports.ts'

/** Puts claimed messages of quiet hours off to their end, by the recipient's calendar under the lead's version, and answers what is to be carried out now. */
export const holdLateMessages = async (room: Room, tx: Queries, memberId: string, items: readonly OutboxItem[]): Promise<readonly OutboxItem[]> => {
  const messages = items.flatMap(({ mark, command }) => (command.kind === 'notify' ? [{ mark, leadId: command.leadId, userId: command.userId }] : []))
  const facts = messages.length === 0 ? undefined : (await factsOf(tx, memberId))?.facts
  if (facts === undefined) return items
  const watches = await watchesOf(tx, memberId, [...new Set(messages.map(({ leadId }) => leadId))])
  const versions = new Map([...watches].map(([leadId, { watch }]) => [leadId, watch.status === 'unseen' ? undefined : watch.regulationVersion]))
  const documents = await regulationVersions(tx, memberId, [...new Set([...versions.values()].filter(version => version !== undefined))])
  const inForce = (await regulationInForce(tx, memberId))?.regulation
  const now = room.clock.now()
  const held = messages.flatMap(({ mark, leadId, userId }) => {
    const regulation = documents.get(versions.get(leadId) ?? 0) ?? inForce
    const end = regulation === undefined ? null : quietFor({ regulation, context: facts }, userId, now.epochMilliseconds)
    return end === null ? [] : [{ mark, notBefore: inRealTime(room.clock, end, now) }]
  })
  await putOffInOutbox(tx, memberId, held)
  const marks = new Set(held.map(({ mark }) => mark))
  return items.filter(({ mark }) => !marks.has(mark))
}

/** The real moment at which the room's clock shows `atMs` (epoch milliseconds): the outbox waits in real time. */
export const inRealTime = (clock: Clock, atMs: number, now: Temporal.Instant): Temporal.Instant =>
  Temporal.Now.instant().add({ milliseconds: Math.ceil(Math.max(0, atMs - now.epochMilliseconds) / clock.speed()) })
