/** `GET /api/overview`: what is going on, as far as the opening user may see it. */
import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import type { Overview } from '../contract/overview.ts'
import { leadId, type LeadId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import type { Watch } from '../domain/watch.ts'
import { incidentView, inLanguage, journalLine, nameIn, withoutPortalWords } from './lead-view.ts'
import { acceptedMs, type PortalReads } from './portal-reads.ts'
import type { Clock, Memory, Tenants } from './ports.ts'
import { Refused } from './problem.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'
import { suspensionInWords } from './words.ts'

export interface OverviewDeps {
  readonly sessions: Pick<Sessions, 'answer'>
  readonly tenants: Pick<Tenants, 'find'>
  readonly reads: Pick<PortalReads, 'visible'>
  readonly memory: Memory
  readonly clock: Clock
}

/** Rows that are shown of each kind. */
const shown = { leads: 50, incidents: 20, journal: 50 }
/** Rows that are remembered of each kind before rights are asked: a manager may see few of them. */
const remembered = { watches: 1000, rows: 200 }
/** Leads whose visibility is asked: an administrator sees them all but the deleted ones. */
const asked = { administrator: 100, others: 500 }

type Remembered = Awaited<ReturnType<Memory['overview']>>
type WatchRow = Remembered['watches'][number]

export const createOverview = ({ sessions, tenants, reads, memory, clock }: OverviewDeps) => (c: Context): Promise<Response> => {
  return sessions.answer(c, session => overview(session, acceptedMs(c.req.header('cache-control'))))

  async function overview(session: Session, acceptMs: number): Promise<Overview> {
    const { memberId, language, isAdmin } = session
    const [tenant, current, names, all] = await Promise.all([tenants.find(memberId), memory.regulation(memberId), memory.names(memberId), memory.overview(memberId, remembered)])
    if (tenant === null) throw new Refused('portal-unknown')
    const now = clock.now()
    const person = (id: number) => nameIn(names.people, id)
    const watches = inOrder(all.watches, session.userId, now).slice(0, isAdmin ? asked.administrator : asked.others)
    const visible = await reads.visible(session, idsOf(watches, all), acceptMs)
    const seen = watches.filter(row => visible.has(row.leadId))
    const first = byUrgency(seen, now).slice(0, shown.leads)
    const steps = await stepsIn(memory, first, memberId, current)
    return {
      regulation: current === null ? null : { name: inLanguage(current.regulation.name, language), version: current.version },
      portal: { domain: tenant.domain, status: tenant.status, reason: suspensionInWords(tenant.reason, language), timeZone: session.timeZone },
      now: now.toString(),
      clockSpeed: clock.speed(),
      watches: isAdmin
        ? { active: all.active, overdue: all.overdue, more: false }
        : { active: seen.length, overdue: seen.filter(({ watch }) => isLate(watch, now)).length, more: all.active > watches.length },
      incidents: all.incidents.flatMap((row) => {
        const lead = visible.get(leadId(row.leadId))
        return lead === undefined ? [] : [{ ...incidentView(row), leadId: row.leadId, leadTitle: lead.title, person: person(row.userId) }]
      }).slice(0, shown.incidents),
      leads: first.flatMap(({ leadId: id, watch }) => {
        const lead = visible.get(id)
        if (lead === undefined) return []
        const step = watch.status === 'active' ? steps.get(watch.regulationVersion)?.find(candidate => candidate.id === watch.stepId) : undefined
        return [{
          id,
          title: lead.title,
          responsible: lead.responsibleId === null ? null : person(lead.responsibleId),
          step: step === undefined ? null : inLanguage(step.name, language),
          dueAt: dueAtOf(watch),
          overdue: isLate(watch, now),
        }]
      }),
      journal: all.journal.filter(row => visible.has(leadId(row.leadId))).slice(0, shown.journal).map(row => ({ ...journalLine(isAdmin ? row : withoutPortalWords(row), names, language), leadId: row.leadId })),
    }
  }
}

/** The steps of every version that these leads are under: a lead keeps its version, and names and ids may differ. */
const stepsIn = async (memory: Pick<Memory, 'regulation'>, rows: readonly WatchRow[], memberId: string, current: Awaited<ReturnType<Memory['regulation']>>): Promise<ReadonlyMap<number, Regulation['steps']>> => {
  const versions = [...new Set(rows.flatMap(({ watch }) => (watch.status === 'active' ? [watch.regulationVersion] : [])))]
  return new Map(await Promise.all(versions.map(async (version) => {
    const own = current?.version === version ? current : await memory.regulation(memberId, version)
    return [version, own?.regulation.steps ?? []] as const
  })))
}

const dueAtOf = (watch: Watch): string | null => (watch.status === 'active' && watch.clock.kind !== 'none' ? watch.clock.dueAt : null)

/** Past its deadline, or with a miss that nobody has answered: then a new term runs already. */
const isLate = (watch: Watch, now: Temporal.Instant): boolean => {
  const dueAt = dueAtOf(watch)
  return (watch.status === 'active' && watch.incidentId !== null) || (dueAt !== null && Temporal.Instant.compare(now, Temporal.Instant.from(dueAt)) >= 0)
}

const byUrgency = (rows: readonly WatchRow[], now: Temporal.Instant): readonly WatchRow[] =>
  [...rows.filter(({ watch }) => isLate(watch, now)), ...rows.filter(({ watch }) => !isLate(watch, now))]

/** The user's own leads first, so that nobody misses his own for the many of others; then by urgency, then as remembered. */
const inOrder = (rows: readonly WatchRow[], userId: number, now: Temporal.Instant): readonly WatchRow[] => {
  const isOwn = ({ watch }: WatchRow) => watch.status === 'active' && watch.responsibleId === userId
  return [...rows.filter(isOwn), ...byUrgency(rows.filter(row => !isOwn(row)), now)]
}

const idsOf = (watches: readonly WatchRow[], { incidents, journal }: Remembered): readonly LeadId[] =>
  [...new Set([...watches.map(row => row.leadId), ...incidents.map(row => leadId(row.leadId)), ...journal.map(row => leadId(row.leadId))])]
