/** The routes of a conversion on a desk that remembers what it was asked. */
import { type ConversionState, LastConversion } from '../../server/contract/conversion.ts'
import { Problem } from '../../server/contract/problem.ts'
import type { ConversionFacts } from '../../server/domain/conversion/facts.ts'
import { userId } from '../../server/domain/lead.ts'
import type { AppDeps } from '../../server/http/app.ts'
import type { ConversionAsk } from '../../server/jobs/conversion-desk.ts'
import type { StoredConversion, StoredStep } from '../../server/store/conversions.ts'
import { email, facts as factsOf, phone } from '../domain/conversion/support.ts'
import { createTestApp, usualMemory, type TestApp } from './support.ts'
import { lead, regulation } from './values.ts'

export const facts = factsOf({ lead: { id: lead.id, stageId: lead.stageId, fields: { companyTitle: 'ООО «Ромашка»' }, means: [phone('+7 900 000-00-01'), email('info@example.com')] } })

export const unusedConversions: AppDeps['conversions'] = {
  begin: () => Promise.reject(new Error('nothing is begun here')),
  last: async () => null, status: async () => null, retry: async () => null, takeBack: async () => null, outlook: async () => [], undo: async () => null,
}

interface World {
  readonly app: TestApp
  readonly asks: ConversionAsk[]
  readonly read: string[]
  /** What clients were looked for by. */
  readonly readBy: Parameters<AppDeps['desk']['readConversion']>[3][]
}

/** A desk that remembers what it was asked, and answers one conversion. */
export const world = (change: Partial<AppDeps['conversions']> = {}, given: { readonly facts?: ConversionFacts | ((inn?: string) => ConversionFacts); readonly responsibleId?: number; readonly allowed?: boolean; readonly directorId?: number } = {}): World => {
  const asks: ConversionAsk[] = []
  const read: string[] = []
  const readBy: World['readBy'] = []
  const conversions: AppDeps['conversions'] = {
    ...unusedConversions,
    begin: async (_id, ask) => {
      asks.push(ask)
      return stored({ plan: ask.plan, steps: ask.steps.map((step, place): StoredStep => ({ place, step, state: 'done', attempts: 1, begunAt: null, result: step.kind === 'create' ? { id: 100 + place } : {}, words: null })) })
    },
    ...change,
  }
  const usual = createTestApp()
  const desk: AppDeps['desk'] = {
    ...usual.desk,
    readLead: async () => ({ ...lead, responsibleId: userId(given.responsibleId ?? 7) }),
    readConversion: async (_id, token, _lead, by) => {
      read.push(token)
      readBy.push(by)
      return typeof given.facts === 'function' ? given.facts(by.inn) : given.facts ?? facts
    },
  }
  const settings = { ...regulation, roles: { ...regulation.roles, directorId: given.directorId === undefined ? null : userId(given.directorId) }, conversion: { ...regulation.conversion, allowed: given.allowed ?? true, fromStepId: null } }
  return { app: createTestApp({ conversions, desk, memory: { ...usualMemory, regulation: async () => ({ version: 4, regulation: settings }) } }), asks, read, readBy }
}

export const stored = (change: Partial<StoredConversion> = {}): StoredConversion => ({
  id: 'c1', leadId: lead.id, status: 'done', byUserId: userId(7), byUserName: 'Михаил', regulationVersion: 4, plan: { objects: [], means: [], products: [], requisites: null } as unknown as StoredConversion['plan'],
  why: null, whyWords: null, elsewhere: [], startedAt: '2026-03-10T08:59:00Z', endedAt: '2026-03-10T09:00:00Z', undoUntil: '2026-03-13T09:00:00Z', undoneById: null, failures: 0, steps: [], ...change,
})

export const stepRow = (step: StoredStep['step'], change: Partial<StoredStep> = {}): StoredStep => ({ place: 0, step, state: 'done', attempts: 1, begunAt: null, result: {}, words: null, ...change })
export const makes = (object: 'deal' | 'contact' | 'company', id: number, change: Partial<StoredStep> = {}): StoredStep =>
  stepRow({ key: object, kind: 'create', object, fields: {}, means: [], companyId: null, contactIds: [] }, { result: { id }, ...change })
export const planOf = (...kinds: readonly ('deal' | 'contact' | 'company')[]): StoredConversion['plan'] =>
  ({ objects: kinds.map(kind => ({ kind, action: 'create', id: null, title: `Ромашка ${kind}`, fields: [], candidates: [] })), means: [], products: [], requisites: null }) as unknown as StoredConversion['plan']
export const stateFor = async (conversion: Partial<StoredConversion>, session: Parameters<TestApp['bearer']>[0] = {}, given: { readonly responsibleId?: number } = {}): Promise<ConversionState> => {
  const { app } = world({ last: async () => stored(conversion) }, given)
  const answer = await app.request(path, { headers: app.bearer(session) })
  const { conversion: found } = LastConversion.parse(await answer.json())
  if (found === null) throw new Error('there is no conversion')
  return found
}

export const path = `/api/leads/${lead.id}/conversion`
export const send = (app: TestApp, at: string, body: unknown = {}, language: 'ru' | 'en' = 'ru'): Promise<Response> => Promise.resolve(app.request(at, { method: 'POST', headers: { 'content-type': 'application/json', ...app.bearer({ language }) }, body: JSON.stringify(body) }))
export const get = (app: TestApp, at: string): Promise<Response> => Promise.resolve(app.request(at, { headers: app.bearer() }))
export const problem = async (answer: Response): Promise<Problem> => Problem.parse(await answer.json())
