import { describe, expect, it } from 'vitest'
import { fieldName, stageId, userId } from '../../server/domain/lead.ts'
import { errorsIn, lintRegulation, type PortalThings } from '../../server/domain/lint.ts'
import type { Condition, Regulation } from '../../server/domain/regulation.ts'
import { mapReferences } from '../../server/domain/regulation/references.ts'
import { problemSentence } from '../../server/domain/sentences/problems.ts'
import { binding, elsewhere, officeHours, people, regulation, stages, withStep } from './support.ts'

const things: PortalThings = {
  stageIds: [...Object.values(stages), elsewhere],
  userIds: people.map(({ id }) => id),
  fieldNames: Object.values(binding.fields).map(({ field }) => field),
  departmentPeople: { 5: people.slice(0, 3).map(({ id }) => id) },
  calendar: officeHours,
  sourceIds: ['WEB', 'CALL'],
}
const lint = (changed: Regulation, facts: Partial<PortalThings> = {}) => lintRegulation(changed, { ...things, ...facts })
const channel = { id: 'site', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null } as const
const gate = (needs: NonNullable<Regulation['steps'][number]['gate']>['needs']) => ({ gate: { needs, sendBack: true, noSkipping: false } })
const onlyIf = (code: string, condition: Condition, base = regulation): Regulation => ({
  ...base, card: { ...base.card, groups: base.card.groups.map(group => ({ ...group, questions: group.questions.map(question => (question.code === code ? { ...question, onlyIf: condition } : question)) })) },
})
const { distribution, card, incidents } = regulation
const pool = distribution.pools[0]
if (pool === undefined) throw new Error('the regulation has no pool')
const withPool = (change: Partial<typeof pool>): Regulation => ({ ...regulation, distribution: { ...distribution, pools: [{ ...pool, ...change }] } })

const cases: readonly (readonly [string, Regulation, 'error' | 'warning'])[] = [
  ['missing-stage', withStep({ stageId: stageId('GONE') }), 'error'],
  ['missing-field', { ...regulation, intake: { ...regulation.intake, interestField: fieldName('UF_CRM_GONE') } }, 'error'],
  ['missing-user', withPool({ members: { kind: 'people', userIds: [userId(1), userId(99)] } }), 'error'],
  ['missing-fallback', { ...regulation, distribution: { ...distribution, fallbackUserId: userId(99) } }, 'error'],
  ['missing-source', { ...regulation, channels: [{ ...channel, sources: ['GONE'] }] }, 'warning'],
  ['source-twice', { ...regulation, channels: [channel, { ...channel, id: 'second' }] }, 'error'],
  ['channel-empty', { ...regulation, channels: [{ ...channel, sources: [] }] }, 'warning'],
  ['test-without-leads', { ...regulation, channels: [{ ...channel, isTest: true, isLeadSource: false }] }, 'warning'],
  ['unknown-pool', { ...regulation, distribution: { ...distribution, defaultPoolId: 'nobody' } }, 'error'],
  ['empty-pool', withPool({ members: { kind: 'people', userIds: [] } }), 'error'],
  ['weights-zero', withPool({ members: { kind: 'people', userIds: [userId(1)] }, order: 'weighted', weights: { 1: 0 } }), 'error'],
  ['limit-zero', withPool({ limits: { open: 0, perDay: null } }), 'error'],
  ['unknown-group', withStep({ card: { groups: ['nothing'], closing: true } }), 'error'],
  ['gate-impossible', withStep({ followUp: null, ...gate([{ kind: 'task-done' }]) }), 'error'],
  ['gate-impossible', withStep({ card: null, ...gate([{ kind: 'answers' }]) }), 'error'],
  ['unknown-question', withStep(gate([{ kind: 'answer', question: 'nothing', answer: { is: 'filled' } }])), 'error'],
  ['unknown-option', withStep(gate([{ kind: 'answer', question: 'material', answer: { is: 'one-of', values: ['marble'] } }])), 'error'],
  ['unknown-question', onlyIf('size', { question: 'nothing', answer: { is: 'filled' } }), 'error'],
  ['cyclic-condition', onlyIf('size', { question: 'material', answer: { is: 'filled' } }, onlyIf('material', { question: 'size', answer: { is: 'filled' } })), 'error'],
  ['condition-never', onlyIf('size', { all: [{ question: 'material', answer: { is: 'one-of', values: ['wood'] } }, { question: 'material', answer: { is: 'one-of', values: ['quartz'] } }] }), 'warning'],
  ['reason-without-stage', withStep({ leave: { done: regulation.steps[1]?.leave.done ?? null, notQualified: null } }), 'error'],
  ['unknown-reason', { ...regulation, attempts: { ...regulation.attempts, reason: 'nothing' } }, 'error'],
  ['postponed-without-date', { ...regulation, card: { ...card, result: { ...card.result, values: { ...card.result.values, postponed: '9' } } } }, 'error'],
  ['ladder-order', { ...regulation, incidents: { ...incidents, ladder: [{ rung: 'head', after: 'PT2H' }, { rung: 'deputy', after: 'PT4H' }] } }, 'error'],
  ['ladder-nobody', { ...regulation, incidents: { ...incidents, ladder: [{ rung: 'director', after: 'PT2H' }] } }, 'error'],
  ['quiet-always', { ...regulation, quietHours: { from: '00:00', to: '24:00', daysOff: false } }, 'error'],
  ['unknown-title-place', { ...regulation, intake: { ...regulation.intake, titleTemplate: '{company} – {nonsense}' } }, 'error'],
  ['wrong-number', { ...regulation, waiting: { ...regulation.waiting, maxDays: 0 } }, 'error'],
  ['wrong-number', { ...regulation, rejection: { ...regulation.rejection, controlledShare: 2 } }, 'error'],
  ['wrong-span', { ...regulation, attempts: { ...regulation.attempts, retryAfter: 'P1D' } }, 'error'],
  ['no-working-time', { ...regulation, calendars: [{ id: 'shop', userIds: [], departmentIds: [], calendar: { ...officeHours, week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } } }] }, 'error'],
  ['wrong-time-zone', { ...regulation, calendar: { kind: 'own', calendar: { ...officeHours, timeZone: 'Nowhere/Else' } } }, 'error'],
  ...['id', 'stageId', 'assignedById', 'createdTime', 'previousStageId'].map(field => ['field-not-writable', { ...regulation, card: { ...card, comment: { ...card.comment, field: fieldName(field) } } }, 'error'] as const),
  ['field-not-writable', { ...regulation, card: { ...card, postponedUntil: { ...card.comment, field: fieldName('movedTime') } } } as Regulation, 'error'],
  ['same-result-value', { ...regulation, card: { ...card, result: { ...card.result, values: { ...card.result.values, notQualified: card.result.values.qualified } } } }, 'error'],
  ['same-option-value', { ...regulation, card: { ...card, reason: { ...card.reason, options: card.reason.options.map(option => ({ ...option, value: '7' })) } } }, 'error'],
  ['same-option-value', { ...regulation, card: { ...card, groups: card.groups.map(group => ({ ...group, questions: group.questions.map(question => ({ ...question, options: question.options.map(option => ({ ...option, value: '7' })) })) })) } }, 'error'],
  ...['2026-02-30', '2026-02-29', '02-30', '06-31', '13-01'].map(date => ['wrong-date', { ...regulation, calendar: { kind: 'own', calendar: { ...officeHours, holidays: [date] } } }, 'error'] as const),
  ['unreachable-step', { ...regulation, steps: [...regulation.steps, { ...(regulation.steps[1] as Regulation['steps'][number]), id: 'island', stageId: elsewhere }] }, 'warning'],
]

