/** A deadline that a person moved after we decided to change it: his stays. */
import type { Temporal } from 'temporal-polyfill'
import type { LeadId } from '../domain/lead.ts'
import { isMovedSince } from '../domain/rules/tasks.ts'
import { PortalError } from '../portal/error.ts'
import type { OutboxItem } from '../store/outbox.ts'
import type { CarriedOut, Room } from './ports.ts'

/** Leads of one look. */
const leadsPerLook = 50

export interface Kept {
  /** What is still to be carried out. */
  readonly items: readonly OutboxItem[]
  /** Of changes that are void: the next look follows the person's deadline. */
  readonly outcomes: readonly CarriedOut[]
}

/** Looks at the follow-ups that are about to get another deadline, and leaves out the deadlines that a person has moved meanwhile. Throws `PortalError`. */
export const keepMoved = async (room: Room, memberId: string, items: readonly OutboxItem[]): Promise<Kept> => {
  const changing = [...new Set(items.flatMap(({ command }) => (command.kind === 'change-follow-up' && command.unlessMoved !== undefined ? [command.leadId] : [])))]
  if (changing.length === 0) return { items, outcomes: [] }
  const deadlines = await deadlinesOf(room, memberId, changing)
  const left: OutboxItem[] = []
  const outcomes: CarriedOut[] = []
  for (const item of items) {
    const { mark, command } = item
    if (command.kind !== 'change-follow-up' || !isMovedSince(command, deadlines.get(command.followUp) ?? null)) left.push(item)
    else if (command.responsibleId !== null) left.push({ ...item, command: { ...command, deadlineAt: null } })
    else outcomes.push({ mark, ok: false, error: new PortalError({ code: 'not-found', method: command.kind, bitrixMessage: 'a person has moved the deadline meanwhile' }) })
  }
  return { items: left, outcomes }
}

/** Present deadlines of open follow-ups, by mark. */
const deadlinesOf = async (room: Room, memberId: string, leadIds: readonly LeadId[]) => {
  const deadlines = new Map<string, Temporal.Instant>()
  for (let start = 0; start < leadIds.length; start += leadsPerLook) {
    for (const sight of await room.portals.readSights(memberId, leadIds.slice(start, start + leadsPerLook), [])) {
      if (sight.kind !== 'seen') continue
      for (const { mark, open, deadlineAt } of sight.lead.followUps) if (open && deadlineAt !== null) deadlines.set(mark, deadlineAt)
    }
  }
  return deadlines
}
