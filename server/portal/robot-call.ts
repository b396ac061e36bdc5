/**
 * What a robot posts to its handler, parsed but not believed: the document as `document_id` (tutorials/bizproc/activity.md) and the
 * `event_token` that its answer must carry (bizproc-robot/index.md). The names of `auth` are those of events (api-reference/events/index.md).
 */
import { type LeadId, leadId } from '../domain/lead.ts'
import type { RobotKind } from '../domain/robots.ts'
import { type Claim, readMemberId, readPostedClaim, readToken } from './claim.ts'
import { robotOfCode } from './install-automation.ts'

export interface RobotCall {
  readonly memberId: string
  readonly applicationToken: string | null
  readonly claim: Claim | null
  readonly kind: RobotKind
  readonly leadId: LeadId
  /** Names this run of the robot. */
  readonly token: string
  /** It waits for an answer. */
  readonly waits: boolean
}

/** Null for anything that is not one of our robots at work on a lead. */
export const parseRobotCall = (raw: string): RobotCall | null => {
  const form = new URLSearchParams(raw)
  const memberId = readMemberId(form.get('auth[member_id]'))
  const kind = robotOfCode(form.get('code') ?? '')
  const token = form.get('event_token') ?? ''
  const id = leadOf([...form].flatMap(([name, value]) => (/^document_id(?:\[\w*\])?$/.test(name) ? [value] : [])))
  if (memberId === null || kind === null || id === null || token === '' || token.length > 1_000) return null
  const applicationToken = readToken(form.get('auth[application_token]'))
  return { memberId, applicationToken, claim: readPostedClaim(form, memberId, { applicationToken: null, refreshToken: null }), kind, leadId: id, token, waits: form.get('use_subscription') !== 'N' }
}

const leadOf = (parts: readonly string[]): LeadId | null => {
  for (const part of parts) {
    const id = Number(/^LEAD_([1-9]\d{0,9})$/.exec(part)?.[1])
    // Ids of the portal fit into 31 bits.
    if (Number.isSafeInteger(id) && id <= 2_147_483_647) return leadId(id)
  }
  return null
}