describe('the lint', () => {
  it('has nothing to say of a regulation that works', () => {
    expect(lint(regulation)).toEqual([])
  })

  it.each(cases)('finds %s (%#)', (kind, changed, severity) => {
    const problem = lint(changed).find(found => found.kind === kind)
    expect(problem).toMatchObject({ severity })
    for (const language of ['ru', 'en'] as const) expect(problem === undefined ? '' : problemSentence(problem, language)).toMatch(/^\S.*[^.]$/)
  })

  it('warns where the application may not read what a gate asks for', () => {
    const asking = withStep(gate([{ kind: 'quote', state: 'sent' }, { kind: 'requisites' }]), 'in-work', { ...regulation, requisites: { ...regulation.requisites, checked: true } })
    expect(lint(asking, { denied: [] })).toEqual([])
    const found = lint(asking, { denied: ['requisites'] })
    expect(found).toMatchObject([{ kind: 'missing-right', to: 'requisites', severity: 'warning', path: 'steps.1.gate.needs.1' }])
    expect(problemSentence(found[0]!, 'ru')).toBe('«Взят в работу»: у приложения нет права читать реквизиты, поэтому переход разрешается без этого условия')
  })

  it('knows leap days, of a year and of every year', () => {
    expect(lint({ ...regulation, calendar: { kind: 'own', calendar: { ...officeHours, holidays: ['2028-02-29', '02-29'], workdays: ['2026-12-31'] } } })).toEqual([])
  })

  it('lets a regulation with warnings be published', () => {
    expect(errorsIn(lint({ ...regulation, channels: [{ ...channel, sources: [] }] }))).toEqual([])
  })

  it('finds a deadline that no calendar can meet instead of looking for ever', () => {
    const idle = { ...officeHours, week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } }
    expect(lint(regulation, { calendar: idle }).map(({ kind }) => kind)).toContain('impossible-deadline')
  })
})

it.each(['constructor', 'toString', '__proto__'])('a list field called %s is a missing field, whatever objects inherit', (name) => {
  const odd = mapReferences(regulation, (kind, id) => (kind === 'field' ? name as typeof id : id))
  expect(lint(odd, { items: {} }).map(({ kind }) => kind)).toContain('missing-field')
})
