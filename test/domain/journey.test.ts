import { describe, expect, it } from 'vitest'
import { active, activity, add, anna, answers, at, call, changeFollowUps, elsewhere, fill, inWork, kindsOf, later, look, lookAndCarryOut, moment, moveTo, only, press, qualified, regulation, stages, withStep } from './support.ts'
import type { Step } from '../../server/domain/regulation.ts'

const work = regulation.steps[1]!
const begun = (change: Partial<Step> = {}) => later(inWork({ regulation: withStep(change) }), '10:10')
const ready = { ...answers, ...qualified }

describe('a finished step', () => {
  const proposed = () => lookAndCarryOut(fill(begun({ leave: { done: { stageId: stages.qualified, by: 'proposed' }, notQualified: null } }), ready))

  it('is proposed to be left, once, with that as the next action (S0-14, S0-16, S3-18)', () => {
    const { commands, world: after } = proposed()
    expect(only(commands, 'notify')).toMatchObject([{ userId: anna, about: 'move-proposed' }])
    expect(only(commands, 'set-follow-up')).toMatchObject([{ because: { rule: 'no-next-action' } }])
    expect(kindsOf(look(later(after, '10:30')).commands)).toEqual(['wake-at'])
  })

  it('is left when the manager confirms it (S0-16)', () => {
    expect(only(look(press(later(proposed().world, '10:30'), { kind: 'go-on' })).commands, 'move-stage')).toMatchObject([{ to: stages.qualified }])
  })
})

describe('a task', () => {
  it('says what to do in which situation (S0-25)', () => {
    const situations = [{ title: { ru: '«Дорого»', en: '“Too expensive”' }, advice: { ru: 'Назовите состав цены.', en: 'Name what the price consists of.' } }]
    const [task] = only(inWork({ regulation: withStep({ situations }) }).journal, 'set-follow-up')
    expect(task?.text).toContain('Как поступить, если:\n• «Дорого» — Назовите состав цены.')
    expect(only(inWork({ regulation: withStep({ situations: [] }) }).journal, 'set-follow-up')[0]?.text).not.toContain('Как поступить')
  })
})

describe('a task closed without a summary', () => {
  it('is set again where a summary is wanted (S1-D11, S3-18)', () => {
    const state = begun({ card: null, followUp: { ...work.followUp!, summaryRequired: true } })
    const { commands, world: after } = lookAndCarryOut(changeFollowUps(state, { open: false, summarised: false }))
    expect(only(commands, 'set-follow-up')).toMatchObject([{ because: { rule: 'summary-missing' } }])
    expect(only(commands, 'notify')).toMatchObject([{ about: 'summary-needed' }])
    expect(look(changeFollowUps(after, { open: false, summarised: true })).world.watch.status).toBe('closed')
  })
})

