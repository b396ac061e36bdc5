/** What stays known of a lead's conversions by the application. */
import type { Act } from '../lead.ts'
import { toMoment } from '../time.ts'
import type { LifeNotes } from '../watch.ts'

/** What obeying this act leaves in the lead's life. */
export const conversionNotes = (act: Act): LifeNotes => {
  if (act.kind === 'converted') return { convertedBy: act.conversionId }
  return act.kind === 'conversion-undone' ? { convertedBy: null, conversionEndedAt: toMoment(act.at.epochMilliseconds) } : {}
}

/** A lead that is worked on anew may be converted anew. */
export const withoutConversions = ({ convertedBy: _by, conversionEndedAt: _endedAt, convertedPast: _past, ...life }: LifeNotes): LifeNotes => life
