/** `/api/leads/:id/conversion/gaps`: what a conversion past the application has left open, and its repair with the opening user's rights. */
import type { Context } from 'hono'
import { GapRepairRequest, type GapRepair, type GapsView } from '../contract/conversion.ts'
import type { ConversionFacts, ExistingClient, TargetKind } from '../domain/conversion/facts.ts'
import { gapsOf, type Gap } from '../domain/conversion/gaps.ts'
import { userId, type Lead, type LeadId, type StageId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { openPastOf, unansweredOf } from '../domain/rules/native-conversion.ts'
import { conversionWords } from '../domain/sentences/conversion.ts'
import type { Watch } from '../domain/watch.ts'
import { searchedBy } from '../jobs/needs.ts'
import type { Log } from '../log.ts'
import { ownRightOver, rightOver } from './acts.ts'
import { readJson } from './body.ts'
import { leadIdOf, openRegulatedLead } from './open-lead.ts'
import { parseAs } from './malformed.ts'
import type { PortalReads } from './portal-reads.ts'
import type { ActDesk, Clock, Memory, PortalDesk, Work } from './ports.ts'
import { withStoredTokens } from './portal-refusal.ts'
import { Refused } from './problem.ts'
import { reviewAfterClick } from './review-lead.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'

export interface GapDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly desk: Pick<PortalDesk, 'readConversion' | 'dealsOfLead' | 'removePhone' | 'saveFields' | 'itemUrl'>
  readonly reads: PortalReads
  readonly memory: Memory
  readonly acts: ActDesk
  readonly work: Pick<Work, 'requestReview' | 'reviewNow'>
  readonly clock: Clock
  readonly log: Log
  readonly protocolOf: (domain: string) => 'http' | 'https'
}

interface Opened { readonly lead: Lead; readonly watch: Watch; readonly regulation: Regulation }

/** As this person sees it; `hidden`: there is a deal of the lead that he does not see. */
interface Read { readonly facts: ConversionFacts; readonly hidden: boolean }

type PhoneGap = Extract<Gap, { kind: 'phone-in-both' }>

