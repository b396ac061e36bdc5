/** No refusal escapes its rules: without a reason, before our first look, or after no attempt at all. */
import { describe, expect, it } from 'vitest'
import type { RefusalReason, Regulation } from '../../server/domain/regulation.ts'
import { presets } from '../../server/domain/presets/all.ts'
import { unboundRegulation } from '../../server/domain/presets/preset.ts'
import { sentence } from '../../server/domain/sentences.ts'
import { active, activity, add, anna, at, call, context, fill, headOfSales, inWork, kindsOf, later, lead, look, lookAndCarryOut, moment, moveTo, notQualified, only, passUntil, press, regulation, stages, world } from './support.ts'
import type { World } from './support.ts'

const { card } = regulation
const withReason = (change: Partial<RefusalReason>, rules: Partial<Regulation['rejection']> = {}): Regulation => ({
  ...regulation,
  rejection: { reasonRequired: true, controlledShare: 1, returnTo: 'first-step', ...rules },
  card: { ...card, reason: { ...card.reason, options: card.reason.options.map(option => (option.value === notQualified.UF_CRM_LR_REASON ? { code: option.code, title: option.title, value: option.value, ...change } : option)) } },
})
const start = (regulation: Regulation) => later(inWork({ regulation }), '10:10')
const junk = (state: World) => moveTo(state, stages['not-qualified'])
const told = (state: { readonly journal: World['journal'] }, about: string) => only(state.journal, 'notify').filter(message => message.about === about).map(({ userId }) => userId)
const reason = { UF_CRM_LR_REASON: notQualified.UF_CRM_LR_REASON }

describe('the quality control of refusals (S4-17)', () => {
  it('takes those without a reason where none is wanted', () => {
    const { world: after } = lookAndCarryOut(junk(start(withReason({}, { reasonRequired: false }))))
    expect(told(after, 'control')).toEqual([headOfSales])
    expect(told(passUntil(after, at('10:00', '2026-08-20')), 'control')).toEqual([headOfSales])
    expect(told(lookAndCarryOut(fill(later(after, '11:00'), reason)).world, 'control')).toEqual([headOfSales])
  })

  it('waits for a reason that is asked for, and takes the refusal when nobody gives it', () => {
    const { world: after } = lookAndCarryOut(junk(start(withReason({}))))
    expect(told(after, 'control')).toEqual([])
    expect(told(lookAndCarryOut(fill(later(after, '11:00'), reason)).world, 'control')).toEqual([headOfSales])
    expect(told(passUntil(after, at('10:00', '2026-08-20')), 'control')).toEqual([headOfSales])
  })

  it('takes none where its share is nothing', () => {
    expect(told(passUntil(lookAndCarryOut(junk(start(withReason({}, { reasonRequired: false, controlledShare: 0 })))).world, at('10:00', '2026-08-20')), 'control')).toEqual([])
  })
})

describe('a lead refused before our first look', () => {
  const unseen = (regulation: Regulation, change: Parameters<typeof lead>[0] = {}, more: Partial<World> = {}): World =>
    world({ regulation, now: at('10:15'), lead: lead({ responsibleId: anna, stageId: stages['not-qualified'], semantic: 'failure', movedAt: at('10:10'), ...change }), ...more })

  it('ends as one that was seen open first: asked, returned and looked through (S3-27, S3-28, S4-17)', () => {
    const rules = withReason({ returnAfterDays: 14 })
    for (const fields of [{}, reason]) {
      const seen = lookAndCarryOut(junk(fill(start(rules), fields))).world
      const late = lookAndCarryOut(unseen(rules, { fields })).world
      for (const about of ['reason-needed', 'control']) expect(told(late, about)).toEqual(told(seen, about))
      expect(late.watch).toMatchObject({ status: 'closed', stageId: stages['not-qualified'], outcome: seen.watch.status === 'closed' ? seen.watch.outcome : '' })
      expect(kindsOf(look(late).commands)).toEqual(['wake-at'])
    }
    const late = lookAndCarryOut(unseen(rules, { fields: reason })).world
    const back = passUntil(late, at('12:00', '2026-08-07'))
    expect(active(back)).toMatchObject({ stepId: 'in-work', enteredAt: moment('10:10', '2026-08-07') })
  })

  it('is left alone when it is older than the installation, than the version, or no lead at all (S1-A4)', () => {
    const rules = withReason({})
    const silent = (state: World) => expect(look(state)).toMatchObject({ commands: [], world: { watch: { status: 'unseen' } } })
    silent(unseen(rules, {}, { context: context({ installedAt: moment('10:05') }) }))
    silent(unseen(rules, {}, { context: context({ publishedAt: moment('10:12') }) }))
    silent(unseen(rules, { movedAt: at('10:10', '2026-05-01') }))
    silent(unseen({ ...rules, channels: [{ id: 'web', name: { ru: 'Спам' }, sources: ['WEB'], isLeadSource: false, handledBy: null, detail: null, reasonRequired: true, deadlineClass: null }] }))
    silent(unseen(rules, { stageId: stages.qualified, semantic: 'success' }))
  })
})

