/** Conversions as people ask for them: begun, gone on with, taken back, undone. What is asked for is on disk before it is answered. */
import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Plan } from '../domain/conversion/plan.ts'
import type { ConversionStep } from '../domain/conversion/step.ts'
import type { UndoStep } from '../domain/conversion/undo.ts'
import type { LeadId, UserId } from '../domain/lead.ts'
import { addConversion, changeConversion, conversionOf, conversionStatusOf, lastConversionOf, pauseConversion, takeDueConversions, type ConversionStatus, type StoredConversion } from '../store/conversions.ts'
import { outlookOf, wayBackOf } from './convert-back.ts'
import { portalOf, runConversion } from './convert.ts'
import { goOn } from './held.ts'
import { openPersonTokens } from './person-tokens.ts'
import { pauseAfter } from './portal-trouble.ts'
import type { Room, TakenBack } from './ports.ts'

export interface ConversionAsk {
  readonly leadId: LeadId
  readonly byUserId: UserId
  readonly byUserName: string
  readonly accessToken: string
  readonly regulationVersion: number
  readonly plan: Plan
  readonly steps: readonly ConversionStep[]
  /** Days within which it may be undone once it is done; 0: never. */
  readonly undoDays: number
}

export interface UndoOutlook { readonly undo: UndoStep; readonly outlook: TakenBack }

/** Every function that answers a conversion waits for its end for a while; it goes on without whoever has asked. */
export interface ConversionDesk {
  /** The one under way if there is one: pressed twice it is one conversion. */
  begin(memberId: string, ask: ConversionAsk): Promise<StoredConversion>
  /** The one under way, else the newest; null when the lead has none. */
  last(memberId: string, leadId: LeadId): Promise<StoredConversion | null>
  status(memberId: string, leadId: LeadId): Promise<ConversionStatus | null>
  /** Of a held one: what it was stopped at again. Null when it is not held. */
  retry(memberId: string, id: string, accessToken: string): Promise<StoredConversion | null>
  /** Of one that `mayTakeBack`; null otherwise. */
  takeBack(memberId: string, id: string): Promise<StoredConversion | null>
  /** What would become of each part. Throws `PortalError`. */
  outlook(memberId: string, id: string): Promise<readonly UndoOutlook[]>
  /** Null when it is not done, or its time is over. */
  undo(memberId: string, id: string, byUserId: UserId): Promise<StoredConversion | null>
}

export interface Conversions extends ConversionDesk {
  /** Takes up what its process has left behind, or what has paused long enough. */
  takeUp(): Promise<void>
  /** Ends after the step that is under way. */
  stop(): Promise<void>
}

/** Of one process at once. */
const places = 8
/** Real time for which whoever begins or takes up a conversion has it for himself; the lead's lock holds for as long as he works on it. */
const headStartMs = 10_000
const headStart = (): Temporal.Instant => Temporal.Now.instant().add({ milliseconds: headStartMs })

/** What stops by itself may be taken back by a person: a held one that is not on its way back already, and one that fails again and again. */
export const mayTakeBack = ({ status, why, failures }: Pick<StoredConversion, 'status' | 'why' | 'failures'>): boolean =>
  (status === 'held' && wayBackOf({ status, why }) === null) || (status === 'running' && failures > 0)

