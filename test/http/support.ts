/** An app whose neighbours are plain values, so that every answer can be told from what it did. */
import { randomBytes } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { createApp, type AppDeps } from '../../server/http/app.ts'
import { withBoot, type BuiltPages } from '../../server/http/built-pages.ts'
import { createMetrics } from '../../server/http/metrics.ts'
import type { Claim, EventKey, Memory, PortalDesk, Proof, Proved, ReceivedEvent, Tenant } from '../../server/http/ports.ts'
import { openSessionSeal, type Session, type SessionSeal } from '../../server/http/seal-session.ts'
import { createLog } from '../../server/log.ts'
import { crmUrl } from '../../server/portal/links.ts'
import { parsePagePost } from '../../server/portal/page.ts'
import { parseRobotCall } from '../../server/portal/robot-call.ts'
import { lead, regulation } from './values.ts'

export const memberId = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
export const strangerId = 'ffffffffffffffffffffffffffffffff'
export const domain = 'romashka.bitrix24.ru'
export const applicationToken = '0123456789abcdef0123456789abcdef'
export const adminToken = 'admin-access-token-000000000000000001'
export const managerToken = 'manager-access-token-0000000000000001'
export const now = '2026-03-10T09:00:00Z'

export interface Done { readonly what: string; readonly memberId: string; readonly more: unknown }

const unexpected = () => Promise.reject(new Error('nobody asks for the regulation here'))
const noDesk: AppDeps['regulations'] = {
  state: unexpected, draft: unexpected, version: unexpected, saveDraft: unexpected, check: unexpected, preview: unexpected, lastPreview: unexpected,
  publish: unexpected, restore: unexpected, exportFile: unexpected, importFile: unexpected, shadow: unexpected, dropDraft: unexpected, endShadow: unexpected,
}

const noSimulations: AppDeps['simulations'] = { ask: unexpected, find: unexpected, list: unexpected, cancel: unexpected }
const noConversions: AppDeps['conversions'] = { begin: unexpected, last: async () => null, status: async () => null, retry: unexpected, takeBack: unexpected, outlook: unexpected, undo: unexpected }

export interface TestApp {
  request(path: string, init?: RequestInit): Promise<Response>
  /** Everything that would have changed something, in order. */
  readonly done: readonly Done[]
  readonly asked: readonly Claim[]
  readonly logged: () => string
  readonly seal: SessionSeal
  readonly tenants: Map<string, Tenant & EventKey>
  readonly desk: PortalDesk
  bearer(session?: Partial<Session>): { authorization: string }
}

const people: Record<string, Proof['user']> = {
  [adminToken]: { id: 1, name: 'Анна Администратор', isAdmin: true, timeZone: 'Europe/Moscow' },
  [managerToken]: { id: 7, name: 'Михаил Менеджер', isAdmin: false, timeZone: 'Europe/Moscow' },
}

const pages: BuiltPages = {
  render: boot => withBoot('<!doctype html><html><head><title>Leadrail</title></head><body></body></html>', boot),
  asset: name => (name === 'main-1.js'
    ? { type: 'text/javascript; charset=utf-8', etag: '"e1"', plain: new Uint8Array(Buffer.from('let a')), gzip: new Uint8Array([1]), brotli: null }
    : null),
}

export const prove = async (claim: Claim): Promise<Proved> => {
  const user = people[claim.accessToken]
  if (claim.domain.startsWith('10.')) return { ok: false, why: 'address' }
  if (claim.accessToken.startsWith('unreachable')) return { ok: false, why: 'unavailable' }
  if (user === undefined || claim.memberId !== memberId || claim.domain !== domain) return { ok: false, why: 'refused' }
  return { ok: true, proof: { memberId, domain, clientEndpoint: `https://${domain}/rest/`, serverEndpoint: 'https://oauth.bitrix.info/rest/', user, installed: true, languageId: 'ru', renewed: null } }
}

/** Remembers a regulation, and no lead. */
export const usualMemory: Memory = {
  regulation: async () => ({ version: 1, regulation }),
  watch: async () => ({ status: 'unseen' }),
  journal: async () => [],
  incidents: async () => [],
  names: async () => ({ people: { 7: 'Михаил Менеджер' }, stages: { IN_PROCESS: 'В работе' }, timeZone: 'Europe/Moscow' }),
  company: async () => null,
  load: async () => ({}),
  duplicates: async () => [],
  takeover: async () => ({ state: 'open', installedAt: Temporal.Instant.from(now) }),
  overview: async () => ({ watches: [], active: 0, overdue: 0, incidents: [], journal: [] }),
}

