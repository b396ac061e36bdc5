import { describe, expect, it } from 'vitest'
import type { RefusalReason, Regulation } from '../../server/domain/regulation.ts'
import { stageId } from '../../server/domain/lead.ts'
import { isControlled } from '../../server/domain/rules/rejection.ts'
import { active, anna, at, boris, changeLead, context, elsewhere, fill, headOfSales, inWork, kindsOf, later, look, lookAndCarryOut, moment, moveTo, notQualified, only, passUntil, peopleWith, regulation, secretary, stages } from './support.ts'
import type { World } from './support.ts'

const withReason = (change: Partial<RefusalReason>, rules: Partial<Regulation['rejection']> = {}): Regulation => ({
  ...regulation,
  rejection: { reasonRequired: true, controlledShare: 0, returnTo: 'first-step', ...rules },
  card: { ...regulation.card, postponedUntil: { field: 'UF_UNTIL' as never, title: { ru: 'Вернуться' } }, reason: { ...regulation.card.reason, options: regulation.card.reason.options.map(option => (option.value === notQualified.UF_CRM_LR_REASON ? { code: option.code, title: option.title, value: option.value, ...change } : option)) } },
})
const open = (change: Partial<RefusalReason> = {}, rules: Partial<Regulation['rejection']> = {}) => later(inWork({ regulation: withReason(change, rules) }), '10:10')
const refusedBy = (state: World) => changeLead(moveTo(state, stages['not-qualified']), { movedById: boris })

describe('a lead moved to a refusal without a reason', () => {
  it('is asked for one once a day, of whoever moved it (S3-27, S1-A11, S1-A15)', () => {
    const { commands, world: after } = lookAndCarryOut(refusedBy(open()))
    expect(only(commands, 'notify')).toMatchObject([{ userId: boris, about: 'reason-needed', because: { rule: 'reason-missing' } }])
    expect(only(commands, 'wake-at')).toMatchObject([{ at: moment('09:00', '2026-07-27') }])
    expect(kindsOf(look(later(after, '12:00')).commands)).toEqual(['wake-at'])
  })

  it('is asked on three working days more, and then told to the head (S3-27)', () => {
    const asked = lookAndCarryOut(refusedBy(open())).world
    const { journal } = passUntil(asked, at('12:00', '2026-08-10'))
    const told = only(journal, 'notify').filter(({ about }) => about === 'reason-needed')
    expect(told.map(({ userId }) => userId)).toEqual([boris, boris, boris, boris, headOfSales])
    expect(told.at(-1)?.because).toMatchObject({ rule: 'refusal-unanswered', name: 'Борис Ким', times: 4 })
    expect(new Set(told.map(({ mark }) => mark)).size).toBe(5)
  })

  it('that is given its reason is asked no more', () => {
    const asked = lookAndCarryOut(refusedBy(open())).world
    const given = look(fill(later(asked, '11:00'), notQualified)).world
    expect(only(passUntil(given, at('12:00', '2026-08-10')).journal, 'notify').filter(({ about }) => about === 'reason-needed')).toHaveLength(1)
  })

  it('is not asked where no reason is wanted, but is for a channel that wants one (S1-A11)', () => {
    const free = open({}, { reasonRequired: false })
    expect(only(look(refusedBy(free)).commands, 'notify')).toEqual([])
    const channel = { id: 'web', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource: true, handledBy: null, detail: null, reasonRequired: true, deadlineClass: null }
    expect(only(look(refusedBy({ ...free, regulation: { ...free.regulation, channels: [channel] } })).commands, 'notify')).toMatchObject([{ about: 'reason-needed' }])
  })

  it('is asked by its channel’s setting alone where it has a channel (S1-A11)', () => {
    const channel = (reasonRequired: boolean) => ({ id: 'web', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource: true, handledBy: null, detail: null, reasonRequired, deadlineClass: null })
    const asked = (everywhere: boolean, here: boolean) => {
      const state = open({}, { reasonRequired: everywhere })
      return only(look(refusedBy({ ...state, regulation: { ...state.regulation, channels: [channel(here)] } })).commands, 'notify').length
    }
    expect([asked(true, false), asked(false, true), asked(true, true), asked(false, false)]).toEqual([0, 1, 1, 0])
  })

  it('is asked for the comment that its reason wants (S3-27)', () => {
    const refused = lookAndCarryOut(refusedBy(open({ commentRequired: true }))).world
    const given = look(fill(later(refused, '11:00'), notQualified))
    expect(only(given.commands, 'notify')).toMatchObject([{ about: 'reason-needed', because: { rule: 'reason-comment-missing' } }])
    expect(kindsOf(look(given.world).commands)).toEqual(['wake-at'])
  })

  it('goes to the reason’s own stage when the reason is given (S3-27)', () => {
    const refused = lookAndCarryOut(refusedBy(open({ stageId: stageId('JUNK_2') }))).world
    const given = look(fill(later(refused, '11:00'), notQualified))
    expect(only(given.commands, 'move-stage')).toMatchObject([{ from: stages['not-qualified'], to: 'JUNK_2' }])
    expect(only(look(given.world).commands, 'move-stage')).toEqual([])
  })
})

