/** The only place where the rooms are joined; starts and stops them. */
import './node-version.ts'
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Temporal } from 'temporal-polyfill'
import packageJson from '../package.json' with { type: 'json' }
import { readConfig, type Config } from './config.ts'
import { countedAccess, countedAuthServer, countedRestLog } from './counted.ts'
import { presetById } from './domain/presets/all.ts'
import type { Preset } from './domain/presets/preset.ts'
import { worktops } from './domain/presets/worktops.ts'
import { createApp } from './http/app.ts'
import { readBuiltPages, type BuiltPages } from './http/built-pages.ts'
import { installReport, lookReport } from './http/install-words.ts'
import { listen } from './http/listen.ts'
import { createMetrics } from './http/metrics.ts'
import type { Clock, PortalDesk } from './http/ports.ts'
import { openSessionSeal } from './http/seal-session.ts'
import type { Timing } from './jobs/ports.ts'
import { startJobs, type Jobs } from './jobs/queue.ts'
import { renewedVersion } from './jobs/tell-administrators.ts'
import { joinActs, joinMemory, joinTenants, joinWork } from './joints.ts'
import { createLog, type Log } from './log.ts'
import { createPortalAccess, type PortalAccess } from './portal/access.ts'
import { parsePortalEvent } from './portal/event.ts'
import { crmUrl } from './portal/links.ts'
import { parsePagePost } from './portal/page.ts'
import { parseRobotCall } from './portal/robot-call.ts'
import { taskUrl } from './portal/tasks.ts'
import { createPresetDesk } from './preset-desk.ts'
import { checksumRegistry } from './registries/checksum.ts'
import { lookUpIn } from './registries/registry.ts'
import { setUpPortal } from './set-up.ts'
import { createBudgets } from './store/budgets.ts'
import { openDatabase, type Database } from './store/database.ts'
import { countInbox } from './store/inbox.ts'
import { countOutbox } from './store/outbox.ts'
import { createPortals, type Portals } from './store/portals.ts'
import { openRestLog } from './store/rest-log.ts'
import { createSealer } from './store/seal.ts'

export interface Leadrail {
  /** Where it listens on this machine; `appUrl` of the config is its public address. */
  readonly url: string
  readonly port: number
  readonly jobs: Jobs
  readonly database: Database
  /** Takes nothing new, ends what is under way, closes everything. May be called twice. */
  stop(): Promise<void>
}

export interface StartOptions {
  readonly config: Config
  /** Real time if not given. */
  readonly clock?: Clock
  readonly log?: Log
  /** `dist/pages` if not given. */
  readonly pages?: BuiltPages
  /** Listens on this address alone; on all of them if not given. */
  readonly host?: string
  /** Spans of the durable work that differ from the usual ones. */
  readonly timing?: Partial<Timing>
}

const realClock: Clock = { now: () => Temporal.Now.instant(), speed: () => 1 }
const inFlightMilliseconds = 10_000

