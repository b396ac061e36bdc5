/** What runs along with the leads of a simulation: messages under way, and how many leads everybody has. */
import { localDay } from '../calendar.ts'
import type { Command, Context } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { CalendarData } from '../regulation.ts'
import { dayMs, toInstant, toMs } from '../time.ts'
import type { OpenBefore } from './before.ts'

interface Delivery { readonly ms: number; readonly userId: UserId; readonly incidentId: string; readonly leadId: Context['misses'][number][number]['leadId'] }

/** A miss counts once its message is delivered: at once, or when quiet hours are over. Older ones than the window are forgotten. */
export const createDeliveries = (windowDays: number) => {
  let held: readonly Delivery[] = []
  const deliver = (context: Context, deliveries: readonly Delivery[]): Context => deliveries.reduce((seen, { ms, userId, incidentId, leadId }) => {
    const earlier = (seen.misses[userId] ?? []).filter(miss => ms - toMs(miss.deliveredAt) <= windowDays * dayMs)
    return { ...seen, misses: { ...seen.misses, [userId]: [...earlier, { incidentId, leadId, deliveredAt: toInstant(ms).toString() }] } }
  }, context)
  return {
    /** The context with everything delivered by now. */
    on: (context: Context, nowMs: number): Context => {
      const due = held.filter(({ ms }) => ms <= nowMs)
      if (due.length === 0) return context
      held = held.filter(({ ms }) => ms > nowMs)
      return deliver(context, [...due].sort((a, b) => a.ms - b.ms))
    },
    /** The context after the messages of a look were sent. */
    send: (context: Context, commands: readonly Command[], nowMs: number): Context => {
      const sent = commands.flatMap((command): Delivery[] => (command.kind === 'notify' && command.about === 'missed' && command.incidentId !== null
        ? [{ ms: command.notBefore === undefined ? nowMs : Math.max(nowMs, toMs(command.notBefore)), userId: command.userId, incidentId: command.incidentId, leadId: command.leadId }]
        : []))
      held = [...held, ...sent.filter(({ ms }) => ms > nowMs)]
      return deliver(context, sent.filter(({ ms }) => ms <= nowMs))
    },
  }
}

/** Open leads of everybody whom the rules have chosen, those that he had before included, and how many he got today. */
export const createLoads = (calendar: CalendarData, before: readonly OpenBefore[] = []) => {
  const turns = before.flatMap(({ userId, spans }) => spans.flatMap(({ fromMs, toMs: endMs }) => [{ ms: fromMs, userId, by: 1 }, ...(endMs === null ? [] : [{ ms: endMs, userId, by: -1 }])])).sort((a, b) => a.ms - b.ms)
  let nextTurn = 0
  const holders = new Map<number, UserId>()
  const counts = new Map<number, { open: number; today: number; waiting: number }>()
  let dayEndsMs = -Infinity
  let isChanged = false
  const of = (userId: UserId) => {
    const known = counts.get(userId) ?? { open: 0, today: 0, waiting: 0 }
    counts.set(userId, known)
    isChanged = true
    return known
  }
  const drop = (leadId: number): void => {
    const holder = holders.get(leadId)
    if (holder === undefined) return
    holders.delete(leadId)
    of(holder).open -= 1
  }
  return {
    /** The context with the loads of now. */
    on: (context: Context, nowMs: number): Context => {
      for (let turn = turns[nextTurn]; turn !== undefined && turn.ms <= nowMs; turn = turns[nextTurn]) {
        of(turn.userId).open += turn.by
        nextTurn += 1
      }
      if (nowMs >= dayEndsMs) {
        dayEndsMs = localDay(calendar, nowMs).end
        for (const count of counts.values()) count.today = 0
        isChanged = true
      }
      if (!isChanged) return context
      isChanged = false
      return { ...context, load: Object.fromEntries([...counts].map(([userId, count]) => [userId, { ...count }])) }
    },
    note: (leadId: number, command: Command): void => {
      if (command.kind === 'note' && command.waits !== undefined) of(command.waits.userId).waiting += command.waits.by
      if (command.kind !== 'assign' && command.kind !== 'note-responsible') return
      drop(leadId)
      if (command.isTest === true) return
      holders.set(leadId, command.userId)
      const count = of(command.userId)
      count.open += 1
      count.today += command.poolId === undefined ? 0 : 1
    },
    drop,
  }
}