export const createGapRoutes = ({ sessions, desk, reads, memory, acts, work, clock, log, protocolOf }: GapDeps) => {
  return {
    /** `GET /api/leads/:id/conversion/gaps` */
    show: (c: Context) => sessions.answer(c, async (session): Promise<GapsView> => {
      const opened = await open(session, leadIdOf(c))
      if (openPastOf(opened.watch) === null) return nothing
      return opened.lead.semantic === 'success' ? look(session, opened, await read(session, opened)) : backOn(session, opened.lead.stageId)
    }),

    /** `POST /api/leads/:id/conversion/gaps/repair` */
    repair: (c: Context) => sessions.answer(c, async (session): Promise<GapsView> => {
      const wanted = parseAs(GapRepairRequest, await readJson(c.req.raw), session.language)
      const opened = await open(session, leadIdOf(c))
      if (await rightOver(session, opened, { memory, sessions }) === null) throw new Refused('not-your-lead')
      const past = openPastOf(opened.watch)
      if (past === null) return nothing
      const found = await read(session, opened)
      if (wanted.kind === 'reopen') return reopen(session, opened, found, past.from)
      const gap = phoneGapsOf(found.facts).find(one => one.phone === wanted.phone && one[wanted.from].id === wanted.id)
      // Pressed twice, or mended on the portal meanwhile: there is nothing to take away any more.
      if (gap === undefined) return look(session, opened, found)
      const from = { kind: wanted.from, id: wanted.id }
      const keep = wanted.from === 'contact' ? { kind: 'company', id: gap.company.id } as const : { kind: 'contact', id: gap.contact.id } as const
      await desk.removePhone(session.memberId, session.accessToken, { phone: gap.phone, from, keep, country: opened.regulation.intake.defaultCountry })
      return look(session, opened, await read(session, opened))
    }),
  }

  function open(session: Session, id: LeadId): Promise<Opened> {
    return openRegulatedLead({ memory, reads }, session, id)
  }

  /** With the person's own rights, as he would move it on the portal. Nothing happens to a lead of which there is a deal by now. */
  async function reopen(session: Session, opened: Opened, found: Read, stage: StageId | undefined): Promise<GapsView> {
    if (stage === undefined || opened.lead.semantic !== 'success' || hasDeal(found)) return look(session, opened, found)
    const { memberId, accessToken } = session
    try {
      await desk.saveFields(memberId, accessToken, opened.lead.id, { stageId: stage })
    } finally {
      reads.forget(memberId, [opened.lead.id])
    }
    await reviewAfterClick({ work, log }, memberId, opened.lead.id)
    return backOn(session, stage)
  }

  /** The rules may not have looked at it there yet. */
  async function backOn({ memberId }: Session, stage: StageId): Promise<GapsView> {
    const { stages } = await memory.names(memberId)
    return { ...nothing, back: stages[stage] ?? stage }
  }

  /** Whether there is a deal is asked with the application's rights: a person may not see the deals of others. */
  async function read({ memberId, accessToken }: Session, { lead, regulation }: Opened): Promise<Read> {
    const [facts, deals] = await Promise.all([desk.readConversion(memberId, accessToken, lead.id, searchedBy(regulation)), withStoredTokens(desk).dealsOfLead(memberId, lead.id)])
    return { facts, hidden: deals.some(id => !dealsOf(facts).some(deal => deal.id === id)) }
  }

  /** The gaps as this person sees them; when none is left on the portal, the rules hear of it from whoever works on the lead. */
  async function look(session: Session, opened: Opened, found: Read): Promise<GapsView> {
    const { lead, watch, regulation } = opened
    const { facts } = found
    const gaps = pastGapsOf(facts, unansweredOf(regulation, lead.fields, session.language)).filter(({ kind }) => kind !== 'no-deal' || !found.hidden)
    const past = openPastOf(watch)
    const [right, { stages }] = await Promise.all([ownRightOver(session, opened, memory), memory.names(session.memberId)])
    const mayWork = right !== null || session.isAdmin
    if (past !== null && !past.isWhole && mayWork && seesAll(found) && gaps.every(({ kind }) => kind === 'answer')) await tellWhole(session, lead.id, past.incidentId)
    const ways: Ways = {
      facts, regulation,
      urlOf: (kind, id) => desk.itemUrl(session.domain, kind, id, protocolOf(session.domain)),
      mayWork,
      stage: past?.from === undefined ? null : stages[past.from] ?? past.from,
    }
    return {
      gaps: gaps.map(gap => ({ text: conversionWords(session.language).gap(gap), ...repairsOf(gap, ways) })),
      hasDeal: hasDeal(found),
      links: linksOf(ways),
    }
  }

  async function tellWhole({ memberId, userId: byUserId }: Session, id: LeadId, incidentId: string): Promise<void> {
    if (await acts.add(memberId, id, { kind: 'gaps-gone', incidentId, at: clock.now(), byUserId: userId(byUserId) }, `gaps-gone ${incidentId}`)) await work.requestReview(memberId, [{ kind: 'lead', id }], { urgent: true })
  }
}

/** Nothing is open, or it is not asked. */
const nothing: GapsView = { gaps: [], hasDeal: null, links: [] }

interface Ways {
  readonly facts: ConversionFacts
  readonly regulation: Regulation
  readonly urlOf: (kind: 'lead' | TargetKind, id: number) => string
  /** Others are only led to what they may look at. */
  readonly mayWork: boolean
  /** Name of the stage that the lead may go back to; null: not known. */
  readonly stage: string | null
}

const dealsOf = ({ lead, deals }: ConversionFacts): ConversionFacts['deals'] => deals.filter(deal => deal.leadId === lead.id)

const hasDeal = ({ facts, hidden }: Read): boolean => hidden || dealsOf(facts).length > 0

