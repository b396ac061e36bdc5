/** An open Bitrix24 portal emulator: many portals on one loopback port, and their authorisation server. See README.md. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createActs, type Acts } from './acts.ts'
import { answerAuthServer, type AuthRequestLogEntry } from './core/auth-server.ts'
import { createDelivery } from './core/delivery.ts'
import { createFaults } from './core/faults.ts'
import { addressOf, authAddress, createHosts } from './core/http-hosts.ts'
import { createLifecycle, type Lifecycle } from './core/lifecycle.ts'
import { createBucket, createOperating, documentedLimits } from './core/limits.ts'
import type { InstalledApp, PortalCore, PortalSettings, VendorApp } from './core/portal-core.ts'
import { createRandom } from './core/random.ts'
import { answerRest, methodOfPath } from './core/rest.ts'
import { createTokens } from './core/tokens.ts'
import { noTraffic } from './core/traffic.ts'
import { fileMethod, sendFile } from './methods/files.ts'
import { methods } from './methods/registry.ts'
import { standardState } from './standard.ts'
import type { PortalState } from './state.ts'

export type { AppUrls, InstalledApp, PortalCore, PortalSettings, RequestLogEntry, SentEvent, VendorApp } from './core/portal-core.ts'
export type { PagePost } from './core/lifecycle.ts'

/** Answers what is no REST call: the pages of the portal. */
export type PageHandler = (portal: FakePortal, request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>

export interface FakePortalsOptions {
  /** 0 (the default) takes a free one. */
  port?: number
  /** Milliseconds since 1970; the real clock by default. Token lifetimes, operating windows and every date follow it; the leaky bucket is real time. */
  clock?: { now(): number }
  /** Base address of the application, such as `http://127.0.0.1:3000`: portals made with it can be installed without saying where. */
  appUrl?: string
  /** New portals refuse unknown parameters and wrong types (see README). */
  strict?: boolean
  app?: Partial<VendorApp>
  seed?: number
  pages?: PageHandler
}

export interface CreateOptions extends Partial<PortalSettings> {
  timeZone?: string
  seed?: number
  memberId?: string
  app?: Partial<InstalledApp>
  /** Used instead of the standard first-day state. */
  state?: PortalState
}

export interface FakePortal extends PortalCore, Lifecycle {
  readonly act: Acts
  /** Moves the portal to a new address; the old one answers 302 to everything. Resolves to the new domain. */
  rename(): Promise<string>
  /** Opens a page as a person's browser would: posts and answers with the response (redirects are not followed). */
  openPage(placement: string, userId: number, placementOptions?: Record<string, unknown>): Promise<Response>
  /** Resolves when no event waits or is under way. */
  settle(): Promise<void>
}

export interface FakePortals {
  /** Address of the first portal, or of the authorisation server while there is none. */
  readonly url: string
  /** Root of the authorisation server. */
  readonly authServer: string
  readonly port: number
  readonly app: VendorApp
  readonly authRequests: AuthRequestLogEntry[]
  /** The authorisation server answers 500 to the next requests. */
  failAuthServer(times: number): void
  create(options?: CreateOptions): Promise<FakePortal>
  get(memberIdOrHost: string): FakePortal | null
  readonly all: readonly FakePortal[]
  usePages(handler: PageHandler): void
  close(): Promise<void>
}

const defaultApp: VendorApp = {
  clientId: 'app.5f0000000000a1.00000001', clientSecret: 'f4keS3cretOfTheEmulat0rOnly00000000000000000000000', code: 'leadrail.leadrail',
  scope: ['crm', 'placement', 'task', 'user_brief', 'department', 'im', 'telephony', 'timeman', 'calendar', 'bizproc'],
}

/** Lets application frames call REST from the browser, on their own origin; true when that was all they asked. */
const allowFrames = (request: IncomingMessage, response: ServerResponse): boolean => {
  response.setHeader('access-control-allow-origin', '*')
  if (request.method !== 'OPTIONS') return false
  response.writeHead(204, { 'access-control-allow-headers': '*', 'access-control-allow-methods': 'GET,POST,OPTIONS' }).end()
  return true
}

/** Starts the authorisation server (127.0.0.250) and waits for portals to be created on 127.0.0.2, 127.0.0.3 … of the same port. */
export const startFakePortals = async (options: FakePortalsOptions = {}): Promise<FakePortals> => {
  const now = (): number => options.clock?.now() ?? Date.now()
  const random = createRandom(options.seed ?? 1)
  const tokens = createTokens(random, now)
  const hosts = createHosts()
  const app: VendorApp = { ...defaultApp, ...options.app }
  const portals: FakePortal[] = []
  const authRequests: AuthRequestLogEntry[] = []
  const failures = { left: 0 }
  const deliveries: ReturnType<typeof createDelivery>[] = []
  let pages = options.pages
  let lastNumber = 1

  const authHost = (): string => `${authAddress}:${hosts.port}`
  const authDeps = { tokens, portalOf: (memberId: string) => portals.find(portal => portal.memberId === memberId) ?? null, host: authHost, now,
    requests: authRequests, failures }
  const urlOf = (request: IncomingMessage): URL => new URL((request.url ?? '/').replace(/^\/{2,}/, '/'), 'http://portal')
  await hosts.bind(authAddress, options.port ?? 0, async (request, response) => {
    const url = urlOf(request)
    await answerAuthServer(authDeps, url.pathname, url.search.slice(1), request, response)
  })

  const answerPortal = async (portal: FakePortal, address: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (portal.domain !== `${address}:${hosts.port}`) {
      request.resume()
      response.writeHead(302, { location: `${portal.baseUrl}${request.url ?? '/'}` }).end()
      return
    }
    const url = urlOf(request)
    const method = methodOfPath(url.pathname)
    if (method !== null && allowFrames(request, response)) return
    if (method === fileMethod) return sendFile(portal, url.searchParams, request, response)
    if (method !== null) return answerRest(portal, methods, method, url.search.slice(1), request, response)
    if (pages !== undefined) return pages(portal, request, response, url)
    response.writeHead(404, { 'content-type': 'text/plain' }).end('This emulator was started without pages.')
  }

  const bindNext = async (portal: () => FakePortal): Promise<string> => {
    for (let tries = 0; tries < 50; tries += 1) {
      lastNumber += 1
      if (addressOf(lastNumber) === authAddress || lastNumber % 256 === 0 || lastNumber % 256 === 255) continue
      const address = addressOf(lastNumber)
      try {
        await hosts.bind(address, hosts.port, (request, response) => answerPortal(portal(), address, request, response))
        return `${address}:${hosts.port}`
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
      }
    }
    throw new Error('no free loopback address')
  }

  const create = async (wanted: CreateOptions = {}): Promise<FakePortal> => {
    const { timeZone = 'Europe/Moscow', seed = 1000 + portals.length, memberId, app: appChange, state: givenState, ...settingsChange } = wanted
    const own = createRandom(seed)
    const settings: PortalSettings = {
      strict: options.strict ?? false, language: 'ru', license: 'ru_std', restAvailable: true, deleted: false, overloaded: false, paymentRequired: false, documentedRobots: false,
      offlineEvents: true, authConnector: true, repeatLeads: false, ...settingsChange,
    }
    const state = givenState ?? standardState({ timeZone, now, language: settings.language })
    const limits = documentedLimits(settings.license.includes('_ent'))
    let domain = ''
    const portalRef = (): FakePortal => portal
    const delivery = createDelivery(portalRef)
    deliveries.push(delivery)
    const core: PortalCore = {
      memberId: memberId ?? own.hex(32), state, timeZone, now, tokens, random: own, faults: createFaults(createRandom(seed + 7)), limits,
      bucket: createBucket(limits, () => performance.now()), operating: createOperating(limits, now), requests: [], traffic: noTraffic(), sentEvents: [],
      strictFailures: [], settings,
      app: {
        ...app, scope: [...app.scope], id: 1, version: 1, status: 'F', present: true, installed: true, paymentExpired: false, days: null,
        applicationToken: own.hex(32),
        urls: { app: `${options.appUrl ?? 'http://127.0.0.1:3000'}/app`, install: `${options.appUrl ?? 'http://127.0.0.1:3000'}/install` }, ...appChange,
      },
      get domain() { return domain },
      get baseUrl() { return `http://${domain}` },
      get clientEndpoint() { return `http://${domain}/rest/` },
      get serverEndpoint() { return `http://${authHost()}/rest/` },
      fire: delivery.fire,
    }
    const lifecycle = createLifecycle(core, delivery)
    const portal: FakePortal = Object.defineProperties({}, {
      ...Object.getOwnPropertyDescriptors(core),
      ...Object.getOwnPropertyDescriptors(lifecycle),
      ...Object.getOwnPropertyDescriptors({
        act: createActs(core),
        rename: async (): Promise<string> => {
          domain = await bindNext(portalRef)
          return domain
        },
        openPage: async (placement: string, userId: number, placementOptions: Record<string, unknown> = {}): Promise<Response> => {
          const post = lifecycle.pagePost(placement, userId, placementOptions)
          return fetch(post.action, { method: 'POST', redirect: 'manual', body: new URLSearchParams(post.fields) })
        },
        settle: delivery.settle,
      }),
    }) as FakePortal
    domain = await bindNext(portalRef)
    portals.push(portal)
    return portal
  }

  return {
    get url() { return portals[0]?.baseUrl ?? `http://${authHost()}` },
    get authServer() { return `http://${authHost()}` },
    get port() { return hosts.port },
    app,
    authRequests,
    failAuthServer: times => { failures.left = times },
    create,
    get: key => portals.find(portal => portal.memberId === key || portal.domain === key) ?? null,
    get all() { return portals },
    usePages: handler => { pages = handler },
    close: async () => {
      for (const delivery of deliveries) delivery.stop()
      await hosts.close()
    },
  }
}
