/** Going back is always allowed: what stood in the card before is no result of the new work, and automation cannot play with the lead. */
import { describe, expect, it } from 'vitest'
import type { RefusalReason, Regulation } from '../../server/domain/regulation.ts'
import { active, add, answers, at, call, changeFollowUps, elsewhere, fill, inWork, kindsOf, later, look, lookAndCarryOut, moment, moveTo, notQualified, only, passUntil, press, qualified, regulation, stages, withStep } from './support.ts'
import type { World } from './support.ts'

const work = regulation.steps[1]!
const second = { ...work, id: 'second', stageId: stages.qualified, card: null, leave: { done: null, notQualified: null } }
const twoSteps: Regulation = { ...regulation, steps: [...regulation.steps, second] }
const done = { ...answers, ...qualified }
const atSecond = (rules = twoSteps): World => lookAndCarryOut(later(lookAndCarryOut(fill(add(later(inWork({ regulation: rules }), '10:20'), call(at('10:15'))), done)).world, '10:30')).world
const back = (state: World, time: string): World => lookAndCarryOut(moveTo(later(state, time), stages['in-work'])).world

describe('a lead that a person moves back to a finished step', () => {
  it('stays there, and its old result finishes nothing', () => {
    const state = back(atSecond(), '11:00')
    expect(active(atSecond()).stepId).toBe('second')
    expect([state.lead?.stageId, active(state).stepId, active(state).clock]).toMatchObject([stages['in-work'], 'in-work', { kind: 'first-contact' }])
    expect(kindsOf(look(state).commands)).toEqual(['wake-at'])
    expect(passUntil(state, at('12:30')).lead?.stageId).toBe(stages['in-work'])
  })

  it('goes on with a new result', () => {
    const state = add(later(back(atSecond(), '11:00'), '11:10'), call(at('11:05')))
    expect(lookAndCarryOut(fill(state, { UF_CRM_LR_NEXT_STEP: 'NEXT_STEP-2' })).world.lead?.stageId).toBe(stages.qualified)
  })

  it('stays when it comes back by way of a stage without a step', () => {
    const away = lookAndCarryOut(moveTo(later(atSecond(), '11:00'), elsewhere)).world
    expect(away.watch).toMatchObject({ status: 'closed', outcome: 'moved-on' })
    expect(back(away, '11:30').lead?.stageId).toBe(stages['in-work'])
  })

  it('stays on a step without a task whose answers are given, until the manager confirms it', () => {
    const silent = { ...work, id: 'silent', followUp: null, card: { groups: [], closing: false } }
    const rules = { ...twoSteps, steps: twoSteps.steps.map(step => (step.id === 'in-work' ? silent : step)) }
    const state = back(atSecond(rules), '11:00')
    expect(state.lead?.stageId).toBe(stages['in-work'])
    expect(lookAndCarryOut(press(later(state, '11:10'), { kind: 'go-on' })).world.lead?.stageId).toBe(stages.qualified)
    const alone = { ...rules, steps: rules.steps.filter(({ id }) => id !== 'second') }
    const finished = lookAndCarryOut(fill(later(inWork({ regulation: alone }), '10:20'), done)).world
    expect(finished.watch).toMatchObject({ status: 'closed', outcome: 'qualified' })
    expect(back(finished, '11:00').lead?.stageId).toBe(stages['in-work'])
  })

  it('again and again within a day is left where it stands, and somebody is told once', () => {
    const again = (state: World, minute: number): World => {
      const moved = back(state, `11:${minute}`)
      return lookAndCarryOut(later(lookAndCarryOut(fill(later(moved, `11:${minute + 1}`), { UF_CRM_LR_NEXT_STEP: `NEXT_STEP-${minute % 2 + 2}` })).world, `11:${minute + 2}`)).world
    }
    let state = atSecond()
    for (const minute of [10, 15, 20, 25, 30]) state = again(state, minute)
    expect(only(state.journal, 'stay-on-step')).toMatchObject([{ stageId: stages['in-work'], because: { rule: 'returned-again', count: 3 } }])
    expect(only(state.journal, 'notify').filter(({ about }) => about === 'returned')).toHaveLength(1)
  })
})

describe('automation that sets another deadline each time', () => {
  const fixed = withStep({ followUp: { ...work.followUp!, deadlineMayMove: false } })
  const played = (rounds: number): World => {
    let state = inWork({ regulation: fixed })
    for (let round = 0; round < rounds; round += 1) state = lookAndCarryOut(changeFollowUps({ ...state, now: state.now.add({ minutes: 1 }) }, { deadlineAt: state.now.add({ hours: 5 }) })).world
    return state
  }

  it('is put back three times a day, the responsible is told once, and the step keeps its deadline (S0-23)', () => {
    const { journal } = played(10)
    expect(only(journal, 'notify').filter(({ about }) => about === 'move-limit')).toHaveLength(1)
    expect(only(journal, 'change-follow-up')).toHaveLength(3)
    expect(active(played(10)).clock).toMatchObject({ dueAt: moment('10:30') })
  })
})

