import { z } from 'zod'

/** The answer of `GET /api/leads/:id/why`. Moments are ISO 8601 instants, texts are in the session's language. */
const Moment = z.string()

export const ReceiptView = z.object({
  about: z.enum(['deadline', 'responsible', 'gate', 'incident', 'escalation', 'other']),
  title: z.string(),
  /** When it was decided; for a gate, when it was looked at. */
  at: Moment,
  /** Name of the rule, e.g. `distribution-in-turn`. */
  rule: z.string(),
  because: z.string(),
  /** Version of the regulation. */
  version: z.int(),
  inputs: z.array(z.object({ name: z.string(), value: z.string() })),
  /** The pieces of working time that were counted, in order. */
  pieces: z.array(z.object({ from: Moment, to: Moment })),
  /** What was looked at and did not apply. */
  rejected: z.array(z.object({ rule: z.string(), why: z.string() })),
  /** What would change it, a sentence each. */
  changes: z.array(z.string()),
})
export type ReceiptView = z.infer<typeof ReceiptView>

export const WhyView = z.object({
  leadId: z.int(),
  now: Moment,
  timeZone: z.string(),
  /** Present deadline, responsible, gate, open misses, latest escalations; what there is none of is left out. */
  receipts: z.array(ReceiptView),
})
export type WhyView = z.infer<typeof WhyView>
