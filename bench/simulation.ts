/** How long a simulation of 10,000 past leads takes: the computing by itself, and the reading by what the portal allows. */
import { gzipSync } from 'node:zlib'
import { leadId, userId } from '../server/domain/lead.ts'
import { packPast, reducedPast } from '../server/domain/simulate/past.ts'
import type { PastLead } from '../server/domain/simulate/story.ts'
import { startSimulation } from '../server/domain/simulate.ts'
import { untoldOf } from '../server/jobs/read-past.ts'
import { startRoom } from '../test/portal/room.ts'
import { activity, answers, at, call, context, lead, qualified, regulation, stages } from '../test/domain/support.ts'
import { figure, measure, rounded, type Measurement } from './figures.ts'

const leads = Number(process.env['BENCH_LEADS'] ?? 10_000)
const sample = 440
const leadsPerPage = 44
/** Requests a second that leak out of the portal's bucket (limits.md). */
const perSecond = 2

/** Three months of leads: a third served in time, a third late, a third never. */
const pastLead = (index: number): PastLead => {
  const createdAt = at('09:00', '2026-03-02').add({ minutes: Math.floor(index * 129_600 / leads) })
  const served = index % 3
  const calledAt = createdAt.add({ minutes: served === 0 ? 10 : 90 })
  const moves = served === 2 ? [] : [['in-work', 12], ['qualified', 200]] as const
  return {
    lead: lead({
      id: leadId(index + 1), createdAt, responsibleId: userId(index % 3 + 1), updatedAt: createdAt.add({ hours: 4 }),
      fields: served === 2 ? {} : { ...answers, ...qualified },
      activities: served === 2 ? [] : [call(calledAt, 0), call(calledAt.add({ minutes: 2 })), activity({ kind: 'email', createdAt: calledAt.add({ minutes: 5 }) })],
    }),
    stages: [{ at: createdAt, stageId: stages.new, semantic: 'processing' }, ...moves.map(([stage, minutes]) => ({ at: createdAt.add({ minutes }), stageId: stages[stage], semantic: 'processing' as const })), ...(served === 2 ? [{ at: createdAt.add({ hours: 72 }), stageId: stages['not-qualified'], semantic: 'failure' as const }] : [])],
  }
}

const requestsPerLead = async (): Promise<number> => {
  const room = await startRoom()
  try {
    for (let index = 0; index < sample; index += 1) {
      const made = room.portal.act.createLead({ title: 'Столешница', phone: '+79000000001' })
      room.portal.act.call({ leadId: made.id, userId: 1, direction: 'outgoing', durationSeconds: 60 })
      room.portal.act.moveStage(made.id, 'IN_PROCESS', 1)
      room.portal.act.moveStage(made.id, 'PROCESSED', 1)
    }
    const before = room.requests.length
    for (let after: number | null = 0; after !== null;) ({ after } = await room.access.readPast(room.portal.memberId, { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z', fields: [], after }))
    return (room.requests.length - before) / sample
  } finally {
    await room.close()
  }
}

/** Packed like what a portal's pages are packed into while they are read. */
const packPage = (first: number) => {
  const page = Array.from({ length: Math.min(leadsPerPage, leads - first) }, (_, index) => reducedPast(pastLead(first + index), regulation))
  const content = gzipSync(packPast({ leads: page, before: [] }))
  return { bytes: content.length, stories: untoldOf(page, content) }
}

await measure(async (): Promise<Measurement> => {
  const until = at('18:00', '2026-05-31')
  const pages = Array.from({ length: Math.ceil(leads / leadsPerPage) }, (_, page) => packPage(page * leadsPerPage))
  const startedAt = performance.now()
  const simulation = startSimulation({ regulation, version: 0, context: context(), until }, pages.flatMap(({ stories }) => stories.map(tell => tell(regulation, until))))
  let most = process.memoryUsage().rss
  while (!simulation.run(100)) most = Math.max(most, process.memoryUsage().rss)
  const result = simulation.result()
  const seconds = (performance.now() - startedAt) / 1_000
  if (result.leads.watched !== leads || result.deadlines.total.missed === 0) throw new Error('nothing was simulated')
  const requests = await requestsPerLead() * leads
  return {
    title: 'Simulation',
    how: `${leads} past leads of three months, gone through by the rules of the worktops preset on one core without a database; the portal's part is counted on an emulated portal with ${sample} leads of a call and three stages each, at the 2 requests a second that a portal allows for long.`,
    figures: [
      figure('computing', rounded(seconds, 1), 's'),
      figure('looks at leads', result.looks, 'looks'),
      figure('leads computed', rounded(leads / seconds), 'leads/s'),
      figure('requests to the portal', rounded(requests), 'requests'),
      figure('reading, as the portal\'s limit allows', rounded(requests / perSecond), 's'),
      figure('kept in the database while it runs', rounded(pages.reduce((sum, { bytes }) => sum + bytes * 4 / 3, 0) / 2 ** 20, 1), 'MB'),
      figure('memory at most, while computing', rounded(most / 2 ** 20), 'MB'),
    ],
  }
})
