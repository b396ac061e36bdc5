import { z } from 'zod'

const Moment = z.iso.datetime({ offset: true })
const Comment = z.string().trim().min(1).max(4_000)

/**
 * `POST /api/leads/:id/acts` → LeadView: what a person does with a lead besides its card. Whether the regulation follows it is
 * said in the journal. `until` is an ISO 8601 moment with an offset, in the future.
 */
export const ActRequest = z.discriminatedUnion('kind', [
  /** The card was opened: the responsible has begun. */
  z.strictObject({ kind: z.literal('opened') }),
  /** «Взять себе». */
  z.strictObject({ kind: z.literal('take') }),
  z.strictObject({ kind: z.literal('not-reached') }),
  z.strictObject({ kind: z.literal('wrong-number'), phone: z.string().trim().min(1).max(100) }),
  /** It was called wrong by mistake. */
  z.strictObject({ kind: z.literal('right-number'), phone: z.string().trim().min(1).max(100) }),
  /** A call from a phone the portal does not hear. */
  z.strictObject({ kind: z.literal('call-declared'), comment: z.string().trim().max(4_000).default('') }),
  z.strictObject({ kind: z.literal('call-back'), until: Moment }),
  z.strictObject({ kind: z.literal('wait'), until: Moment, comment: Comment }),
  z.strictObject({ kind: z.literal('stop-waiting') }),
  /** The proposed move may be made. */
  z.strictObject({ kind: z.literal('go-on') }),
  /** The refusal in the card is meant: the lead is closed, unless its reason still lacks something. */
  z.strictObject({ kind: z.literal('refuse') }),
  /** Past an unmet gate; heads of the responsible's department and administrators only. */
  z.strictObject({ kind: z.literal('allow-move') }),
  z.strictObject({ kind: z.literal('not-duplicate'), of: z.strictObject({ kind: z.enum(['lead', 'contact', 'company']), id: z.int().positive() }) }),
  /** The deadline of the present term is moved to a later moment, as far as the regulation allows it (S0-23). */
  z.strictObject({ kind: z.literal('move-deadline'), until: Moment, comment: z.string().trim().max(4_000).default('') }),
  /** A head or an administrator gives the lead to somebody else. */
  z.strictObject({ kind: z.literal('reassign'), userId: z.int().positive() }),
  z.strictObject({ kind: z.literal('acknowledge'), incidentId: z.string().min(1).max(200) }),
])
/** `POST /api/leads/:id/clients` → LeadView: the lead is of this contact or company. */
export const ClientRequest = z.strictObject({ kind: z.enum(['contact', 'company']), id: z.int().positive() })
export type ClientRequest = z.infer<typeof ClientRequest>

export type ActRequest = z.infer<typeof ActRequest>
/** What a page sends: the same with everything optional left out. */
export type ActInput = z.input<typeof ActRequest>