/** One portal is known and active, unless `tenants` says otherwise. */
export const createTestApp = (changes: Partial<AppDeps> = {}, known: readonly (Tenant & EventKey)[] = [activeTenant]): TestApp => {
  const done: Done[] = []
  const asked: Claim[] = []
  const lines: string[] = []
  const tenants = new Map(known.map(tenant => [tenant.memberId, tenant]))
  const seal = openSessionSeal([randomBytes(32)])
  const did = (what: string) => async (id: string, more?: unknown) => void done.push({ what, memberId: id, more })
  const log = createLog({ level: 'debug', write: line => void lines.push(line) })
  const desk: PortalDesk = {
    readLead: async () => lead,
    saveFields: async (id, _token, _lead, values) => void done.push({ what: 'save', memberId: id, more: values }),
    visibleLeads: async (_id, _token, ids) => ids.map(id => ({ id, title: `Лид ${id}`, responsibleId: null })),
    visibleItems: async (_id, _token, refs) => refs,
    countOpen: async () => 12,
    readConversion: () => Promise.reject(new Error('nothing is converted here')),
    dealsOfLead: async () => [],
    removePhone: async (id, _token, removal) => void done.push({ what: 'remove-phone', memberId: id, more: removal }),
    itemUrl: crmUrl,
    attachClient: async (id, _token, of, client) => void done.push({ what: 'attach', memberId: id, more: { lead: of, ...client } }),
    taskUrl: (host, userId, taskId) => `https://${host}/company/personal/user/${userId}/tasks/task/view/${taskId}/`,
    checkInstall: async (_id, lang) => ({ ok: true, checks: [], done: [], lang }),
    install: async (id, lang, preset) => {
      done.push({ what: 'install', memberId: id, more: preset ?? lang })
      return { ok: true, checks: [], done: ['Поля созданы'], lang }
    },
  }
  const app = createApp({
    version: '0.1.0',
    role: 'web',
    parseEvent,
    parseRobot: parseRobotCall,
    parsePage: parsePagePost,
    prove: async (claim) => {
      asked.push(claim)
      return prove(claim)
    },
    protocolOf: () => 'https',
    tenants: {
      find: async id => tenants.get(id) ?? null,
      eventKey: async id => tenants.get(id) ?? null,
      admit: async (proof, claim) => void done.push({ what: 'admit', memberId: proof.memberId, more: claim }),
      follow: async proof => void done.push({ what: 'follow', memberId: proof.memberId, more: proof.domain }),
    },
    work: { requestReview: did('request-review'), reviewNow: did('review-now'), installLater: did('install-later'), takeOver: did('take-over'), retire: did('retire') },
    desk,
    regulations: noDesk,
    simulations: noSimulations,
    conversions: noConversions,
    lookUp: async () => ({ kind: 'unknown', why: 'not-connected' }),
    presets: {
      knows: id => id === 'passes',
      list: async (_id, lang) => ({ presets: [], lang }),
      bind: async (_id, preset, { revision, userId, language: lang }) => {
        if (preset !== 'passes') return null
        if (revision !== 0) return { ok: false, draft: { regulation, baseVersion: 1, revision: 3, authorId: 7, updatedAt: now } }
        done.push({ what: 'bind-preset', memberId: preset, more: userId })
        return { ok: true, bound: { report: { ok: true, checks: [], done: [], lang }, draftRevision: 1, regulation: {}, problems: [] } }
      },
    },
    acts: {
      add: async (id, leadId, act, mark) => {
        done.push({ what: 'act', memberId: id, more: { leadId, ...act, at: act.at.toString(), ...(mark === undefined ? {} : { mark }) } })
        return true
      },
    },
    memory: usualMemory,
    health: { database: 'pglite', check: async () => {}, ready: () => true },
    pages,
    seal,
    metrics: createMetrics(async () => ({ inbox: 2, outbox: 3 })),
    log,
    clock: { now: () => Temporal.Instant.from(now), speed: () => 1 },
    realNow: () => Date.parse(now),
    ...changes,
  })
  return {
    desk,
    request: async (path, init) => app.request(path, init),
    done,
    asked,
    logged: () => lines.join(''),
    seal,
    tenants,
    bearer: session => ({
      authorization: `Bearer ${seal.seal({
        memberId, domain, userId: 7, name: 'Михаил Менеджер', isAdmin: false, timeZone: 'Europe/Moscow', language: 'ru',
        accessToken: managerToken, expiresAt: Date.parse(now) + 60_000, ...session,
      })}`,
    }),
  }
}

export const activeTenant: Tenant & EventKey = { memberId, domain, status: 'active', reason: null, timeZone: 'Europe/Moscow', applicationToken, listening: true }

/** A stand-in for the portal's own parser: JSON, so that each test says what was understood. */
const parseEvent = (raw: string): ReceivedEvent | null => (raw.startsWith('{') ? JSON.parse(raw) as ReceivedEvent : null)

export const postEvent = (event: ReceivedEvent): RequestInit => ({ method: 'POST', body: JSON.stringify(event) })

export const postForm = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

/** The POST of an opened page, see settings/oauth/simple-way.md. */
export const pageForm = (accessToken: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  AUTH_ID: accessToken,
  AUTH_EXPIRES: '3600',
  REFRESH_ID: `refresh-of-${accessToken}`,
  SERVER_ENDPOINT: 'https://oauth.bitrix.info/rest/',
  APPLICATION_TOKEN: applicationToken,
  APPLICATION_SCOPE: 'crm,placement,task',
  member_id: memberId,
  status: 'L',
  PLACEMENT: 'DEFAULT',
  ...more,
})

export const pageQuery = (lang = 'ru', host = domain) => `?DOMAIN=${host}&PROTOCOL=1&LANG=${lang}&APP_SID=sid000000000`

export const bootOf = async (answer: Response): Promise<Record<string, unknown>> => {
  const json = /<script type="application\/json" id="leadrail-boot">(.*?)<\/script>/s.exec(await answer.text())?.[1]
  if (json === undefined) throw new Error('the page carries no boot data')
  return JSON.parse(json) as Record<string, unknown>
}