export const openConversions = (room: Room): Conversions => {
  const { database: { db, transaction }, timing } = room
  const running = new Map<string, { readonly memberId: string; readonly id: string; readonly run: Promise<unknown> }>()
  /** How many people wait for each. */
  const awaited = new Map<string, number>()
  const tokens = openPersonTokens()
  let isStopping = false

  const start = (memberId: string, id: string, leadId: LeadId, accessToken: string | null): Promise<unknown> => {
    const key = `${memberId} ${id}`
    if (accessToken !== null) tokens.keep(key, accessToken)
    const known = running.get(key)
    if (known !== undefined) return known.run
    const run = runConversion(room, { memberId, id, leadId, accessToken: tokens.of(key), isOver: () => isStopping, isAwaited: () => (awaited.get(key) ?? 0) > 0, onTokenRefused: () => tokens.drop(key) })
      .catch((error: unknown) => leaveForLater(memberId, id, leadId, error))
      .catch((error: unknown) => room.log.error({ memberId, leadId, conversion: id, error }, 'conversion.not-put-off'))
      .then(() => letGo(memberId, id, key))
      .finally(() => running.delete(key))
    running.set(key, { memberId, id, run })
    return run
  }

  /** His token is needed until nothing is made any more; what only pauses goes on with it. */
  const letGo = async (memberId: string, id: string, key: string): Promise<void> => {
    if (tokens.of(key) === null) return
    const left = await conversionOf(db, memberId, id).catch(() => undefined)
    if (left !== undefined && left?.status !== 'running') tokens.drop(key)
  }

  /** A fault of ours: the others must not wait for it, and the log must not fill with it. */
  const leaveForLater = async (memberId: string, id: string, leadId: LeadId, error: unknown): Promise<void> => {
    room.log.error({ memberId, leadId, conversion: id, error }, 'conversion.failed')
    const failures = (await conversionOf(db, memberId, id))?.failures ?? 0
    await pauseConversion(db, memberId, id, Temporal.Now.instant().add({ milliseconds: pauseAfter(room, failures) }))
  }

  const startAndWait = async (memberId: string, conversion: StoredConversion, accessToken: string | null): Promise<StoredConversion> => {
    const key = `${memberId} ${conversion.id}`
    awaited.set(key, (awaited.get(key) ?? 0) + 1)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, timing.convertMs) })
    await Promise.race([start(memberId, conversion.id, conversion.leadId, accessToken), late]).finally(() => {
      clearTimeout(timer)
      const left = (awaited.get(key) ?? 1) - 1
      if (left > 0) awaited.set(key, left)
      else awaited.delete(key)
    })
    return await conversionOf(db, memberId, conversion.id) ?? conversion
  }

  return {
    begin: async (memberId, { leadId, byUserId, byUserName, accessToken, regulationVersion, plan, steps, undoDays }) => {
      const id = randomUUID()
      const isNew = await transaction(tx => addConversion(tx, memberId, {
        id, leadId, byUserId, byUserName, regulationVersion, plan, steps, undoDays,
        startedAt: room.clock.now(), notBefore: headStart(),
      }))
      const conversion = isNew ? await conversionOf(db, memberId, id) : await lastConversionOf(db, memberId, leadId)
      if (conversion === null) throw new Error('the conversion is not to be found')
      return isNew ? startAndWait(memberId, conversion, accessToken) : conversion
    },
    last: (memberId, leadId) => lastConversionOf(db, memberId, leadId),
    status: (memberId, leadId) => conversionStatusOf(db, memberId, leadId),
    retry: async (memberId, id, accessToken) => {
      const conversion = await conversionOf(db, memberId, id)
      if (conversion === null || conversion.status !== 'held') return null
      const isOurs = await goOn(room, memberId, conversion, headStart())
      return isOurs ? startAndWait(memberId, conversion, accessToken) : conversionOf(db, memberId, id)
    },
    takeBack: async (memberId, id) => {
      const conversion = await conversionOf(db, memberId, id)
      if (conversion === null || !mayTakeBack(conversion) || !await changeConversion(db, memberId, id, ['held', 'running'], { to: 'taking-back', why: 'asked' })) return null
      return startAndWait(memberId, conversion, null)
    },
    outlook: async (memberId, id) => {
      const conversion = await conversionOf(db, memberId, id)
      return conversion === null ? [] : outlookOf({ portal: portalOf(room), memberId, conversion })
    },
    undo: async (memberId, id, byUserId) => {
      const conversion = await conversionOf(db, memberId, id)
      if (conversion === null || conversion.undoUntil === null || Temporal.Instant.compare(Temporal.Instant.from(conversion.undoUntil), room.clock.now()) <= 0) return null
      if (!await changeConversion(db, memberId, id, ['done'], { to: 'undoing', undoneById: byUserId, why: null, words: null })) return null
      return startAndWait(memberId, conversion, null)
    },
    takeUp: async () => {
      if (running.size >= places) return
      const due = await takeDueConversions(db, Temporal.Now.instant(), { limit: places - running.size, until: headStart(), except: [...running.values()] })
      for (const { memberId, id, leadId } of due) void start(memberId, id, leadId, null)
    },
    stop: async () => {
      isStopping = true
      await Promise.all([...running.values()].map(({ run }) => run))
    },
  }
}
