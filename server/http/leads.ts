/** `/api/leads/:id`: one lead with the opening user's rights, its card, and "look again". */
import type { Context } from 'hono'
import { ActRequest, ClientRequest } from '../contract/act.ts'
import { CardAnswers } from '../contract/card.ts'
import type { LeadView } from '../contract/lead-view.ts'
import { userId, type FieldValue, type Lead, type LeadId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { openPastOf } from '../domain/rules/native-conversion.ts'
import type { Watch } from '../domain/watch.ts'
import type { Log } from '../log.ts'
import { otherCompanyBound } from '../portal/access.ts'
import { PortalError } from '../portal/error.ts'
import type { ConversionDesk } from '../jobs/conversion-desk.ts'
import { mayReassign } from './actions-view.ts'
import { openingOf, requireReassigner, rightOver, toAct } from './acts.ts'
import { readJson } from './body.ts'
import { toFields } from './card-answers.ts'
import { leadView, nameIn } from './lead-view.ts'
import { leadIdOf, openLead } from './open-lead.ts'
import { parseAs } from './malformed.ts'
import { acceptedMs, type PortalReads } from './portal-reads.ts'
import type { ActDesk, Clock, Memory, PortalDesk, Work } from './ports.ts'
import { Refused } from './problem.ts'
import { reviewAfterClick } from './review-lead.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'
import { createVisibleItems } from './visible-items.ts'
import { whyView } from './why.ts'

export interface LeadDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly acts: ActDesk
  readonly conversions: Pick<ConversionDesk, 'status'>
  readonly desk: PortalDesk
  readonly reads: PortalReads
  readonly memory: Memory
  readonly work: Work
  readonly clock: Clock
  readonly log: Log
  /** Epoch milliseconds of real time. */
  readonly realNow: () => number
  readonly protocolOf: (domain: string) => 'http' | 'https'
}

const journalLines = 100
/** A running deadline may have been decided long before the latest lines. */
const whyLines = 500
/** The portal is asked, however lately it was. */
const asItIsNow = 0

