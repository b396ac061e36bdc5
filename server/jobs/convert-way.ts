/** What going forward and going back have in common: the way of one conversion, its pauses, its end. */
import { Temporal } from 'temporal-polyfill'
import type { ConversionStep, StepResult } from '../domain/conversion/step.ts'
import type { ObjectRef } from '../domain/conversion/undo.ts'
import type { ConversionEnd } from '../domain/lead.ts'
import type { PortalError, PortalErrorCode } from '../portal/error.ts'
import { addAct } from '../store/acts.ts'
import { changeConversion, forgetFailures, noteStep, pauseConversion, type ConversionStatus, type StatusChange, type StepEnd, type StoredConversion, type StoredStep } from '../store/conversions.ts'
import type { Queries } from '../store/database.ts'
import { addToInbox } from '../store/inbox.ts'
import { pauseAfter } from './portal-trouble.ts'
import type { ConversionPortal, Room } from './ports.ts'

export interface Way {
  readonly room: Room
  readonly portal: ConversionPortal
  readonly memberId: string
  readonly conversion: StoredConversion
  readonly accessToken: string | null
  /** Of the lead's lock: aborted when it is lost, and somebody else goes on. */
  readonly held: AbortSignal
  /** Whoever has clicked still waits for the answer. */
  readonly isAwaited: () => boolean
  /** Objects that stay because somebody has touched them since, looked for once. */
  readonly keptObjects: (way: Omit<Way, 'keptObjects'>) => Promise<readonly ObjectRef[]>
}

/** `without-person`: the person's token is of no use any more. */
export type Next = 'on' | 'over' | 'without-person'

/** Steps whose repeat would make a second one: what was made is looked for by its mark. */
export const makers: ReadonlySet<ConversionStep['kind']> = new Set<ConversionStep['kind']>(['create', 'requisites', 'products', 'tell'])

/** Tried again without end; a person may take the conversion back meanwhile. */
export const passing: ReadonlySet<PortalErrorCode> = new Set(['rate-limited', 'method-blocked', 'unavailable', 'unknown-outcome', 'overloaded', 'expired-token'])
/** An answer that nobody knows is tried again so often before it counts as a refusal. */
export const mostUnexpected = 3

/** An attempt may still be under way on the portal. */
export const isUnsure = ({ timing }: Room, { attempts, begunAt }: StoredStep): boolean =>
  attempts > 0 && begunAt !== null && Temporal.Now.instant().since(Temporal.Instant.from(begunAt)).total('milliseconds') < timing.unsureMs

export const pauseUntilSure = async ({ room, memberId, conversion }: Way, { begunAt }: StoredStep): Promise<Next> => {
  await pauseConversion(room.database.db, memberId, conversion.id, Temporal.Instant.from(begunAt ?? Temporal.Now.instant().toString()).add({ milliseconds: room.timing.unsureMs }))
  return 'over'
}

export const pause = async ({ room, memberId, conversion }: Way, cause: PortalError): Promise<Next> => {
  const until = Temporal.Now.instant().add({ milliseconds: pauseAfter(room, conversion.failures) })
  const retryAt = cause.retryAt !== null && Temporal.Instant.compare(cause.retryAt, until) > 0 ? cause.retryAt : until
  await pauseConversion(room.database.db, memberId, conversion.id, retryAt)
  room.log.warn({ memberId, leadId: conversion.leadId, conversion: conversion.id, code: cause.code, failures: conversion.failures + 1, until: retryAt.toString() }, 'conversion.paused')
  return 'over'
}

export const resultsOf = ({ steps }: StoredConversion): Readonly<Record<string, StepResult>> =>
  Object.fromEntries(steps.flatMap(({ step, result }) => (result === null ? [] : [[step.key, result]])))

export const stepOf = ({ steps }: StoredConversion, key: string): StoredStep => {
  const row = steps.find(({ step }) => step.key === key)
  if (row === undefined) throw new Error(`the conversion has no step ${key}`)
  return row
}

