/** `/api/leads/:id/conversion`: planned with the opening user's rights, begun, watched, tried again, taken back, undone. */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { ConversionRequest, PlanRequest, type ConversionState, type ConversionView, type LastConversion, type UndoView } from '../contract/conversion.ts'
import type { ConversionFacts, TargetKind } from '../domain/conversion/facts.ts'
import type { Choices, Plan } from '../domain/conversion/plan.ts'
import { proposePlan } from '../domain/conversion/propose.ts'
import type { RegistryAnswer } from '../domain/conversion/setting.ts'
import { innOf, searchedInn } from '../domain/conversion/requisites.ts'
import { planKey, stepsOf } from '../domain/conversion/steps.ts'
import { userId, type ActRight, type Lead, type LeadId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { tellWords } from '../domain/sentences/conversion.ts'
import type { Watch } from '../domain/watch.ts'
import type { ConversionDesk } from '../jobs/conversion-desk.ts'
import { searchedBy } from '../jobs/needs.ts'
import type { StoredConversion } from '../store/conversions.ts'
import { ownRightOver, rightOver } from './acts.ts'
import { readJson } from './body.ts'
import { conversionState, conversionView, undoView } from './conversion-view.ts'
import { unmetNeeds } from './lead-view.ts'
import { leadIdOf, openRegulatedLead } from './open-lead.ts'
import { parseAs } from './malformed.ts'
import type { PortalReads } from './portal-reads.ts'
import type { Clock, Memory, PortalDesk } from './ports.ts'
import { withStoredTokens } from './portal-refusal.ts'
import { Refused } from './problem.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'

export interface ConversionDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly desk: PortalDesk
  readonly reads: PortalReads
  readonly memory: Memory
  readonly conversions: ConversionDesk
  readonly clock: Clock
  /** What the registries of the regulation's countries say of a taxpayer number; never throws. */
  readonly lookUp: (inn: string, countries: readonly string[]) => Promise<RegistryAnswer>
  /** Epoch milliseconds of real time. */
  readonly realNow: () => number
  readonly protocolOf: (domain: string) => 'http' | 'https'
}

/** What was read for a plan serves the next choices of the same person for so long; a beginning reads anew. */
const factsMs = 60_000
const mostFacts = 300
const asItIsNow = 0
/** A page asks every second while a conversion is under way; whether he still sees the lead is asked so often. */
const sightMs = 5_000

interface Opened { readonly lead: Lead; readonly watch: Watch; readonly regulation: Regulation; readonly version: number }

interface Planned { readonly plan: Plan; readonly facts: ConversionFacts; readonly registry: RegistryAnswer | null; readonly seen: string }

