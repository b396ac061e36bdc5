/** What stays known of a lead's conversions by the application, who is told of their end, and what an undone one leaves of it. */
import type { Command, Context, Reason } from '../command.ts'
import type { Act, ConversionEnd, Lead, LeadId } from '../lead.ts'
import type { Regulation } from '../regulation.ts'
import { toMoment, toMs } from '../time.ts'
import type { LifeNotes, Watch } from '../watch.ts'
import { quietFor } from './quiet.ts'
import { movedAt } from './steps.ts'
import { give, stepById } from './turn.ts'
import type { Turn } from './turn.ts'

/** What obeying this act leaves in the lead's life. `life`: before it. */
export const conversionNotes = (act: Act, life: LifeNotes | undefined): LifeNotes => {
  if (act.kind === 'converted') return { convertedBy: act.conversionId }
  // One that was begun in another window leaves what the first one has made as it is.
  if (act.kind !== 'conversion-undone' || (life?.convertedBy ?? act.conversionId) !== act.conversionId) return {}
  // Whoever was first has converted it past the application: that is no end of ours.
  return { convertedBy: null, ...(wasBeaten(act) ? {} : { conversionEndedAt: toMoment(act.at.epochMilliseconds) }) }
}

/** A conversion of ours came to nothing because somebody had converted the lead in the portal itself. */
export const wasBeaten = (act: Act): boolean => act.kind === 'conversion-undone' && act.end?.why === 'converted-elsewhere'

/** Why an act is noted. */
export const whyNoted = (act: Act): Reason => {
  const end = endOf(act)
  if (end === null) return { rule: 'act', what: act.kind, byUserId: act.byUserId, ...(act.kind === 'reassign' ? { toUserId: act.toUserId } : {}) }
  const { tellUserId: _tellUserId, ...told } = end
  return { rule: 'conversion-ended', ...told }
}

/** Whoever has begun a conversion is told how it has ended when he does not wait for it any more. */
export const toldOfEnd = (leadId: LeadId, act: Act): readonly Command[] => {
  const userId = endOf(act)?.tellUserId ?? null
  return userId === null ? [] : [{ kind: 'notify', leadId, userId, mark: `${leadId}-act-${act.id}-conversion`, about: 'conversion-ended', incidentId: null, because: whyNoted(act) }]
}

/** Of a lead that is gone nothing else is obeyed. */
export const tellOfGone = (watch: Watch, leadId: LeadId, acts: readonly Act[], known: { readonly regulation: Regulation; readonly context: Context }, nowMs: number): readonly Command[] => {
  const seen = (watch.status === 'unseen' ? watch.actsSeen : watch.life?.actsSeen) ?? 0
  let life = watch.status === 'unseen' ? undefined : watch.life
  return acts.filter(({ id }) => id > seen).flatMap((act) => {
    const notes: LifeNotes = { actsSeen: act.id, ...conversionNotes(act, life) }
    life = { ...life, ...notes }
    return [
      { kind: 'note', leadId, life: notes, because: whyNoted(act) } as const,
      ...toldOfEnd(leadId, act).map((command) => {
        const end = command.kind === 'notify' ? quietFor(known, command.userId, nowMs) : null
        return end === null ? command : { ...command, notBefore: toMoment(end) }
      }),
    ]
  })
}

const endOf = (act: Act): ConversionEnd | null => (act.kind === 'conversion-undone' || act.kind === 'conversion-ended' ? act.end ?? null : null)

/** A lead that is worked on anew may be converted anew; the conversion of ours that is still under way, or waits for a person, stays known. */
export const withoutConversions = ({ convertedBy, conversionEndedAt: _endedAt, convertedPast: _past, ...life }: LifeNotes, { conversionId }: Lead): LifeNotes =>
  (conversionId === undefined || convertedBy !== conversionId ? life : { ...life, convertedBy })

/** An undoing of ours has put it back in the very second of the move with which it was closed: the portal tells of moves in whole seconds. */
export const isPutBackAtOnce = (turn: Turn, { movedAt: closedBy, stageId, life = {} }: Extract<Watch, { status: 'closed' }>): boolean => {
  if (closedBy === undefined || closedBy === null || closedBy !== movedAt(turn) || turn.lead.stageId === stageId) return false
  const acts = (turn.lead.acts ?? []).filter(({ id }) => id > (life.actsSeen ?? 0))
  const { convertedBy = null, conversionEndedAt } = acts.reduce<LifeNotes>((known, act) => ({ ...known, ...conversionNotes(act, known) }), life)
  return convertedBy === null && conversionEndedAt !== undefined && toMs(conversionEndedAt) >= toMs(closedBy)
}

/** A conversion that was undone is no end, nor is one past the application from which the lead is back: on a stage of no step it is as its last step has left it. */
export const forgetUndone = (turn: Turn): void => {
  const { watch, lead, regulation } = turn
  if (watch.status !== 'closed' || watch.outcome !== 'converted' || lead.semantic !== 'processing') return
  const at = movedAt(turn)
  const { convertedBy = null, conversionEndedAt, convertedPast } = watch.life ?? {}
  // An old look shows where the lead stood before it was converted.
  if (convertedBy !== null || (conversionEndedAt === undefined && convertedPast === undefined) || at === null) return
  if (toMs(at) <= toMs(watch.movedAt ?? watch.closedAt) && !isPutBackAtOnce(turn, watch)) return
  const step = watch.stepId === undefined ? undefined : stepById(regulation, watch.stepId)
  give(turn, {
    kind: 'close-watch', leadId: lead.id, outcome: step?.leave.done?.stageId === lead.stageId ? 'qualified' : 'moved-on', at: turn.at, stageId: lead.stageId, movedAt: at,
    because: convertedPast === undefined ? { rule: 'act', what: 'conversion-undone', byUserId: null } : { rule: 'past-conversion-settled', how: 'back' },
  })
}
