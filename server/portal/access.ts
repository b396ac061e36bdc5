/** The portal room from outside: everything joined, one object for jobs, pages and the installer. */
import { Temporal } from 'temporal-polyfill'
import type { FieldName, FieldValue, Lead, LeadId, Sight, UserId } from '../domain/lead.ts'
import { leadId, userId } from '../domain/lead.ts'
import type { Preset } from '../domain/presets/preset.ts'
import { worktops } from '../domain/presets/worktops.ts'
import type { ConversionFacts } from '../domain/conversion/facts.ts'
import type { ConversionStep, StepResult } from '../domain/conversion/step.ts'
import type { UndoStep } from '../domain/conversion/undo.ts'
import { createDoorman } from './address.ts'
import { type AuthServer, createAuthServer } from './auth-server.ts'
import { createBudget } from './budget.ts'
import { carryOutStep, type StepManner } from './conversion/execute.ts'
import { type PhoneRemoval, removePhone } from './conversion/gaps.ts'
import { type ConversionAsk, readConversion } from './conversion/read.ts'
import { dealsOfLead } from './conversion/lead.ts'
import { takeBack, type TakenBack } from './conversion/undo.ts'
import { PortalError } from './error.ts'
import type { Subject } from './event.ts'
import { type CarriedOut, carryOut, type Item, type Words } from './execute.ts'
import { type PortalFacts, readFacts } from './facts.ts'
import { countPast, readPast, type Past, type PastAsk, type PastPage } from './history.ts'
import { readBefore, type BeforeAsk, type BeforePage } from './history-before.ts'
import { deletedOf } from './gone-follow-ups.ts'
import { type Ensured, ensurePortal } from './install.ts'
import type { RobotsAt } from './install-automation.ts'
import type { StagesInForce } from './install-stages.ts'
import { lookAtLeads, readSights } from './leads.ts'
import type { Needs } from './needs.ts'
import { type Announcement, type PortalNames, readNames, tell } from './names.ts'
import { createPortals, type Portal } from './portal.ts'
import type { BudgetStore, Locks, Log, PortalConfig, PortalStore, RestLog, WallClock } from './ports.ts'
import { createProver, type Prove } from './prove.ts'
import { chunksOf, idOf, idsOf, leadType, resultOf, rowsUnder, textOf } from './rows.ts'
import { changedSince, leadsOf, type Swept, type SweepMark } from './sweep.ts'
import { createTokens } from './tokens.ts'
import { createTransport, isRecord, type Patience } from './transport.ts'
import { type ItemRef, visibleItems } from './visible-items.ts'

export interface AccessDeps {
  readonly store: PortalStore
  readonly locks: Locks
  readonly budgetStore: BudgetStore
  readonly restLog: RestLog
  readonly log: Log
  /** Of tokens and limits; the application's own time where the demo runs faster. */
  readonly clock: WallClock
  readonly config: PortalConfig
  readonly preset?: Preset
  /** To count or watch what the authorisation server is asked. */
  readonly watchAuthServer?: (server: AuthServer) => AuthServer
  /** A renewed pair that the store could not take has been stored after all: the portal may answer again. */
  readonly storedLate?: (memberId: string) => void
  /** For tests. */
  readonly patience?: Patience
}

export interface Urgency {
  /** A person is waiting. */
  readonly urgent?: boolean
  /** Asked while a request has to wait for the portal's limit: does a person wait for this work by now? */
  readonly wanted?: () => Promise<boolean>
}

export interface Hold extends Urgency {
  /** Of the lock that the caller works under: once it is aborted nothing more is sent. */
  readonly held?: AbortSignal | undefined
}

