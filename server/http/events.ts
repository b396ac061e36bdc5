/** `POST /events`: prove, remember, answer. Nothing slow stands before the answer to an ordinary event. */
import type { Log } from '../log.ts'
import type { EventKeys } from './event-keys.ts'
import type { Metrics } from './metrics.ts'
import type { Claim, Proof, Proved, ReceivedEvent, Tenants, Work } from './ports.ts'

export interface EventDeps<P extends Proof> {
  readonly parseEvent: (raw: string) => ReceivedEvent | null
  readonly prove: (claim: Claim) => Promise<Proved<P>>
  readonly keys: EventKeys
  readonly tenants: Tenants<P>
  readonly work: Work
  /** Told of leads that have changed. */
  readonly changed: (memberId: string, leadIds: readonly number[]) => void
  readonly metrics: Metrics
  readonly log: Log
}

/** 200 accepted · 400 not an event · 403 not from this portal · 503 could not be remembered or proved now. */
export type EventStatus = 200 | 400 | 403 | 503

/** Takes the raw body of one event. Never throws. */
export const createEventReceiver = <P extends Proof>(deps: EventDeps<P>): ((raw: string) => Promise<EventStatus>) => {
  const { parseEvent, keys, work, metrics, log } = deps
  return async (raw) => {
    const event = parseEvent(raw)
    if (event === null) {
      metrics.eventReceived('malformed')
      return 400
    }
    try {
      const status = await receive(event)
      if (status !== 200) log.warn({ memberId: event.memberId, event: event.name, status }, 'event.refused')
      else if (event.kind !== 'changed') log.info({ memberId: event.memberId, event: event.name }, 'event.received')
      return status
    } catch (error) {
      metrics.eventReceived('failed')
      log.error({ memberId: event.memberId, event: event.name, error }, 'event.failed')
      return 503
    }
  }

  async function receive(event: ReceivedEvent): Promise<EventStatus> {
    if (event.kind === 'other' && event.applicationToken === null) return counted('ignored', 200)
    const key = await keys.check(event.memberId, event.applicationToken ?? '')
    // Only an installation or a new version may bring a token that is not known yet; it is proved instead.
    if (event.kind === 'installed' || event.kind === 'updated') return receiveGrant(event, key !== 'wrong')
    if (key === 'wrong') return counted('refused', 403)
    if (event.kind === 'uninstalled') {
      await work.retire(event.memberId, { clean: event.clean })
      keys.forget(event.memberId)
      return counted('accepted', 200)
    }
    if (key === 'deaf' || event.kind !== 'changed' || event.subjects.length === 0) return counted('ignored', 200)
    deps.changed(event.memberId, event.subjects.flatMap(({ kind, id }) => (kind === 'lead' ? [id] : [])))
    // Whoever has just made a lead looks at it: it goes before those that came by themselves.
    await work.requestReview(event.memberId, event.subjects, { urgent: event.madeByHand })
    return counted('accepted', 200)
  }

  async function receiveGrant(event: ReceivedEvent & { kind: 'installed' | 'updated' }, keyIsKnown: boolean): Promise<EventStatus> {
    const proved = await deps.prove(event.claim)
    // An ordinary user's token is genuine too: it must not decide which token the portal's events carry.
    const granted = proved.ok && proved.proof.user.isAdmin
    if (granted) {
      await deps.tenants.admit(proved.proof, event.claim)
      keys.forget(event.memberId)
    }
    if (event.kind === 'updated' && (granted || keyIsKnown)) {
      await work.installLater(event.memberId)
      return counted('accepted', 200)
    }
    if (granted) return counted('accepted', 200)
    const later = !proved.ok && proved.why === 'unavailable'
    return counted(later ? 'failed' : 'refused', later ? 503 : 403)
  }

  function counted(outcome: Parameters<Metrics['eventReceived']>[0], status: EventStatus): EventStatus {
    metrics.eventReceived(outcome)
    return status
  }
}
