/** A story end to end: the whole program on an emulated portal over HTTP, with people who act and a clock that can be put forward. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Temporal } from 'temporal-polyfill'
import { installOn } from '../../../scripts/install-on.ts'
import { PublishAnswer, RegulationDraft, RegulationState } from '../../../server/contract/regulation.ts'
import { SessionAnswer } from '../../../server/contract/session.ts'
import { LeadView } from '../../../server/contract/lead-view.ts'
import { leadId } from '../../../server/domain/lead.ts'
import type { Regulation } from '../../../server/domain/regulation.ts'
import { withBoot } from '../../../server/http/built-pages.ts'
import { createLog } from '../../../server/log.ts'
import { startLeadrail, type Leadrail } from '../../../server/main.ts'
import { incidentsOf } from '../../../server/store/incidents.ts'
import { journalOf } from '../../../server/store/journal.ts'
import { regulationInForce } from '../../../server/store/regulations.ts'
import { watchOf } from '../../../server/store/watches.ts'
import { startFakePortals, type FakePortal } from '../../fake-portal/fake-portals.ts'
import { newPostgresUrl } from '../../support/database.ts'

export interface Story {
  readonly portal: FakePortal
  readonly act: FakePortal['act']
  readonly app: Leadrail
  /** Anna and Boris sell, Dina is their head; user 1 is the administrator and director. */
  readonly people: Readonly<Record<'anna' | 'boris' | 'dina', number>>
  now(): number
  /** Puts the clock of program and portal forward. */
  pass(minutes: number): void
  /** Waits until it holds; events may be lost, so leads that concern it are looked at again. */
  until(what: string, holds: () => boolean | Promise<boolean>, leads?: readonly number[]): Promise<void>
  /** What the person's browser would ask. */
  ask(userId: number, method: string, path: string, body?: unknown): Promise<Response>
  /** The regulation in force. */
  regulation(): Promise<Regulation>
  /** The administrator changes it, for all leads from now on. */
  publish(change: (regulation: Regulation) => Regulation): Promise<void>
  view(userId: number, lead: number): Promise<LeadView>
  saveCard(userId: number, lead: number, body: unknown): Promise<LeadView>
  does(userId: number, lead: number, body: unknown): Promise<Response>
  stageOf(lead: number): string
  watch(lead: number): ReturnType<typeof watchOf>
  journal(lead: number): ReturnType<typeof journalOf>
  incidents(lead: number): ReturnType<typeof incidentsOf>
  /** Open tasks and to-dos of ours that hang on the lead, by title. */
  openWork(lead: number): readonly { readonly title: string; readonly responsibleId: number; readonly close: () => void }[]
}

/** Monday, 23 November 2026, 10:00 in Moscow. */
const monday = Date.UTC(2026, 10, 23, 7)

export interface Circumstances {
  readonly preset: string
  readonly database: 'pglite' | 'postgres'
  /** A tenth of the events is lost, a tenth comes twice. */
  readonly badEvents: boolean
}

/** Tells the same story on both databases, with and without lost and doubled events. */
export const eachWay = (preset: string, name: string, tell: (story: Story) => Promise<void>): void => {
  describe.each(['pglite', 'postgres'] as const)('on %s', (database) => {
    it.each([['', false], [', with a tenth of the events lost and doubled', true]] as const)(`${name}%s`, async (_words, badEvents) => {
      await playStory({ preset, database, badEvents }, tell)
    }, 240_000)
  })
}

