import { describe, expect, it } from 'vitest'
import { fieldName, stageId, userId } from '../../server/domain/lead.ts'
import { lintRegulation } from '../../server/domain/lint.ts'
import type { PortalThings } from '../../server/domain/lint.ts'
import { bindPreset } from '../../server/domain/presets/preset.ts'
import { worktops } from '../../server/domain/presets/worktops.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { cardState, commentCode } from '../../server/domain/rules/card.ts'
import { answers, binding, elsewhere, officeHours, people, regulation, stages, withStep } from './support.ts'

const things: PortalThings = {
  stageIds: [...Object.values(stages), elsewhere],
  userIds: people.map(({ id }) => id),
  fieldNames: Object.values(binding.fields).map(({ field }) => field),
  departmentPeople: { 5: people.slice(0, 3).map(({ id }) => id) },
  calendar: officeHours,
}
const problems = (changed: Regulation, facts: Partial<PortalThings> = {}) => lintRegulation(changed, { ...things, ...facts }).map(({ kind }) => kind)
const questions = regulation.card.groups.flatMap(group => group.questions)

describe('the preset «Столешницы на заказ»', () => {
  it('has the groups of the document (S4-8)', () => {
    expect(regulation.card.groups.map(({ title }) => title.ru)).toEqual(['Продукт', 'Услуги', 'Клиент'])
    expect(questions.map(({ code }) => code)).toEqual(['place', 'size', 'material', 'maker', 'color', 'texture', 'measure', 'mount', 'delivery', 'project', 'budget', 'urgency', 'payment', 'address', 'contacts2'])
  })

  it('asks for material, size, budget and urgency, and for the comment (S4-6, S4-10, S4-11)', () => {
    expect(questions.filter(({ required }) => required).map(({ code }) => code).sort()).toEqual(['budget', 'material', 'size', 'urgency'])
    expect(regulation.card.comment.required).toBe(true)
  })

  it('names the next steps of the document (S4-13)', () => {
    expect(regulation.card.nextStep.options.map(({ code }) => code)).toEqual(['offer', 'estimate', 'measure', 'project', 'showroom', 'samples'])
  })

  it('gives the manager words to say, in both languages', () => {
    for (const { script, title, code } of questions) {
      expect(script.ru, code).toMatch(/[?.]$/)
      expect(script.en, code).toMatch(/[?.]$/)
      expect(title.en, code).toBeTruthy()
    }
  })

  it('fits the portal’s field names', () => {
    const codes = worktops.fields.map(({ code }) => code)
    for (const code of codes) expect(code).toMatch(/^[A-Z0-9_]{1,13}$/)
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('has nothing that the lint would complain of', () => {
    expect(lintRegulation(regulation, things)).toEqual([])
  })

  it('cannot be bound without its fields', () => {
    const { SIZE: _size, ...rest } = binding.fields
    expect(() => bindPreset(worktops, { ...binding, fields: rest })).toThrow('SIZE')
  })
})

describe('the card of a lead', () => {
  it('knows what is answered and what is missing', () => {
    const state = cardState(regulation.card, { ...answers, UF_CRM_LR_SIZE: '  ', UF_CRM_LR_COLOR: 'белый', UF_CRM_LR_BUDGET: 0 })
    expect(state.missing.map(({ code }) => code)).toEqual(['size'])
    expect([...state.answered].sort()).toEqual(['budget', 'color', commentCode, 'material', 'urgency'])
  })

  it('reads result, next step and reason by the portal’s values, number or text', () => {
    const numbered = { ...regulation.card, nextStep: { ...regulation.card.nextStep, options: regulation.card.nextStep.options.map((option, index) => ({ ...option, value: String(50 + index) })) } }
    expect(cardState(numbered, { UF_CRM_LR_RESULT: 'RESULT-1', UF_CRM_LR_NEXT_STEP: 52 })).toMatchObject({ result: 'qualified', nextStep: 'measure', reason: null })
    expect(cardState(numbered, {})).toMatchObject({ result: null, nextStep: null, reason: null })
  })
})

describe('the lint of a regulation', () => {
  const work = regulation.steps[1]
  if (work === undefined || work.deadline === null) throw new Error('the step has a deadline')

  it.each<[string, () => string[], string]>([
    ['a stage that is gone', () => problems(withStep({ stageId: stageId('GONE') })), 'missing-stage'],
    ['a field that is gone', () => problems(regulation, { fieldNames: things.fieldNames.filter(name => name !== fieldName('UF_CRM_LR_SIZE')) }), 'missing-field'],
    ['a person who is gone', () => problems({ ...regulation, distribution: { ...regulation.distribution, pools: regulation.distribution.pools.map(pool => ({ ...pool, members: { kind: 'people', userIds: [userId(1), userId(77)] } as const })) } }), 'missing-user'],
    ['nobody in the pool', () => problems(regulation, { departmentPeople: { 5: [] } }), 'empty-pool'],
    ['no fallback', () => problems({ ...regulation, distribution: { ...regulation.distribution, fallbackUserId: userId(77) } }), 'missing-fallback'],
    ['two questions of one code', () => problems({ ...regulation, card: { ...regulation.card, groups: [...regulation.card.groups, ...regulation.card.groups] } }), 'duplicate-code'],
    ['two steps on one stage', () => problems(withStep({ stageId: stages.new })), 'duplicate-stage'],
    ['a deadline in days', () => problems(withStep({ deadline: { ...work.deadline!, finish: 'P1D' } })), 'wrong-span'],
    ['a deadline no calendar can meet', () => problems(regulation, { calendar: { ...officeHours, week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } } }), 'impossible-deadline'],
    ['a step nobody leaves', () => problems(withStep({ leave: { done: null, notQualified: null } })), 'no-exit'],
    ['a step nobody reaches', () => problems({ ...regulation, steps: [...regulation.steps, { ...work, id: 'lost', stageId: elsewhere }] }), 'unreachable-step'],
    ['a list without options', () => problems({ ...regulation, card: { ...regulation.card, reason: { ...regulation.card.reason, options: [] } } }), 'no-options'],
    ['an option without the portal’s value', () => problems({ ...regulation, card: { ...regulation.card, reason: { ...regulation.card.reason, options: regulation.card.reason.options.map(option => ({ ...option, value: '' })) } } }), 'missing-option-value'],
    ['no step at all', () => problems({ ...regulation, steps: [] }), 'no-step'],
    ['no number of misses', () => problems({ ...regulation, incidents: { ...regulation.incidents, misses: 0 } }), 'wrong-number'],
  ])('finds %s', (_name, found, kind) => {
    expect(found()).toContain(kind)
  })
})
