/** A conversion taken back, or undone: what each step has left goes, in reverse; what somebody has touched since stays. */
import type { ConversionStep, StepResult } from '../domain/conversion/step.ts'
import { idOf, keeperOf, sparing, undoOf, withTheirOwn, type KeptObject, type ObjectRef, type Results, type UndoStep } from '../domain/conversion/undo.ts'
import { PortalError } from '../portal/error.ts'
import { changeConversion, type StoredConversion, type StoredStep } from '../store/conversions.ts'
import { end, isUnsure, makers, mostUnexpected, passing, pause, pauseUntilSure, resultsOf, settle, stepOf, stop, type Next, type Way } from './convert-way.ts'
import { endsWork, suspend } from './portal-trouble.ts'
import type { ConversionPortal, TakenBack } from './ports.ts'

/** What is still to be taken back, in order. */
const undosOf = (conversion: StoredConversion): readonly UndoStep[] => undoOf(conversion.steps.map(({ step }) => step), resultsOf(conversion))

export const stepBack = async (way: Way): Promise<Next> => {
  const { memberId, conversion } = way
  try {
    return await oneBack(way)
  }
  catch (cause) {
    // A fault of ours is tried again like a passing one, and no more often.
    if (way.held.aborted || conversion.failures < mostFailures) throw cause
    way.room.log.error({ memberId, leadId: conversion.leadId, conversion: conversion.id, error: cause }, 'conversion.given-up')
    return giveUp(way, null)
  }
}

/** Attempts in a row without getting any further before a person has to say that it is tried again: some hours of pauses. */
export const mostFailures = 40

/** What is left is taken back when a person asks for it again. */
const giveUp = (way: Way, words: string | null): Promise<Next> => {
  const { status, why, whyWords } = way.conversion
  return status === 'undoing' ? stop(way, { to: 'held', why: 'not-undone', words }) : stop(way, { to: 'held', why: 'not-taken-back', words, former: { why, words: whyWords } })
}

/** Of a held one: it was given up on its way back, and goes on there. */
export const wayBackOf = ({ status, why }: Pick<StoredConversion, 'status' | 'why'>): 'taking-back' | 'undoing' | null =>
  (status !== 'held' ? null : why === 'not-taken-back' ? 'taking-back' : why === 'not-undone' ? 'undoing' : null)

const oneBack = async (way: Way): Promise<Next> => {
  const { portal, memberId, conversion, held } = way
  const lost = conversion.steps.find(isLost)
  const open = lost === undefined ? undosOf(conversion).find(({ key }) => isStanding(stepOf(conversion, key))) : undefined
  if (lost === undefined && open === undefined) return conversion.status === 'undoing' ? end(way, 'undone') : endTakenBack(way)
  const row = lost ?? stepOf(conversion, open?.key ?? '')
  try {
    if (lost !== undefined) return await findLost(way, lost)
    // Whoever has converted it elsewhere keeps its success stage.
    if (row.step.kind === 'finish-lead' && conversion.why === 'converted-elsewhere') {
      await settle(way, row, { state: 'taken-back', words: null })
      return 'on'
    }
    const spared = await way.keptObjects(way)
    const ends: TakenBack[] = []
    for (const undo of undosOf(conversion).filter(({ key }) => key === row.step.key)) {
      const left = isOneOf(spared, undo) ? null : spare(conversion, undo, spared)
      ends.push(left === null ? keptWith : await portal.takeBack(memberId, left, conversion.id, { held }))
    }
    const kept = ends.find(one => one.outcome === 'kept')
    if (kept !== undefined) return await keep(way, row, kept)
    await settle(way, row, { state: 'taken-back', words: null })
    return 'on'
  }
  catch (cause) {
    return afterTrouble(way, row, cause)
  }
}

