/** `/api/leads/:id/conversion/gaps`: what a conversion past the application has left open, and its repair with the opening user's rights. */
import type { Context } from 'hono'
import { GapRepairRequest, type GapRepair, type GapsView } from '../contract/conversion.ts'
import type { ConversionFacts, ExistingClient, TargetKind } from '../domain/conversion/facts.ts'
import { gapsOf, type Gap } from '../domain/conversion/gaps.ts'
import { userId, type Lead, type LeadId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { openPastOf, unansweredOf } from '../domain/rules/native-conversion.ts'
import { conversionWords } from '../domain/sentences/conversion.ts'
import type { Watch } from '../domain/watch.ts'
import { searchedBy } from '../jobs/needs.ts'
import { rightOver } from './acts.ts'
import { readJson } from './body.ts'
import { leadIdOf, openRegulatedLead } from './open-lead.ts'
import { parseAs } from './malformed.ts'
import type { PortalReads } from './portal-reads.ts'
import type { ActDesk, Clock, Memory, PortalDesk, Work } from './ports.ts'
import { Refused } from './problem.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'

export interface GapDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly desk: Pick<PortalDesk, 'readConversion' | 'removePhone' | 'itemUrl'>
  readonly reads: PortalReads
  readonly memory: Memory
  readonly acts: ActDesk
  readonly work: Pick<Work, 'requestReview'>
  readonly clock: Clock
  readonly protocolOf: (domain: string) => 'http' | 'https'
}

interface Opened { readonly lead: Lead; readonly watch: Watch; readonly regulation: Regulation }

type PhoneGap = Extract<Gap, { kind: 'phone-in-both' }>

export const createGapRoutes = ({ sessions, desk, reads, memory, acts, work, clock, protocolOf }: GapDeps) => {
  return {
    /** `GET /api/leads/:id/conversion/gaps` */
    show: (c: Context) => sessions.answer(c, async (session): Promise<GapsView> => {
      const opened = await open(session, leadIdOf(c))
      return openPastOf(opened.watch) === null ? { gaps: [] } : look(session, opened, await readFacts(session, opened))
    }),

    /** `POST /api/leads/:id/conversion/gaps/repair` */
    repair: (c: Context) => sessions.answer(c, async (session): Promise<GapsView> => {
      const wanted = parseAs(GapRepairRequest, await readJson(c.req.raw), session.language)
      const opened = await open(session, leadIdOf(c))
      if (await rightOver(session, opened, { memory, sessions }) === null) throw new Refused('not-your-lead')
      if (openPastOf(opened.watch) === null) return { gaps: [] }
      const facts = await readFacts(session, opened)
      const gap = phoneGapsOf(facts).find(one => one.phone === wanted.phone && one[wanted.from].id === wanted.id)
      // Pressed twice, or mended on the portal meanwhile: there is nothing to take away any more.
      if (gap === undefined) return look(session, opened, facts)
      const from = { kind: wanted.from, id: wanted.id }
      const keep = wanted.from === 'contact' ? { kind: 'company', id: gap.company.id } as const : { kind: 'contact', id: gap.contact.id } as const
      await desk.removePhone(session.memberId, session.accessToken, { phone: gap.phone, from, keep, country: opened.regulation.intake.defaultCountry })
      return look(session, opened, await readFacts(session, opened))
    }),
  }

  function open(session: Session, id: LeadId): Promise<Opened> {
    return openRegulatedLead({ memory, reads }, session, id)
  }

  function readFacts(session: Session, { lead, regulation }: Opened): Promise<ConversionFacts> {
    return desk.readConversion(session.memberId, session.accessToken, lead.id, searchedBy(regulation))
  }

  /** The gaps as this person sees them; when none is left on the portal, the rules hear of it. */
  async function look(session: Session, { lead, watch, regulation }: Opened, facts: ConversionFacts): Promise<GapsView> {
    const missing = unansweredOf(regulation, lead.fields, session.language)
    const gaps = pastGapsOf(facts, missing)
    const past = openPastOf(watch)
    if (past !== null && !past.isWhole && seesAll(facts) && gaps.every(({ kind }) => kind === 'answer')) await tellWhole(session, lead.id, past.incidentId)
    const urlOf = (kind: 'lead' | TargetKind, id: number) => desk.itemUrl(session.domain, kind, id, protocolOf(session.domain))
    return { gaps: gaps.map(gap => ({ text: conversionWords(session.language).gap(gap), ...repairsOf(gap, facts, regulation, urlOf) })) }
  }

  async function tellWhole({ memberId, userId: byUserId }: Session, id: LeadId, incidentId: string): Promise<void> {
    if (await acts.add(memberId, id, { kind: 'gaps-gone', incidentId, at: clock.now(), byUserId: userId(byUserId) }, `gaps-gone ${incidentId}`)) await work.requestReview(memberId, [{ kind: 'lead', id }], { urgent: true })
  }
}

