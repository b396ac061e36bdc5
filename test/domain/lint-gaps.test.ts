/** Regulations that would forget leads, turn for ever or close a gate for good are not published. */
import { describe, expect, it } from 'vitest'
import { fieldName } from '../../server/domain/lead.ts'
import { lintRegulation, type PortalThings } from '../../server/domain/lint.ts'
import type { AnswerTest, GateNeed, Question, Regulation } from '../../server/domain/regulation.ts'
import { presets } from '../../server/domain/presets/all.ts'
import { unboundRegulation } from '../../server/domain/presets/preset.ts'
import { problemSentence } from '../../server/domain/sentences/problems.ts'
import { binding, elsewhere, officeHours, people, regulation, stages, withStep, won } from './support.ts'

const things: PortalThings = {
  stageIds: [...Object.values(stages), elsewhere, won],
  successStageIds: [won],
  userIds: people.map(({ id }) => id),
  fieldNames: [...Object.values(binding.fields).map(({ field }) => field), fieldName('UF_REGION')],
  departmentPeople: { 5: people.slice(0, 3).map(({ id }) => id) },
  headsOf: Object.fromEntries(people.map(({ id, headIds }) => [id, headIds])),
  calendar: officeHours,
  items: { UF_REGION: ['451', '452'] },
}
const lint = (changed: Regulation, facts: Partial<PortalThings> = {}) => lintRegulation(changed, { ...things, ...facts })
const said = (changed: Regulation, facts: Partial<PortalThings> = {}) => lint(changed, facts).map(problem => [problem.kind, problem.severity, problem.path])
const [intake, work] = regulation.steps as [Regulation['steps'][number], Regulation['steps'][number]]
const refused = { stageId: stages['not-qualified'], by: 'automatic' } as const
const to = (stageId: typeof elsewhere, by: 'automatic' | 'proposed' | 'hand' = 'automatic') => ({ leave: { done: { stageId, by }, notQualified: refused } })
const gate = (...needs: readonly GateNeed[]) => withStep({ gate: { needs, sendBack: true, noSkipping: true } })
const answer = (question: string, test: AnswerTest): GateNeed => ({ kind: 'answer', question, answer: test })
const asked = (code: string, change: Partial<Question>, base = regulation): Regulation => ({ ...base, card: { ...base.card, groups: base.card.groups.map(group => ({ ...group, questions: group.questions.map(question => (question.code === code ? { ...question, ...change } : question)) })) } })

describe('a lead that would be forgotten', () => {
  it('stands on a work step without a task (S3-18, S1-D20)', () => {
    expect(said(withStep({ followUp: null, deadline: null, card: null, gate: null }))).toContainEqual(['no-follow-up', 'error', 'steps.1.followUp'])
    expect(said(withStep({ followUp: null }))).toContainEqual(['no-follow-up', 'error', 'steps.1.followUp'])
  })

  it('stands on an intake that people are to move it from, without a task (S3-18, S1-D12)', () => {
    for (const by of ['proposed', 'hand'] as const) expect(said(withStep(to(stages['in-work'], by), 'new'))).toEqual([['no-follow-up', 'error', 'steps.0.followUp']])
    expect(said(withStep({ ...to(stages['in-work'], 'proposed'), followUp: work.followUp, deadline: work.deadline }, 'new'))).toEqual([])
  })

  it('may wait for its conversion without a task, as long as a term runs (S3-18, S3-25)', () => {
    const last = { ...withStep({ followUp: null, ...to(won, 'hand') }) }
    expect(said(last)).toEqual([])
    expect(said(withStep({ deadline: null }, 'in-work', last))).toEqual([['no-follow-up', 'error', 'steps.1.followUp']])
  })
})

describe('steps that turn for ever', () => {
  it('lead to their own stage by themselves (S0-15)', () => {
    expect(said(withStep(to(work.stageId)))).toContainEqual(['leads-to-itself', 'error', 'steps.1.leave.done'])
    expect(said(withStep({ leave: { done: work.leave.done, notQualified: { stageId: work.stageId, by: 'automatic' } } }))).toContainEqual(['leads-to-itself', 'error', 'steps.1.leave.notQualified'])
    expect(said(withStep(to(intake.stageId), 'new'))).toContainEqual(['leads-to-itself', 'error', 'steps.0.leave.done'])
    expect(said(withStep(to(work.stageId, 'proposed'))).map(([kind]) => kind)).not.toContain('leads-to-itself')
  })

  it('lead to each other by themselves, each circle once (S0-15)', () => {
    const second = { ...work, id: 'second', stageId: stages.qualified, ...to(work.stageId) }
    const circle = { ...regulation, steps: [...regulation.steps, second] }
    expect(said(circle)).toEqual([['automatic-circle', 'error', 'steps.1.leave.done']])
    expect(said({ ...regulation, steps: [...regulation.steps, { ...second, ...to(work.stageId, 'proposed') }] })).toEqual([])
    expect(said({ ...regulation, steps: [...regulation.steps, { ...second, ...to(intake.stageId) }] })).toEqual([['automatic-circle', 'error', 'steps.0.leave.done']])
    expect(lint(circle).map(problem => problemSentence(problem, 'ru'))).toEqual(['шаги «Взят в работу» → «Взят в работу» ведут друг на друга автоматически, лид ходил бы по кругу'])
  })
})