export interface PortalAccess {
  /** One sight per id, in one or two requests per 50. */
  readSights(memberId: string, ids: readonly LeadId[], fields: readonly FieldName[], needs?: Needs, urgency?: Urgency): Promise<readonly Sight[]>
  leadsOf(memberId: string, subjects: readonly Subject[], urgency?: Urgency): Promise<readonly LeadId[]>
  /** Those of our follow-ups that are proved to be deleted. */
  deletedOf(memberId: string, subjects: readonly Subject[], urgency?: Urgency): Promise<readonly Subject[]>
  /** `watched`: whose presence matters; everybody active without it. */
  readFacts(memberId: string, watched?: readonly number[], urgency?: Urgency): Promise<PortalFacts>
  /** Number of leads that came in within a time. */
  countPast(memberId: string, past: Past): Promise<number>
  /** Some of them with their history, by growing id. */
  readPast(memberId: string, ask: PastAsk): Promise<PastPage>
  /** Leads that were open when a time began, the newest first. */
  readBefore(memberId: string, ask: BeforeAsk): Promise<BeforePage>
  changedSince(memberId: string, mark: unknown, openAfter?: number | null): Promise<Swept>
  /** How many open leads on these stages were created before that moment, as this person sees them. */
  countOpenAs(memberId: string, accessToken: string, stageIds: readonly string[], before: Temporal.Instant): Promise<number>
  /** When `held` is aborted on the way, what has not been sent fails with `unavailable`. */
  carryOut(memberId: string, items: readonly Item[], words: Words, hold?: Hold): Promise<readonly CarriedOut[]>
  /** Sets up what is missing with the stored administrator's token; `dry` only looks. */
  ensure(memberId: string, options?: { readonly dry?: boolean; readonly inForce?: StagesInForce; readonly preset?: Preset; readonly robots?: RobotsAt | null }): Promise<Ensured>
  /** Stages, lead fields and sources as the portal calls them now, in one request. */
  readNames(memberId: string): Promise<PortalNames>
  /** A message that is about no lead; a second one of the same mark takes its place. Rejects when nobody got it. */
  tell(memberId: string, message: Announcement): Promise<void>
  /** Renews tokens that have not been used for a month; unused they die after 180 days (settings/oauth/auto-renewal.md). */
  keepAlive(memberId: string): Promise<void>
  readonly prove: Prove
  /** The portal with the rights of the person whose token this is. */
  asUser(memberId: string, accessToken: string): Promise<Portal>
  /** Rejects with `not-found` for a lead this person may not see. */
  readLeadAs(memberId: string, accessToken: string, id: LeadId, fields: readonly FieldName[], needs?: Needs): Promise<Lead>
  visibleLeadsAs(memberId: string, accessToken: string, ids: readonly LeadId[]): Promise<readonly { id: LeadId; title: string; responsibleId: UserId | null }[]>
  /** Those of the items that this person sees. */
  visibleItemsAs(memberId: string, accessToken: string, refs: readonly ItemRef[]): Promise<readonly ItemRef[]>
  /** Rejects with `invalid` and the portal's words when it refuses, or when a field does not exist there. */
  saveFieldsAs(memberId: string, accessToken: string, id: LeadId, values: Readonly<Record<string, FieldValue>>): Promise<void>
  /** Binds the lead to this contact or company as well (api-reference/crm/universal/object-fields.md); harmless when it is bound already. Rejects with `otherCompanyBound` where the lead has another company. */
  attachClientAs(memberId: string, accessToken: string, id: LeadId, client: { readonly kind: 'contact' | 'company'; readonly id: number }): Promise<void>
  /** What a conversion of this lead is planned from, as this person sees it. Rejects with `not-found` or `access-denied` for a lead that he does not see. */
  readConversionAs(memberId: string, accessToken: string, id: LeadId, ask: ConversionAsk): Promise<ConversionFacts>
  /** Ids of the deals that were made of the lead, with the stored token: of those, too, that a person may not see. */
  dealsOfLead(memberId: string, id: LeadId): Promise<readonly number[]>
  /** With this person's rights; harmless when it is gone already. */
  removePhoneAs(memberId: string, accessToken: string, removal: PhoneRemoval): Promise<void>
  readonly conversion: ConversionPortal
  /** The end is near: requests that would have to wait for a portal's limit are refused as `rate-limited` instead. */
  endWaiting(): void
  /** Stores what is not stored yet, once; the store must still be open. */
  close(): Promise<void>
}

/** Code of the refusal to bind a second company. */
export const otherCompanyBound = 'COMPANY_BOUND'