/** Bound to the lead, made of it, or the client of a deal made of it; others that were only found to be similar are none. */
const clientsOf = (facts: ConversionFacts): readonly ExistingClient[] => {
  const deals = dealsOf(facts)
  return facts.clients.filter(({ kind, id, by, fields }) =>
    by.includes('bound') || Number(fields['leadId'] ?? 0) === facts.lead.id || deals.some(deal => (kind === 'company' ? deal.companyId === id : deal.contactIds.includes(id))))
}

/** A client whom this person may not see is a client all the same. */
const hasClient = (facts: ConversionFacts): boolean => [facts.lead, ...dealsOf(facts)].some(({ companyId, contactIds }) => companyId !== null || contactIds.length > 0)

const pastGapsOf = (facts: ConversionFacts, missing: readonly { readonly code: string; readonly title: string }[]): readonly Gap[] => {
  const clients = clientsOf(facts)
  return gapsOf({ missing, clients, deals: dealsOf(facts), hasClient: clients.length > 0 || hasClient(facts) })
}

const linksOf = ({ facts, urlOf }: Ways): GapsView['links'] => [
  ...dealsOf(facts).map(({ id, title }) => ({ kind: 'deal' as const, id, title, url: urlOf('deal', id) })),
  ...clientsOf(facts).map(({ kind, id, title }) => ({ kind, id, title, url: urlOf(kind, id) })),
]

const phoneGapsOf = (facts: ConversionFacts): readonly PhoneGap[] => pastGapsOf(facts, []).filter(gap => gap.kind === 'phone-in-both')

/** Only who sees the lead's deals and the clients of all of them can tell that nothing is wrong with them. */
const seesAll = ({ facts, hidden }: Read): boolean => {
  const sees = (kind: ExistingClient['kind'], id: number) => facts.clients.some(client => client.kind === kind && client.id === id)
  return !hidden && [facts.lead, ...dealsOf(facts)].every(({ companyId, contactIds }) => (companyId === null || sees('company', companyId)) && contactIds.every(id => sees('contact', id)))
}

interface Repairs { readonly repair: GapRepair; readonly otherwise: GapRepair[] }

const repairsOf = (gap: Gap, ways: Ways): Repairs => {
  const { facts, regulation: { conversion }, urlOf, mayWork, stage } = ways
  const open = (kind: 'lead' | TargetKind, id: number): Repairs => ({ repair: { kind: 'open', url: urlOf(kind, id) }, otherwise: [] })
  switch (gap.kind) {
    case 'answer': return { repair: { kind: 'answer', question: gap.question }, otherwise: [] }
    case 'phone-in-both': return mayWork ? phoneRepairs(gap, facts) : open('contact', gap.contact.id)
    case 'no-deal': {
      const back: GapRepair[] = mayWork && stage !== null ? [{ kind: 'reopen', stage }] : []
      return mayWork && conversion.allowed ? { repair: { kind: 'convert' }, otherwise: back } : { ...open('lead', facts.lead.id), otherwise: back }
    }
    case 'no-client': return open('deal', dealsOf(facts)[0]?.id ?? facts.lead.id)
  }
}

/** A mobile phone is a person's, a city or toll-free one the organisation's (S0-32). */
const phoneRepairs = ({ phone, contact, company }: PhoneGap, { clients }: ConversionFacts): Repairs => {
  const nature = clients.find(({ kind, id }) => kind === 'contact' && id === contact.id)?.means.find(({ value }) => value === phone)?.nature
  const fromContact: GapRepair = { kind: 'remove-phone', from: 'contact', id: contact.id, phone, title: contact.title }
  const fromCompany: GapRepair = { kind: 'remove-phone', from: 'company', id: company.id, phone, title: company.title }
  return nature === 'fixed' || nature === 'toll-free' ? { repair: fromContact, otherwise: [fromCompany] } : { repair: fromCompany, otherwise: [fromContact] }
}
