import { nextId } from '../state.ts'
import { isoAt } from '../world/time.ts'
import type { Cause, EventData } from '../world/world.ts'
import type { PortalCore, SentEvent } from './portal-core.ts'
import { remember } from './traffic.ts'

interface Posting { url: string; body: string; log: SentEvent }

const scopeOf = (event: string): string =>
  event.startsWith('ONCRM') ? 'crm' : event.startsWith('ONTASK') ? 'task' : event.startsWith('ONVOX') ? 'telephony' : 'basic'

/** `a[b][c]=…`, as PHP's http_build_query writes it; null is left out. */
export const phpForm = (value: EventData, prefix = ''): string[] => {
  if (value === null) return []
  if (typeof value !== 'object') return [`${encodeURIComponent(prefix)}=${encodeURIComponent(String(value))}`]
  return Object.entries(value).flatMap(([key, inner]) => phpForm(inner, prefix === '' ? key : `${prefix}[${key}]`))
}

/** How often the wake-up ONOFFLINEEVENT went out, per handler. */
const wakes = new WeakMap<object, number>()

/**
 * Posts events to their handlers through a queue (api-reference/events/index.md): form-urlencoded, no retries, nothing before the
 * installation is finished, tokens only when a person acted. Offline subscriptions fill the queue instead.
 */
export const createDelivery = (portal: () => PortalCore, lanes = 4) => {
  const waiting: Posting[] = []
  const timers = new Set<NodeJS.Timeout>()
  let busy = 0
  let stopped = false
  let idle: (() => void)[] = []

  const tellIdle = (): void => {
    if (busy > 0 || waiting.length > 0 || timers.size > 0) return
    for (const tell of idle) tell()
    idle = []
  }

  const post = async ({ url, body, log }: Posting): Promise<void> => {
    try {
      const answer = await fetch(url, { method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(15_000),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Bitrix24 Webhook Engine' } })
      await answer.arrayBuffer()
      log.status = answer.status
    } catch {
      log.status = 0
    }
  }

  const pump = (): void => {
    while (busy < lanes && waiting.length > 0 && !stopped) {
      const { faults, random } = portal()
      const index = faults.events.reorder ? Math.floor(random.next() * waiting.length) : 0
      const [posting] = waiting.splice(index, 1)
      if (posting === undefined) return
      busy += 1
      void post(posting).finally(() => {
        busy -= 1
        pump()
        tellIdle()
      })
    }
  }

  const enqueue = (posting: Posting): void => {
    const { faults, random } = portal()
    if (faults.events.drop > 0 && random.next() < faults.events.drop) {
      posting.log.status = -1
      return
    }
    const copies = faults.events.double > 0 && random.next() < faults.events.double ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) {
      const delay = faults.events.reorder ? random.next() * Math.max(20, faults.events.delayMs) : faults.events.delayMs
      const timer = setTimeout(() => {
        timers.delete(timer)
        waiting.push(posting)
        pump()
      }, delay)
      timers.add(timer)
    }
  }

  /** Sends one event to one address. Long-lived events (install, update, offline) carry a refresh token, an uninstall no token at all. */
  const send = (event: string, data: EventData, target: { url: string; handlerId: number | null; userId: number | null; kind: 'event' | 'lasting' | 'farewell' }): void => {
    const core = portal()
    const { app, memberId, tokens } = core
    const owner = { memberId, clientId: app.clientId, userId: target.userId ?? 0 }
    const withTokens = target.userId !== null && target.kind !== 'farewell'
    const pair = withTokens && target.kind === 'lasting' ? tokens.issue(owner) : null
    const auth: EventData = {
      ...(withTokens ? { access_token: pair?.accessToken ?? tokens.forEvent(owner), expires_in: 3600 } : {}),
      ...(pair === null ? {} : { refresh_token: pair.refreshToken }),
      ...(target.kind === 'farewell' ? {} : { scope: target.kind === 'lasting' ? app.scope.join(' ') : scopeOf(event), status: app.status }),
      domain: core.domain, server_endpoint: core.serverEndpoint, client_endpoint: core.clientEndpoint, member_id: memberId, application_token: app.applicationToken,
    }
    const log: SentEvent = { at: core.now(), event, handler: target.url, handlerId: target.handlerId ?? 0, data, withTokens, status: null }
    remember(core.sentEvents, log)
    const body = phpForm({ event, ...(target.handlerId === null ? {} : { event_handler_id: target.handlerId }), data, ts: Math.floor(core.now() / 1000),
      auth }).join('&')
    enqueue({ url: target.url, body, log })
  }

  /** Posts a form of any shape through the same queue; `name` stands in the log. */
  const sendForm = (name: string, url: string, form: Record<string, EventData>): void => {
    const core = portal()
    const log: SentEvent = { at: core.now(), event: name, handler: url, handlerId: 0, data: null, withTokens: true, status: null }
    remember(core.sentEvents, log)
    enqueue({ url, body: phpForm(form).join('&'), log })
  }

  const keepOffline = (event: string, data: EventData, cause: Cause): void => {
    const core = portal()
    const { state } = core
    const connectors = new Set(state.eventHandlers.filter(handler => handler.offline && handler.event === event).map(handler => handler.connector))
    let added = false
    for (const connector of connectors) {
      if (connector !== '' && cause.connector === connector) continue
      const messageId = `${event}:${JSON.stringify(data)}`
      state.offlineQueue = state.offlineQueue.filter(record => !(record.messageId === messageId && record.connector === connector && record.processId === null && !record.error))
      state.offlineQueue.push({ id: nextId(state, 'offline'), timestamp: isoAt(core.now(), core.timeZone), eventName: event, eventData: data,
        eventAdditional: { user_id: cause.userId }, messageId, processId: null, error: false, connector })
      added = true
    }
    if (!added) return
    for (const handler of state.eventHandlers.filter(one => one.event === 'ONOFFLINEEVENT' && !one.offline)) {
      const minSeconds = Number(handler.options['minTimeout'] ?? 1)
      if (core.now() - (wakes.get(handler) ?? -Infinity) < minSeconds * 1000) continue
      wakes.set(handler, core.now())
      send('ONOFFLINEEVENT', null, { url: handler.handler, handlerId: handler.id, userId: handler.authType === 0 ? handler.ownerId : handler.authType,
        kind: 'lasting' })
    }
  }

  return {
    send,
    sendForm,
    fire: (event: string, data: EventData, cause: Cause): void => {
      const { app, state } = portal()
      if (!app.present || !app.installed) return
      for (const handler of state.eventHandlers.filter(one => one.event === event && !one.offline)) {
        const userId = handler.authType === 0 ? cause.userId : handler.authType
        send(event, data, { url: handler.handler, handlerId: handler.id, userId,
          kind: event === 'ONAPPUNINSTALL' ? 'farewell' : event.startsWith('ONAPPUPDATE') || event === 'ONAPPINSTALL' ? 'lasting' : 'event' })
      }
      keepOffline(event, data, cause)
    },
    /** Resolves when nothing waits or is under way. */
    settle: (): Promise<void> => new Promise(resolve => {
      idle.push(resolve)
      tellIdle()
    }),
    stop: (): void => {
      stopped = true
      waiting.length = 0
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      tellIdle()
    },
  }
}