describe('a lead refused when the work on it was over', () => {
  const asking = { ...regulation, rejection: { ...regulation.rejection, reasonRequired: true } }
  const left = (to: typeof elsewhere): World => lookAndCarryOut(moveTo(later(inWork({ regulation: asking }), '10:20'), to)).world

  it.each([stages.qualified, elsewhere])('from %s is asked for its reason like every other one', (stage) => {
    const { commands, world } = lookAndCarryOut(moveTo(later(left(stage), '10:40'), stages['not-qualified']))
    expect(only(commands, 'close-watch')).toMatchObject([{ outcome: 'lost', at: moment('10:40') }])
    expect(only(commands, 'notify')).toMatchObject([{ about: 'reason-needed' }])
    expect(kindsOf(look(world).commands)).toEqual(['wake-at'])
  })

  it('long ago is left alone', () => {
    const moved = moveTo(later(left(elsewhere), '10:40'), stages['not-qualified'])
    expect(look({ ...moved, now: at('10:40', '2026-08-25') }).commands).toEqual([])
  })
})

describe('a lead that comes back after its refusal', () => {
  const rules = (change: Partial<RefusalReason>, more: Partial<Regulation> = {}): Regulation => ({
    ...regulation,
    rejection: { ...regulation.rejection, returnTo: 'same-step' },
    attempts: { ...regulation.attempts, limit: 3, wrongNumberReason: 'region' },
    ...more,
    card: { ...regulation.card, postponedUntil: { field: 'UF_UNTIL' as never, title: { ru: 'Вернуться' } }, reason: { ...regulation.card.reason, options: regulation.card.reason.options.map(option => ({ ...option, ...change })) } },
  })
  const refuse = (state: World, fields: Record<string, string> = {}): World => lookAndCarryOut(moveTo(fill(state, { ...notQualified, ...fields }), stages['not-qualified'])).world

  it('is asked for a new date when it is refused again with the old one (S3-28)', () => {
    const first = refuse(later(inWork({ regulation: rules({ returnDateAsked: true }) }), '11:00'), { UF_UNTIL: '2026-07-27' })
    const returned = lookAndCarryOut(later(first, '09:00', '2026-07-27')).world
    expect(returned.watch.status).toBe('active')
    const { commands } = lookAndCarryOut(moveTo(later(returned, '11:00', '2026-07-27'), stages['not-qualified']))
    expect(only(commands, 'notify')).toMatchObject([{ about: 'reason-needed', because: { rule: 'return-date-missing' } }])
  })

  it('is refused again for the reason that still stands in its card only when the person means it (S3-28)', () => {
    const returned = passUntil(refuse(later(inWork({ regulation: rules({ returnAfterDays: 3 }) }), '11:00')), at('11:01', '2026-07-27'))
    const again = lookAndCarryOut(later(returned, '11:30', '2026-07-27')).world
    expect(again.watch.status).toBe('active')
    expect(lookAndCarryOut(press(later(again, '11:40', '2026-07-27'), { kind: 'refuse' })).world.watch).toMatchObject({ status: 'closed', outcome: 'not-qualified' })
  })

  it('has its attempts, days of waiting and proposals anew, and counts no call twice (S3-28)', () => {
    let state = inWork({ regulation: rules({ returnAfterDays: 3 }, { waiting: { ...regulation.waiting, allowed: true, maxDays: 5 } }) })
    for (const time of ['10:10', '10:11', '10:12', '10:13']) state = lookAndCarryOut(add(later(state, time), call(at(time), 0))).world
    state = lookAndCarryOut(press(later(state, '10:20'), { kind: 'wrong-number', phone: '+79000000001' })).world
    state = lookAndCarryOut(press(state, { kind: 'wait', until: at('10:00', '2026-07-28'), comment: 'Отпуск' })).world
    state = passUntil(state, at('10:30', '2026-07-28'))
    const spent = active(state).life
    expect(spent?.waitedDays).toBeGreaterThan(3)
    expect(spent?.attempts).toMatchObject({ count: 4, proposed: true })
    const returned = passUntil(refuse(state), at('10:31', '2026-07-31'))
    expect(active(returned).life).toMatchObject({ attempts: { count: 0, proposed: false, activityIds: spent?.attempts?.activityIds }, wrongPhones: ['+79000000001'] })
    expect(active(returned).life?.waitedDays).toBeUndefined()
    const wrong = (from: World) => lookAndCarryOut(press({ ...from, now: from.now.add({ minutes: 1 }) }, { kind: 'wrong-number', phone: '+79000000001' }))
    const proposed = wrong(returned)
    expect(only(proposed.commands, 'notify')).toMatchObject([{ about: 'refusal-proposed' }])
    expect(only(wrong(proposed.world).commands, 'notify')).toEqual([])
  })

  it('keeps them when it was only away for a while', () => {
    let state = inWork({ regulation: rules({}) })
    for (const time of ['10:10', '10:11']) state = lookAndCarryOut(add(later(state, time), call(at(time), 0))).world
    const away = lookAndCarryOut(moveTo(later(state, '10:20'), elsewhere)).world
    expect(active(back(away, '10:25')).life?.attempts?.count).toBe(2)
  })
})
