import { z } from 'zod'

/** An answer of the card as people and pages speak of it: list questions by option code, dates as `YYYY-MM-DD`, yes/no as `yes` | `no`. */
export const Answer = z.union([z.string().max(20_000), z.number(), z.array(z.string().max(64)).max(100)])
export type Answer = z.infer<typeof Answer>

export const CardResult = z.enum(['qualified', 'not-qualified', 'postponed'])
export type CardResult = z.infer<typeof CardResult>

const Code = z.string().min(1).max(64)

/**
 * `PATCH /api/leads/:id/card` → LeadView. Partial: only the keys that are present are written.
 * `null` empties an answer. `unknown` is the whole list of questions answered «не знает / отказался»; `unknownAdd` and
 * `unknownRemove` change the list as it stands in the lead, and with it nobody else's marks.
 */
export const CardAnswers = z.strictObject({
  answers: z.record(Code, Answer.nullable()).default({}),
  unknown: z.array(Code).max(200).optional(),
  unknownAdd: z.array(Code).max(200).optional(),
  unknownRemove: z.array(Code).max(200).optional(),
  comment: z.string().max(20_000).optional(),
  result: CardResult.nullable().optional(),
  /** `YYYY-MM-DD`: until when the lead is postponed, or when to come back to a refused one. */
  postponedUntil: z.string().max(64).nullable().optional(),
  /** Option code. */
  nextStep: Code.nullable().optional(),
  /** Option code. */
  reason: Code.nullable().optional(),
})
export type CardAnswers = z.infer<typeof CardAnswers>
/** What a page sends: the same with everything optional. */
export type CardAnswersInput = z.input<typeof CardAnswers>
