/** All that this program answers over HTTP: parse, check who asks, call one function, answer. */
import { Hono, type Context, type Handler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { RegistryAnswer } from '../domain/conversion/setting.ts'
import type { ConversionDesk } from '../jobs/conversion-desk.ts'
import type { SimulationDesk } from '../jobs/simulate.ts'
import type { Log } from '../log.ts'
import type { PagePost } from '../portal/page.ts'
import { eventBytes, readText } from './body.ts'
import type { Asset, BuiltPages } from './built-pages.ts'
import { createGapRoutes } from './conversion-gaps.ts'
import { createConversionRoutes } from './conversion.ts'
import { createEventKeys } from './event-keys.ts'
import { createEventReceiver } from './events.ts'
import { answerHealth } from './health.ts'
import { createInstallRoutes } from './install.ts'
import { createLeadRoutes } from './leads.ts'
import type { Metrics } from './metrics.ts'
import { createOverview } from './overview.ts'
import { createPortalReads } from './portal-reads.ts'
import { createPageOpener, type PageName } from './pages.ts'
import type { RegulationDesk } from '../jobs/regulation-desk.ts'
import { createPresetRoutes, type PresetDesk } from './presets.ts'
import { createRegulationRoutes } from './regulation.ts'
import { createRobotReceiver } from './robots.ts'
import type { ActDesk, Claim, Clock, Health, Memory, PortalDesk, Proof, Proved, ReceivedEvent, RobotCall, Tenants, Work } from './ports.ts'
import { answerProblem, answerProblemPage, Refused, requestLanguage } from './problem.ts'
import { boundProofs } from './prove.ts'
import type { SessionSeal } from './seal-session.ts'
import { createSessions } from './session.ts'
import { createSimulationRoutes } from './simulations.ts'
import { createTakeoverRoutes } from './takeover.ts'
import { toRefused, withStoredTokens } from './portal-refusal.ts'

export interface AppDeps<P extends Proof = Proof> {
  readonly version: string
  /** A worker answers only who watches over it. */
  readonly role: 'web' | 'worker'
  /** Other processes answer the same portals. */
  readonly shared?: boolean
  readonly parseEvent: (raw: string) => ReceivedEvent | null
  readonly parseRobot: (raw: string) => RobotCall | null
  readonly parsePage: (form: ReadonlyMap<string, string>, query: URLSearchParams) => PagePost | null
  readonly prove: (claim: Claim) => Promise<Proved<P>>
  readonly protocolOf: (domain: string) => 'http' | 'https'
  readonly tenants: Tenants<P>
  readonly work: Work
  readonly desk: PortalDesk
  readonly presets: PresetDesk
  readonly regulations: RegulationDesk
  readonly simulations: SimulationDesk
  readonly conversions: ConversionDesk
  /** What the registries say of a taxpayer number; never throws. */
  readonly lookUp: (inn: string, countries: readonly string[]) => Promise<RegistryAnswer>
  readonly memory: Memory
  readonly acts: ActDesk
  readonly health: Health
  readonly pages: BuiltPages
  readonly seal: SessionSeal
  readonly metrics: Metrics
  readonly log: Log
  readonly clock: Clock
  /** Epoch milliseconds of real time. */
  readonly realNow: () => number
}

const pageAddresses: Readonly<Record<string, PageName>> = { '/install': 'install', '/app': 'app', '/placements/lead-tab': 'lead-tab' }

export const createApp = <P extends Proof>(deps: AppDeps<P>): Hono => {
  const { log, metrics } = deps
  const prove = boundProofs(deps.prove)
  const keys = createEventKeys(memberId => deps.tenants.eventKey(memberId))
  const reads = createPortalReads({ desk: deps.desk, nowMs: deps.realNow, shared: deps.shared ?? false })
  const receiveEvent = createEventReceiver({ ...deps, prove, keys, changed: reads.forget })
  const receiveRobot = createRobotReceiver({ ...deps, prove, keys })
  const sessions = createSessions({ ...deps, prove })
  const openPage = createPageOpener({ ...deps, prove, keys, openSession: sessions.open })
  const leads = createLeadRoutes({ ...deps, sessions, reads })
  const conversion = createConversionRoutes({ ...deps, sessions, reads })
  const gaps = createGapRoutes({ ...deps, sessions, reads })
  const install = createInstallRoutes({ ...deps, desk: withStoredTokens(deps.desk), sessions })
  const simulations = createSimulationRoutes({ ...deps, simulations: withStoredTokens(deps.simulations), sessions })
  const presets = createPresetRoutes({ ...deps, presets: withStoredTokens(deps.presets), sessions })
  const regulation = createRegulationRoutes({ ...deps, regulations: withStoredTokens(deps.regulations), sessions })
  const takeover = createTakeoverRoutes({ ...deps, sessions })

  const app = new Hono()
  const isWeb = deps.role === 'web'

  // First, and without what follows: portals post thousands of these.
  if (isWeb) app.post('/events', async c => c.body(null, await receiveEvent(await readText(c.req.raw, eventBytes))))

  if (isWeb) app.post('/robots', async c => c.body(null, await receiveRobot(await readText(c.req.raw, eventBytes))))

  app.use(async (c, next) => {
    const startedAt = performance.now()
    await next()
    for (const [name, value] of safeHeaders) c.res.headers.set(name, value)
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
    if (!c.res.headers.has('content-security-policy')) c.res.headers.set('content-security-policy', 'default-src \'none\'; frame-ancestors \'none\'')
    metrics.httpAnswered(routeOf(c.req.path), c.res.status, (performance.now() - startedAt) / 1000)
  })

  const only = (path: string, methods: Readonly<Record<string, Handler>>) => {
    for (const [method, handler] of Object.entries(methods)) app.on(method, path, handler)
    const allow = Object.keys(methods).flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
    app.all(path, c => answerProblem(c, 'method-not-allowed', requestLanguage(c), { allow }))
  }

  only('/health', { GET: c => answerHealth(c, deps.health, deps.version) })
  only('/health/ready', { GET: c => answerHealth(c, deps.health, deps.version) })
  only('/health/live', { GET: c => c.json({ status: 'ok', version: deps.version }) })
  only('/metrics', { GET: async c => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }) })
  if (isWeb) addWebRoutes()

  app.notFound(c => answerProblem(c, 'not-found', requestLanguage(c)))
  app.onError((error, c) => {
    const refused = error instanceof Refused ? error : toRefused(error)
    if (refused !== null) return answerProblem(c, refused.refusal, requestLanguage(c), refused.more)
    log.error({ path: routeOf(c.req.path), error }, 'request.failed')
    return answerProblem(c, 'internal', requestLanguage(c))
  })
  return app

  function addWebRoutes(): void {
    for (const [address, page] of Object.entries(pageAddresses)) {
      app.post(address, c => openPage(c, page))
      app.get(address, headOrRefusal('POST, HEAD'))
      app.all(address, c => answerProblem(c, 'method-not-allowed', requestLanguage(c), { allow: 'POST, HEAD' }))
    }
    app.get('/', headOrRefusal('HEAD'))
    app.get('/events', headOrRefusal('POST, HEAD'))
    app.get('/robots', headOrRefusal('POST, HEAD'))
    app.all('/robots', c => answerProblem(c, 'method-not-allowed', requestLanguage(c), { allow: 'POST, HEAD' }))
    app.all('/events', c => answerProblem(c, 'method-not-allowed', requestLanguage(c), { allow: 'POST, HEAD' }))
    app.get('/assets/:name{.+}', c => answerAsset(c, deps.pages.asset(c.req.param('name'))))

    only('/api/session', { POST: c => sessions.create(c) })
    only('/api/leads/:id', { GET: c => leads.show(c) })
    only('/api/leads/:id/why', { GET: c => leads.why(c) })
    only('/api/leads/:id/card', { PATCH: c => leads.saveCard(c) })
    only('/api/leads/:id/acts', { POST: c => leads.act(c) })
    only('/api/leads/:id/review', { POST: c => leads.reviewAgain(c) })
    only('/api/leads/:id/clients', { POST: c => leads.attach(c) })
    only('/api/leads/:id/conversion', { GET: c => conversion.show(c), POST: c => conversion.begin(c) })
    only('/api/leads/:id/conversion/plan', { POST: c => conversion.plan(c) })
    only('/api/leads/:id/conversion/retry', { POST: c => conversion.retry(c) })
    only('/api/leads/:id/conversion/take-back', { POST: c => conversion.takeBack(c) })
    only('/api/leads/:id/conversion/undo', { GET: c => conversion.outlook(c), POST: c => conversion.undo(c) })
    only('/api/leads/:id/conversion/gaps', { GET: c => gaps.show(c) })
    only('/api/leads/:id/conversion/gaps/repair', { POST: c => gaps.repair(c) })
    only('/api/overview', { GET: createOverview({ ...deps, sessions, reads }) })
    only('/api/regulation', { GET: c => regulation.show(c) })
    only('/api/regulation/draft', { GET: c => regulation.draft(c), PUT: c => regulation.saveDraft(c), DELETE: c => regulation.dropDraft(c) })
    only('/api/regulation/draft/check', { POST: c => regulation.check(c) })
    only('/api/regulation/preview', { GET: c => regulation.lastPreview(c), POST: c => regulation.preview(c) })
    only('/api/regulation/publish', { POST: c => regulation.publish(c) })
    only('/api/regulation/versions/:n', { GET: c => regulation.version(c) })
    only('/api/regulation/versions/:n/restore', { POST: c => regulation.restore(c) })
    only('/api/regulation/export', { GET: c => regulation.exportFile(c) })
    only('/api/regulation/import', { POST: c => regulation.importFile(c) })
    only('/api/regulation/shadow', { GET: c => regulation.shadow(c), DELETE: c => regulation.endShadow(c) })
    only('/api/presets', { GET: c => presets.list(c) })
    only('/api/presets/:id/bind', { POST: c => presets.bind(c) })
    only('/api/simulations', { GET: c => simulations.list(c), POST: c => simulations.ask(c) })
    only('/api/simulations/:id', { GET: c => simulations.show(c), DELETE: c => simulations.cancel(c) })
    only('/api/takeover', { GET: c => takeover.show(c), POST: c => takeover.begin(c) })
    only('/api/install', { GET: c => install.check(c), POST: c => install.run(c) })
  }
}