type UrlOf = (kind: 'lead' | TargetKind, id: number) => string

const dealsOf = ({ lead, deals }: ConversionFacts): ConversionFacts['deals'] => deals.filter(deal => deal.leadId === lead.id)

/** Bound to the lead, made of it, or the client of a deal made of it; others that were only found to be similar are none. */
const clientsOf = (facts: ConversionFacts): readonly ExistingClient[] => {
  const deals = dealsOf(facts)
  return facts.clients.filter(({ kind, id, by, fields }) =>
    by.includes('bound') || Number(fields['leadId'] ?? 0) === facts.lead.id || deals.some(deal => (kind === 'company' ? deal.companyId === id : deal.contactIds.includes(id))))
}

/** A client whom this person may not see is a client all the same. */
const hasClient = (facts: ConversionFacts): boolean => [facts.lead, ...dealsOf(facts)].some(({ companyId, contactIds }) => companyId !== null || contactIds.length > 0)

const pastGapsOf = (facts: ConversionFacts, missing: readonly { readonly code: string; readonly title: string }[]): readonly Gap[] =>
  gapsOf({ missing, clients: clientsOf(facts), deals: dealsOf(facts) }).filter(({ kind }) => kind !== 'no-client' || !hasClient(facts))

const phoneGapsOf = (facts: ConversionFacts): readonly PhoneGap[] => pastGapsOf(facts, []).filter(gap => gap.kind === 'phone-in-both')

/** Only who sees the lead's clients can tell that nothing is wrong with them. */
const seesAll = ({ lead, clients }: ConversionFacts): boolean => {
  const sees = (kind: ExistingClient['kind'], id: number) => clients.some(client => client.kind === kind && client.id === id)
  return (lead.companyId === null || sees('company', lead.companyId)) && lead.contactIds.every(id => sees('contact', id))
}

const repairsOf = (gap: Gap, facts: ConversionFacts, { conversion }: Regulation, urlOf: UrlOf): { readonly repair: GapRepair; readonly otherwise: GapRepair[] } => {
  switch (gap.kind) {
    case 'answer': return { repair: { kind: 'answer', question: gap.question }, otherwise: [] }
    case 'phone-in-both': return phoneRepairs(gap, facts)
    case 'no-deal': return { repair: conversion.allowed ? { kind: 'convert' } : { kind: 'open', url: urlOf('lead', facts.lead.id) }, otherwise: [] }
    case 'no-client': {
      const [deal] = dealsOf(facts)
      if (deal === undefined && conversion.allowed) return { repair: { kind: 'convert' }, otherwise: [] }
      return { repair: { kind: 'open', url: deal === undefined ? urlOf('lead', facts.lead.id) : urlOf('deal', deal.id) }, otherwise: [] }
    }
  }
}

/** A mobile phone is a person's, a city or toll-free one the organisation's (S0-32). */
const phoneRepairs = ({ phone, contact, company }: PhoneGap, { clients }: ConversionFacts): { readonly repair: GapRepair; readonly otherwise: GapRepair[] } => {
  const nature = clients.find(({ kind, id }) => kind === 'contact' && id === contact.id)?.means.find(({ value }) => value === phone)?.nature
  const fromContact: GapRepair = { kind: 'remove-phone', from: 'contact', id: contact.id, phone, title: contact.title }
  const fromCompany: GapRepair = { kind: 'remove-phone', from: 'company', id: company.id, phone, title: company.title }
  return nature === 'fixed' || nature === 'toll-free' ? { repair: fromContact, otherwise: [fromCompany] } : { repair: fromCompany, otherwise: [fromContact] }
}
