/** Why something was decided about a lead that comes in, and about who handles it. */
import type { UserId } from '../lead.ts'
import type { Candidate } from '../command.ts'
import type { Moment } from '../watch.ts'

export type IntakeReason =
  /** It was open before the installation: whoever has it keeps it, of the group or not. */
  | { readonly rule: 'taken-over'; readonly userId: UserId; readonly name: string }
  | { readonly rule: 'channel'; readonly channelId: string; readonly name: string; readonly sourceId: string }
  | { readonly rule: 'no-channel'; readonly sourceId: string | null }
  | { readonly rule: 'not-a-lead-source'; readonly name: string }
  | { readonly rule: 'source-missing' }
  | { readonly rule: 'source-detail-missing'; readonly title: string; readonly channel: string }
  | { readonly rule: 'person-missing'; readonly phone: string }
  | { readonly rule: 'title-by-template'; readonly from: string; readonly to: string }
  | { readonly rule: 'repeated-request'; readonly kind: 'lead' | 'contact' | 'company'; readonly id: number; readonly title: string; readonly by: readonly ('phone' | 'email' | 'inn' | 'name')[]; readonly responsibleId: UserId | null }
  | { readonly rule: 'not-the-same'; readonly title: string }
  | { readonly rule: 'distribution-caller'; readonly userId: UserId; readonly name: string; readonly at: Moment; readonly candidates?: readonly Candidate[] }
  | { readonly rule: 'distribution-client'; readonly userId: UserId; readonly name: string; readonly client: string }
  | { readonly rule: 'distribution-person'; readonly userId: UserId; readonly name: string; readonly channel: string }
  | { readonly rule: 'distribution-least-loaded'; readonly chosen: Candidate; readonly candidates: readonly Candidate[] }
  | { readonly rule: 'distribution-weighted'; readonly chosen: Candidate; readonly candidates: readonly Candidate[] }
  /** Nobody could be chosen, and whoever has to name somebody has not. */
  | { readonly rule: 'nobody-named'; readonly userId: UserId; readonly name: string; readonly since: Moment }
  | { readonly rule: 'taken-by-member'; readonly userId: UserId; readonly name: string; readonly candidates?: readonly Candidate[] }
  | { readonly rule: 'not-taken'; readonly userId: UserId; readonly name: string; readonly takeBy: Moment }
  | { readonly rule: 'take-by'; readonly takeBy: Moment; readonly span: string }
  | { readonly rule: 'begun'; readonly how: 'opened' | 'contact' | 'moved' | 'worked'; readonly at: Moment }
