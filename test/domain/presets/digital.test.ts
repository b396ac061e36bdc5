import { describe, expect, it } from 'vitest'
import { digital } from '../../../server/domain/presets/digital.ts'
import { bindingOf, boundOf, questionsOf, stepOf } from './support.ts'

const regulation = boundOf(digital)
const { stages } = bindingOf(digital)
const reasons = regulation.card.reason.options
const reasonOf = (code: string) => reasons.find(reason => reason.code === code)
const questionOf = (code: string) => questionsOf(regulation).find(question => question.code === code)

describe('«Digital-агентство»', () => {
  it('has the five stages of the document (S3-25)', () => {
    expect(digital.stages.map(({ name }) => name.ru)).toEqual(['Новый', 'В работе', 'Квалификация', 'Лид сконвертирован', 'Отказ лида'])
    expect(regulation.steps.map(({ leave }) => leave.done?.stageId)).toEqual(['in-work', 'qualification', 'converted'].map(role => stages[role]))
  })

  it('has the ten sources, with a detail where the document asks for one (S3-9, S3-10)', () => {
    expect(regulation.channels).toHaveLength(10)
    expect(regulation.channels.flatMap(({ id, detail }) => (detail === null ? [] : [[id, detail.field]]))).toEqual([['recommendation', 'sourceDescription'], ['event', 'sourceDescription'], ['mailing', 'sourceDescription'], ['partner', 'sourceDescription']])
    expect(regulation.intake.sourceRequired).toBe(true)
  })

  it('gives leads in turn to whoever is there, or leaves them with who entered them (S3-4, S3-6)', () => {
    expect(regulation.distribution.pools[0]?.order).toBe('in-turn')
    expect(regulation.distribution.keepPoolMember).toBe(true)
  })

  it('sets the to-do «Звонок» as soon as a lead is in work (S3-7)', () => {
    expect(stepOf(regulation, 'in-work').followUp).toMatchObject({ form: 'todo', title: { ru: 'Звонок: {client}' } })
    expect(stepOf(regulation, 'new').leave.done).toMatchObject({ by: 'automatic' })
  })

  it('names a lead after the company and asks for the city from a list (S3-9)', () => {
    expect(regulation.intake.titleTemplate).toBe('{company}')
    expect(questionOf('dg_city')).toMatchObject({ kind: 'list', required: true })
  })

  it('requires the position, and whether it is the decision maker (S3-11)', () => {
    for (const code of ['dg_position', 'dg_lpr']) expect(questionOf(code)).toMatchObject({ class: 'key', required: true, unknownAllowed: false })
  })

  it('asks for the line of business of the company (S3-14)', () => {
    expect(questionOf('dg_activity')?.required).toBe(true)
  })

  it('lets members of the pool take a lead of nobody (S3-13)', () => {
    expect(regulation.distribution.poolMayTake).toBe(true)
  })

  it('counts a mobile call only with a comment (S3-17)', () => {
    expect(regulation.contact.declaredCallNeedsComment).toBe(true)
  })

  it('leaves no lead without a task: each closes with a comment and the next one comes (S3-18)', () => {
    for (const step of regulation.steps.filter(({ kind }) => kind === 'work')) expect(step.followUp?.summaryRequired, step.id).toBe(true)
  })

  it('waits for a month at most, and watches the share of waiting leads (S3-24)', () => {
    expect(regulation.waiting).toEqual({ allowed: true, maxDays: 31, shareLimit: 0.3 })
  })

  it('has the nineteen reasons in the order of the document (S3-27)', () => {
    expect(reasons.map(({ code }) => code)).toEqual(['not-lead', 'min-budget', 'active-client', 'misinformed', 'pushed', 'hiding', 'no-site-work', 'mistaken', 'not-our-service', 'offer-postponed', 'very-small', 'site-builder', 'no-delegation', 'illusions', 'inadequate', 'reputation', 'startup', 'person', 'other'])
  })

  it('explains every reason that is not clear by itself (S3-27)', () => {
    expect(reasons.filter(({ guidance }) => guidance === undefined).map(({ code }) => code)).toEqual(['person', 'other'])
  })

  it('says of the call centre’s mistakes that they are its own (S3-27.3, S3-27.4, S3-27.5)', () => {
    expect(reasons.filter(({ fault }) => fault === 'call-centre').map(({ code }) => code)).toEqual(['active-client', 'misinformed', 'pushed'])
  })

  it('proposes «не берёт трубку» after more than three attempts (S3-27.6)', () => {
    expect(regulation.attempts).toMatchObject({ limit: 3, reason: 'hiding' })
  })

  it('brings a lead whose offer was put off back after two weeks (S3-27.10, S3-28)', () => {
    expect(reasonOf('offer-postponed')?.returnAfterDays).toBe(14)
    expect(reasons.filter(({ returnAfterDays }) => (returnAfterDays ?? 0) > 0)).toHaveLength(1)
  })

  it('wants the reviews shown, and knows the exception for start-ups (S3-27.16, S3-27.17)', () => {
    expect(reasonOf('reputation')).toMatchObject({ commentRequired: true, evidence: { ru: 'Ссылка на отзывы' } })
    expect(reasonOf('reputation')?.guidance?.ru).toContain('SERM')
    expect(reasonOf('startup')?.guidance?.ru).toContain('дочерние организации крупных фирм')
    expect(questionOf('dg_size')?.disqualifies).toEqual({ when: { is: 'one-of', values: ['startup'] }, reason: 'startup' })
  })

  it('takes the five thousand of the document for less than the minimum budget (S3-27.2)', () => {
    const when = questionOf('dg_budget')?.disqualifies?.when
    expect(when?.is === 'less' ? when.than : 0).toBeGreaterThan(5_000)
  })

  it('tells the manager that the reason is proposed after the fourth failed attempt, as the rule does (S3-27.6)', () => {
    expect(stepOf(regulation, 'in-work').situations.find(({ title }) => title.ru === 'Недозвон')?.advice.ru).toContain('После четвёртой неудачной попытки')
  })

  it('wants details for «Другое» (S3-27.19)', () => {
    expect(reasonOf('other')?.commentRequired).toBe(true)
  })

  it('makes a deal when an offer is asked for, at once if need be (S3-25, S3-29)', () => {
    expect(regulation.card.nextStep.options.find(({ code }) => code === 'offer')?.stageId).toBe(stages['converted'])
    expect(regulation.conversion.fromStepId).toBeNull()
  })

  it('offers the products of the deal (S3-33)', () => {
    expect(questionOf('dg_products')).toMatchObject({ kind: 'multilist' })
    expect(questionOf('dg_products')?.options).toHaveLength(11)
  })

  it('brings in the head, and the director above him (S3-4, S3-18)', () => {
    expect(regulation.incidents.ladder.map(({ rung }) => rung)).toEqual(['head', 'director'])
  })
})