describe('a reason that needs attempts (S3-27.6)', () => {
  const rules = withReason({ attemptsNeeded: 4 }, { controlledShare: 0 })
  const refuse = (state: World) => fill(state, notQualified)

  it('is not accepted after fewer, and the lead stays on its step', () => {
    const { commands, world: after } = lookAndCarryOut(refuse(start(rules)))
    expect(only(commands, 'notify')).toMatchObject([{ about: 'answers-needed', because: { rule: 'answers-missing', titles: ['Попытки дозвониться: для причины «Не наш регион» нужно не меньше 4'] } }])
    expect(active(after).stepId).toBe('in-work')
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('is accepted with them, pressed or telephoned', () => {
    let state = start(rules)
    for (const minute of [10, 20, 30]) state = lookAndCarryOut(press(later(state, `10:${minute}`), { kind: 'not-reached' })).world
    expect(active(lookAndCarryOut(refuse(later(state, '10:45'))).world).stepId).toBe('in-work')
    const enough = lookAndCarryOut(refuse(add(later(state, '10:45'), call(at('10:44'), 0))))
    expect(enough.world.watch).toMatchObject({ status: 'closed', outcome: 'not-qualified' })
  })

  it('counts the attempts before a short message, too: what is sent to the client is no answer of his', () => {
    for (const kind of ['message', 'email'] as const) {
      let state = lookAndCarryOut(press(start(rules), { kind: 'not-reached' })).world
      state = lookAndCarryOut(add(later(state, '10:15'), activity({ kind, createdAt: at('10:14') }))).world
      for (const minute of [20, 30, 40]) state = lookAndCarryOut(press(later(state, `10:${minute}`), { kind: 'not-reached' })).world
      expect(active(state)).toMatchObject({ contactedAt: moment('10:14'), life: { attempts: { count: 4 } } })
      expect(lookAndCarryOut(refuse(later(state, '10:45'))).world.watch).toMatchObject({ status: 'closed', outcome: 'not-qualified' })
    }
  })

  it('given after the move is asked about until the head is told; a call made meanwhile counts', () => {
    let state = start(rules)
    for (const minute of [10, 20, 30]) state = lookAndCarryOut(press(later(state, `10:${minute}`), { kind: 'not-reached' })).world
    const { commands, world: moved } = lookAndCarryOut(junk(fill(later(state, '10:45'), reason)))
    const [asked] = only(commands, 'notify')
    expect(asked).toMatchObject({ userId: anna, about: 'reason-needed', because: { rule: 'attempts-missing', needed: 4, made: 3 } })
    expect(sentence(asked!.because, 'ru', 'Europe/Moscow')).toBe('Для причины «Не наш регион» нужно не меньше 4 попыток дозвониться, записано 3.')
    expect(told(passUntil(moved, at('10:00', '2026-08-20')), 'reason-needed')).toEqual([anna, anna, anna, anna, headOfSales])
    const called = lookAndCarryOut(add(later(moved, '12:00'), call(at('11:50'), 0))).world
    expect(told(passUntil(called, at('10:00', '2026-08-20')), 'reason-needed')).toEqual([anna])
    const counted = lookAndCarryOut(junk(fill(add(later(state, '10:45'), call(at('10:44'), 0)), reason))).world
    expect(told(counted, 'reason-needed')).toEqual([])
  })

  it('stands in the presets whose documents say so', () => {
    const needed = Object.fromEntries(presets.map(preset => [preset.id, unboundRegulation(preset).card.reason.options.flatMap(({ code, attemptsNeeded }) => (attemptsNeeded === undefined ? [] : [`${code} ${attemptsNeeded}`]))]))
    expect(needed).toEqual({ passes: ['no-answer 4'], requests: [], telemarketing: [], digital: ['hiding 4'], worktops: ['no-answer 4'] })
  })
})

it.each(presets.map(preset => [preset.id, preset] as const))('the preset %s limits how often and how far a deadline is moved (S0-23)', (id, preset) => {
  const moves = unboundRegulation(preset).steps.flatMap(({ followUp }) => (followUp?.deadlineMayMove === true ? [followUp.moves] : []))
  expect(moves.length).toBeGreaterThan(0)
  for (const one of moves) expect(one).toEqual({ most: 3, furthest: id === 'digital' ? 'PT168H' : 'PT40H' })
})
