import { describe, expect, it } from 'vitest'
import type { Gate } from '../../server/domain/regulation.ts'
import { fieldName } from '../../server/domain/lead.ts'
import { gateState } from '../../server/domain/rules/gates.ts'
import { active, activity, add, anna, answers, at, boris, call, carryOut, changeFollowUps, changeLead, context, elsewhere, fill, headOfSales, inWork, kindsOf, later, look, lookAndCarryOut, moment, moveTo, only, passUntil, press, qualified, regulation, stages, vera, withStep, won } from './support.ts'
import type { World } from './support.ts'

const gate = (change: Partial<Gate> = {}): Gate => ({ needs: [{ kind: 'email-sent' }], sendBack: true, noSkipping: false, ...change })
const gated = (change: Partial<Gate> = {}) => later(inWork({ regulation: withStep({ gate: gate(change) }) }), '10:10')
const mail = () => activity({ kind: 'email', direction: 'outgoing', createdAt: at('10:05') })
const ready = { ...answers, ...qualified }

describe('a lead moved forward past an unmet gate', () => {
  const moved = (state: World) => changeLead(moveTo(state, stages.qualified), { movedById: boris })

  it('is sent back with the reason to whoever moved it, and counted (S0-19, S4-16)', () => {
    const { commands, world: after } = lookAndCarryOut(moved(gated()))
    expect(only(commands, 'move-stage')).toMatchObject([{ from: stages.qualified, to: stages['in-work'], because: { rule: 'gate-unmet', needs: ['отправить клиенту письмо'], stepName: 'Взят в работу' } }])
    expect(only(commands, 'notify')).toMatchObject([{ userId: boris, about: 'sent-back' }])
    expect(after.lead?.stageId).toBe(stages['in-work'])
    expect(active(after).life?.sentBack).toBe(1)
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('is looked at no second time while it is on its way back', () => {
    expect(kindsOf(look(look(moved(gated())).world).commands)).toEqual(['wake-at'])
  })

  it('goes on when the gate is met', () => {
    expect(look(moved(add(gated(), mail()))).world.watch.status).toBe('closed')
  })

  it('goes on, and is told of, where the regulation does not send back', () => {
    const { commands, world: after } = look(moved(gated({ sendBack: false })))
    expect(only(commands, 'notify')).toMatchObject([{ userId: boris, about: 'gate-passed' }])
    expect(after.watch.status).toBe('closed')
  })

  it('goes on once when a head has allowed it, and not when anybody else has (S1-D13)', () => {
    const allowed = lookAndCarryOut(press(gated(), { kind: 'allow-move' }, headOfSales)).world
    expect(look(moved(later(allowed, '10:20'))).world.watch.status).toBe('closed')
    const presumed = lookAndCarryOut(press(gated(), { kind: 'allow-move' }, vera)).world
    expect(only(look(moved(later(presumed, '10:20'))).commands, 'move-stage')).toHaveLength(1)
  })

  it('may always go back or be refused', () => {
    expect(only(look(moveTo(gated(), stages.new)).commands, 'notify').filter(({ about }) => about === 'sent-back')).toEqual([])
    expect(look(moveTo(gated(), stages['not-qualified'])).world.watch.status).toBe('closed')
  })

  it('by the portal’s own robots is not sent to and fro for ever', () => {
    let state = gated()
    for (let times = 0; times < 6 && state.watch.status === 'active'; times += 1) state = lookAndCarryOut(moved({ ...state, now: state.now.add({ minutes: 1 }) })).world
    expect(state.watch.status).toBe('closed')
    expect(only(state.journal, 'notify').filter(({ about }) => about === 'sent-back')).toHaveLength(3)
    expect(only(state.journal, 'notify').at(-1)).toMatchObject({ about: 'gate-passed' })
  })

  it('to success is let go when the portal does not take it back', () => {
    const refused = carryOut({ ...look(moveTo(gated(), won)).world, refusing: true })
    expect(look(refused).world.watch).toMatchObject({ status: 'closed', outcome: 'converted' })
  })
})

const unknowns = [[{ kind: 'quote', state: 'sent' } as const, { quote: null }, { quote: 'sent' as const }, 'quote' as const], [{ kind: 'requisites' } as const, { hasRequisites: false }, { hasRequisites: true }, 'requisites' as const]] as const

describe('an offer or requisites of which the portal has not told', () => {
  const monday = '2026-07-27'
  const moved = (state: World) => changeLead(moveTo(state, stages.qualified), { movedById: boris })
  const unchecked = ({ journal }: World) => journal.filter(({ because }) => because.rule === 'gate-unchecked')

  it.each(unknowns)('neither send back nor let on a lead that was moved, until they are known: %o', (need, unmet, met) => {
    const { commands, world: held } = lookAndCarryOut(moved(later(gated({ needs: [need] }), '10:02')))
    expect(kindsOf(commands)).toEqual(['note', 'wake-at'])
    expect(commands[0]).toMatchObject({ because: { rule: 'gate-unheard', stepName: 'Взят в работу' } })
    expect(only(commands, 'wake-at')[0]?.at).toBe(moment('10:07'))
    expect(active(held).stepId).toBe('in-work')
    expect(kindsOf(look(later(held, '10:15')).commands)).toEqual(['wake-at'])
    expect(only(look(changeLead(later(held, '10:15'), unmet)).commands, 'move-stage')).toHaveLength(1)
    expect(look(changeLead(later(held, '10:15'), met)).world.watch.status).toBe('closed')
  })

  it.each(unknowns)('keep a finished step where it is, without asking anybody for anything: %o', (need, unmet, met) => {
    const { commands, world: held } = lookAndCarryOut(fill(gated({ needs: [need] }), ready))
    expect(only(commands, 'move-stage')).toEqual([])
    expect(only(commands, 'notify')).toEqual([])
    expect(commands.some(({ because }) => because.rule === 'gate-unheard')).toBe(true)
    expect(only(look(changeLead(later(held, '10:12'), unmet)).commands, 'notify')).toMatchObject([{ about: 'gate-needs' }])
    expect(only(look(changeLead(later(held, '10:15'), met)).commands, 'move-stage')).toMatchObject([{ to: stages.qualified }])
  })

  it('cost nobody a miss, and are passed without after a working day of silence, which the journal says', () => {
    const held = lookAndCarryOut(fill(gated({ needs: [{ kind: 'requisites' }] }), ready)).world
    const evening = passUntil(held, at('18:02'))
    expect(only(evening.journal, 'open-incident')).toEqual([])
    expect(only(evening.journal, 'notify').filter(({ about }) => about !== 'assigned')).toEqual([])
    expect(unchecked(evening)).toEqual([])
    const next = passUntil(evening, at('10:20', monday))
    expect(unchecked(next)).toMatchObject([{ kind: 'note', because: { needs: ['заполнить реквизиты компании'], since: moment('10:10') } }])
    expect(next.watch.status).toBe('closed')
    const byHand = passUntil(lookAndCarryOut(moved(gated({ needs: [{ kind: 'requisites' }] }))).world, at('10:20', monday))
    expect(unchecked(byHand)).toHaveLength(1)
    expect(byHand.watch.status).toBe('closed')
  })

  it('are waited for anew when they were known meanwhile', () => {
    const needs = [{ kind: 'requisites' }] as const
    const held = lookAndCarryOut(fill(gated({ needs }), ready)).world
    const known = lookAndCarryOut(changeLead(later(held, '17:00'), { hasRequisites: false })).world
    const { hasRequisites: _told, ...untold } = known.lead!
    const again = passUntil(lookAndCarryOut({ ...later(known, '17:30'), lead: untold }).world, at('15:00', monday))
    expect(unchecked(again)).toEqual([])
    expect(active(again).stepId).toBe('in-work')
  })

  it('do not hide another need that is not met', () => {
    expect(only(look(moved(gated({ needs: [{ kind: 'requisites' }, { kind: 'email-sent' }] }))).commands, 'move-stage')).toMatchObject([{ because: { needs: ['отправить клиенту письмо'] } }])
  })

  it.each(unknowns)('for want of a right are not asked of anybody, and the journal says so once: %o', (need, _unmet, _met, denied) => {
    const blind = (state: World) => changeLead(state, { denied: [denied] })
    const { commands, world: after } = look(blind(moved(gated({ needs: [need] }))))
    expect(only(commands, 'move-stage')).toEqual([])
    expect(commands.filter(({ because }) => because.rule === 'gate-unchecked')).toMatchObject([{ because: { since: null } }])
    expect(after.watch.status).toBe('closed')
    const byHand = withStep({ gate: gate({ needs: [need] }), leave: { done: { stageId: stages.qualified, by: 'proposed' }, notQualified: null } })
    const proposed = lookAndCarryOut(blind(fill(later(inWork({ regulation: byHand }), '10:10'), ready))).world
    expect(only(proposed.journal, 'notify').at(-1)).toMatchObject({ about: 'move-proposed' })
    expect(unchecked(proposed)).toHaveLength(1)
    expect(unchecked(lookAndCarryOut(proposed).world)).toHaveLength(1)
  })

  it('let a lead on where the regulation does not send back', () => {
    expect(look(moved(gated({ needs: [{ kind: 'requisites' }], sendBack: false }))).world.watch.status).toBe('closed')
  })
})

describe('a gate without skipping', () => {
  it('sends back a lead that leaves out the next step (S0-30)', () => {
    const { commands } = look(moveTo(add(gated({ noSkipping: true }), mail()), won))
    expect(only(commands, 'move-stage')).toMatchObject([{ to: stages['in-work'], because: { rule: 'gate-skipped', stepName: 'Взят в работу' } }])
    expect(look(moveTo(add(gated({ noSkipping: true }), mail()), stages.qualified)).world.watch.status).toBe('closed')
  })
})

describe('an open stage that the regulation does not know', () => {
  it('is no way round a gate that may not be skipped (S0-30)', () => {
    expect(only(look(moveTo(gated({ noSkipping: true }), elsewhere)).commands, 'move-stage')).toMatchObject([{ from: elsewhere, to: stages['in-work'], because: { rule: 'gate-unmet' } }])
  })

  it('may be used when the gate is met, and where stages may be skipped', () => {
    expect(look(moveTo(add(gated({ noSkipping: true }), mail()), elsewhere)).world.watch).toMatchObject({ status: 'closed', outcome: 'moved-on' })
    expect(look(moveTo(gated(), elsewhere)).world.watch).toMatchObject({ status: 'closed', outcome: 'moved-on' })
  })
})

describe('the step’s own move', () => {
  it('waits for the gate and says once what is missing (S0-19)', () => {
    const { commands, world: after } = lookAndCarryOut(fill(gated(), ready))
    expect(only(commands, 'move-stage')).toEqual([])
    expect(only(commands, 'notify')).toMatchObject([{ userId: anna, about: 'gate-needs', because: { rule: 'gate-unmet', needs: ['отправить клиенту письмо'] } }])
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    expect(only(look(add(after, mail())).commands, 'move-stage')).toMatchObject([{ to: stages.qualified }])
  })

  it('still has its deadline', () => {
    const held = lookAndCarryOut(fill(gated(), ready)).world
    expect(only(look(later(held, '10:30')).commands, 'open-incident')).toHaveLength(1)
  })

  it('waits for a task that is to be closed (S0-19)', () => {
    const held = lookAndCarryOut(fill(gated({ needs: [{ kind: 'task-done' }] }), ready)).world
    expect(held.watch.status).toBe('active')
    expect(look(changeFollowUps(held, { open: false })).world.watch.status).toBe('closed')
  })
})

describe('the needs of a gate', () => {
  const state = gated()
  const unmet = (need: Gate['needs'][number], world: World = state) => {
    const base = withStep({ gate: gate({ needs: [need] }) })
    return gateState({ regulation: base, step: base.steps[1]!, lead: world.lead!, watch: active(world), context: context(), taskDone: false }).map(({ title }) => title)
  }

  it.each([
    [{ kind: 'answer', question: 'budget', answer: { is: 'more', than: 50_000 } }, fill(state, { UF_CRM_LR_BUDGET: 90_000 }), 'получить подходящий ответ на вопрос «Бюджет»'],
    [{ kind: 'answer', question: 'urgency', answer: { is: 'filled' } }, fill(state, answers), 'ответить на вопросы: «Срочность»'],
    [{ kind: 'field', field: fieldName('UF_X'), title: { ru: 'Договор' } }, fill(state, { UF_X: 'есть' }), 'заполнить поле «Договор»'],
    [{ kind: 'contact' }, add(state, call(at('10:05'))), 'связаться с клиентом'],
    [{ kind: 'quote', state: 'sent' }, changeLead(state, { quote: 'accepted' }), 'отправить предложение'],
    [{ kind: 'quote', state: 'accepted' }, changeLead(state, { quote: 'accepted' }), 'получить согласие клиента на предложение'],
    [{ kind: 'requisites' }, changeLead(state, { hasRequisites: true }), 'заполнить реквизиты компании'],
    [{ kind: 'email-known' }, changeLead(state, { contact: { phones: [], emails: ['a@example.com'], messengers: [] } }), 'узнать e-mail клиента'],
    [{ kind: 'responsible', who: 'head' }, changeLead(state, { responsibleId: headOfSales }), 'передать лид руководителю'],
  ] as const)('name what is missing: %o (S0-30, S4-16)', (need, met, title) => {
    expect(unmet(need)).toEqual([title])
    expect(unmet(need, met)).toEqual([])
  })

  it('do not take a robot’s mail, or our own, for one that was sent (S0-19)', () => {
    expect(unmet({ kind: 'email-sent' }, add(state, mail()))).toEqual([])
    for (const change of [{ automatic: true }, { mark: 'ours' }]) expect(unmet({ kind: 'email-sent' }, add(state, { ...mail(), ...change }))).toEqual(['отправить клиенту письмо'])
  })

  it('are met by an offer sent by letter or by messenger since the step began, and name a missing address (S0-20, S0-22)', () => {
    const offer = { kind: 'offer-sent' } as const
    const message = activity({ kind: 'message', direction: 'outgoing', createdAt: at('10:05') })
    expect(unmet(offer)).toEqual(['узнать e-mail клиента и отправить предложение письмом, а пока его нет — сообщением в мессенджере'])
    expect(unmet(offer, changeLead(state, { contact: { phones: [], emails: ['a@example.com'], messengers: [] } }))).toEqual(['отправить клиенту предложение письмом или сообщением'])
    for (const sent of [mail(), message]) expect(unmet(offer, add(state, sent))).toEqual([])
    for (const change of [{ automatic: true }, { mark: 'ours' }, { direction: 'incoming' }, { createdAt: at('09:50') }] as const) expect(unmet(offer, add(state, { ...message, ...change }))).toHaveLength(1)
  })

  it('list the missing answers', () => {
    expect(unmet({ kind: 'answers' }, fill(state, { ...answers, UF_CRM_LR_SIZE: null }))).toEqual(['ответить на вопросы: «Размеры изделия»'])
    expect(unmet({ kind: 'responsible', who: 'pool' })).toEqual([])
    expect(regulation.steps[1]?.gate ?? null).toBeNull()
  })
})
