/** `POST /robots`: a robot of the portal's automation has come to a lead. Proved like an event, remembered, answered at once. */
import { createHash } from 'node:crypto'
import type { Log } from '../log.ts'
import type { EventKeys } from './event-keys.ts'
import type { ActDesk, Claim, Clock, Proof, Proved, RobotCall, Work } from './ports.ts'

export interface RobotDeps<P extends Proof> {
  readonly parseRobot: (raw: string) => RobotCall | null
  readonly prove: (claim: Claim) => Promise<Proved<P>>
  readonly keys: EventKeys
  readonly acts: Pick<ActDesk, 'add'>
  readonly work: Pick<Work, 'requestReview'>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** 200 accepted · 400 not a robot of ours · 403 not from this portal · 503 could not be remembered or proved now. */
export type RobotStatus = 200 | 400 | 403 | 503

/** Takes the raw body of one call. Never throws. */
export const createRobotReceiver = <P extends Proof>({ parseRobot, prove, keys, acts, work, clock, log }: RobotDeps<P>): ((raw: string) => Promise<RobotStatus>) => {
  const isFrom = async (call: RobotCall): Promise<RobotStatus> => {
    if (call.applicationToken !== null) {
      const key = await keys.check(call.memberId, call.applicationToken)
      return key === 'right' ? 200 : 403
    }
    // The pages on robots do not name what their `auth` holds: without an application token the access token is proved.
    if (call.claim === null) return 403
    const proved = await prove(call.claim)
    if (!proved.ok && proved.why === 'unavailable') return 503
    return proved.ok && proved.proof.user.isAdmin && proved.proof.memberId === call.memberId ? 200 : 403
  }

  return async (raw) => {
    const call = parseRobot(raw)
    if (call === null) return 400
    const { memberId, leadId, kind, token, waits } = call
    try {
      const status = await isFrom(call)
      if (status !== 200) {
        log.warn({ memberId, robot: kind, status }, 'robot.refused')
        return status
      }
      const mark = `robot ${createHash('sha256').update(token).digest('base64url')}`
      await acts.add(memberId, leadId, { kind, at: clock.now(), byUserId: null, token: waits ? token : null }, mark)
      await work.requestReview(memberId, [{ kind: 'lead', id: leadId }], { urgent: true })
      log.info({ memberId, leadId, robot: kind }, 'robot.received')
      return 200
    } catch (error) {
      log.error({ memberId, leadId, robot: kind, error }, 'robot.failed')
      return 503
    }
  }
}
