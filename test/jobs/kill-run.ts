/** One run of the kill test: an emulated portal with people and faults, and processes of the application that die at random. */
import { fork, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { installOn } from '../../scripts/install-on.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../fake-portal/fake-portals.ts'
import { momentOf, type SharedClock } from './kill-process.ts'

export interface KillRun {
  readonly portals: FakePortals
  readonly portal: FakePortal
  /** Address of the first process. */
  readonly appUrl: string
  now(): number
  /** From now on time runs at this speed, and stands still at `end`. In all processes, also in those that start later. */
  setClock(speed: number, end: number): void
  /** Starts (again) the process of that place, and answers when it works. */
  start(place: number): Promise<void>
  /** Without a warning, as the power goes. */
  kill(place: number): Promise<void>
  /** What the processes said, errors only. */
  readonly said: string[]
  close(): Promise<void>
}

export interface KillRunOptions {
  readonly places: number
  /** `DATABASE_URL`, or `DATA_DIR` of the embedded database. */
  readonly environment: Readonly<Record<string, string>>
}

/** Monday, 10:00 in Moscow. */
export const monday = Date.UTC(2026, 10, 23, 7)
const sellers = ['Анна', 'Борис', 'Вера', 'Глеб'] as const

export const prepareRun = async (options: KillRunOptions): Promise<KillRun> => {
  let clock: SharedClock = { start: monday, realStart: Date.now(), speed: 1, end: Number.MAX_SAFE_INTEGER }
  const portals = await startFakePortals({ clock: { now: () => momentOf(clock) }, seed: 7 })
  const portal = await portals.create({ license: 'ru_ent', app: { present: false, installed: false } })
  furnish(portal)
  const ports = await Promise.all(Array.from({ length: options.places }, freePort))
  const appUrl = `http://127.0.0.1:${ports[0]}`
  const children = new Map<number, ChildProcess>()
  const said: string[] = []

  const environmentOf = (place: number): Record<string, string> => ({
    ...options.environment,
    PATH: process.env['PATH'] ?? '', PORT: String(ports[place]), APP_URL: appUrl, SECRET_KEY: '07'.repeat(32), LOG_LEVEL: options.environment['LOG_LEVEL'] ?? 'error', B24_ALLOW_LOCAL_PORTALS: '1',
    B24_CLIENT_ID: portals.app.clientId, B24_CLIENT_SECRET: portals.app.clientSecret, B24_AUTH_SERVERS: portals.authServer, KILL_TEST_CLOCK: JSON.stringify(clock),
  })

  const run: KillRun = {
    portals, portal, appUrl, said,
    now: () => momentOf(clock),
    setClock: (speed, end) => {
      clock = { start: momentOf(clock), realStart: Date.now(), speed, end }
      for (const child of children.values()) child.send(clock)
    },
    start: async (place) => {
      const child = fork(fileURLToPath(new URL('./kill-process.ts', import.meta.url)), { env: environmentOf(place), execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
      children.set(place, child)
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk.toString()))
      await new Promise<void>((resolve, reject) => {
        child.once('message', () => resolve())
        child.once('exit', code => reject(new Error(`the application ended with ${code}: ${said.slice(-5).join('').slice(-2_000)}`)))
      })
    },
    kill: async (place) => {
      const child = children.get(place)
      if (child === undefined || child.exitCode !== null) return
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
      children.delete(place)
    },
    close: async () => {
      for (const place of [...children.keys()]) await run.kill(place)
      await portals.close()
    },
  }
  await run.start(0)
  await installOn(portal, appUrl, 1)
  for (let place = 1; place < options.places; place++) await run.start(place)
  return run
}

const furnish = (portal: FakePortal): void => {
  portal.state.timemanEnabled = false
  const head = portal.act.addUser({ name: 'Дина', lastName: 'Орлова' })
  const department = portal.act.addDepartment({ name: 'Отдел продаж', headId: head.id, parentId: 1 })
  head.departments = [department.id]
  for (const name of sellers) portal.act.addUser({ name, lastName: 'Продажников', departments: [department.id] })
}

const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as AddressInfo
    probe.close(() => resolve(port))
  })
})