/** Joins the rooms and starts them. Rejects when the database cannot be opened, the port is taken or the pages are not built. */
export const startLeadrail = async (options: StartOptions): Promise<Leadrail> => {
  const { config, clock = realClock, log = logOf(config), host } = options
  const pages = options.pages ?? (config.role === 'worker' ? noPages : readBuiltPages(pagesFolder()))
  // Closed in the opposite order, also when the start fails half-way.
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (let step = closing.pop(); step !== undefined; step = closing.pop()) await step()
  }
  try {
    const database = await openDatabase({ url: config.databaseUrl ?? undefined, dataDir: config.dataDir })
    closing.push(() => database.close())
    const portals = createPortals(database, createSealer(config.secretKeys), log)
    const metrics = createMetrics(() => depthsOf(database))

    const restLog = openRestLog(database, error => log.error({ error }, 'rest-log.failed'))
    closing.push(() => restLog.close())
    let jobs: Jobs | null = null
    const access = createPortalAccess({
      store: portals,
      locks: database.locks,
      budgetStore: createBudgets(database.db),
      restLog: countedRestLog(restLog, metrics),
      log,
      clock,
      config: { ...config, version: packageJson.version },
      watchAuthServer: server => countedAuthServer(server, metrics),
      // It may have been suspended for want of these tokens.
      storedLate: memberId => void jobs?.refreshPortal(memberId).catch((error: unknown) => log.error({ memberId, error }, 'portal.refresh-not-asked')),
    })
    closing.push(() => access.close())

    const setUpDeps = { database, portals, clock, preset: worktops, version: versionNumber, ensure: access.ensure, readNames: access.readNames }
    const setUp = (memberId: string, dry: boolean, preset?: Preset) => setUpPortal(setUpDeps, memberId, { dry, preset })
    const started = jobs = await startJobs({
      database, clock, log, role: config.role, ...(options.timing === undefined ? {} : { timing: options.timing }),
      lagged: metrics.portalLag,
      portals: { ...countedAccess(access, metrics), ensure: async memberId => withRenewed(await setUp(memberId, false)) },
    })
    closing.push(() => started.stop())
    // Background work may wait for its portal longer than a stop waits for it; it goes on after the next start.
    closing.push(async () => { access.endWaiting() })

    let isReady = true
    const app = createApp({
      version: packageJson.version,
      shared: config.role !== 'all',
      role: config.role === 'worker' ? 'worker' : 'web',
      parseEvent: parsePortalEvent,
      parseRobot: parseRobotCall,
      parsePage: parsePagePost,
      prove: access.prove,
      protocolOf: domain => (config.allowLocalPortals && /^(127\.|localhost\b)/.test(domain) ? 'http' : 'https'),
      tenants: joinTenants(portals, clock),
      work: joinWork(started),
      desk: joinDesk(access, portals, started, setUp),
      presets: createPresetDesk(setUpDeps),
      regulations: started.regulations,
      simulations: started.simulations,
      conversions: started.conversions,
      lookUp: (inn, countries) => lookUpIn(countries.map(checksumRegistry), inn),
      acts: joinActs(database),
      memory: joinMemory(database, clock.now),
      health: { database: database.kind, check: () => database.check(), ready: () => isReady },
      pages,
      seal: openSessionSeal(config.secretKeys),
      metrics,
      log,
      clock,
      realNow: () => Date.now(),
    })
    const listening = await listen(app, { port: config.port, host })
    closing.push(() => listening.stop(inFlightMilliseconds))
    closing.push(async () => {
      isReady = false
    })
    if (config.role !== 'web') await renewOldSetUps(portals, started)
    log.info({ version: packageJson.version, port: listening.port, appUrl: config.appUrl, role: config.role, database: database.kind, node: process.versions.node }, 'leadrail.started')

    let stopped: Promise<void> | null = null
    return {
      url: `http://${host ?? '127.0.0.1'}:${listening.port}`,
      port: listening.port,
      jobs: started,
      database,
      stop: () => stopped ??= close().then(() => log.info({}, 'leadrail.stopped')),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A set-up that had to renew the regulation in force tells of it with what it has made. */
const withRenewed = ({ ensured, published }: Awaited<ReturnType<typeof setUpPortal>>) =>
  (published === null || published === 1 ? ensured : { ...ensured, done: [...ensured.done, { what: renewedVersion(published), count: 1 }] })

const joinDesk = (access: PortalAccess, portals: Portals, jobs: Jobs, setUp: (memberId: string, dry: boolean, preset?: Preset) => ReturnType<typeof setUpPortal>): PortalDesk => ({
  readLead: access.readLeadAs,
  saveFields: access.saveFieldsAs,
  visibleLeads: access.visibleLeadsAs,
  visibleItems: access.visibleItemsAs,
  countOpen: access.countOpenAs,
  readConversion: access.readConversionAs,
  dealsOfLead: access.dealsOfLead,
  removePhone: access.removePhoneAs,
  itemUrl: crmUrl,
  attachClient: access.attachClientAs,
  taskUrl: (domain, userId, taskId, protocol) => taskUrl(domain, userId, taskId, protocol),
  checkInstall: async (memberId, language) => {
    const { ensured } = await setUp(memberId, true)
    return lookReport(ensured, language)
  },
  install: async (memberId, language, presetId) => {
    const { ensured, published } = await setUp(memberId, false, presetId === undefined ? undefined : presetById(presetId))
    // What has come lately comes under the regulation as well; before the portal's own end of the installation nothing does.
    const portal = await portals.findPortal(memberId)
    if (portal !== null && portal.finished && portal.installedVersion !== null) await jobs.sweepPortal(memberId)
    return installReport(ensured, published, language)
  },
})

const depthsOf = async ({ db }: Database) => {
  try {
    return { inbox: await countInbox(db), outbox: await countOutbox(db) }
  } catch {
    // The other figures are worth reading while the database is away.
    return null
  }
}

/** 0.1.0 → 100: grows with every release. */
const versionNumber = packageJson.version.split('.').reduce((sum, part) => sum * 100 + Number(part), 0)

/** Portals set up by an older version of this program get what is new, in the background. */
const renewOldSetUps = async (portals: Portals, jobs: Jobs): Promise<void> => {
  for (const { memberId, installedVersion } of await portals.listPortals('active'))
    if (installedVersion !== null && installedVersion !== versionNumber) await jobs.installPortal(memberId)
}

const noPages: BuiltPages = { render: () => '', asset: () => null }

/** Beside the bundled server, or in `dist` beside the sources. */
const pagesFolder = (): string => {
  const beside = fileURLToPath(new URL('./pages', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/pages', import.meta.url))
}

const logOf = (config: Config): Log => createLog({
  level: config.logLevel,
  secrets: [config.clientSecret, ...config.secretKeys.flatMap(key => [Buffer.from(key).toString('base64'), Buffer.from(key).toString('base64url'), Buffer.from(key).toString('hex')])],
})

/** The program: reads the environment, starts, and stops in order when it is told to. */
const runLeadrail = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const read = readConfig(process.env)
  if (!read.ok) {
    process.stderr.write(`Leadrail cannot start. Set these variables (see .env.example):\n${read.problems.map(problem => `  ${problem}`).join('\n')}\n`)
    process.exit(1)
  }
  const log = logOf(read.config)
  const die = (error: unknown, message: string) => {
    log.fatal({ error }, message)
    process.exit(1)
  }
  process.on('uncaughtException', error => die(error, 'leadrail.uncaught-error'))
  process.on('unhandledRejection', error => die(error, 'leadrail.unhandled-rejection'))
  let isStopping = false
  const leadrail = await startLeadrail({ config: read.config, log }).catch((error: unknown) => die(error, 'leadrail.not-started'))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A second signal is an impatient one.
      if (isStopping) process.exit(1)
      isStopping = true
      leadrail.stop().then(() => process.exit(0), error => die(error, 'leadrail.not-stopped'))
    })
  }
}

if (process.argv[1] !== undefined && existsSync(process.argv[1]) && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) await runLeadrail()