export const createLeadRoutes = ({ sessions, acts, conversions, desk, reads, memory, work, clock, log, realNow, protocolOf }: LeadDeps) => {
  const visibleItems = createVisibleItems(desk, realNow)

  return {
    /** `GET /api/leads/:id` */
    show: (c: Context) => inSession(c, async (session, id) => {
      const opened = await open(session, id, acceptedMs(c.req.header('cache-control')))
      // Many open pages of a lead that stays outside the regulation must not have it looked at again and again.
      if (opened.watch.status === 'unseen' && opened.anew) await work.requestReview(session.memberId, [{ kind: 'lead', id }], { urgent: true })
      await noteOpening(session, opened)
      return view(session, opened)
    }),

    /** `GET /api/leads/:id/why` */
    why: (c: Context) => sessions.answer(c, async (session) => {
      const opened = await open(session, leadIdOf(c), acceptedMs(c.req.header('cache-control')))
      const [journal, names, company] = await Promise.all([memory.journal(session.memberId, opened.lead.id, whyLines), memory.names(session.memberId), memory.company(session.memberId)])
      const versions = [...new Set(journal.flatMap(row => row.regulationVersion ?? []))]
      const regulations = await Promise.all(versions.map(async version => [version, (await memory.regulation(session.memberId, version))?.regulation ?? null] as const))
      return whyView(opened.lead, {
        ...opened, journal, company, now: clock.now(),
        regulations: Object.fromEntries(regulations.flatMap(([version, regulation]) => (regulation === null ? [] : [[version, regulation]]))),
      }, { language: session.language, timeZone: session.timeZone, names: id => nameIn(names.people, id) })
    }),

    /** `POST /api/leads/:id/acts` */
    act: (c: Context) => inSession(c, async (session, id) => {
      const given = parseAs(ActRequest, await readJson(c.req.raw), session.language)
      const opened = await open(session, id, asItIsNow)
      if (opened.regulation === null) throw new Refused('card-not-here')
      const { regulation } = opened
      if (given.kind === 'reassign') {
        // As a head does it on the portal itself: with his own rights there.
        await requireReassigner(session, given.userId, { ...opened, regulation }, { memory, sessions })
        await save(session, id, { assignedById: given.userId })
        // The portal tells who is responsible now, and not who has decided it.
        if (opened.lead.responsibleId !== given.userId) await acts.add(session.memberId, id, { kind: 'reassign', toUserId: userId(given.userId), at: clock.now(), byUserId: userId(session.userId) })
      } else await acts.add(session.memberId, id, await toAct(session, given, { ...opened, regulation }, { memory, sessions }, clock.now()))
      return lookAgain(session, id)
    }),

    /** `POST /api/leads/:id/clients` */
    attach: (c: Context) => inSession(c, async (session, id) => {
      const client = parseAs(ClientRequest, await readJson(c.req.raw), session.language)
      const opened = await open(session, id, asItIsNow)
      if (opened.regulation === null) throw new Refused('card-not-here')
      if (await rightOver(session, { ...opened, regulation: opened.regulation }, { memory, sessions }) === null) throw new Refused('not-your-lead')
      try {
        await desk.attachClient(session.memberId, session.accessToken, id, client)
      } catch (error) {
        throw error instanceof PortalError && error.bitrixCode === otherCompanyBound ? new Refused('company-bound') : error
      } finally {
        reads.forget(session.memberId, [id])
      }
      return lookAgain(session, id)
    }),

    /** `PATCH /api/leads/:id/card` */
    saveCard: (c: Context) => inSession(c, async (session, id) => {
      const given = parseAs(CardAnswers, await readJson(c.req.raw), session.language)
      const opened = await open(session, id, asItIsNow)
      if (opened.regulation === null) throw new Refused('card-not-here')
      if (opened.watch.status === 'closed' && openPastOf(opened.watch) === null) throw new Refused('card-closed')
      const fields = toFields(opened.regulation.card, given, opened.lead.fields, session.language, clock.now().toZonedDateTimeISO((await memory.names(session.memberId)).timeZone).toPlainDate().toString())
      if (!fields.ok) throw new Refused('card-invalid', { fields: fields.fields })
      if (Object.keys(fields.values).length > 0) await save(session, id, fields.values)
      return lookAgain(session, id)
    }),

    /** `POST /api/leads/:id/review` */
    reviewAgain: (c: Context) => inSession(c, async (session, id) => {
      await open(session, id, asItIsNow)
      return lookAgain(session, id)
    }),
  }

  function inSession(c: Context, answer: (session: Session, id: LeadId) => Promise<LeadView>): Promise<Response> {
    return sessions.answer(c, async session => answer(session, leadIdOf(c)))
  }

  async function open(session: Session, id: LeadId, acceptMs: number): Promise<Opened> {
    const { published, ...rest } = await openLead({ memory, reads }, session, id, { acceptMs, withGate: true })
    return { ...rest, regulation: published?.regulation ?? null }
  }

  /** Once for each step: whoever is responsible has begun. */
  async function noteOpening(session: Session, opened: Opened): Promise<void> {
    const opening = openingOf(session, opened, clock.now())
    if (opening === null || !await acts.add(session.memberId, opened.lead.id, opening.act, opening.mark)) return
    await work.requestReview(session.memberId, [{ kind: 'lead', id: opened.lead.id }], { urgent: true })
  }

  /** Whatever the portal answers, it may have written. */
  async function save({ memberId, accessToken }: Session, id: LeadId, values: Readonly<Record<string, FieldValue>>): Promise<void> {
    try {
      await desk.saveFields(memberId, accessToken, id, values)
    } finally {
      reads.forget(memberId, [id])
    }
  }

  async function lookAgain(session: Session, id: LeadId): Promise<LeadView> {
    await reviewAfterClick({ work, log }, session.memberId, id)
    reads.forget(session.memberId, [id])
    return view(session, await open(session, id, asItIsNow))
  }

  async function view(session: Session, opened: Opened): Promise<LeadView> {
    const [journal, incidents, names, company, duplicates, conversion] = await Promise.all([
      memory.journal(session.memberId, opened.lead.id, journalLines),
      memory.incidents(session.memberId, opened.lead.id),
      memory.names(session.memberId),
      memory.company(session.memberId),
      memory.duplicates(session.memberId, opened.lead.id),
      conversions.status(session.memberId, opened.lead.id),
    ])
    // Found with the application's rights, which see more than his own.
    const visible = duplicates.length === 0 ? new Set<string>() : await visibleItems.of(session, duplicates)
    const gives = opened.watch.status === 'active' && opened.regulation !== null && company !== null && mayReassign(opened.lead, opened.regulation, company.people, session)
    const load = gives ? await memory.load(session.memberId) : null
    return leadView(opened.lead, { ...opened, journal, incidents, names: { ...names, timeZone: session.timeZone }, company, duplicates, visible, load, conversion }, {
      userId: session.userId,
      isAdmin: session.isAdmin,
      itemUrl: (kind, item) => desk.itemUrl(session.domain, kind, item, protocolOf(session.domain)),
      language: session.language,
      timeZone: session.timeZone,
      now: clock.now(),
      clockSpeed: clock.speed(),
      taskUrl: taskId => desk.taskUrl(session.domain, session.userId, taskId, protocolOf(session.domain)),
    })
  }
}

interface Opened { readonly lead: Lead; readonly anew: boolean; readonly watch: Watch; readonly regulation: Regulation | null }
