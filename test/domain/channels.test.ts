import { describe, expect, it } from 'vitest'
import { fieldName, userId } from '../../server/domain/lead.ts'
import type { Lead } from '../../server/domain/lead.ts'
import type { Channel, Regulation } from '../../server/domain/regulation.ts'
import { intakeNeeds } from '../../server/domain/rules/channels.ts'
import { active, add, anna, answers, boris, call, changeLead, context, elsewhere, fill, kindsOf, later, lead, look, lookAndCarryOut, moment, moveTo, notQualified, only, peopleWith, qualified, regulation, secretary, stages, vera, world } from './support.ts'

const channel = (change: Partial<Channel> = {}): Channel => ({ id: 'site', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null, ...change })
const withChannels = (...channels: Channel[]): Regulation => ({ ...regulation, channels })
const withPools = (base: Regulation, ...userIds: (typeof anna)[]): Regulation => ({ ...base, distribution: { ...base.distribution, pools: [...base.distribution.pools, { id: 'key', name: { ru: 'Ключевые' }, members: { kind: 'people', userIds }, order: 'in-turn', weights: {}, limits: { open: null, perDay: null }, regions: {} }] } })

describe('a lead of a source that is no lead source (S1-A4)', () => {
  const support = withChannels(channel({ id: 'support', name: { ru: 'Поддержка' }, isLeadSource: false }))

  it('is left alone, and the journal says why', () => {
    const { commands, world: after } = lookAndCarryOut(world({ regulation: support }))
    expect(kindsOf(commands)).toEqual(['start-watch', 'note', 'close-watch'])
    expect(only(commands, 'close-watch')).toMatchObject([{ outcome: 'moved-on', because: { rule: 'not-a-lead-source', name: 'Поддержка' } }])
    expect(look(later(after, '10:30')).commands).toEqual([])
    expect(look(moveTo(later(after, '10:30'), elsewhere)).commands).toEqual([])
  })

  it('is taken in once its source is another one', () => {
    const { world: left } = lookAndCarryOut(world({ regulation: support }))
    const { commands } = lookAndCarryOut(changeLead(later(left, '10:30'), { sourceId: 'CALL' }))
    expect(only(commands, 'assign')).toMatchObject([{ userId: anna, because: { rule: 'distribution-in-turn' } }])
  })

  it('is let go when its source is changed to that one, with its task closed', () => {
    const { world: running } = lookAndCarryOut(world({ regulation: support, lead: lead({ sourceId: 'CALL' }) }))
    const { commands, world: after } = lookAndCarryOut(changeLead(later(running, '10:10'), { sourceId: 'WEB' }))
    expect(kindsOf(commands)).toEqual(['close-follow-up', 'note', 'close-watch'])
    expect(look(later(after, '12:00')).commands).toEqual([])
  })
})

describe('a channel', () => {
  it('is noted once, and again when the source changes (S1-A4)', () => {
    const { commands, world: after } = lookAndCarryOut(world({ regulation: withChannels(channel()) }))
    expect(only(commands, 'note').map(({ because }) => because)).toMatchObject([{ rule: 'channel', channelId: 'site' }])
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    expect(only(look(changeLead(after, { sourceId: 'OTHER' })).commands, 'note')).toMatchObject([{ life: { channelId: null }, because: { rule: 'no-channel' } }])
  })

  it('has its leads handled by its own pool (S1-A7, S1-A8)', () => {
    const state = world({ regulation: withPools(withChannels(channel({ handledBy: { kind: 'pool', poolId: 'key' } })), vera) })
    expect(only(look(state).commands, 'assign')).toMatchObject([{ userId: vera, poolId: 'key' }])
    expect(only(look({ ...state, lead: lead({ sourceId: 'CALL' }) }).commands, 'assign')).toMatchObject([{ userId: anna, poolId: 'main' }])
  })

  it('has its leads handled by one person, and by the pool while he is away (S1-A7)', () => {
    const state = world({ regulation: withChannels(channel({ handledBy: { kind: 'person', userId: boris } })) })
    expect(only(look(state).commands, 'assign')).toMatchObject([{ userId: boris, because: { rule: 'distribution-person', channel: 'Сайт' } }])
    const away = { ...state, context: context({ people: peopleWith({ 2: { absent: true } }) }) }
    expect(only(look(away).commands, 'assign')).toMatchObject([{ userId: anna, because: { rule: 'distribution-in-turn' } }])
  })
})

