import { describe, expect, it } from 'vitest'
import { telemarketing } from '../../../server/domain/presets/telemarketing.ts'
import { bindingOf, boundOf, questionsOf } from './support.ts'

const regulation = boundOf(telemarketing)
const { stages } = bindingOf(telemarketing)

describe('«Телемаркетинг»', () => {
  it('has the statuses of the document, two of them for failures (S2-7, S2-9)', () => {
    expect(telemarketing.stages.map(({ name }) => name.ru)).toEqual(['Установление контакта', 'Выявление потребностей', 'Презентация', 'Работа с возражениями', 'Лид сконвертирован', 'Некорректный контакт', 'Предложение неактуально'])
    expect(telemarketing.stages.filter(({ semantic }) => semantic === 'failure')).toHaveLength(2)
  })

  it('begins at «Установление контакта» with whoever called (S2-2, S2-7)', () => {
    expect(regulation.steps[0]).toMatchObject({ id: 'contact', kind: 'work', stageId: 'NEW' })
    expect(regulation.distribution.keepCaller).toBe(true)
  })

  it('goes through the stages in their order', () => {
    expect(regulation.steps.map(({ leave }) => leave.done?.stageId)).toEqual(['needs', 'presentation', 'objections', 'converted'].map(role => stages[role]))
  })

  it('gives every reason one of the two failure statuses (S2-9)', () => {
    const failures = [stages['bad-contact'], stages['not-relevant']]
    for (const { code, stageId } of regulation.card.reason.options) expect(failures, code).toContain(stageId)
    expect(regulation.card.reason.options.find(({ code }) => code === 'wrong-number')?.stageId).toBe(stages['bad-contact'])
    expect(regulation.card.reason.options.find(({ code }) => code === 'no-need')?.stageId).toBe(stages['not-relevant'])
  })

  it('has the outcomes of the example with their statuses (S2-15)', () => {
    expect(Object.fromEntries(regulation.card.nextStep.options.map(({ code, stageId }) => [code, stageId]))).toEqual({
      'call-lpr': undefined, 'mail-offer': undefined, 'told-needs': stages['needs'], 'thinks': stages['presentation'], 'objects': stages['objections'],
      'meeting': stages['converted'], 'invoice': stages['converted'], 'agreed': stages['converted'],
    })
    expect(regulation.card.nextStep.options.filter(({ stay }) => stay === true).map(({ code }) => code)).toEqual(['call-lpr', 'mail-offer'])
  })

  it('names a lead after whom and what (S2-4)', () => {
    expect(regulation.intake).toMatchObject({ titleTemplate: '{company} – {interest}', interestField: 'UF_CRM_LR_TM_INTEREST' })
  })

  it('wants the call in a few words beside its recording (S2-5)', () => {
    expect(regulation.card.comment).toMatchObject({ required: true, title: { ru: 'Кратко о разговоре' } })
  })

  it('asks for mail, interest and amount as the talk goes on (S2-3)', () => {
    expect(questionsOf(regulation).map(({ code }) => code)).toEqual(expect.arrayContaining(['tm_object', 'tm_lpr', 'tm_interest', 'tm_amount']))
  })

  it('finds the lead of a client who calls back, and his responsible (S2-6)', () => {
    expect(regulation.distribution.keepClientResponsible).toBe(true)
    expect(regulation.intake.duplicates.search).toBe(true)
  })

  it('comes back to a failure after some time (S2-8)', () => {
    expect(regulation.card.reason.options.filter(({ returnAfterDays, returnDateAsked }) => (returnAfterDays ?? 0) > 0 || returnDateAsked === true).length).toBeGreaterThan(3)
    expect(regulation.card.result.values.postponed).not.toBeNull()
  })

  it('allows any number of calls on a stage (S2-11)', () => {
    expect(regulation.attempts.limit).toBeNull()
  })

  it('reminds a quarter of an hour before each call (S2-12)', () => {
    for (const { followUp, id } of regulation.steps) expect(followUp?.remindBeforeMinutes, id).toBe(15)
  })

  it('converts from any step, company, contact and deal together (S2-10, S2-11, S2-14)', () => {
    expect(regulation.conversion).toMatchObject({ allowed: true, fromStepId: null, personGetsCompany: true })
    for (const { gate, id } of regulation.steps) expect(gate?.noSkipping, id).toBe(false)
  })

  it('notes the legal form the client works with (S2-16)', () => {
    expect(questionsOf(regulation).find(({ code }) => code === 'tm_legal')?.options.map(({ code }) => code)).toContain('sole-single-tax')
  })
})
