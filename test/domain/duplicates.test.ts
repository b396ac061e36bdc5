import { describe, expect, it } from 'vitest'
import type { Command } from '../../server/domain/command.ts'
import { leadId } from '../../server/domain/lead.ts'
import type { Act, Duplicate, Lead } from '../../server/domain/lead.ts'
import { anna, boris, changeLead, context, kindsOf, later, lead, look, lookAndCarryOut, only, peopleWith, regulation, vera, world } from './support.ts'
import type { World } from './support.ts'

const duplicate = (change: Partial<Duplicate> = {}): Duplicate => ({ kind: 'contact', id: 4, title: 'Мария', responsibleId: vera, by: ['phone'], open: true, ...change })
const found = (...duplicates: Duplicate[]): Partial<Lead> => ({ duplicates })
const told = (commands: readonly Command[]) => only(commands, 'notify').filter(({ about }) => about === 'repeated-request').map(({ userId }) => userId)
const running = (): World => lookAndCarryOut(world()).world

describe('a repeated request', () => {
  it('is told to the client’s responsible, and to the lead’s when that is another one, once (S1-D6, S1-D8)', () => {
    const { commands, world: after } = lookAndCarryOut(changeLead(later(running(), '10:05'), found(duplicate())))
    expect(told(commands)).toEqual([vera, anna])
    expect(only(commands, 'notify')[0]?.because).toMatchObject({ rule: 'repeated-request', by: ['phone'], responsibleId: vera })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    expect(told(look(changeLead(later(after, '10:20'), {})).commands)).toEqual([])
  })

  it('that goes to the client’s own responsible is one message to him', () => {
    const { commands } = look(world({ lead: lead(found(duplicate())) }))
    expect(only(commands, 'assign')).toMatchObject([{ userId: vera }])
    expect(told(commands)).toEqual([vera])
  })

  it('by name alone is a hint: nobody is told (S1-D7)', () => {
    expect(kindsOf(look(changeLead(later(running(), '10:05'), found(duplicate({ by: ['name'] })))).commands)).toEqual(['wake-at'])
  })

  it('of one client found twice is one message with the strongest sign', () => {
    const { commands } = look(changeLead(later(running(), '10:05'), found(duplicate(), duplicate({ kind: 'company', id: 3, title: 'Аптека', by: ['inn'] }))))
    expect(told(commands)).toEqual([vera, anna])
    expect(only(commands, 'notify').map(({ because }) => because)).toMatchObject([{ kind: 'company', by: ['inn'] }, { kind: 'company' }])
    expect(only(commands, 'note')).toHaveLength(2)
  })

  it('of an older open lead is told to its responsible, of a refused one to nobody, though the journal notes it', () => {
    expect(told(look(changeLead(later(running(), '10:05'), found(duplicate({ kind: 'lead', id: 5 })))).commands)).toEqual([vera, anna])
    const closed = look(changeLead(later(running(), '10:05'), found(duplicate({ kind: 'lead', id: 5, open: false })))).commands
    expect(told(closed)).toEqual([])
    expect(only(closed, 'note')).toMatchObject([{ because: { rule: 'repeated-request', id: 5 } }])
  })

  it('is told by the younger lead alone', () => {
    expect(told(look(changeLead(later(running(), '10:05'), found(duplicate({ kind: 'lead', id: 8 })))).commands)).toEqual([])
  })

  it('is not told to a dismissed person, nor at all where the regulation does not want it', () => {
    const state = { ...later(running(), '10:05'), context: context({ people: peopleWith({ 3: { active: false } }) }) }
    expect(told(look(changeLead(state, found(duplicate()))).commands)).toEqual([anna])
    const quiet = (duplicates: typeof regulation.intake.duplicates) => ({ ...changeLead(later(running(), '10:05'), found(duplicate())), regulation: { ...regulation, intake: { ...regulation.intake, duplicates } } })
    expect(told(look(quiet({ search: true, tellResponsible: false })).commands)).toEqual([])
    expect(kindsOf(look(quiet({ search: false, tellResponsible: true })).commands)).toEqual(['wake-at'])
  })

  it('that somebody calls another client is told no more, and gives no claim to the lead', () => {
    const saying: Act = { id: 1, at: later(world(), '10:05').now, byUserId: anna, kind: 'not-duplicate', of: { kind: 'contact', id: 4 } }
    const { commands, world: after } = lookAndCarryOut(changeLead(later(running(), '10:05'), { ...found(duplicate()), acts: [saying] }))
    expect(told(commands)).toEqual([])
    expect(only(commands, 'note').filter(({ because }) => because.rule === 'not-the-same')).toMatchObject([{ because: { title: 'Мария' } }])
    const away = { ...later(after, '10:30'), context: context({ people: peopleWith({ 1: { absent: true } }) }) }
    expect(only(look(away).commands, 'assign')).toMatchObject([{ userId: boris, because: { rule: 'distribution-in-turn' } }])
  })
})

describe('two new leads of one client in one burst', () => {
  const twin = (id: number, other: number): Lead => lead({ id: leadId(id), duplicates: [duplicate({ kind: 'lead', id: other, responsibleId: lead().responsibleId })] })

  it.each([[7, 8], [8, 7]])('go to the same responsible, and the younger one tells (lead %i first)', (first, second) => {
    const one = look(world({ lead: twin(first, second) }))
    const two = look({ ...world({ lead: twin(second, first) }), context: one.world.context })
    expect([...only(one.commands, 'assign'), ...only(two.commands, 'assign')].map(({ userId }) => userId)).toEqual([anna, anna])
    expect(only(two.commands, 'assign')[0]?.because.rule).toBe('distribution-client')
    const younger = first === 8 ? one : two
    expect([...only(one.commands, 'notify'), ...only(two.commands, 'notify')].filter(({ about }) => about === 'repeated-request')).toEqual(only(younger.commands, 'notify').filter(({ about }) => about === 'repeated-request'))
    expect(told(younger.commands)).toContain(anna)
  })

  it('that only one pool’s integration owns do not follow the integration’s user', () => {
    expect(only(look(world({ lead: twin(7, 5) })).commands, 'assign')).toMatchObject([{ userId: anna, because: { rule: 'distribution-in-turn' } }])
  })
})

describe('a repeat found while nobody is available', () => {
  const absent = (...ids: readonly number[]) => context({ people: peopleWith(Object.fromEntries(ids.map(id => [id, { absent: true }]))) })
  const alone = (): World => lookAndCarryOut(world({ context: absent(1, 2, 3), lead: lead(found(duplicate())) })).world
  const chosen = (state: World, ...away: readonly number[]) => lookAndCarryOut({ ...later(state, '10:30'), context: absent(...away) })

  it('is told to whoever is chosen later, once, though it is not found again', () => {
    const { commands, world: after } = chosen(changeLead(alone(), { duplicates: [] }), 2, 3)
    expect(told(commands)).toEqual([anna])
    expect(only(commands, 'notify').find(({ about }) => about === 'repeated-request')?.because).toMatchObject({ id: 4, responsibleId: vera })
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  })

  it('is not told again to the client’s responsible, who is chosen himself', () => {
    expect(told(chosen(alone(), 1, 2).commands)).toEqual([])
  })
})
