/** `GET /api/overview`: what is going on, as far as the opening user may see it. */
import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import type { Overview } from '../contract/overview.ts'
import { leadId } from '../domain/lead.ts'
import type { Watch } from '../domain/watch.ts'
import { incidentView, inLanguage, journalLine, nameIn } from './lead-view.ts'
import type { Clock, Memory, PortalDesk, Tenants } from './ports.ts'
import { Refused } from './problem.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'

export interface OverviewDeps {
  readonly sessions: Pick<Sessions, 'answer'>
  readonly tenants: Pick<Tenants, 'find'>
  readonly desk: PortalDesk
  readonly memory: Memory
  readonly clock: Clock
}

const rows = 50

export const createOverview = ({ sessions, tenants, desk, memory, clock }: OverviewDeps) => (c: Context): Promise<Response> => {
  return sessions.answer(c, overview)

  async function overview({ memberId, accessToken, language }: Session): Promise<Overview> {
    const [tenant, current, names, all] = await Promise.all([tenants.find(memberId), memory.regulation(memberId), memory.names(memberId), memory.overview(memberId, rows)])
    if (tenant === null) throw new Refused('portal-unknown')
    const ids = new Set([...all.watches.map(row => row.leadId), ...all.incidents.map(row => leadId(row.leadId)), ...all.journal.map(row => leadId(row.leadId))])
    const visible = new Map((await desk.visibleLeads(memberId, accessToken, [...ids])).map(lead => [lead.id, lead] as const))
    const now = clock.now()
    const person = (id: number) => nameIn(names.people, id)
    return {
      regulation: current === null ? null : { name: inLanguage(current.regulation.name, language), version: current.version },
      portal: { domain: tenant.domain, status: tenant.status, reason: tenant.reason, timeZone: names.timeZone },
      now: now.toString(),
      clockSpeed: clock.speed(),
      watches: { active: all.active, overdue: all.overdue },
      incidents: all.incidents.flatMap((row) => {
        const lead = visible.get(leadId(row.leadId))
        return lead === undefined ? [] : [{ ...incidentView(row), leadId: row.leadId, leadTitle: lead.title, person: person(row.userId) }]
      }),
      leads: all.watches.flatMap(({ leadId: id, watch }) => {
        const lead = visible.get(id)
        if (lead === undefined) return []
        const dueAt = dueAtOf(watch)
        const step = current?.regulation.steps.find(candidate => watch.status === 'active' && candidate.id === watch.stepId)
        return [{
          id,
          title: lead.title,
          responsible: lead.responsibleId === null ? null : person(lead.responsibleId),
          step: step === undefined ? null : inLanguage(step.name, language),
          dueAt,
          overdue: dueAt !== null && Temporal.Instant.compare(now, Temporal.Instant.from(dueAt)) >= 0,
        }]
      }),
      journal: all.journal.filter(row => visible.has(leadId(row.leadId))).map(row => ({ ...journalLine(row, names, language), leadId: row.leadId })),
    }
  }
}

const dueAtOf = (watch: Watch): string | null => (watch.status === 'active' && watch.clock.kind !== 'none' ? watch.clock.dueAt : null)
