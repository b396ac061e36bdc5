/** How many leads the rules can look at in a second, on one core. */
import { decide } from '../server/domain/decide.ts'
import { evolve } from '../server/domain/evolve.ts'
import { leadId, type Lead } from '../server/domain/lead.ts'
import type { Watch } from '../server/domain/watch.ts'
import { at, context, lead, regulation, stages } from '../test/domain/support.ts'
import { figure, measure, rounded, type Measurement } from './figures.ts'

const leads = 100_000

const contacts: readonly Lead['contact'][] = [
  { phones: ['+79000000001'], emails: [], messengers: [] },
  { phones: [], emails: ['maria@example.com'], messengers: [] },
  { phones: [], emails: [], messengers: ['open line'] },
  { phones: [], emails: [], messengers: [] },
]

const seen = (index: number, change: Partial<Lead> = {}): Lead => lead({ id: leadId(index + 1), contact: contacts[index % contacts.length] ?? lead().contact, ...change })

await measure(async (): Promise<Measurement> => {
  const surroundings = context()
  const look = (watch: Watch, change: Partial<Lead>, now: ReturnType<typeof at>) => {
    let commands = 0
    const startedAt = performance.now()
    for (let index = 0; index < leads; index += 1) commands += decide(watch, { kind: 'seen', lead: seen(index, change) }, regulation, 1, surroundings, now).length
    if (commands === 0) throw new Error('nothing was decided')
    return rounded(leads / ((performance.now() - startedAt) / 1000))
  }
  const unseen: Watch = { status: 'unseen' }
  const first = decide(unseen, { kind: 'seen', lead: seen(0) }, regulation, 1, surroundings, at('10:00'))
  const working = first.reduce(evolve, unseen)
  const inWork: Partial<Lead> = { stageId: stages['in-work'], ...(working.status === 'active' ? { responsibleId: working.responsibleId } : {}) }
  look(unseen, {}, at('10:00'))
  return {
    title: 'Rules',
    how: `\`decide\` over ${leads} leads with different contact data, one core, no database. New: distribution, follow-up and deadline in working time. In work: the deadline is not due. Missed: the deadline is three days old.`,
    figures: [
      figure('new leads', look(unseen, {}, at('10:00')), 'leads/s'),
      figure('leads in work', look(working, inWork, at('10:05')), 'leads/s'),
      figure('missed deadlines', look(working, inWork, at('11:00', '2026-07-27')), 'leads/s'),
    ],
  }
})