/** How a step has ended. Whatever ends is progress: failures are counted anew. */
export const settle = async ({ room: { database: { db } }, memberId, conversion }: Way, row: StoredStep, end: StepEnd): Promise<void> => {
  if (await noteStep(db, memberId, conversion.id, row, end) && conversion.failures > 0) await forgetFailures(db, memberId, conversion.id)
}

export const end = async (way: Way, to: 'done' | 'undone' | 'taken-back'): Promise<Next> => {
  const { room, memberId, conversion } = way
  const now = room.clock.now()
  const { id, leadId, byUserId, undoneById, status, why, whyWords: words } = conversion
  const hasEnded = await room.database.transaction(async (tx) => {
    if (!await changeConversion(tx, memberId, id, [status], { to, endedAt: now })) return false
    if (to === 'taken-back') await addAct(tx, memberId, leadId, { kind: 'conversion-undone', conversionId: id, at: now, byUserId, end: endOf(way, { ended: to, why, words }) }, `conversion-undone ${id}`)
    else if (to === 'undone') await addAct(tx, memberId, leadId, { kind: 'conversion-undone', conversionId: id, at: now, byUserId: undoneById ?? byUserId }, `conversion-undone ${id}`)
    else if (isLate(way)) await noteEnd(tx, way, { ended: to, why: null, words: null })
    else await addToInbox(tx, [{ memberId, kind: 'lead', id: leadId, urgent: true, asked: true }])
    return true
  })
  if (hasEnded) {
    room.wake(memberId)
    room.log.info({ memberId, leadId, conversion: id, status: to }, 'conversion.ended')
  }
  return 'over'
}

/** It waits for a person. `also` becomes fact with it; the conversion is left alone when that answers false. */
export const stop = async (way: Way, change: StatusChange & { readonly to: 'held' | 'done'; readonly why: string; readonly words: string | null }, also: (tx: Queries) => Promise<boolean> = async () => true): Promise<Next> => {
  const { room, memberId, conversion: { id, leadId, status } } = way
  const hasStopped = await room.database.transaction(async (tx) => {
    if (!await also(tx) || !await changeConversion(tx, memberId, id, [status], change.to === 'held' ? { ...change, heldAt: room.clock.now() } : change)) return false
    await noteEnd(tx, way, { ended: change.to, why: change.why, words: change.words })
    return true
  })
  if (hasStopped) {
    room.wake(memberId)
    room.log.warn({ memberId, leadId, conversion: id, status: change.to, why: change.why }, 'conversion.stopped')
  }
  return 'over'
}

const noteEnd = async (tx: Queries, way: Way, how: Pick<ConversionEnd, 'ended' | 'why' | 'words'>): Promise<void> => {
  const { room, memberId, conversion: { id, leadId, byUserId, undoneById } } = way
  await addAct(tx, memberId, leadId, { kind: 'conversion-ended', conversionId: id, at: room.clock.now(), byUserId: undoneById ?? byUserId, end: endOf(way, how) })
}

const endOf = ({ conversion, isAwaited }: Way, how: Pick<ConversionEnd, 'ended' | 'why' | 'words'>): ConversionEnd =>
  ({ ...how, left: leftOf({ ...conversion, status: how.ended }), tellUserId: isAwaited() ? null : conversion.undoneById ?? conversion.byUserId })

/** Whoever has begun it has most likely closed its window. */
const isLate = ({ room, conversion, isAwaited }: Way): boolean => !isAwaited() && room.clock.now().since(Temporal.Instant.from(conversion.startedAt)).total('seconds') >= lateSeconds
const lateSeconds = 60

/** What is left of a conversion that was to leave nothing. */
export const leftOf = ({ status, why, steps }: { readonly status: ConversionStatus; readonly why: string | null; readonly steps: readonly Pick<StoredStep, 'state' | 'step'>[] }): ConversionEnd['left'] => {
  if (status !== 'taken-back' && status !== 'undone') return null
  if (steps.some(({ state }) => state === 'kept')) return 'something'
  if (status === 'undone') return null
  if (why === 'converted-elsewhere') return 'no-deal'
  return why === 'asked' || (why === 'lead-gone' && steps.some(({ state }) => state === 'taken-back')) ? 'removed' : 'nothing'
}