/** The market's address check sends HEAD. A person who opens the address himself is told where to go. */
const headOrRefusal = (allow: string): Handler => (c) => {
  if (c.req.raw.method === 'HEAD') return c.body(null, 200)
  return c.req.path === '/events' || c.req.path === '/robots'
    ? answerProblem(c, 'method-not-allowed', requestLanguage(c), { allow })
    : answerProblemPage(c, 'open-inside-portal', requestLanguage(c), { allow })
}

const safeHeaders = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()'],
  ['strict-transport-security', 'max-age=31536000'],
] as const

const answerAsset = (c: Context, asset: Asset | null): Response => {
  if (asset === null) return answerProblem(c, 'not-found', requestLanguage(c))
  const accepted = c.req.header('accept-encoding') ?? ''
  const coding = asset.brotli !== null && /\bbr\b/.test(accepted) ? 'br' : asset.gzip !== null && /\bgzip\b/.test(accepted) ? 'gzip' : null
  const headers = { 'content-type': asset.type, etag: asset.etag, vary: 'accept-encoding', 'cache-control': 'public, max-age=31536000, immutable', 'cross-origin-resource-policy': 'same-origin' }
  if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304, headers)
  const body = coding === 'br' ? asset.brotli : coding === 'gzip' ? asset.gzip : asset.plain
  return c.body(body ?? asset.plain, 200 as ContentfulStatusCode, coding === null ? headers : { ...headers, 'content-encoding': coding })
}

/** The address without ids, so that figures and log lines can be counted. */
const routeOf = (path: string): string => {
  if (path.startsWith('/assets/')) return '/assets'
  const known = path.replace(/^\/api\/(leads|presets|simulations|regulation\/versions)\/[^/]+/, '/api/$1/:id')
  return /^\/(install|app|placements\/lead-tab|events|robots|metrics|health(\/live|\/ready)?|api\/(session|overview|install|takeover|simulations(\/:id)?|presets(\/:id\/bind)?|regulation(\/(draft(\/check)?|preview|publish|versions\/:id(\/restore)?|export|import|shadow))?|leads\/:id(\/why|\/card|\/review|\/acts|\/clients|\/conversion(\/(plan|retry|take-back|undo|gaps(\/repair)?))?)?))?$/.test(known) ? known : 'other'
}