describe('a refusal in the card', () => {
  it('goes to the stage of its reason (S2-9, S3-27)', () => {
    expect(only(look(fill(open({ stageId: stageId('JUNK_2') }), notQualified)).commands, 'move-stage')).toMatchObject([{ to: 'JUNK_2' }])
  })

  it('waits for the comment that its reason wants', () => {
    const { commands } = look(fill(open({ evidence: { ru: 'Ссылка на отзывы' } }), notQualified))
    expect(only(commands, 'ask-again')).toMatchObject([{ questions: ['evidence:region'], because: { titles: ['Комментарий к причине «Не наш регион» («Ссылка на отзывы»: ссылкой или не меньше 10 знаков)'] } }])
    expect(only(commands, 'move-stage')).toEqual([])
  })

  it.each([['да', false], ['—', false], ['ya.ru', true], ['https://a.ru', true], ['Ругают в трёх местах', true]])('takes %j as evidence: %s (S3-27)', (comment, isEnough) => {
    const { watch } = look(fill(open({ evidence: { ru: 'Ссылка на отзывы' } }), { ...notQualified, UF_CRM_LR_COMMENT: comment })).world
    expect(watch.status).toBe(isEnough ? 'closed' : 'active')
  })
})

describe('a share of the refusals', () => {
  it('is looked through by the head, once each (S4-17)', () => {
    const { commands, world: after } = lookAndCarryOut(fill(open({}, { controlledShare: 1 }), notQualified))
    expect(only(commands, 'notify')).toMatchObject([{ userId: headOfSales, about: 'control', because: { rule: 'refusal-controlled', share: 1 } }])
    expect(look(after).commands).toEqual([])
  })

  it('goes to the controller where there is one', () => {
    const state = open({}, { controlledShare: 1 })
    expect(only(look(fill({ ...state, regulation: { ...state.regulation, roles: { ...state.regulation.roles, controllerId: secretary } } }, notQualified)).commands, 'notify')).toMatchObject([{ userId: secretary }])
  })

  it('is about as large as the regulation says, and the same at every look', () => {
    const controlled = Array.from({ length: 10_000 }, (_, id) => id + 1).filter(id => isControlled(id, 0.2))
    expect(controlled.length).toBeGreaterThan(1_800)
    expect(controlled.length).toBeLessThan(2_200)
    expect(isControlled(7, 0)).toBe(false)
    expect(isControlled(7, 1)).toBe(true)
  })
})

describe('a refused lead with a date', () => {
  const refused = () => lookAndCarryOut(fill(open({ returnAfterDays: 30 }), notQualified))
  const due = '2026-08-23'

  it('is woken up then, and never deleted (S1-C9, S3-27.10, S3-28)', () => {
    const { commands, world: after } = refused()
    expect(only(commands, 'wake-at')).toMatchObject([{ at: moment('10:10', due) }])
    expect(look(later(after, '10:00', '2026-08-01')).commands.map(({ kind }) => kind)).toEqual(['wake-at'])
    expect(after.watch).toMatchObject({ status: 'closed', life: { returnAt: moment('10:10', due) } })
  })

  it('comes back to work with its responsible and a new term (S1-D21, S2-8, S3-28)', () => {
    const { commands, world: after } = lookAndCarryOut(later(refused().world, '10:10', due))
    expect(after.lead?.stageId).toBe(stages['in-work'])
    expect(active(after)).toMatchObject({ stepId: 'in-work', responsibleId: anna })
    expect(only(commands, 'notify')).toMatchObject([{ userId: anna, about: 'lead-back', because: { rule: 'returned-on-date' } }])
    expect(only(commands, 'set-follow-up')).toHaveLength(1)
    expect(kindsOf(look(later(after, '10:20', due)).commands)).toEqual(['wake-at'])
  })

  it('is not refused again by the result that still stands in its card (S3-28)', () => {
    const back = lookAndCarryOut(later(refused().world, '10:10', due)).world
    const cleared = lookAndCarryOut(fill(later(back, '10:20', due), { UF_CRM_LR_RESULT: null })).world
    expect(look(fill(later(cleared, '10:25', due), notQualified)).world.watch).toMatchObject({ status: 'closed', outcome: 'not-qualified' })
  })

  it('comes to somebody else when its responsible has left', () => {
    const state = { ...later(refused().world, '10:10', due), context: context({ people: peopleWith({ 1: { active: false } }) }) }
    expect(only(look(state).commands, 'assign')).toMatchObject([{ userId: boris }])
  })

  it('comes back on the manager’s own date where the reason asks for it', () => {
    const asked = open({ returnDateAsked: true })
    expect(only(look(fill(asked, notQualified)).commands, 'ask-again')).toMatchObject([{ questions: ['postponedUntil'] }])
    expect(only(look(fill(asked, { ...notQualified, UF_UNTIL: '2026-09-01' })).commands, 'wake-at')).toMatchObject([{ at: moment('09:00', '2026-09-01') }])
  })

  it('that somebody has moved on is left where it is', () => {
    expect(kindsOf(look(moveTo(later(refused().world, '12:00', due), elsewhere)).commands)).toEqual([])
  })
})
