import { describe, expect, it } from 'vitest'
import { resultCode } from '../../server/domain/rules/card.ts'
import { active, add, anna, answers, at, boris, call, changeFollowUps, changeLead, context, fill, headOfSales, inWork, kindsOf, later, look, lookAndCarryOut, moment, notQualified, only, passUntil, peopleWith, qualified, regulation, secretary, stages, withStep } from './support.ts'
import type { World } from './support.ts'

const contacted = (change: Partial<World> = {}) => lookAndCarryOut(add(later(inWork(change), '10:10'), call(at('10:10')))).world
const missing = ['size', 'material', 'budget', 'urgency', 'comment']

describe('the check when the result is set', () => {
  it('closes the task and moves a complete lead on (S0-12, S1-B4, S4-13, S4-15)', () => {
    const { commands, world: after } = lookAndCarryOut(fill(later(contacted(), '10:40'), { ...answers, ...qualified }))
    expect(kindsOf(commands)).toEqual(['close-follow-up', 'move-stage', 'close-watch', 'fire-trigger', 'fire-trigger'])
    expect(after.lead?.stageId).toBe(stages.qualified)
    expect(after.watch).toMatchObject({ outcome: 'qualified' })
    expect(only(commands, 'close-watch')[0]?.because).toEqual({ rule: 'card-complete', nextStep: 'measure', title: 'Замер' })
    expect(look(after).commands).toEqual([])
  })

  it('asks for missing obligatory answers by name, with a term (S4-10, S4-11, S4-16)', () => {
    const { commands } = look(fill(later(contacted(), '11:50'), qualified))
    expect(kindsOf(commands)).toEqual(['ask-again', 'set-clock', 'change-follow-up', 'notify', 'wake-at'])
    expect(only(commands, 'notify')).toMatchObject([{ userId: anna, about: 'answers-needed', because: { rule: 'answers-missing', questions: missing, titles: ['Размеры изделия', 'Материал', 'Бюджет', 'Срочность', 'Пожелания клиента'] } }])
    expect(only(commands, 'set-clock')).toMatchObject([{ clock: { kind: 'again', dueAt: moment('12:50') } }])
  })

  it('does not shorten a term that runs longer anyway', () => {
    const { commands } = look(fill(later(contacted(), '10:20'), qualified))
    expect(kindsOf(commands)).toEqual(['ask-again', 'notify', 'wake-at'])
  })

  it('asks once, and not again while answers come in', () => {
    const asked = lookAndCarryOut(fill(later(contacted(), '11:50'), qualified)).world
    expect(kindsOf(look(asked).commands)).toEqual(['wake-at'])
    expect(kindsOf(look(fill(later(asked, '12:00'), { UF_CRM_LR_SIZE: '1200×600' })).commands)).toEqual(['wake-at'])
  })

  it('takes an honest «не знает / отказался» for an answer where it is allowed', () => {
    const without = { ...answers, ...qualified, UF_CRM_LR_BUDGET: null }
    expect(look(fill(later(contacted(), '10:40'), { ...without, UF_CRM_LR_UNKNOWN: ['budget'] })).world.watch.status).toBe('closed')
    expect(look(fill(later(contacted(), '10:40'), { ...without, UF_CRM_LR_SIZE: '', UF_CRM_LR_UNKNOWN: ['budget', 'size'] })).world.watch.status).toBe('active')
  })

  it('sends a bad lead to its stage with the reason (S0-9, S4-17)', () => {
    const { commands, world: after } = lookAndCarryOut(fill(later(contacted(), '10:40'), notQualified))
    expect(after.lead?.stageId).toBe(stages['not-qualified'])
    expect(after.watch).toMatchObject({ outcome: 'not-qualified' })
    expect(only(commands, 'move-stage')[0]?.because).toEqual({ rule: 'not-qualified', reason: 'region', title: 'Не наш регион' })
  })

  it('leaves the move to people where the regulation says so (S0-16)', () => {
    const byHand = withStep({ leave: { done: { stageId: stages.qualified, by: 'hand' }, notQualified: null } })
    const { commands, world: after } = lookAndCarryOut(fill(later(contacted({ regulation: byHand }), '10:40'), { ...answers, ...qualified }))
    expect(kindsOf(commands)).toEqual(['close-follow-up', 'set-clock', 'note', 'set-clock', 'set-follow-up', 'fire-trigger', 'fire-trigger', 'wake-at'])
    expect(only(commands, 'set-follow-up')).toMatchObject([{ title: 'Перевести лид дальше: Столешница на кухню', because: { rule: 'no-next-action' } }])
    expect(active(after).clock).toMatchObject({ kind: 'again', dueAt: moment('10:40', '2026-07-27') })
    expect(kindsOf(look(later(after, '11:40')).commands)).toEqual(['wake-at'])
  })
})

