import { describe, expect, it } from 'vitest'
import { passes } from '../../../server/domain/presets/passes.ts'
import { bindingOf, boundOf, questionsOf, stepOf } from './support.ts'

const regulation = boundOf(passes)
const { stages } = bindingOf(passes)
const nextOf = (id: string) => stepOf(regulation, id).leave.done
const needsOf = (id: string) => stepOf(regulation, id).gate?.needs.map(({ kind }) => kind)

describe('«Оформление пропусков»', () => {
  it('takes leads from calls, mail, messengers and forms (S0-1)', () => {
    expect(regulation.channels.map(({ id }) => id)).toEqual(['calls', 'mail', 'messengers', 'forms'])
    expect(regulation.channels.every(({ isLeadSource }) => isLeadSource)).toBe(true)
  })

  it('leaves a lead with whoever took the call or called (S0-4)', () => {
    expect(regulation.distribution.keepCaller).toBe(true)
  })

  it('wants the client called within a minute, and warns in time (S0-5, S0-8)', () => {
    const { deadline, followUp } = stepOf(regulation, 'assigned')
    expect(deadline?.firstContact).toMatchObject({ phone: 'PT1M', messenger: 'PT1M' })
    expect(followUp).toMatchObject({ form: 'task', deadlineMayMove: true })
  })

  it('lets the term begin anew after a failed attempt and closes after more than three (S0-7, S0-18)', () => {
    expect(regulation.attempts).toEqual({ limit: 3, reason: 'no-answer', wrongNumberReason: 'wrong-number', retryAfter: 'PT1H' })
  })

  it('has the criteria «клиент наш» as questions, each with the reason of a no (S0-13)', () => {
    const criteria = regulation.card.groups.find(({ id }) => id === 'ours')?.questions ?? []
    expect(criteria.map(({ code, disqualifies }) => [code, disqualifies?.reason])).toEqual([['ps_addressed', 'by-mistake'], ['ps_service', 'other-service'], ['ps_vehicle', 'vehicle'], ['ps_period', 'period'], ['ps_price', 'price']])
  })

  it('knows key and qualifying questions (S0-17)', () => {
    const classes = new Set(questionsOf(regulation).filter(({ required }) => required).map(question => question.class))
    expect([...classes].sort()).toEqual(['key', 'qualifying'])
  })

  it('names its stages as finished actions (S0-15)', () => {
    expect(regulation.steps.map(({ name }) => name.ru)).toEqual(['Лид получен', 'Ответственный назначен', 'Квалификация пройдена', 'Коммерческое предложение отправлено', 'Согласие получено', 'Реквизиты получены'])
  })

  it('leads from one stage to the next, up to the conversion (S0-14, S0-19, S0-26, S0-28)', () => {
    expect(['new', 'assigned', 'qualified', 'offer-sent', 'agreed', 'papers'].map(id => nextOf(id)?.stageId)).toEqual(['assigned', 'qualified', 'offer-sent', 'agreed', 'papers', 'converted'].map(role => stages[role]))
    expect(regulation.conversion.fromStepId).toBe('papers')
  })

  it('proposes and leaves the move to the manager (S0-16)', () => {
    for (const id of ['assigned', 'qualified', 'offer-sent', 'agreed', 'papers']) expect(nextOf(id)?.by, id).not.toBe('automatic')
  })

  it('lets a lead to «КП отправлено» only with the task done and the offer sent, by letter or by messenger (S0-19, S0-20)', () => {
    expect(needsOf('qualified')).toEqual(['offer-sent', 'task-done'])
    expect(stepOf(regulation, 'qualified').gate).toMatchObject({ sendBack: true, noSkipping: true })
  })

  it('warns of a missing e-mail address while the client is on the phone (S0-22)', () => {
    expect(stepOf(regulation, 'assigned').guidance.ru).toContain('e-mail')
  })

  it('allows deadlines to be moved at every stage (S0-23)', () => {
    for (const step of regulation.steps.filter(({ kind }) => kind === 'work')) expect(step.followUp?.deadlineMayMove, step.id).toBe(true)
  })

  it('tells in the task what to do in which situation (S0-24, S0-25)', () => {
    const { followUp, situations } = stepOf(regulation, 'offer-sent')
    expect(followUp?.text.ru).toContain('согласие по КП либо категорический отказ')
    expect(situations.map(({ title }) => title.ru)).toContain('«Дорого»')
  })

  it('asks for the primary documents after the consent (S0-27)', () => {
    expect(stepOf(regulation, 'agreed').followUp?.text.ru).toContain('первичные документы')
  })

  it('describes the three ways to convert in the task (S0-28, S0-29, S0-32)', () => {
    const text = stepOf(regulation, 'papers').followUp?.text.ru ?? ''
    for (const words of ['сделка и контакт', 'сделка, контакт и компания', 'только сделка', 'телефоны']) expect(text).toContain(words)
  })

  it('closes a lead with a status and a reason (S0-9)', () => {
    expect(regulation.card.reason.options.length).toBeGreaterThanOrEqual(10)
    for (const step of regulation.steps.filter(({ kind }) => kind === 'work')) expect(step.leave.notQualified?.stageId, step.id).toBe(stages['closed'])
  })
})