export interface ConversionPortal {
  /** With the person's token where there is one; what an earlier attempt has made is looked for with the stored one. */
  carryOutStep(memberId: string, step: ConversionStep, how: StepManner & { readonly accessToken: string | null; readonly held?: AbortSignal | undefined }): Promise<StepResult | null>
  takeBack(memberId: string, undo: UndoStep, conversionId: string, options?: { readonly dry?: boolean; readonly held?: AbortSignal | undefined }): Promise<TakenBack>
}

export const createPortalAccess = (deps: AccessDeps): PortalAccess => {
  const { store, config, clock, log } = deps
  const doorman = createDoorman({ allowLocal: config.allowLocalPortals, userAgent: `Leadrail/${config.version}` })
  const transport = createTransport(doorman)
  const ownAuthServer = createAuthServer({ config, doorman, clock })
  const authServer = deps.watchAuthServer?.(ownAuthServer) ?? ownAuthServer
  const tokens = createTokens({ store, locks: deps.locks, authServer, clock, log, ...(deps.storedLate === undefined ? {} : { storedLate: deps.storedLate }) })
  const budget = createBudget({ store: deps.budgetStore, clock })
  const portals = createPortals({ store, tokens, transport, budget, restLog: deps.restLog, clock, ...(deps.patience === undefined ? {} : { patience: deps.patience }) })
  const options = { preset: deps.preset ?? worktops, appUrl: config.appUrl }
  const asUser = (memberId: string, accessToken: string) => portals.asUser(memberId, accessToken)

  return {
    readSights: async (memberId, ids, fields, needs, urgency) => readSights(await portals.open(memberId, urgency), ids, fields, log, needs),
    leadsOf: async (memberId, subjects, urgency) => leadsOf(await portals.open(memberId, urgency), subjects),
    readFacts: async (memberId, watched, urgency) => readFacts(await portals.open(memberId, urgency), watched),
    countPast: async (memberId, past) => countPast(await portals.open(memberId), past),
    readPast: async (memberId, ask) => readPast(await portals.open(memberId), ask),
    readBefore: async (memberId, ask) => readBefore(await portals.open(memberId), ask),
    deletedOf: async (memberId, subjects, urgency) => deletedOf(await portals.open(memberId, urgency), subjects),
    changedSince: async (memberId, mark, openAfter = null) => changedSince(await portals.open(memberId), toMark(mark), clock.now(), openAfter),
    countOpenAs: async (memberId, accessToken, stageIds, before) => {
      const portal = await asUser(memberId, accessToken)
      const filter = { '@stageId': stageIds, '<createdTime': before.toString({ smallestUnit: 'second' }) }
      const [outcome] = await portal.callAll([{ method: 'crm.item.list', params: { entityTypeId: leadType, select: ['id'], filter } }], { kind: 'read' })
      resultOf(outcome)
      return outcome?.ok === true ? outcome.total ?? 0 : 0
    },
    carryOut: async (memberId, items, words, hold) => carryOut(await portals.open(memberId, hold), items, words),
    ensure: async (memberId, { dry = false, inForce = {}, preset = options.preset, robots = null } = {}) => ensurePortal(await portals.open(memberId, { urgent: true }), { ...options, preset, dry, inForce, robots }),
    readNames: async memberId => readNames(await portals.open(memberId, { urgent: true })),
    tell: async (memberId, message) => tell(await portals.open(memberId), message),
    keepAlive: async (memberId) => {
      const idle = clock.now().subtract({ hours: 30 * 24 })
      for (const row of await store.tokensOf(memberId)) if (Temporal.Instant.compare(row.expiresAt, idle) < 0) await tokens.keepAlive(memberId, row)
    },
    prove: createProver({ config, authServer, doorman, transport, store, tokens, budget, log, ...(deps.patience === undefined ? {} : { patience: deps.patience }) }),
    asUser,
    readLeadAs: async (memberId, accessToken, id, fields, needs) => {
      const [sight] = await lookAtLeads(await asUser(memberId, accessToken), [id], fields, needs)
      if (sight?.kind === 'unread' && sight.error.code !== 'access-denied') throw sight.error
      if (sight?.kind !== 'seen') throw new PortalError({ code: 'not-found', method: 'crm.item.list' })
      return sight.lead
    },
    visibleLeadsAs: async (memberId, accessToken, ids) => {
      const portal = await asUser(memberId, accessToken)
      const calls = chunksOf(ids, 50).map(part => ({ method: 'crm.item.list', params: { entityTypeId: leadType, filter: { '@id': part }, select: ['id', 'title', 'assignedById'], start: -1 } }))
      const outcomes = calls.length === 0 ? [] : await portal.callAll(calls, { kind: 'read' })
      return outcomes.flatMap((outcome) => {
        if (!outcome.ok) throw outcome.error
        return rowsUnder(outcome.result, 'items').flatMap((row) => {
          const id = idOf(row['id'])
          const responsible = idOf(row['assignedById'])
          return id === null ? [] : [{ id: leadId(id), title: textOf(row['title']), responsibleId: responsible === null ? null : userId(responsible) }]
        })
      })
    },
    visibleItemsAs: async (memberId, accessToken, refs) => visibleItems(await asUser(memberId, accessToken), refs),
    saveFieldsAs: async (memberId, accessToken, id, values) => {
      const portal = await asUser(memberId, accessToken)
      // An empty text clears a field of any kind; `null` is not documented as a value.
      const fields = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? '']))
      const { result } = await portal.call('crm.item.update', { entityTypeId: leadType, id, fields, useOriginalUfNames: 'Y' }, { kind: 'write' })
      const item = isRecord(result) && isRecord(result['item']) ? result['item'] : {}
      // Unknown fields are ignored in silence (crm-item-update.md): what was written must be in the answer.
      const missing = Object.keys(fields).filter(name => !Object.hasOwn(item, name))
      if (missing.length > 0) throw new PortalError({ code: 'invalid', method: 'crm.item.update', bitrixCode: 'FIELD_MISSING', bitrixMessage: missing.join(', '), status: 200 })
    },
    attachClientAs: async (memberId, accessToken, id, { kind, id: clientId }) => {
      const portal = await asUser(memberId, accessToken)
      const { result } = await portal.call('crm.item.get', { entityTypeId: leadType, id }, { kind: 'read' })
      const item = isRecord(result) && isRecord(result['item']) ? result['item'] : {}
      const bound = idsOf(item['contactIds'])
      if (kind === 'company' ? idOf(item['companyId']) === clientId : bound.includes(clientId)) return
      // Writing another company would take the bound one off the lead without a word.
      if (kind === 'company' && idOf(item['companyId']) !== null) throw new PortalError({ code: 'invalid', method: 'crm.item.update', bitrixCode: otherCompanyBound, status: 200 })
      const fields = kind === 'company' ? { companyId: clientId } : { contactIds: [...bound, clientId] }
      await portal.call('crm.item.update', { entityTypeId: leadType, id, fields }, { kind: 'write' })
    },
    readConversionAs: async (memberId, accessToken, id, ask) => readConversion(await asUser(memberId, accessToken), id, ask),
    dealsOfLead: async (memberId, id) => dealsOfLead(await portals.open(memberId, { urgent: true }), id),
    removePhoneAs: async (memberId, accessToken, removal) => removePhone(await asUser(memberId, accessToken), removal),
    conversion: {
      carryOutStep: async (memberId, step, { accessToken, held, ...manner }) => {
        const own = await portals.open(memberId, { urgent: true, held })
        return carryOutStep({ own, person: accessToken === null ? own : await portals.asUser(memberId, accessToken, { held }) }, step, manner)
      },
      takeBack: async (memberId, undo, conversionId, { held, ...options } = {}) => takeBack(await portals.open(memberId, { urgent: true, held }), undo, conversionId, options),
    },
    endWaiting: () => { budget.endWaiting() },
    close: async () => {
      await tokens.close()
      doorman.close()
    },
  }
}

/** A mark of our own from an earlier sweep; anything else begins anew. */
const toMark = (mark: unknown): SweepMark | null =>
  (isRecord(mark) && isRecord(mark['leads']) && isRecord(mark['activities']) && typeof mark['leads']['at'] === 'string' && typeof mark['activities']['at'] === 'string' ? mark as unknown as SweepMark : null)
