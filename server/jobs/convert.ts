/**
 * Conversions, one step after the other, each recorded before and after it is carried out: what is interrupted anywhere goes on, and
 * what is refused is taken back. One process at a time works on a lead's conversion.
 */
import { Temporal } from 'temporal-polyfill'
import { essential, type ConversionStep, type StepResult } from '../domain/conversion/step.ts'
import type { ObjectRef } from '../domain/conversion/undo.ts'
import type { LeadId } from '../domain/lead.ts'
import { PortalError, type PortalErrorCode } from '../portal/error.ts'
import { addAct } from '../store/acts.ts'
import { changeConversion, conversionOf, noteStep, noteStepAlive, noteStepBegun, type StoredStep } from '../store/conversions.ts'
import type { Queries } from '../store/database.ts'
import { lookForKept, stepBack } from './convert-back.ts'
import { end, isUnsure, makers, mostUnexpected, passing, pause, pauseUntilSure, resultsOf, settle, stop, type Next, type Way } from './convert-way.ts'
import { endsWork, suspend } from './portal-trouble.ts'
import type { ConversionPortal, Room } from './ports.ts'

export const conversionLock = (memberId: string, leadId: LeadId): string => `conversion:${memberId}:${leadId}`

export interface ConversionRun {
  readonly memberId: string
  readonly id: string
  readonly leadId: LeadId
  /** Of the person who has clicked; null: the application's own rights. */
  readonly accessToken: string | null
  readonly onTokenRefused: () => void
  /** The process stops. */
  readonly isOver: () => boolean
  readonly isAwaited: () => boolean
}

/** Goes on with a conversion until it ends, needs a person or has to pause. False when somebody else works on it now. */
export const runConversion = async (room: Room, run: ConversionRun): Promise<boolean> => {
  const tried = await room.database.locks.tryLock(conversionLock(run.memberId, run.leadId), async (held) => {
    let { accessToken } = run
    let kept: readonly ObjectRef[] | null = null
    const keptObjects = async (way: Omit<Way, 'keptObjects'>): Promise<readonly ObjectRef[]> => kept ??= await lookForKept(way)
    while (!held.aborted && !run.isOver()) {
      const conversion = await conversionOf(room.database.db, run.memberId, run.id)
      if (conversion === null) return
      const way: Way = { room, portal: portalOf(room), memberId: run.memberId, conversion, accessToken, held, isAwaited: run.isAwaited, keptObjects }
      const next = conversion.status === 'running' ? await stepForward(way) : conversion.status === 'taking-back' || conversion.status === 'undoing' ? await stepBack(way) : 'over'
      if (next === 'over') return
      if (next === 'without-person') {
        accessToken = null
        run.onTokenRefused()
      }
    }
  })
  return tried.ran
}

export const portalOf = ({ portals }: Room): ConversionPortal => {
  if (portals.conversion === undefined) throw new Error('this portal room knows no conversions')
  return portals.conversion
}

const stepForward = async (way: Way): Promise<Next> => {
  const { room, memberId, conversion } = way
  const row = conversion.steps.find(({ state }) => state === 'waiting' || state === 'begun')
  if (row === undefined) return end(way, 'done')
  const mayMake = !makers.has(row.step.kind) || !isUnsure(room, row)
  const attempt: StoredStep = mayMake ? { ...row, state: 'begun', attempts: row.attempts + 1 } : row
  try {
    if (mayMake && !await noteStepBegun(room.database.db, memberId, conversion.id, row.place, row.attempts, Temporal.Now.instant())) return 'on'
    if (row.step.kind === 'finish-lead') await noteOurs(way)
    const result = await carryOut(way, row, attempt, mayMake)
    if (result === null && !mayMake) return pauseUntilSure(way, row)
    if (result === null) throw new Error(`step ${row.step.key} has neither been made nor refused`)
    if (result.stop !== undefined) return stopAt(way, attempt, result.stop)
    await settle(way, attempt, { state: 'done', result, words: null })
    return 'on'
  }
  catch (cause) {
    return afterTrouble(way, row, attempt, cause)
  }
}

/** Null: it was only looked for, and an earlier attempt may still run on the portal. */
const carryOut = async ({ room: { database: { db }, timing }, portal, memberId, conversion, accessToken, held }: Way, row: StoredStep, { attempts }: StoredStep, mayMake: boolean): Promise<StepResult | null> => {
  const sayAlive = (): void => { if (!held.aborted) void noteStepAlive(db, memberId, conversion.id, row.place, attempts, Temporal.Now.instant()).catch(() => {}) }
  const beat = mayMake && makers.has(row.step.kind) ? setInterval(sayAlive, timing.aliveMs) : undefined
  const how = { conversionId: conversion.id, attempts: row.attempts, results: resultsOf(conversion), accessToken: asPerson.has(row.step.kind) ? accessToken : null, mayMake, held }
  return portal.carryOutStep(memberId, row.step, how).finally(() => { clearInterval(beat) })
}