const noOne = 'gate-impossible'

describe('a gate that nobody can pass', () => {
  it.each<readonly [string, readonly GateNeed[], string]>([
    ['two exclusive answers', [answer('material', { is: 'one-of', values: ['wood'] }), answer('material', { is: 'one-of', values: ['quartz'] })], noOne],
    ['an answer that it forbids', [answer('material', { is: 'one-of', values: ['wood'] }), answer('material', { is: 'none-of', values: ['wood', 'quartz'] })], noOne],
    ['no answer and an answer', [answer('material', { is: 'empty' }), answer('material', { is: 'filled' })], noOne],
    ['no answer to an obligatory question', [answer('material', { is: 'empty' }), { kind: 'answers' }], noOne],
    ['less and more at once', [answer('budget', { is: 'less', than: 10 }), answer('budget', { is: 'more', than: 10 })], noOne],
    ['a list that is less than a number', [answer('material', { is: 'less', than: 3 })], 'not-a-number'],
    ['a list that is more than a number', [answer('material', { is: 'more', than: 3 })], 'not-a-number'],
  ])('wants %s (S0-19, S4-16)', (_what, needs, kind) => {
    const problems = lint(gate(...needs))
    expect(problems.map(problem => [problem.kind, problem.severity])).toEqual([[kind, 'error']])
    for (const language of ['ru', 'en'] as const) expect(problemSentence(problems[0]!, language)).toMatch(/^\S.*[^.]$/)
  })

  it('is not one that asks for several things of the same question', () => {
    expect(lint(gate(answer('material', { is: 'one-of', values: ['wood', 'quartz'] }), answer('material', { is: 'none-of', values: ['quartz'] }), answer('budget', { is: 'more', than: 5 }), answer('budget', { is: 'less', than: 6 })))).toEqual([])
    const several = asked('material', { kind: 'multilist' }, gate(answer('material', { is: 'one-of', values: ['wood'] }), answer('material', { is: 'one-of', values: ['quartz'] })))
    expect(lint(several)).toEqual([])
    expect(said(asked('material', { kind: 'multilist' }, gate(answer('material', { is: 'one-of', values: ['wood'] }), answer('material', { is: 'none-of', values: ['wood'] })))).map(([kind]) => kind)).toEqual([noOne])
  })

  it('wants a head where nobody is one (S1-A12)', () => {
    expect(said(gate({ kind: 'responsible', who: 'head' }))).toEqual([])
    const headless = Object.fromEntries(people.map(({ id }) => [id, []]))
    expect(said(gate({ kind: 'responsible', who: 'head' }), { headsOf: headless })).toEqual([[noOne, 'error', 'steps.1.gate.needs.0']])
  })

  it('compares numbers with numbers in conditions and disqualifying answers, too', () => {
    expect(said(asked('material', { disqualifies: { when: { is: 'less', than: 5 }, reason: null } })).map(([kind]) => kind)).toEqual(['not-a-number'])
    expect(said(asked('size', { onlyIf: { question: 'material', answer: { is: 'more', than: 5 } } })).map(([kind]) => kind)).toEqual(['not-a-number'])
    expect(said(asked('budget', { disqualifies: { when: { is: 'less', than: 5 }, reason: null } }))).toEqual([])
  })
})

describe('a term that no calendar meets within a year', () => {
  const rare = { ...officeHours, week: { ...officeHours.week, 1: [{ from: '09:00', to: '09:05' }], 2: [], 3: [], 4: [], 5: [] } }
  const long = withStep({ deadline: { ...work.deadline!, finish: 'PT1000H' } })

  it('is an error, by the common calendar and by an own one (S4-14)', () => {
    expect(said(long, { calendar: rare })).toContainEqual(['span-too-long', 'error', 'steps.1.deadline.finish'])
    expect(said(long)).toEqual([])
    expect(said({ ...long, calendars: [{ id: 'shop', userIds: [], departmentIds: [], calendar: rare }] })).toContainEqual(['span-too-long', 'error', 'steps.1.deadline.finish'])
    expect(said(withStep({ deadline: { ...work.deadline!, finish: 'PT9000H' } }))).toEqual([['span-too-long', 'error', 'steps.1.deadline.finish']])
  })
})

it('a region that the field does not have is a missing item (S1-D18)', () => {
  const { distribution } = regulation
  const served = (...regions: readonly string[]): Regulation => ({ ...regulation, distribution: { ...distribution, regionField: fieldName('UF_REGION'), pools: distribution.pools.map(pool => ({ ...pool, regions: { 1: regions } })) } })
  expect(said(served('451', '452'))).toEqual([])
  expect(said(served('451', '88'))).toEqual([['missing-item', 'error', 'distribution.pools.0.regions.1.1']])
  expect(said({ ...served('88'), distribution: { ...served('88').distribution, regionField: null } })).toEqual([])
})

it.each(presets.map(preset => [preset.id, preset] as const))('the preset %s has none of these faults (S3-18)', (_id, preset) => {
  const document = unboundRegulation(preset)
  const found = lintRegulation(document, { stageIds: [], userIds: [], fieldNames: [], calendar: officeHours, successStageIds: [won] }).filter(({ kind }) => !kind.startsWith('missing-'))
  expect(found).toEqual([])
})