export const createConversionRoutes = ({ sessions, desk, reads, memory, conversions, clock, lookUp, realNow, protocolOf }: ConversionDeps) => {
  const kept = new Map<string, { readonly atMs: number; readonly facts: Promise<ConversionFacts> }>()

  return {
    /** `POST /api/leads/:id/conversion/plan` */
    plan: (c: Context) => sessions.answer(c, async (session): Promise<ConversionView> => {
      const { choices } = parseAs(PlanRequest, await readJson(c.req.raw), session.language)
      const opened = await open(session, leadIdOf(c))
      await requireConverter(session, opened)
      return viewOf(session, await planned(session, opened, choices as Choices, factsMs))
    }),

    /** `POST /api/leads/:id/conversion` */
    begin: (c: Context) => sessions.answer(c, async (session): Promise<ConversionState> => {
      const { choices, seen } = parseAs(ConversionRequest, await readJson(c.req.raw), session.language)
      const opened = await open(session, leadIdOf(c))
      await requireConverter(session, opened)
      const underWay = await conversions.last(session.memberId, opened.lead.id)
      if (underWay !== null && isUnderWay(underWay)) return stateOf(session, opened, underWay)
      const now = await planned(session, opened, choices as Choices, asItIsNow)
      const view = viewOf(session, now)
      if (now.plan.lacks.length > 0) throw new Refused('conversion-lacks', { fields: view.lacks.map(({ key, text }) => ({ field: key ?? 'lead', message: text })) })
      if (now.seen !== seen) throw new Refused('plan-changed')
      const conversion = await conversions.begin(session.memberId, {
        leadId: opened.lead.id,
        byUserId: userId(session.userId),
        byUserName: session.name,
        accessToken: session.accessToken,
        regulationVersion: opened.version,
        plan: now.plan,
        steps: stepsOf(now.plan, now.facts, tellWords(session.language)),
        undoDays: opened.regulation.conversion.undoDays,
      })
      forget(session, opened.lead.id)
      return stateOf(session, opened, conversion)
    }, 202),

    /** `GET /api/leads/:id/conversion` */
    show: (c: Context) => sessions.answer(c, async (session): Promise<LastConversion> => {
      const id = leadIdOf(c)
      const conversion = await conversions.last(session.memberId, id)
      const opened = await open(session, id, conversion !== null && isUnderWay(conversion) ? sightMs : asItIsNow)
      return { conversion: conversion === null ? null : await stateOf(session, opened, conversion) }
    }),

    /** `POST /api/leads/:id/conversion/retry` */
    retry: (c: Context) => changed(c, maySettle, (session, { id }) => conversions.retry(session.memberId, id, session.accessToken)),

    /** `POST /api/leads/:id/conversion/take-back` */
    takeBack: (c: Context) => changed(c, maySettle, ({ memberId }, { id }) => conversions.takeBack(memberId, id)),

    /** `GET /api/leads/:id/conversion/undo` */
    outlook: (c: Context) => sessions.answer(c, async (session): Promise<UndoView> => {
      const { opened, conversion } = await openConversion(session, leadIdOf(c))
      if (!await mayUndo(session, opened, conversion)) throw new Refused('not-your-lead')
      if (conversion.status !== 'done') throw new Refused('conversion-not-here')
      return undoView(conversion, await withStoredTokens(conversions).outlook(session.memberId, conversion.id), readerOf(session))
    }),

    /** `POST /api/leads/:id/conversion/undo` */
    undo: (c: Context) => changed(c, mayUndo, (session, { id }) => conversions.undo(session.memberId, id, userId(session.userId))),
  }

  function changed(c: Context, may: typeof mayUndo, change: (session: Session, conversion: StoredConversion) => Promise<StoredConversion | null>): Promise<Response> {
    return sessions.answer(c, async (session): Promise<ConversionState> => {
      const { opened, conversion } = await openConversion(session, leadIdOf(c))
      if (!await may(session, opened, conversion)) throw new Refused('not-your-lead')
      const after = await change(session, conversion)
      if (after === null) throw new Refused('conversion-not-here')
      forget(session, opened.lead.id)
      return stateOf(session, opened, after)
    }, 202)
  }

  function open(session: Session, id: LeadId, acceptMs = asItIsNow): Promise<Opened> {
    return openRegulatedLead({ memory, reads }, session, id, { acceptMs, asClosed: true })
  }

  async function openConversion(session: Session, id: LeadId): Promise<{ readonly opened: Opened; readonly conversion: StoredConversion }> {
    const opened = await open(session, id)
    const conversion = await conversions.last(session.memberId, id)
    if (conversion === null) throw new Refused('conversion-not-here')
    return { opened, conversion }
  }

  async function requireConverter(session: Session, opened: Opened): Promise<void> {
    if (await rightOver(session, opened, { memory, sessions }) === null) throw new Refused('not-your-lead')
  }

  /** Whoever works on the lead goes on with what has stopped, or has it removed: the one who has begun it may have left. */
  async function maySettle(session: Session, opened: Opened): Promise<boolean> {
    return await rightOver(session, opened, { memory, sessions }) !== null
  }

  async function mayUndo(session: Session, opened: Opened, conversion: StoredConversion): Promise<boolean> {
    if (undoes(await ownRightOver(session, opened, memory), session, conversion)) return true
    if (!session.isAdmin) return false
    await sessions.requireAdministrator(session)
    return true
  }

  async function planned(session: Session, opened: Opened, choices: Choices, acceptMs: number): Promise<Planned> {
    const { regulation, watch, lead } = opened
    const [facts, company] = await Promise.all([readFacts(session, opened, searchedInn(regulation, choices), acceptMs), memory.company(session.memberId)])
    const { inn } = innOf(facts, { regulation }, choices)
    const registry = inn === '' || !regulation.requisites.checked ? null : await lookUp(inn, regulation.requisites.countries)
    const active = watch.status === 'active' ? watch : null
    const step = regulation.steps.find(({ id }) => id === active?.stepId) ?? null
    const unmet = active === null || step === null || active.step?.moveAllowed === true ? [] : unmetNeeds(lead, active, step, regulation, company, session.language)
    const plan = proposePlan(facts, { regulation, stepId: watch.status === 'unseen' ? null : watch.stepId ?? null, unmet, registry, language: session.language }, choices)
    return { plan, facts, registry, seen: createHash('sha256').update(planKey(plan)).digest('base64url') }
  }

  /** `inn`: a number that clients are looked for by instead of the lead's. */
  async function readFacts(session: Session, { lead, regulation }: Opened, inn: string | null, acceptMs: number): Promise<ConversionFacts> {
    const key = inn === null ? keyOf(session, lead.id) : `${keyOf(session, lead.id)} ${inn}`
    const known = kept.get(key)
    if (known !== undefined && realNow() - known.atMs < acceptMs) return known.facts
    for (const [old, { atMs }] of kept) if (kept.size >= mostFacts || realNow() - atMs >= factsMs) kept.delete(old)
    const facts = desk.readConversion(session.memberId, session.accessToken, lead.id, { ...searchedBy(regulation), ...(inn === null ? {} : { inn }) })
    kept.set(key, { atMs: realNow(), facts })
    // A failed reading must not be kept.
    facts.catch(() => kept.delete(key))
    return facts
  }

  function forget(session: Session, id: LeadId): void {
    const key = keyOf(session, id)
    for (const old of kept.keys()) if (old === key || old.startsWith(`${key} `)) kept.delete(old)
    reads.forget(session.memberId, [id])
  }

  function readerOf({ language, domain }: Session) {
    return { language, urlOf: (kind: 'lead' | TargetKind, id: number) => desk.itemUrl(domain, kind, id, protocolOf(domain)) }
  }

  function viewOf(session: Session, { plan, facts, registry, seen }: Planned): ConversionView {
    return conversionView(plan, facts, registry, seen, readerOf(session))
  }

  async function stateOf(session: Session, opened: Opened, conversion: StoredConversion): Promise<ConversionState> {
    const right = await ownRightOver(session, opened, memory)
    // Whether he is still an administrator the portal is asked when he does something.
    const maySettle = right !== null || session.isAdmin
    return conversionState(conversion, {
      ...readerOf(session),
      mayKnow: maySettle || conversion.byUserId === session.userId,
      maySettle,
      mayUndo: session.isAdmin || undoes(right, session, conversion),
      now: clock.now().toString(),
    })
  }
}

/** Whoever is above the lead's responsible, and whoever has converted it as long as he works on the lead. */
const undoes = (right: ActRight | null, session: Session, { byUserId }: StoredConversion): boolean => right === 'above' || (right !== null && byUserId === session.userId)

const isUnderWay = ({ status }: StoredConversion): boolean => status === 'running' || status === 'held' || status === 'taking-back' || status === 'undoing'

const keyOf = ({ memberId, userId: id }: Session, lead: LeadId): string => `${memberId} ${id} ${lead}`
