/** Conversions that wait for a person: how they go on, and what ends the waiting without him. */
import type { Temporal } from 'temporal-polyfill'
import type { ConversionStep } from '../domain/conversion/step.ts'
import type { LeadId, Sight } from '../domain/lead.ts'
import { changeConversion, conversionOf, heldConversions, leadsHeld, reopenStep, type StoredConversion, type StoredStep } from '../store/conversions.ts'
import { addToInbox } from '../store/inbox.ts'
import { wayBackOf } from './convert-back.ts'
import type { Room } from './ports.ts'

/** The refused last step; undefined when it waits for something else. */
const refusedFinish = ({ steps }: StoredConversion): (StoredStep & { readonly step: ConversionStep & { readonly kind: 'finish-lead' } }) | undefined => {
  for (const { step, ...row } of steps) if (step.kind === 'finish-lead' && row.state === 'refused') return { ...row, step }
  return undefined
}

/** The refused last step, and the look before it; not that look when the lead's stage may be our own work already. */
const toRetry = (conversion: StoredConversion): readonly StoredStep[] => {
  const last = refusedFinish(conversion)
  return last === undefined ? [] : conversion.steps.filter(({ step, place }) => place === last.place || (step.key === 'check-finish' && last.attempts === 0))
}

/** Whoever has put the lead on its success stage meanwhile, and has made no other deal of it, has done what was refused to us. */
const asRetried = (step: ConversionStep): ConversionStep => (step.kind === 'check' ? { ...step, onSuccess: true } : step)

/** A held one goes on with what it was stopped at. `notBefore`: real time before which no other process takes it up. False when it is not held any more. */
export const goOn = (room: Room, memberId: string, conversion: StoredConversion, notBefore?: Temporal.Instant): Promise<boolean> =>
  room.database.transaction(async (tx) => {
    const head = notBefore === undefined ? {} : { notBefore }
    const back = wayBackOf(conversion)
    if (back === 'undoing') return changeConversion(tx, memberId, conversion.id, ['held'], { to: back, why: null, words: null, ...head })
    // It is still taken back for what it was taken back for.
    if (back !== null) return changeConversion(tx, memberId, conversion.id, ['held'], { to: back, ...conversion.former ?? { why: 'asked', words: null }, ...head })
    if (!await changeConversion(tx, memberId, conversion.id, ['held'], { to: 'running', why: null, words: null, ...head })) return false
    for (const { place, step } of toRetry(conversion)) await reopenStep(tx, memberId, conversion.id, place, asRetried(step))
    return true
  })

/** A lead that is gone or has reached its success stage waits for nobody: its held conversion goes on at once. */
export const freeHeld = async (room: Room, memberId: string, sights: readonly Sight[]): Promise<void> => {
  const { db } = room.database
  const gone = new Set<LeadId>(sights.flatMap(sight => (sight.kind === 'gone' ? [sight.leadId] : [])))
  const won = new Map(sights.flatMap(sight => (sight.kind === 'seen' && sight.lead.semantic === 'success' ? [[sight.lead.id, sight.lead.stageId] as const] : [])))
  for (const [leadId, id] of await heldConversions(db, memberId, [...gone, ...won.keys()])) {
    const conversion = await conversionOf(db, memberId, id)
    if (conversion === null) continue
    const isFreed = gone.has(leadId)
      ? await changeConversion(db, memberId, id, ['held'], { to: 'taking-back', why: 'lead-gone', words: null, undoneById: null })
      : refusedFinish(conversion)?.step.to === won.get(leadId) && await goOn(room, memberId, conversion)
    if (isFreed) room.log.info({ memberId, leadId, conversion: id, gone: gone.has(leadId) }, 'conversion.freed')
  }
}

/** Their leads are looked at: the portal may not have told that one was deleted. */
export const lookAtHeld = async (room: Room): Promise<void> => {
  const held = await leadsHeld(room.database.db)
  if (held.length > 0) await room.database.transaction(tx => addToInbox(tx, held.map(({ memberId, leadId }) => ({ memberId, kind: 'lead' as const, id: leadId, urgent: false }))))
}
