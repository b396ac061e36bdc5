import { describe, expect, it } from 'vitest'
import { requests } from '../../../server/domain/presets/requests.ts'
import { bindingOf, boundOf, questionsOf, stepOf } from './support.ts'

const regulation = boundOf(requests)
const { stages } = bindingOf(requests)
const channelOf = (id: string) => regulation.channels.find(channel => channel.id === id)

describe('«Обращения как в 1С:CRM»', () => {
  it('has a channel for every way to get in touch (S1-A3)', () => {
    expect(regulation.channels.map(({ id }) => id)).toEqual(['calls', 'mail', 'dialogs', 'forms', 'visit', 'exhibition', 'recommendation', 'cold-base', 'support', 'private-mail'])
  })

  it('says of each channel whether it is a source of leads: private mail is none (S1-A4, S1-A22)', () => {
    expect(regulation.channels.filter(({ isLeadSource }) => !isLeadSource).map(({ id }) => id)).toEqual(['support', 'private-mail'])
  })

  it('gives each channel to a role in place of a person (S1-A7, S1-A8)', () => {
    const pools = regulation.distribution.pools.map(({ id }) => id)
    for (const { handledBy, id } of regulation.channels) {
      expect(handledBy?.kind, id).toBe('pool')
      expect(handledBy?.kind === 'pool' ? pools : [], id).toContain(handledBy?.kind === 'pool' ? handledBy.poolId : '')
    }
    expect(channelOf('mail')?.handledBy).toEqual({ kind: 'pool', poolId: 'inbox' })
  })

  it('requires a reason of refusal by channel (S1-A11)', () => {
    expect(channelOf('calls')?.reasonRequired).toBe(true)
    expect(channelOf('visit')?.reasonRequired).toBe(false)
  })

  it('leads every request to an outcome (S1-A10)', () => {
    for (const step of regulation.steps) expect([step.leave.done, step.leave.notQualified], step.id).not.toContain(null)
  })

  it('requires a source, and its detail where it matters (S1-D4)', () => {
    expect(regulation.intake.sourceRequired).toBe(true)
    expect(regulation.channels.filter(({ detail }) => detail?.required).map(({ id }) => id)).toEqual(['exhibition', 'recommendation', 'cold-base'])
  })

  it('takes an interest without a person for no lead yet (S1-D1, S1-D2, S1-D5)', () => {
    expect(regulation.intake.interests).toBe('ask-person')
    expect(questionsOf(regulation).filter(({ class: kind }) => kind === 'key').map(({ code }) => code)).toEqual(expect.arrayContaining(['rq_person', 'rq_powers']))
  })

  it('looks for duplicates and tells the responsible (S1-C1, S1-D6, S1-D7, S1-D8)', () => {
    expect(regulation.intake.duplicates).toEqual({ search: true, tellResponsible: true })
  })

  it('gives leads of exhibitions to the dealer of the region (S1-D18)', () => {
    expect(channelOf('exhibition')?.handledBy).toEqual({ kind: 'pool', poolId: 'dealers' })
    expect(regulation.distribution.regionField).toBe('UF_CRM_LR_RQ_REGION')
  })

  it('asks for the consent to use the data (S1-D19)', () => {
    expect(questionsOf(regulation).find(({ code }) => code === 'rq_consent')).toMatchObject({ required: true, disqualifies: { reason: 'no-consent' } })
  })

  it('tells spam from target requests and sends it to its own stage (S1-C7)', () => {
    expect(regulation.card.reason.options.find(({ code }) => code === 'spam')?.stageId).toBe(stages['spam'])
  })

  it('keeps refusals and brings them back on a date (S1-B3, S1-B5, S1-D21)', () => {
    const back = regulation.card.reason.options.filter(({ returnAfterDays, returnDateAsked }) => (returnAfterDays ?? 0) > 0 || returnDateAsked === true)
    expect(back.map(({ code }) => code)).toEqual(['no-person', 'no-answer', 'no-function', 'not-now', 'competitor', 'price'])
    expect(regulation.card.postponedUntil).not.toBeNull()
  })

  it('knows how near to buying the client is (S1-B6, S1-B7)', () => {
    expect(questionsOf(regulation).find(({ code }) => code === 'rq_stage')?.options.map(({ code }) => code)).toEqual(['top', 'middle', 'bottom'])
  })

  it('hands over to sales once the interest is confirmed, after the consent (S1-B8, S1-D15)', () => {
    expect(regulation.conversion.fromStepId).toBe('confirmed')
    expect(stepOf(regulation, 'in-work').leave.done?.stageId).toBe(stages['confirmed'])
  })

  it('sets a new task after each that is done, with its result (S1-D11)', () => {
    for (const id of ['in-work', 'confirmed']) expect(stepOf(regulation, id).followUp?.summaryRequired, id).toBe(true)
  })

  it('has other deadlines for mail and for cold calls (S1-A7, S1-D20)', () => {
    expect(Object.keys(stepOf(regulation, 'in-work').deadline?.classes ?? {})).toEqual(['mail', 'cold'])
    expect(channelOf('cold-base')?.deadlineClass).toBe('cold')
  })
})
