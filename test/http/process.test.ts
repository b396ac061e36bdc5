import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPages } from '../../scripts/build.ts'
import { root } from '../../scripts/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadrail-process-'))

const start = (env: Record<string, string>) => {
  // From an empty folder, so that no `.env` of a developer is read.
  const child = spawn(process.execPath, [join(root, 'server/main.ts')], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => { said.out += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { said.err += chunk.toString() })
  return { child, said, code: new Promise<number | null>(resolve => child.on('exit', resolve)) }
}

const heard = async (said: { out: string }, text: string) => {
  for (let waited = 0; !said.out.includes(text); waited += 50) {
    if (waited > 30_000) throw new Error(`never said ${text}: ${said.out}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

describe('the program', () => {
  const children: ChildProcess[] = []
  beforeAll(() => buildPages({ only: 'stale' }), 180_000)
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('ends with code 1 and names every wrong variable at once, without their values', async () => {
    const { code, said } = start({ PORT: 'secret-port', SECRET_KEY: 'secret-that-is-no-key', B24_CLIENT_ID: 'app.1' })
    expect(await code).toBe(1)
    for (const name of ['PORT', 'SECRET_KEY', 'APP_URL', 'B24_CLIENT_SECRET']) expect(said.err).toContain(name)
    expect(said.err).not.toContain('secret-')
    expect(said.err).not.toContain('B24_CLIENT_ID:')
  })

  it('says where it runs, answers, and stops in order when it is told to', async () => {
    const { child, said, code } = start({
      PORT: '0', APP_URL: 'https://leadrail.example.com', DATA_DIR: join(folder, 'data'), SECRET_KEY: randomBytes(32).toString('hex'), B24_CLIENT_ID: 'app.1', B24_CLIENT_SECRET: 'application-key-0000',
    })
    children.push(child)
    await heard(said, 'leadrail.started')
    const { port, database } = JSON.parse(said.out.split('\n').find(line => line.includes('leadrail.started')) ?? '{}') as { port: number; database: string }
    expect(database).toBe('pglite')
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200)
    const page = await fetch(`http://127.0.0.1:${port}/app`)
    expect(page.status).toBe(405)
    child.kill('SIGTERM')
    expect(await code).toBe(0)
    expect(said.out).toContain('leadrail.stopped')
    expect(said.err).toBe('')
  })
})