describe('a deadline moved in the task', () => {
  const limited = (most: number) => begun({ followUp: { ...work.followUp!, deadlineMayMove: true, moves: { most, furthest: 'PT2H' } } })

  it('too far is put back and told (S0-23)', () => {
    const { commands, world: after } = lookAndCarryOut(changeFollowUps(limited(3), { deadlineAt: at('17:00') }))
    expect(only(commands, 'change-follow-up')).toMatchObject([{ deadlineAt: moment('10:30'), because: { rule: 'deadline-move-refused', why: 'too-far' } }])
    expect(only(commands, 'notify')).toMatchObject([{ about: 'move-limit' }])
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('too often is put back (S0-23)', () => {
    const once = lookAndCarryOut(changeFollowUps(limited(1), { deadlineAt: at('11:00') })).world
    expect(active(once).step?.deadlineMoves).toBe(1)
    expect(only(look(changeFollowUps(later(once, '10:20'), { deadlineAt: at('11:30') })).commands, 'notify')).toMatchObject([{ because: { why: 'too-many' } }])
  })
})

describe('a step that asks some of the groups', () => {
  const group = regulation.card.groups[0]!

  it('lists only these and is done without a result (S4-8)', () => {
    const some = inWork({ regulation: withStep({ card: { groups: [group.id], closing: false } }) })
    expect(only(some.journal, 'set-follow-up')[0]?.checklist).toHaveLength(group.questions.length)
    const closed = changeFollowUps(fill(later(some, '10:10'), answers), { open: false })
    expect(look(closed).world.watch).toMatchObject({ status: 'closed', outcome: 'qualified' })
    expect(only(look(changeFollowUps(later(some, '10:10'), { open: false })).commands, 'ask-again')).toHaveLength(1)
  })

  it('never misses a question that is not asked', () => {
    const conditional = { ...regulation, card: { ...regulation.card, groups: regulation.card.groups.map(one => ({ ...one, questions: one.questions.map(question => (question.code === 'size' ? { ...question, onlyIf: { question: 'material', answer: { is: 'empty' as const } } } : question)) })) } }
    expect(look(fill(later(inWork({ regulation: conditional }), '10:10'), { ...ready, UF_CRM_LR_SIZE: null })).world.watch.status).toBe('closed')
  })
})

describe('the timeline and the triggers', () => {
  it('hold the main questions once (S0-11)', () => {
    expect(only(inWork().journal, 'comment')).toMatchObject([{ text: expect.stringContaining('Размеры изделия') as string }])
  })

  it('fire for a missed deadline, a filled card and a qualified lead, once each', () => {
    expect(only(look(later(inWork(), '10:30')).commands, 'fire-trigger').map(({ trigger }) => trigger)).toEqual(['deadline-missed'])
    expect(only(look(fill(begun(), ready)).commands, 'fire-trigger').map(({ trigger }) => trigger)).toEqual(['card-complete', 'qualified'])
    expect(only(look(look(fill(begun(), answers)).world).commands, 'fire-trigger')).toEqual([])
  })
})

describe('what is pressed or asked by a robot', () => {
  it('is obeyed once, in order', () => {
    const { world: after } = lookAndCarryOut(press(press(begun(), { kind: 'not-reached' }), { kind: 'opened' }))
    expect(active(after).life).toMatchObject({ actsSeen: 2, attempts: { count: 1 } })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('a mobile call counts as a contact with its comment only (S3-17)', () => {
    const strict = { ...regulation, contact: { ...regulation.contact, declaredCallNeedsComment: true } }
    const declared = (comment: string) => only(look(press(later(inWork({ regulation: strict }), '10:10'), { kind: 'call-declared', comment })).commands, 'note-contact')
    expect(declared('Просит замер')).toMatchObject([{ because: { rule: 'call-declared', at: moment('10:10') } }])
    expect(declared(' ')).toEqual([])
  })

  it('a call entered in the portal without a comment is no contact where one is wanted (S3-17)', () => {
    const entered = (described: boolean, declaredCallNeedsComment = true) => {
      const base = { ...regulation, contact: { ...regulation.contact, declaredCallNeedsComment } }
      return only(look(add(later(inWork({ regulation: base }), '10:10'), activity({ kind: 'call', createdAt: at('10:05'), described }))).commands, 'note-contact').length
    }
    expect([entered(true), entered(false), entered(false, false)]).toEqual([1, 0, 1])
    const heard = call(at('10:05'), 90, { described: false })
    expect(only(look(add(begun(), heard)).commands, 'note-contact')).toHaveLength(1)
  })

  it('a robot is answered once, of a lead outside the regulation and of a closed one too', () => {
    const outside = moveTo({ ...begun(), watch: { status: 'unseen' } }, elsewhere)
    const closed = lookAndCarryOut(moveTo(begun(), elsewhere)).world
    for (const state of [outside, closed]) {
      const asked = look(press(state, { kind: 'check-card', token: 't1' }, null))
      expect(only(asked.commands, 'answer-robot')).toHaveLength(1)
      expect(look(asked.world).commands).toEqual([])
      expect(only(look(press(asked.world, { kind: 'check-card', token: 't2' }, null)).commands, 'answer-robot')).toMatchObject([{ token: 't2' }])
    }
  })

  it('«Проверить карточку» and «Запустить срок» answer their robots', () => {
    const asked = look(press(fill(begun(), { ...answers, UF_CRM_LR_SIZE: null }), { kind: 'check-card', token: 't1' }, null))
    expect(only(asked.commands, 'answer-robot')).toMatchObject([{ token: 't1', values: { complete: 'N', missing: 1, titles: 'Размеры изделия' } }])
    const started = look(press(begun(), { kind: 'start-deadline', token: 't2' }, null))
    expect(only(started.commands, 'answer-robot')).toMatchObject([{ values: { dueAt: moment('10:40') } }])
  })
})
