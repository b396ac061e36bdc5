import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nodeVersionProblem, readConfig } from '../../server/config.ts'

const key = randomBytes(32)
const good = { APP_URL: 'https://leadrail.example.com', SECRET_KEY: key.toString('base64'), B24_CLIENT_ID: 'app.1', B24_CLIENT_SECRET: 'application-key-000' }

const problemsOf = (env: Record<string, string | undefined>) => {
  const result = readConfig(env)
  return result.ok ? [] : result.problems
}

describe('the environment', () => {
  it('needs four variables, the rest has a sensible beginning', () => {
    const result = readConfig(good)
    expect(result).toMatchObject({ ok: true, config: {
      port: 3000, appUrl: 'https://leadrail.example.com', databaseUrl: null, dataDir: './data', role: 'all', logLevel: 'info', allowLocalPortals: false,
      authServers: ['https://oauth.bitrix.info', 'https://oauth.bitrix24.tech'],
    } })
  })

  it('names everything missing or wrong at once', () => {
    expect(problemsOf({ PORT: '70000', ROLE: 'boss', DATABASE_URL: 'mysql://x' }).map(problem => problem.split(':')[0]))
      .toEqual(['APP_URL', 'B24_CLIENT_ID', 'B24_CLIENT_SECRET', 'DATABASE_URL', 'PORT', 'ROLE', 'SECRET_KEY'])
  })

  it('never repeats a value', () => {
    const secret = 'not-a-key-but-secret'
    const text = problemsOf({ ...good, SECRET_KEY: secret, DATABASE_URL: 'mysql://user:hidden-password@host', APP_URL: 'leadrail.example.com/secret-path', PORT: '12ab-secret' }).join('\n')
    for (const value of [secret, 'hidden-password', 'secret-path', '12ab-secret']) expect(text).not.toContain(value)
  })

  it('takes keys in base64, base64url or hex, several for a rotation', () => {
    const other = randomBytes(32)
    const result = readConfig({ ...good, SECRET_KEY: `${key.toString('hex')}, ${other.toString('base64url')}` })
    expect(result.ok && result.config.secretKeys.map(bytes => Buffer.from(bytes).toString('hex'))).toEqual([key.toString('hex'), other.toString('hex')])
  })

  it.each(['short', randomBytes(31).toString('base64'), randomBytes(33).toString('hex'), ',', `${randomBytes(32).toString('hex')},x`])('refuses the key %s', (text) => {
    expect(problemsOf({ ...good, SECRET_KEY: text })).toHaveLength(1)
  })

  it('takes an empty variable for a missing one', () => {
    expect(problemsOf({ ...good, B24_CLIENT_ID: ' ', ROLE: '' })).toEqual(['B24_CLIENT_ID: is missing: the application id from its card in Bitrix24'])
  })

  it.each(['https://x.example.com/path', 'ftp://x.example.com', 'x.example.com', 'https://user@x.example.com'])('refuses the address %s', (address) => {
    expect(problemsOf({ ...good, APP_URL: address })).toHaveLength(1)
  })

  it('wants https unless local portals are allowed', () => {
    expect(problemsOf({ ...good, APP_URL: 'http://127.0.0.1:3000' })).toHaveLength(1)
    expect(problemsOf({ ...good, APP_URL: 'http://127.0.0.1:3000', B24_AUTH_SERVERS: 'http://127.0.0.250:4000', B24_ALLOW_LOCAL_PORTALS: '1' })).toEqual([])
  })

  it('refuses local portals in production', () => {
    expect(problemsOf({ ...good, B24_ALLOW_LOCAL_PORTALS: '1', NODE_ENV: 'production' })).toHaveLength(1)
  })

  it('refuses to share an embedded database', () => {
    for (const ROLE of ['web', 'worker']) {
      expect(problemsOf({ ...good, ROLE })).toHaveLength(1)
      expect(problemsOf({ ...good, ROLE, DATABASE_URL: 'postgres://localhost/leadrail' })).toEqual([])
    }
  })
})

describe('the Node.js version', () => {
  it.each(['20.20.2', '22.17.9', '18.0.0'])('%s is told what to do', version => expect(nodeVersionProblem(version)).toContain('npm start'))
  it.each(['22.18.0', '24.21.0', '26.0.0'])('%s will do', version => expect(nodeVersionProblem(version)).toBeNull())
})