describe('a task closed without a result', () => {
  it('is set again, by name and within the same term, without an incident (S4-15)', () => {
    const { commands, world: after } = lookAndCarryOut(changeFollowUps(later(contacted(), '10:40'), { open: false }))
    expect(kindsOf(commands)).toEqual(['ask-again', 'set-follow-up', 'notify', 'wake-at'])
    expect(only(commands, 'ask-again')[0]?.questions).toEqual([...missing, resultCode])
    expect(active(after).clock).toMatchObject({ kind: 'finish', dueAt: moment('12:10') })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('of a step without a card ends the step', () => {
    const simple = withStep({ card: null })
    const { world: after } = look(changeFollowUps(later(contacted({ regulation: simple }), '10:40'), { open: false }))
    expect(after.watch).toMatchObject({ status: 'closed', outcome: 'qualified' })
  })
})

describe('the reminder', () => {
  it('comes once, 15 minutes before the deadline (S0-8)', () => {
    const { journal } = passUntil(inWork(), at('10:29'))
    expect(only(journal, 'notify').filter(({ about }) => about === 'reminder')).toHaveLength(1)
    expect(only(look(later(inWork(), '10:14')).commands, 'notify')).toEqual([])
    expect(only(look(later(inWork(), '10:15')).commands, 'notify')).toMatchObject([{ userId: anna, about: 'reminder' }])
  })

  it('is left to the portal for a to-do', () => {
    const work = regulation.steps[1]
    if (work === undefined || work.followUp === null) throw new Error('the step has a follow-up')
    const todo = withStep({ followUp: { ...work.followUp, form: 'todo' } })
    expect(only(look(later(inWork({ regulation: todo }), '10:20')).commands, 'notify')).toEqual([])
  })

  it('is left out when the term is shorter than the warning', () => {
    const work = regulation.steps[1]
    if (work === undefined || work.deadline === null) throw new Error('the step has a deadline')
    const short = withStep({ deadline: { ...work.deadline, firstContact: { ...work.deadline.firstContact, phone: 'PT10M' } } })
    expect(only(passUntil(inWork({ regulation: short }), at('10:09')).journal, 'notify').map(({ about }) => about)).toEqual(['assigned'])
  })
})

describe('a deadline that passes', () => {
  it('is recorded on time, told once, and followed by a new term (S4-5, S4-18)', () => {
    const { commands, world: after } = lookAndCarryOut(later(inWork(), '10:30'))
    expect(kindsOf(commands)).toEqual(['open-incident', 'notify', 'set-clock', 'change-follow-up', 'fire-trigger', 'wake-at'])
    expect(only(commands, 'open-incident')).toMatchObject([{ userId: anna, about: 'no-first-contact', dueAt: moment('10:30'), noticedAt: moment('10:30'), systemDelay: false }])
    expect(only(commands, 'notify')).toMatchObject([{ about: 'missed', incidentId: only(commands, 'open-incident')[0]?.incidentId }])
    expect(active(after).clock).toMatchObject({ kind: 'again', dueAt: moment('11:30') })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('is met by a contact up to its very second, even if we look later', () => {
    const { commands } = look(add(later(inWork(), '10:40'), call(at('10:30'))))
    expect(only(commands, 'open-incident')).toEqual([])
    expect(active(look(add(later(inWork(), '10:40'), call(at('10:30')))).world).clock.kind).toBe('finish')
  })

  it('leaves its incident behind when the contact came after it, answered at once', () => {
    const { commands, world: after } = look(add(later(inWork(), '10:40'), call(at('10:35'))))
    expect(kindsOf(commands)).toEqual(['open-incident', 'notify', 'note-contact', 'resolve-incident', 'set-clock', 'change-follow-up', 'fire-trigger', 'wake-at'])
    expect(active(after).incidentId).toBeNull()
  })

  it('is not the person’s miss when we notice it much too late', () => {
    const { commands } = look(later(inWork(), '12:00'))
    expect(only(commands, 'open-incident')).toMatchObject([{ systemDelay: true }])
    expect(only(commands, 'notify')).toMatchObject([{ about: 'missed', incidentId: only(commands, 'open-incident')[0]?.incidentId }])
  })

  it('noticed at opening after a night is noticed in time', () => {
    const { commands } = look({ ...inWork({ now: at('17:30') }), now: at('09:10', '2026-07-27') })
    expect(only(commands, 'open-incident')).toMatchObject([{ dueAt: moment('18:00'), systemDelay: false }])
  })

  it('of the card is a miss of the result (S4-18)', () => {
    expect(only(look(later(contacted(), '12:10')).commands, 'open-incident')).toMatchObject([{ about: 'not-finished' }])
  })

  it('of the answers asked for again is a miss of the answers (S4-16)', () => {
    const asked = lookAndCarryOut(fill(later(contacted(), '11:50'), qualified)).world
    expect(only(look(later(asked, '12:50')).commands, 'open-incident')).toMatchObject([{ about: 'answers-missing' }])
  })

  it('with a result and missing answers asks first, with a new term', () => {
    const { commands } = look(fill(later(contacted(), '12:10'), qualified))
    expect(only(commands, 'open-incident')).toEqual([])
    expect(only(commands, 'set-clock')).toMatchObject([{ clock: { kind: 'again', dueAt: moment('14:10') } }])
  })

  it('of the card begins at our look when it would be over already: the delay is ours', () => {
    const { commands, world: after } = look(add(later(inWork(), '12:30'), call(at('10:10'))))
    expect(only(commands, 'open-incident')).toEqual([])
    expect(active(after).clock).toMatchObject({ kind: 'finish', startedAt: moment('12:30'), dueAt: moment('15:30') })
  })

  it('of the card that is over at the very second of our look begins there', () => {
    const { commands, world: after } = look(add(later(inWork(), '12:10'), call(at('10:10'))))
    expect(only(commands, 'open-incident')).toEqual([])
    expect(active(after).clock).toMatchObject({ kind: 'finish', startedAt: moment('12:10') })
  })

  it('again and again gives incidents of their own, all answered by the result', () => {
    const late = passUntil(inWork(), at('12:45'))
    const ids = only(late.journal, 'open-incident').map(({ incidentId }) => incidentId)
    expect(new Set(ids).size).toBe(3)
    const { commands } = look(fill(late, { ...answers, ...qualified }))
    expect(only(commands, 'resolve-incident').map(({ incidentId }) => incidentId)).toEqual(ids)
  })
})

describe('a deadline moved in the task', () => {
  const moved = () => changeFollowUps(later(inWork(), '10:20'), { deadlineAt: at('15:00') })

  it('is followed, and the first one kept (S0-7, S0-23)', () => {
    const { commands, world: after } = lookAndCarryOut(moved())
    expect(kindsOf(commands)).toEqual(['set-clock', 'wake-at'])
    expect(active(after).clock).toMatchObject({ dueAt: moment('15:00'), movedFrom: moment('10:30'), reminded: false })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('is followed again, and back to where it was', () => {
    const once = lookAndCarryOut(moved()).world
    const back = lookAndCarryOut(changeFollowUps(later(once, '10:25'), { deadlineAt: at('10:30') })).world
    expect(active(back).clock).toMatchObject({ dueAt: moment('10:30'), movedFrom: moment('10:30') })
  })

  it('is not followed to before the term’s beginning, which no person can mean', () => {
    expect(kindsOf(look(changeFollowUps(later(inWork(), '10:05'), { deadlineAt: at('09:58') })).commands)).toEqual(['wake-at'])
    expect(only(look(changeFollowUps(later(inWork(), '10:05'), { deadlineAt: at('10:00') })).commands, 'set-clock')[0]?.because).toEqual({ rule: 'deadline-moved', from: moment('10:30'), to: moment('10:00') })
  })

  it('is put back where the regulation forbids it, and told once (S0-23)', () => {
    const work = regulation.steps[1]
    if (work === undefined || work.followUp === null) throw new Error('the step has a follow-up')
    const fixed = withStep({ followUp: { ...work.followUp, deadlineMayMove: false } })
    const moved = changeFollowUps(later(inWork({ regulation: fixed }), '10:10'), { deadlineAt: at('15:00') })
    const { commands, world: after } = lookAndCarryOut(moved)
    expect(only(commands, 'change-follow-up')).toMatchObject([{ deadlineAt: moment('10:30'), because: { rule: 'deadline-move-refused', why: 'not-allowed' } }])
    expect(only(commands, 'notify')).toMatchObject([{ about: 'move-limit' }])
    expect(kindsOf(look(look(moved).world).commands)).toEqual(['wake-at'])
    const stubborn = look(changeFollowUps(later(after, '10:21'), { deadlineAt: at('15:00') }))
    expect(only(stubborn.commands, 'change-follow-up')).toMatchObject([{ deadlineAt: moment('10:30') }])
    expect(only(stubborn.commands, 'notify').filter(({ about }) => about === 'move-limit')).toEqual([])
  })

  it('is not seen in an old look at our own earlier deadline', () => {
    const missed = look(later(inWork(), '10:30')).world
    expect(active(missed).followUp?.deadlineAt).toBe(moment('11:30'))
    expect(kindsOf(look(later(missed, '10:31')).commands)).toEqual(['wake-at'])
  })

  it('and overtaken by our own late write is no miss of the deadline that we wrote', () => {
    const missed = look(later(inWork(), '10:30')).world
    const followed = look(changeFollowUps(later(missed, '10:31'), { deadlineAt: at('17:00') })).world
    expect(active(followed).clock).toMatchObject({ dueAt: moment('17:00') })
    expect(kindsOf(look(changeFollowUps(later(followed, '12:00'), { deadlineAt: at('11:30') })).commands)).toEqual(['wake-at'])
  })

  it('is not seen in a deadline that the portal has rounded', () => {
    expect(kindsOf(look(changeFollowUps(later(inWork({ now: at('10:00:25') }), '10:05'), { deadlineAt: at('10:30:00') })).commands)).toEqual(['wake-at'])
  })
})

describe('repeated misses', () => {
  const three = [1, 2, 3].map(day => ({ incidentId: `m${day}`, leadId: inWork().lead!.id, deliveredAt: moment('10:00', `2026-07-2${day}`) }))

  it('bring in the head of department, once (S4-19)', () => {
    const state = later(inWork({ context: context({ misses: { 1: three } }) }), '10:05')
    const { commands } = look({ ...state, context: context({ misses: { 1: three } }) })
    expect(only(commands, 'escalate')).toMatchObject([{ userId: anna, toUserId: headOfSales, incidentIds: ['m1', 'm2', 'm3'] }])
    expect(only(commands, 'notify')).toMatchObject([{ userId: headOfSales, about: 'escalated', because: { rule: 'misses-repeated', count: 3, windowDays: 30, name: 'Анна Петрова' } }])
  })

  it('count only when delivered, within the window, and by the number of the regulation', () => {
    const escalations = (misses: typeof three, base = regulation) => only(look({ ...later(inWork({ regulation: base }), '10:05'), context: context({ misses: { 1: misses } }) }).commands, 'escalate').length
    expect(escalations(three.slice(0, 2))).toBe(0)
    expect(escalations(three.map(miss => ({ ...miss, deliveredAt: moment('10:00', '2026-06-01') })))).toBe(0)
    expect(escalations(three.slice(0, 2), { ...regulation, incidents: { ...regulation.incidents, misses: 2 } })).toBe(1)
  })

  it('of the person to whom the lead is given reach the head at once', () => {
    const given = changeLead({ ...later(inWork(), '10:05'), context: context({ misses: { 2: three } }) }, { responsibleId: boris })
    const { commands, world: after } = look(given)
    expect(only(commands, 'escalate')).toMatchObject([{ userId: boris }])
    expect(only(look(after).commands, 'escalate')).toEqual([])
  })

  it('pass over a head who is away, unless all of them are', () => {
    const toldTo = (away: readonly number[]) => {
      const seen = context({ misses: { 1: three }, people: peopleWith({ 1: { headIds: [headOfSales, boris] }, ...Object.fromEntries(away.map(id => [id, { absent: true }])) }) })
      return only(look({ ...later(inWork(), '10:05'), context: seen }).commands, 'escalate').map(({ toUserId }) => toUserId)
    }
    expect(toldTo([headOfSales])).toEqual([boris])
    expect(toldTo([headOfSales, boris])).toEqual([headOfSales])
  })

  it('go to the fallback person where there is no head, and say so', () => {
    const { commands } = look({ ...later(inWork(), '10:05'), context: context({ misses: { 1: three }, people: peopleWith({ 1: { headIds: [] } }) }) })
    expect(only(commands, 'escalate')).toMatchObject([{ toUserId: secretary, because: { rule: 'no-head' } }])
  })

  it('of one silent day reach the head with the third miss', () => {
    const alone = context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) })
    const { journal } = passUntil(inWork({ context: alone }), at('13:00', '2026-07-27'))
    expect(only(journal, 'open-incident')).toHaveLength(4)
    expect(only(journal, 'escalate').map(({ incidentIds }) => incidentIds.length)).toEqual([3])
  })
})

describe('a lead of the night', () => {
  it('is given to somebody at once, with a term of the next morning', () => {
    const state = inWork({ now: at('22:00') })
    expect(active(state)).toMatchObject({ responsibleId: anna, clock: { dueAt: moment('09:30', '2026-07-27') } })
    expect(only(passUntil(state, at('09:00', '2026-07-27')).journal, 'open-incident')).toEqual([])
  })
})