export const playStory = async ({ preset, database, badEvents }: Circumstances, tell: (story: Story) => Promise<void>): Promise<void> => {
  const realStart = Date.now()
  let ahead = 0
  const now = () => monday + Date.now() - realStart + ahead
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-story-'))
  const portals = await startFakePortals({ clock: { now }, seed: 11 })
  const portal = await portals.create({ license: 'ru_ent', app: { present: false, installed: false } })
  portal.state.timemanEnabled = false
  const { act } = portal
  const dina = act.addUser({ name: 'Дина', lastName: 'Орлова' })
  const sales = act.addDepartment({ name: 'Отдел продаж', headId: dina.id, parentId: 1 })
  dina.departments = [sales.id]
  const [anna, boris] = ['Анна', 'Борис'].map(first => act.addUser({ name: first, lastName: 'Продажников', departments: [sales.id] }).id)
  if (anna === undefined || boris === undefined) throw new Error('nobody to sell')
  const port = await freePort()
  const app = await startLeadrail({
    config: {
      port, appUrl: `http://127.0.0.1:${port}`, databaseUrl: database === 'postgres' ? await newPostgresUrl() : null, dataDir: join(folder, 'data'), secretKeys: [new Uint8Array(32).fill(7)],
      clientId: portals.app.clientId, clientSecret: portals.app.clientSecret, authServers: [portals.authServer], allowLocalPortals: true, role: 'all', logLevel: 'error',
    },
    pages: { render: boot => withBoot('<html><head></head><body></body></html>', boot), asset: () => null },
    host: '127.0.0.1',
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(now()), speed: () => 1 },
    timing: { wakeMs: 100, gatherMs: 50, dispatchMs: 200, recoverMs: 500, sweepMs: 2_000 },
    log: createLog({ level: 'error', write: line => void said.push(line) }),
  })
  const said: string[] = []
  const tokens = new Map<number, string>()
  const ask: Story['ask'] = async (userId, method, path, body) => {
    const send = async (token: string) => fetch(app.url + path, { method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const known = tokens.get(userId)
    const answer = known === undefined ? null : await send(known)
    if (answer !== null && answer.status !== 401) return answer
    const { accessToken } = portal.tokensFor(userId)
    const session = await fetch(`${app.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ domain: portal.domain, memberId: portal.memberId, accessToken, lang: 'ru' }) })
    const { token } = SessionAnswer.parse(await session.json())
    tokens.set(userId, token)
    return send(token)
  }
  const viewIn = async (answer: Response): Promise<LeadView> => {
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${answer.status}: ${text}`)
    return LeadView.parse(JSON.parse(text))
  }
  const lead = (id: number) => {
    const found = portal.state.leads.get(id)
    if (found === undefined) throw new Error(`there is no lead ${id}`)
    return found
  }
  const story: Story = {
    portal, act, app, now, ask,
    people: { anna, boris, dina: dina.id },
    pass: minutes => void (ahead += minutes * 60_000),
    until: async (what, holds, leads = []) => {
      const end = Date.now() + 40_000
      for (let look = 1; !await holds(); look += 1) {
        if (Date.now() > end) throw new Error(`not in time: ${what}\n${JSON.stringify(await Promise.all(leads.slice(0, 3).map(async id => ({ id, stage: lead(id).stageId, watch: await story.watch(id), journal: (await story.journal(id)).map(row => `${row.command.kind} ${row.command.because.rule} ${row.outcome} ${row.outcomeDetail ?? ''}`) }))), null, 1)}\n${said.slice(-5).join('')}`)
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    },
    regulation: async () => {
      const published = await regulationInForce(app.database.db, portal.memberId)
      if (published === null) throw new Error('there is no regulation')
      return published.regulation
    },
    publish: async (change) => {
      const answered = async (method: string, path: string, body?: unknown): Promise<unknown> => {
        const answer = await ask(1, method, `/api/regulation${path}`, body)
        if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
        return answer.json()
      }
      const { draft } = RegulationState.parse(await answered('GET', ''))
      const saved = RegulationDraft.parse(await answered('PUT', '/draft', { revision: draft?.revision ?? 0, regulation: change(await story.regulation()) }))
      PublishAnswer.parse(await answered('POST', '/publish', { revision: saved.revision, applies: 'all', comment: '' }))
    },
    view: async (userId, id) => viewIn(await ask(userId, 'GET', `/api/leads/${id}`)),
    saveCard: async (userId, id, body) => viewIn(await ask(userId, 'PATCH', `/api/leads/${id}/card`, body)),
    does: (userId, id, body) => ask(userId, 'POST', `/api/leads/${id}/acts`, body),
    stageOf: id => lead(id).stageId,
    watch: id => watchOf(app.database.db, portal.memberId, leadId(id)),
    journal: id => journalOf(app.database.db, portal.memberId, leadId(id), 500),
    incidents: id => incidentsOf(app.database.db, portal.memberId, leadId(id)),
    openWork: id => [
      ...[...portal.state.tasks.values()].filter(task => task.status < 5 && task.ufCrmTask.includes(`L_${id}`)).map(task => ({ title: task.title, responsibleId: task.responsibleId, close: () => void act.completeTask(task.id, task.responsibleId) })),
      ...[...portal.state.activities.values()].filter(one => one.ownerTypeId === 1 && one.ownerId === id && one.providerId === 'CRM_TODO' && !one.completed).map(one => ({ title: one.subject, responsibleId: one.responsibleId, close: () => {
        act.writeNote(one.id, 'Поговорили, договорились о следующем шаге', one.responsibleId)
        act.completeActivity(one.id, one.responsibleId)
      } })),
    ],
  }
  try {
    await installOn(portal, app.url, 1, preset)
    if (badEvents) {
      portal.faults.dropEvents(0.1)
      portal.faults.doubleEvents(0.1)
    }
    await tell(story)
    expect(portal.strictFailures).toEqual([])
  } finally {
    await app.stop()
    await portals.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const freePort = async (): Promise<number> => {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}