describe('what must be known of where a lead comes from', () => {
  const detail = { field: fieldName('UF_CRM_FROM'), title: { ru: 'От кого' }, required: true }

  it('is asked for once, by name: the detail of the source (S3-10)', () => {
    const asked = lookAndCarryOut(world({ regulation: withChannels(channel({ name: { ru: 'Рекомендация' }, detail })) }))
    expect(only(asked.commands, 'notify').filter(({ about }) => about === 'source-detail-needed')).toMatchObject([{ userId: anna, because: { title: 'От кого', channel: 'Рекомендация' } }])
    expect(only(look(later(asked.world, '10:20')).commands, 'notify').filter(({ about }) => about === 'source-detail-needed')).toEqual([])
    const told = lookAndCarryOut(world({ regulation: withChannels(channel({ detail })), lead: lead({ fields: { UF_CRM_FROM: 'от Ивана' } }) }))
    expect(only(told.commands, 'notify').map(({ about }) => about)).toEqual(['assigned'])
  })

  it('is asked for once: the source itself (S1-D4)', () => {
    const state = world({ regulation: { ...regulation, intake: { ...regulation.intake, sourceRequired: true } }, lead: lead({ sourceId: null }) })
    expect(only(look(state).commands, 'notify').map(({ about }) => about)).toContain('source-needed')
    expect(only(look({ ...state, lead: lead() }).commands, 'notify').map(({ about }) => about)).not.toContain('source-needed')
  })

  it('counts like an obligatory answer: the lead is not qualified without it, and may be refused (S3-10)', () => {
    const asked = lookAndCarryOut(world({ regulation: withChannels(channel({ detail })) })).world
    const complete = add(later(asked, '10:10'), call(later(asked, '10:10').now))
    const { commands } = look(fill(complete, { ...answers, ...qualified }))
    expect(only(commands, 'move-stage')).toEqual([])
    expect(only(commands, 'notify').find(({ about }) => about === 'answers-needed')?.because).toMatchObject({ titles: ['От кого'] })
    expect(only(look(fill(complete, { ...answers, ...qualified, UF_CRM_FROM: 'Иван' })).commands, 'move-stage')).toMatchObject([{ to: stages.qualified }])
    expect(only(look(fill(complete, notQualified)).commands, 'move-stage')).toMatchObject([{ to: stages['not-qualified'] }])
  })

  it('waits for a responsible who can answer', () => {
    const nobody = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) })
    const { commands } = look(world({ regulation: withChannels(channel({ detail })), context: nobody }))
    expect(only(commands, 'notify').map(({ about }) => about)).toEqual(['nobody-available'])
  })

  it('stands among what is still needed until it is there', () => {
    const needs = (change: Partial<Lead>) => intakeNeeds(lead(change), withChannels(channel({ detail })), 'ru').map(({ code, title }) => `${code}: ${title}`)
    expect(needs({})).toEqual(['source-detail: От кого'])
    expect(needs({ fields: { UF_CRM_FROM: ' ' } })).toEqual(['source-detail: От кого'])
    expect(needs({ fields: { UF_CRM_FROM: 'Иван' } })).toEqual([])
  })
})

describe('a company’s shared number without a person', () => {
  const shared = { phones: ['+79000000009'], emails: [], messengers: [], shared: ['+79000000009'] }
  const interests: Regulation = { ...regulation, intake: { ...regulation.intake, interests: 'ask-person' } }
  const interest = (change: Partial<Lead> = {}) => world({ regulation: interests, lead: lead({ clientName: '', contact: shared, ...change }) })

  it('is an interest: the person is asked for, in the term of a lead without contact data (S1-D1, S1-D2, S1-D5)', () => {
    const { commands, world: after } = lookAndCarryOut(interest())
    expect(only(commands, 'notify').filter(({ about }) => about === 'person-needed')).toMatchObject([{ userId: anna, because: { phone: '+79000000009' } }])
    expect(active(after).clock).toMatchObject({ kind: 'first-contact', dueAt: moment('10:00', '2026-07-27') })
  })

  it('becomes a lead with the phone’s term once the person is known', () => {
    const { world: after } = lookAndCarryOut(interest())
    const named = look(changeLead(later(after, '10:20'), { clientName: 'Мария' })).world
    expect(active(named).clock).toMatchObject({ dueAt: moment('10:50') })
  })

  it.each([{ clientName: 'Мария' }, { contact: { ...shared, phones: [...shared.phones, '+79000000010'] } }, { contact: { ...shared, emails: ['a@example.com'] } }])('is a lead with a person or another way to reach one (%o)', (change) => {
    expect(active(look(interest(change)).world).clock).toMatchObject({ dueAt: moment('10:30') })
  })

  it('is an ordinary lead where the regulation does not ask', () => {
    const { commands } = look({ ...interest(), regulation })
    expect(only(commands, 'notify').map(({ about }) => about)).toEqual(['assigned'])
  })
})