/** While it was under way nothing was said of what somebody did past it: a lead that he has put on its success stage meanwhile is converted elsewhere. */
const endTakenBack = async (way: Way): Promise<Next> => {
  const { room, memberId, conversion: { id, why } } = way
  if (why === 'converted-elsewhere' || why === 'lead-gone') return end(way, 'taken-back')
  try {
    const elsewhere = await dealsOnSuccess(way)
    if (elsewhere === null) return await end(way, 'taken-back')
    await changeConversion(room.database.db, memberId, id, ['taking-back'], { to: 'taking-back', why: 'converted-elsewhere', words: null, elsewhere })
    return 'on'
  }
  catch (cause) {
    return afterTrouble(way, null, cause)
  }
}

/** Deals that others have made of the lead, where it stands on its success stage and did not before; null: it does not. */
const dealsOnSuccess = async ({ portal, memberId, conversion, held }: Way): Promise<readonly number[] | null> => {
  const check = conversion.steps.map(({ step }) => step).find(step => step.kind === 'check')
  if (check === undefined) return null
  const look = async (knownDeals: readonly number[]): Promise<readonly number[] | null> => {
    const found = await portal.carryOutStep(memberId, { ...check, key: 'check-back', knownDeals }, { conversionId: conversion.id, attempts: 0, results: resultsOf(conversion), accessToken: null, mayMake: true, held })
    return found?.stop?.why === 'converted-elsewhere' ? found.stop.dealIds : null
  }
  const others = await look(check.knownDeals)
  // With every deal known, only the lead's stage is left to say so.
  return others === null || others.length === 0 || await look([...check.knownDeals, ...others]) !== null ? others : null
}

/** `row`: null when everything is taken back and it was only looked at the lead: that keeps nothing from its end. */
const afterTrouble = async (way: Way, row: StoredStep | null, cause: unknown): Promise<Next> => {
  const { room, memberId, conversion } = way
  if (!(cause instanceof PortalError)) throw cause
  if (way.held.aborted) return 'over'
  if (endsWork(cause.code)) {
    await suspend(room, memberId, cause.code)
    return 'over'
  }
  if (passing.has(cause.code) && conversion.failures < mostFailures) return pause(way, cause)
  if (cause.code === 'unexpected' && !isHopeless(conversion, cause)) return pause(way, cause)
  if (row === null) return end(way, 'taken-back')
  if (passing.has(cause.code)) return giveUp(way, cause.bitrixMessage || null)
  room.log.warn({ memberId, leadId: conversion.leadId, conversion: conversion.id, step: row.step.key, code: cause.code, error: cause }, 'conversion.not-taken-back')
  const words = cause.bitrixMessage || cause.code
  if (!isLost(row)) return keep(way, row, { outcome: 'kept', why: 'refused', words })
  await settle(way, row, { state: 'refused', words: row.words ?? words })
  return 'on'
}

const isHopeless = ({ failures }: StoredConversion, cause: unknown): boolean => cause instanceof PortalError && cause.code === 'unexpected' && failures >= mostUnexpected

/** A lead that stays on its success stage keeps what was made of it. */
const keep = async (way: Way, row: StoredStep, { why, words }: Extract<TakenBack, { outcome: 'kept' }>): Promise<Next> => {
  const { status } = way.conversion
  if (row.step.kind !== 'finish-lead' || why !== 'refused') {
    await settle(way, row, { state: 'kept', words: words ?? why })
    return 'on'
  }
  return stop(way, { to: status === 'undoing' ? 'done' : 'held', why: 'not-reopened', words, undoneById: null })
}

const keptWith: TakenBack = { outcome: 'kept', why: 'touched', words: null }

const isOneOf = (kept: readonly ObjectRef[], undo: UndoStep): boolean => undo.kind === 'delete' && kept.some(({ object, id }) => object === undo.object && id === undo.id)

const spare = (conversion: StoredConversion, undo: UndoStep, kept: readonly ObjectRef[]): UndoStep | null =>
  sparing(undo, kept, conversion.steps.map(({ step }) => step), resultsOf(conversion))

