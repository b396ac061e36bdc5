/** What of the past is kept while a simulation goes on. */
import { describe, expect, it } from 'vitest'
import { leadId } from '../../server/domain/lead.ts'
import { presets } from '../../server/domain/presets/all.ts'
import { showsEvidence } from '../../server/domain/rules/card.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { simulate } from '../../server/domain/simulate.ts'
import { packPast, reducedPast, unpackPast } from '../../server/domain/simulate/past.ts'
import { storyOf } from '../../server/domain/simulate/story.ts'
import type { PastLead } from '../../server/domain/simulate/story.ts'
import { boundOf } from './presets/support.ts'
import { activity, anna, answers, at, boris, call, context, lead, qualified, regulation, stages } from './support.ts'

const until = at('18:00', '2026-07-31')

const past = (id: number, base: Regulation): PastLead => {
  const [first, second] = base.steps
  const createdAt = at('09:00').add({ minutes: 17 * id })
  const reasons = base.card.reason.options
  return {
    lead: lead({
      id: leadId(id), createdAt, updatedAt: createdAt.add({ hours: 30 }), movedAt: createdAt.add({ hours: 3 }), responsibleId: id % 2 === 0 ? anna : boris,
      title: id % 3 === 0 ? 'Заявка с сайта' : 'Кухня Петровой', clientName: id % 4 === 0 ? '' : 'Мария Петрова', companyTitle: id % 5 === 0 ? 'ООО «Камень»' : '',
      contact: { phones: id % 2 === 0 ? ['+79000000001', '+79000000002'] : [], emails: id % 3 === 0 ? ['maria@example.com'] : [], messengers: [], ...(id % 4 === 0 ? { shared: ['+79000000001', '+79000000002'] } : {}) },
      fields: { ...answers, ...qualified, [base.card.comment.field]: id % 2 === 0 ? 'Сайт конкурента: example.org' : 'Дорого', [base.card.reason.field]: reasons[id % Math.max(1, reasons.length)]?.value ?? null },
      activities: [call(createdAt.add({ minutes: 5 + 3 * id }), id % 3 === 0 ? 0 : 90, { subject: 'Исходящий на +79000000001' }), activity({ kind: 'task', subject: 'Позвонить Марии' }), activity({ kind: 'todo', mark: 'ours' })],
    }),
    stages: [{ at: createdAt, stageId: first?.stageId ?? stages.new, semantic: 'processing' }, { at: createdAt.add({ hours: 3 }), stageId: second?.stageId ?? stages['in-work'], semantic: 'processing' }],
  }
}

const shared: Regulation = { ...regulation, intake: { ...regulation.intake, interests: 'ask-person' } }
const titled: Regulation = { ...regulation, intake: { ...regulation.intake, titleTemplate: '{client} – {company} – {phone}' } }

describe('the reduced past', () => {
  const leadsOf = (base: Regulation) => Array.from({ length: 24 }, (_, index) => past(index + 1, base))
  const resultOf = (base: Regulation, leads: readonly PastLead[]) => simulate({ regulation: base, version: 0, context: context(), until }, leads.map(one => storyOf(one, base, until)))

  it.each([...presets.map(preset => [preset.id, boundOf(preset)] as const), ['shared numbers', shared] as const, ['titles', titled] as const])('gives the same findings: %s', (_name, base) => {
    const leads = leadsOf(base)
    const whole = resultOf(base, leads)
    expect(whole.looks).toBeGreaterThan(24)
    expect(resultOf(base, leads.map(one => reducedPast(one, base)))).toEqual(whole)
  })

  it('knows nobody’s name, number, address or words', () => {
    const text = packPast({ leads: leadsOf(regulation).map(one => reducedPast(one, regulation)), before: [] })
    for (const word of ['Мария', 'Петров', 'Кухня', 'Камень', '79000000001', 'maria@', 'Дорого', 'example.org', 'Исходящий']) expect(text).not.toContain(word)
  })

  it.each(['ya.ru', 'да', '  ', 'https://example.org/a', 'Выбрали другого поставщика, у него свой склад'])('shows evidence where the comment does: %s', (comment) => {
    const field = regulation.card.comment.field
    const { lead: reduced } = reducedPast({ lead: lead({ fields: { [field]: comment } }), stages: [] }, regulation)
    expect(showsEvidence(String(reduced.fields[field]))).toBe(showsEvidence(comment))
    expect(String(reduced.fields[field]).trim() === '').toBe(comment.trim() === '')
  })

  it('keeps names where titles are made of them', () => {
    expect(reducedPast(past(1, titled), titled).lead).toMatchObject({ title: 'Кухня Петровой', clientName: 'Мария Петрова' })
  })
})

describe('the packed past', () => {
  it('is the same when it is unpacked', () => {
    const part = { leads: [past(1, regulation), past(4, regulation)], before: [{ userId: anna, spans: [{ fromMs: 1, toMs: null }] }] }
    const found = unpackPast(packPast(part))
    expect(found).toEqual(part)
    expect(found?.leads[0]?.stages[1]?.at.equals(part.leads[0]?.stages[1]?.at ?? at('00:00'))).toBe(true)
    expect(found?.leads[0]?.lead.activities[0]?.startedAt?.epochMilliseconds).toBe(part.leads[0]?.lead.activities[0]?.startedAt?.epochMilliseconds)
  })

  it('is refused when another version of the program has packed it', () => {
    expect(unpackPast(packPast({ leads: [], before: [] }).replace('"format":1', '"format":0'))).toBeNull()
  })
})
