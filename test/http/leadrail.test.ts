import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installOn } from '../../scripts/install-on.ts'
import type { Config } from '../../server/config.ts'
import { LeadView } from '../../server/contract/lead-view.ts'
import { Overview } from '../../server/contract/overview.ts'
import { SessionAnswer } from '../../server/contract/session.ts'
import { withBoot, type BuiltPages } from '../../server/http/built-pages.ts'
import { createLog } from '../../server/log.ts'
import { startLeadrail, type Leadrail } from '../../server/main.ts'
import { leadId } from '../../server/domain/lead.ts'
import { journalOf } from '../../server/store/journal.ts'
import { startFakePortals, type FakePortal, type FakePortals } from '../fake-portal/fake-portals.ts'

const pages: BuiltPages = { render: boot => withBoot('<html><head></head><body></body></html>', boot), asset: () => null }

describe('Leadrail on an emulated portal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-http-'))
  const lines: string[] = []
  let portals: FakePortals
  let portal: FakePortal
  let app: Leadrail

  beforeAll(async () => {
    portals = await startFakePortals()
    const port = await freePort()
    const config: Config = {
      port, appUrl: `http://127.0.0.1:${port}`, databaseUrl: null, dataDir: join(folder, 'data'), secretKeys: [new Uint8Array(randomBytes(32))],
      clientId: portals.app.clientId, clientSecret: portals.app.clientSecret, authServers: [portals.authServer], allowLocalPortals: true, role: 'all', logLevel: 'debug',
    }
    app = await startLeadrail({ config, pages, host: '127.0.0.1', log: createLog({ level: 'debug', write: line => void lines.push(line) }) })
    portal = await portals.create({ app: { present: false, installed: false } })
    await installOn(portal, app.url, 1)
  })
  afterAll(async () => {
    await app.stop()
    await portals.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const get = async (path: string, token: string) => fetch(app.url + path, { headers: { authorization: `Bearer ${token}` } })
  const sessionOf = async (userId: number) => {
    const { accessToken } = portal.tokensFor(userId)
    const answer = await fetch(`${app.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ domain: portal.domain, memberId: portal.memberId, accessToken, lang: 'ru' }) })
    expect(answer.status).toBe(200)
    return SessionAnswer.parse(await answer.json())
  }

  it('is installed by the documented way and answers what it has set up', async () => {
    const { token, user } = await sessionOf(1)
    expect(user.isAdmin).toBe(true)
    const report = await (await get('/api/install', token)).json() as { ok: boolean; checks: { ok: boolean }[] }
    expect(report.ok).toBe(true)
    expect(report.checks.length).toBeGreaterThan(0)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('brings a lead from its event to a responsible, a task and their reasons', async () => {
    const { id } = portal.act.createLead({ title: 'Столешница из дуба', phone: '+79000000001' })
    await portal.settle()
    // Asked of the store: looking over the API would cost the portal's requests.
    await until(async () => (await journalOf(app.database.db, portal.memberId, leadId(id), 50)).some(row => row.command.kind === 'set-follow-up' && row.outcome === 'done'))
    const { token } = await sessionOf(1)
    const view = LeadView.parse(await (await get(`/api/leads/${id}`, token)).json())
    expect(view).toMatchObject({ title: 'Столешница из дуба', step: { id: 'in-work' }, deadline: { kind: 'first-contact', receipt: { basis: 'phone' } } })
    expect(view.responsibleBecause).not.toBeNull()
    expect(view.followUp?.url ?? 'http').toMatch(/^http/)
    const overview = Overview.parse(await (await get('/api/overview', token)).json())
    expect(overview.regulation?.version).toBe(1)
    expect(overview.leads.map(lead => lead.id)).toContain(id)
  })

  it('saves the card with the rights of whoever fills it', async () => {
    const { token } = await sessionOf(1)
    const { leads } = Overview.parse(await (await get('/api/overview', token)).json())
    const id = leads[0]?.id
    const saved = await fetch(`${app.url}/api/leads/${id}/card`, {
      method: 'PATCH', headers: { 'content-type': 'application/json', 'authorization': `Bearer ${token}` }, body: JSON.stringify({ comment: 'Тёмный дуб, скруглённый край' }),
    })
    const view = LeadView.parse(await saved.json())
    expect(view.card?.comment.value).toBe('Тёмный дуб, скруглённый край')
    expect(view.card?.missing).not.toContain('comment')
  })

  it('tells what it counts', async () => {
    const text = await (await fetch(`${app.url}/metrics`)).text()
    for (const name of ['leadrail_events_received_total{outcome="accepted"}', 'leadrail_commands_total{kind="set-follow-up",outcome="done"}', 'leadrail_rest_requests_total{method="batch",outcome="ok"}', 'leadrail_portal_lag_seconds_count'])
      expect(text).toContain(name)
    expect(await (await fetch(`${app.url}/health`)).json()).toMatchObject({ status: 'ok', database: { kind: 'pglite', state: 'up' } })
  })

  it('lets no token out into its log', () => {
    const text = lines.join('')
    expect(text).toContain('portal.reviewed')
    const tokens = [1, 2, 3].map(userId => portal.tokensFor(userId)).flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken])
    for (const secret of [...tokens, portal.app.applicationToken, portals.app.clientSecret]) expect(text).not.toContain(secret)
  })
})

/** The portal has to know our address before we listen on it. */
const freePort = async (): Promise<number> => {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}

const until = async (look: () => Promise<boolean>, seconds = 25): Promise<void> => {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100)))
    if (await look()) return
  throw new Error('it did not happen in time')
}