/** What a person makes is made with his rights and under his name; what only follows from it is the application's work. */
const asPerson: ReadonlySet<ConversionStep['kind']> = new Set<ConversionStep['kind']>(['create', 'change', 'link-company', 'requisites', 'products', 'finish-lead'])

/** The rules must know that it was ours before the lead shows its success stage. */
const noteOurs = async ({ room, memberId, conversion: { id, leadId, byUserId } }: Way): Promise<void> => {
  await room.database.transaction(tx => addAct(tx, memberId, leadId, { kind: 'converted', conversionId: id, at: room.clock.now(), byUserId }, `converted ${id}`))
}

const stopAt = async ({ room, memberId, conversion: { id } }: Way, attempt: StoredStep, { why, dealIds }: NonNullable<StepResult['stop']>): Promise<Next> => {
  await room.database.transaction(async (tx) => {
    if (await noteStep(tx, memberId, id, attempt, { state: 'refused' })) await changeConversion(tx, memberId, id, ['running'], { to: 'taking-back', why, elsewhere: dealIds })
  })
  return 'on'
}

/** With these nothing was made: a write is repeated by the portal room itself only when it has not happened, and is `unknown-outcome` otherwise. */
const harmless: ReadonlySet<PortalErrorCode> = new Set(['rate-limited', 'method-blocked', 'unavailable', 'overloaded', 'expired-token', 'auth-lost'])

/** `row`: before the attempt. */
const afterTrouble = async (way: Way, row: StoredStep, attempt: StoredStep, cause: unknown): Promise<Next> => {
  const { room, memberId, conversion: { id, leadId }, accessToken } = way
  if (!(cause instanceof PortalError)) throw cause
  if (way.held.aborted) return 'over'
  if (row.step.kind === 'create' && harmless.has(cause.code)) await noteStep(room.database.db, memberId, id, attempt, { state: row.state, attempts: row.attempts, begunAt: row.begunAt })
  if (cause.code === 'unknown-outcome') await noteStepAlive(room.database.db, memberId, id, attempt.place, attempt.attempts, Temporal.Now.instant())
  if (accessToken !== null && (cause.code === 'expired-token' || cause.code === 'auth-lost')) return 'without-person'
  if (endsWork(cause.code)) {
    await suspend(room, memberId, cause.code)
    return 'over'
  }
  if (passing.has(cause.code) || (cause.code === 'unexpected' && row.attempts < mostUnexpected)) return pause(way, cause)
  room.log.warn({ memberId, leadId, conversion: id, step: row.step.key, code: cause.code, error: cause }, 'conversion.step-refused')
  return refuse(way, row, attempt, cause)
}

const refuse = async (way: Way, row: StoredStep, attempt: StoredStep, { code, bitrixMessage }: PortalError): Promise<Next> => {
  const { room, memberId, conversion: { id } } = way
  const { step: { kind, key } } = row
  const words = bitrixMessage === '' ? null : bitrixMessage
  // A look that is refused when everything is done changes nothing any more.
  if (!essential.has(kind) || key === 'check-end') {
    await settle(way, attempt, { state: 'refused', words: words ?? code })
    return 'on'
  }
  const why = code === 'access-denied' ? 'no-right' : 'refused'
  const note = (tx: Queries): Promise<boolean> => noteStep(tx, memberId, id, attempt, {
    // What an earlier attempt has made late is looked for when everything is taken back.
    state: kind === 'create' && row.attempts > 0 ? 'begun' : 'refused',
    words: words ?? code,
    ...(kind === 'create' && row.attempts > 0 ? { begunAt: row.begunAt } : {}),
    // The lead does not stand there yet for certain: whoever tries again looks first whether somebody else has put it there.
    ...(kind === 'finish-lead' && code !== 'unexpected' ? { attempts: 0 } : {}),
  })
  if (kind === 'finish-lead') return stop(way, { to: 'held', why, words }, note)
  await room.database.transaction(async (tx) => {
    if (await note(tx)) await changeConversion(tx, memberId, id, ['running'], { to: 'taking-back', why, words })
  })
  return 'on'
}