describe('whoever called', () => {
  it('or took the call keeps the lead, before anybody else (S0-4)', () => {
    const { commands } = look(add(world({ now: world().now }), call(world().now, 60, { direction: 'incoming', responsibleId: vera })))
    expect(only(commands, 'assign')).toMatchObject([{ userId: vera, poolId: 'main', because: { rule: 'distribution-caller' } }])
  })

  it('counts a call of his own as his own work, whether it reached the client or not (S0-4, S2-1)', () => {
    const { commands, world: after } = look(add(world(), call(world().now, 0, { responsibleId: vera })))
    expect(only(commands, 'assign')).toMatchObject([{ userId: vera }])
    expect(after.context.shares.main).toBeUndefined()
  })

  it('is nobody for a missed call, and nobody who was dismissed', () => {
    const missed = look(add(world(), call(world().now, 0, { direction: 'incoming', responsibleId: vera })))
    expect(only(missed.commands, 'assign')).toMatchObject([{ userId: anna, because: { rule: 'distribution-in-turn' } }])
    const gone = look(add(world({ context: context({ people: peopleWith({ 3: { active: false } }) }) }), call(world().now, 60, { responsibleId: vera })))
    expect(only(gone.commands, 'assign')).toMatchObject([{ userId: anna }])
  })

  it('is not looked at where the regulation says so', () => {
    const off = { ...regulation, distribution: { ...regulation.distribution, keepCaller: false } }
    expect(only(look(add(world({ regulation: off }), call(world().now, 60, { responsibleId: vera }))).commands, 'assign')).toMatchObject([{ userId: anna }])
  })

  it('takes the lead that waits for somebody', () => {
    const nobody = context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) })
    const { world: waiting } = lookAndCarryOut(world({ context: nobody }))
    const called = { ...add(later(waiting, '10:20'), call(later(waiting, '10:20').now, 60, { responsibleId: vera })), context: context({ people: peopleWith({ 1: { absent: true } }) }) }
    expect(only(look(called).commands, 'assign')).toMatchObject([{ userId: vera, because: { rule: 'distribution-caller' } }])
  })
})

describe('the lead of a known client', () => {
  const company = { kind: 'company', id: 3, name: 'Аптека', responsibleId: vera } as const
  const contact = { kind: 'contact', id: 4, name: 'Мария', responsibleId: boris } as const
  const chosen = (change: Partial<Lead>, state = world()) => only(look({ ...state, lead: lead(change) }).commands, 'assign')

  it('goes to the client’s responsible, the company’s first (S2-6, S1-D6)', () => {
    expect(chosen({ clients: [contact, company] })).toMatchObject([{ userId: vera, because: { rule: 'distribution-client', client: 'Аптека' } }])
    expect(chosen({ clients: [contact] })).toMatchObject([{ userId: boris }])
  })

  it('goes past a dismissed or absent responsible', () => {
    expect(chosen({ clients: [company, contact] }, world({ context: context({ people: peopleWith({ 3: { active: false } }) }) }))).toMatchObject([{ userId: boris }])
    expect(chosen({ clients: [company] }, world({ context: context({ people: peopleWith({ 3: { absent: true } }) }) }))).toMatchObject([{ userId: anna, because: { rule: 'distribution-in-turn' } }])
  })

  it('is found by the strongest duplicate, never by a name alone (S1-D7)', () => {
    const found = (by: ('phone' | 'inn' | 'name')[], responsibleId = vera) => ({ kind: 'contact', id: 9, title: 'Мария', responsibleId, by, open: true }) as const
    expect(chosen({ duplicates: [found(['phone'])] })).toMatchObject([{ userId: vera }])
    expect(chosen({ duplicates: [found(['phone'], boris), { ...found(['inn']), kind: 'company' }] })).toMatchObject([{ userId: vera }])
    expect(chosen({ duplicates: [found(['name'])] })).toMatchObject([{ userId: anna }])
  })

  it('does not go to the integration’s user, who owns what it made', () => {
    expect(chosen({ clients: [{ ...company, responsibleId: secretary }] })).toMatchObject([{ userId: anna }])
    expect(chosen({ clients: [{ ...company, responsibleId: userId(999) }] })).toMatchObject([{ userId: anna }])
  })

  it('goes to the caller before that', () => {
    expect(chosen({ clients: [company], activities: [call(world().now, 60, { responsibleId: boris })] })).toMatchObject([{ userId: boris, because: { rule: 'distribution-caller' } }])
  })

  it('goes in turn where the regulation says so', () => {
    const off = { ...regulation, distribution: { ...regulation.distribution, keepClientResponsible: false } }
    expect(chosen({ clients: [company] }, world({ regulation: off }))).toMatchObject([{ userId: anna }])
  })
})

describe('a lead’s fields', () => {
  it('hold the detail that was asked for', () => {
    const detail = { field: fieldName('UF_CRM_FROM'), title: { ru: 'От кого' }, required: true }
    const { world: after } = lookAndCarryOut(world({ regulation: withChannels(channel({ detail })) }))
    expect(kindsOf(look(fill(later(after, '10:05'), { UF_CRM_FROM: 'Иван' })).commands)).toEqual(['wake-at'])
  })
})