/** What somebody has touched stays whole: nothing that hangs on it may be taken off it before. */
export const lookForKept = async ({ portal, memberId, conversion }: Looking): Promise<readonly KeptObject[]> => {
  const kept: KeptObject[] = conversion.steps.flatMap(({ step, state, result }) => (state === 'kept' && step.kind === 'create' && result?.id !== undefined ? [{ object: step.object, id: result.id }] : []))
  for (const undo of undosOf(conversion)) {
    if (undo.kind !== 'delete' || !isStanding(stepOf(conversion, undo.key))) continue
    try {
      const end = await portal.takeBack(memberId, undo, conversion.id, { dry: true })
      if (end.outcome === 'kept') kept.push({ object: undo.object, id: undo.id, ...(end.by === undefined ? {} : { by: end.by }) })
    }
    catch (cause) {
      if (!isHopeless(conversion, cause)) throw cause
      kept.push({ object: undo.object, id: undo.id })
    }
  }
  return withTheirOwn(kept, conversion.steps.map(({ step }) => step), resultsOf(conversion))
}

interface Looking {
  readonly portal: ConversionPortal
  readonly memberId: string
  readonly conversion: StoredConversion
}

/** What would become of each part of the undoing. Throws `PortalError`. */
export const outlookOf = async (looking: Looking): Promise<readonly { readonly undo: UndoStep; readonly outlook: TakenBack }[]> => {
  const { portal, memberId, conversion } = looking
  const kept = await lookForKept(looking)
  const outlooks: { readonly undo: UndoStep; readonly outlook: TakenBack }[] = []
  for (const undo of undosOf(conversion)) {
    const left = spare(conversion, undo, kept)
    const itself = undo.kind === 'delete' ? kept.find(({ object, id }) => object === undo.object && id === undo.id) : undefined
    const keeper = left === null ? keeperOf(undo, kept, conversion.steps.map(({ step }) => step), resultsOf(conversion)) : null
    const by = itself?.by ?? (keeper === null ? [] : [{ what: 'used-by', object: keeper } as const])
    outlooks.push({ undo, outlook: left === null || itself !== undefined ? { ...keptWith, by } : undo.kind === 'delete' ? { outcome: 'taken-back' } : await portal.takeBack(memberId, left, conversion.id, { dry: true }) })
  }
  return outlooks
}

const isStanding = ({ state }: StoredStep): boolean => state !== 'taken-back' && state !== 'kept'

/**
 * What a step would leave if it had been carried out before its process died: its undoing looks by itself what of it is there. Undefined
 * where it is looked for by its mark. On what was there before the conversion nobody can tell who has bound something to it: that stays.
 */
const supposed = (step: ConversionStep, results: Results): StepResult | undefined => {
  switch (step.kind) {
    case 'change': return { means: [] }
    case 'link-lead': case 'finish-lead': case 'link-company': case 'link-requisites': return {}
    case 'bind-activities': case 'bind-tasks': case 'bind-comments': {
      const bound = step.ids.flatMap(id => step.to.flatMap(({ object, id: ref }) => {
        const objectId = typeof ref === 'number' ? null : idOf(ref, results)
        return objectId === null ? [] : [{ id, object, objectId }]
      }))
      return { ids: step.ids, bound }
    }
    case 'bind-quotes': return { ids: typeof step.deal === 'number' ? [] : step.ids }
    default: return undefined
  }
}

/** An attempt whose end nobody knows may have done something after all. */
const isLost = ({ step, state, result }: StoredStep): boolean => state === 'begun' && result === null && (makers.has(step.kind) || supposed(step, {}) !== undefined)

/** What was made is looked for until no attempt can be under way any more. */
const findLost = async (way: Way, row: StoredStep): Promise<Next> => {
  const { room, portal, memberId, conversion, held } = way
  const result = supposed(row.step, resultsOf(conversion))
  if (result !== undefined && isUnsure(room, row)) return pauseUntilSure(way, row)
  const found = result ?? await portal.carryOutStep(memberId, row.step, { conversionId: conversion.id, attempts: Math.max(1, row.attempts), results: resultsOf(conversion), accessToken: null, mayMake: false, held })
  if (found === null && isUnsure(room, row)) return pauseUntilSure(way, row)
  await settle(way, row, found === null ? { state: row.words === null ? 'waiting' : 'refused' } : { state: 'done', result: found })
  return 'on'
}
