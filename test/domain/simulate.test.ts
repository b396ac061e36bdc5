/** Simulation of a regulation on past leads (issue 3, part 8). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leadId } from '../../server/domain/lead.ts'
import type { Lead } from '../../server/domain/lead.ts'
import { presets } from '../../server/domain/presets/all.ts'
import { bindPreset } from '../../server/domain/presets/preset.ts'
import { worktops } from '../../server/domain/presets/worktops.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { simulate, startSimulation, toldAtOnce } from '../../server/domain/simulate.ts'
import { storyOf } from '../../server/domain/simulate/story.ts'
import type { PastLead } from '../../server/domain/simulate/story.ts'
import { agreesUnder, agreesWithTheLiveRun } from './properties-simulation.ts'
import { activity, anna, answers, at, binding, boris, call, context, headOfSales, holds, lead, notQualified, peopleWith, qualified, realRules, regulation, secretary, stages, withStep } from './support.ts'

const until = at('18:00', '2026-07-31')

const past = (change: Partial<Lead>, moves: readonly (readonly [keyof typeof stages, ReturnType<typeof at>])[]): PastLead => {
  const created = change.createdAt ?? at('10:00')
  const entries = [['new', created] as const, ...moves]
  const [stage] = entries.at(-1) ?? ['new']
  return {
    lead: lead({ responsibleId: boris, stageId: stages[stage], updatedAt: at('17:00', '2026-07-30'), ...change }),
    stages: entries.map(([name, moment]) => ({ at: moment, stageId: stages[name], semantic: name === 'not-qualified' ? 'failure' : 'processing' })),
  }
}

const run = (leads: readonly PastLead[], base: Regulation = regulation, change: Parameters<typeof context>[0] = {}) =>
  simulate({ regulation: base, version: 0, context: context(change), until }, leads.map(one => storyOf(one, base, until)))

const tooLate: typeof realRules.decide = (watch, sight, base, version, seen, now) => realRules.decide(watch, sight, base, version, seen, now.add({ minutes: 2 }))

describe('the law', () => {
  it('holds: simulation and live run agree on the same history', () => holds(agreesWithTheLiveRun(), 300))
  it('holds with a ladder, a gate and controlled refusals', () => holds(agreesWithTheLiveRun(realRules, { ...bindPreset(worktops, binding) }), 150))

  describe.each(presets.map(preset => [preset.id, preset] as const))('under the preset %s', (_id, preset) => {
    const check = (rules = realRules) => fc.check(agreesUnder(preset, rules), { numRuns: 60, seed: 20_260_724 })

    it('holds', () => fc.assert(agreesUnder(preset), { numRuns: 60, seed: 20_260_724 }))
    it('finds a simulation that looks too late', () => expect(check({ ...realRules, decide: tooLate }).failed).toBe(true))
    it('finds a simulation that forgets the card', () => expect(check({ ...realRules, decide: (watch, sight, ...rest) => realRules.decide(watch, sight.kind === 'gone' ? sight : { ...sight, lead: { ...sight.lead, fields: {} } }, ...rest) }).failed).toBe(true))
  })

  const findsTheBug = (rules: typeof realRules) => expect(fc.check(agreesWithTheLiveRun(rules), { numRuns: 300, seed: 20_260_724, endOnFailure: true }).failed).toBe(true)

  it('finds a simulation that looks too late', () => findsTheBug({ ...realRules, decide: tooLate }))
  it('finds a simulation that does not see what was done', () => findsTheBug({ ...realRules, decide: (watch, sight, ...rest) => realRules.decide(watch, sight.kind === 'gone' ? sight : { ...sight, lead: { ...sight.lead, activities: [] } }, ...rest) }))
  it('finds a simulation that forgets whom it has told', () => findsTheBug({ ...realRules, evolveContext: (seen, command) => (command.kind === 'escalate' ? seen : realRules.evolveContext(seen, command)) }))
})

describe('deadlines', () => {
  it('counts a contact in time as met, for whoever had the lead (S4-4, S4-14)', () => {
    const { deadlines, messages } = run([past({ activities: [call(at('10:10'), 90, { responsibleId: boris })], fields: { ...answers, ...qualified } }, [['in-work', at('10:12')], ['qualified', at('10:40')]])])
    expect(deadlines.total).toEqual({ met: 2, missed: 0 })
    expect(deadlines.byPerson).toEqual({ [boris]: { met: 2, missed: 0 } })
    expect(deadlines.byTerm).toEqual({ 'finish': { met: 1, missed: 0 }, 'first-contact': { met: 1, missed: 0 } })
    expect(messages.byKind).toEqual({ assigned: 1 })
  })

  it('counts silence as missed, by person, channel, step and the hour at which it was due (S4-15)', () => {
    const channels: Regulation['channels'] = [{ id: 'site', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null }]
    const { deadlines, messages, leads } = run([past({ activities: [call(at('11:15'))] }, [['in-work', at('11:20')], ['not-qualified', at('11:40')]])], { ...regulation, channels, rejection: { ...regulation.rejection, reasonRequired: false } })
    expect(deadlines.byHour).toEqual({ 10: { met: 0, missed: 1 }, 11: { met: 1, missed: 0 }, 14: { met: 1, missed: 0 } })
    expect(deadlines.byChannel).toEqual({ site: { met: 2, missed: 1 } })
    expect(deadlines.byStep).toEqual({ 'in-work': { met: 2, missed: 1 } })
    expect(messages.byKind.missed).toBe(1)
    expect(Object.values(messages.byPerson).reduce((sum, count) => sum + count, 0)).toBe(messages.total)
    expect(messages.byPerson[anna]).toBeUndefined()
    expect(leads).toMatchObject({ read: 1, watched: 1, open: 0, withoutChannel: 0 })
  })

  it('brings in the head after three misses of one person on different leads (S4-19)', () => {
    const silent = (id: number) => past({ id: leadId(id), createdAt: at(`1${id}:00`), activities: [call(at(`1${id}:40`))] }, [['not-qualified', at(`1${id}:50`)]])
    const { escalations } = run([silent(0), silent(1), silent(4), silent(5)])
    expect(escalations).toEqual({ total: 1, about: { [boris]: 1 }, to: { [headOfSales]: 1 } })
  })

  it('leaves out what lies after the end, and tells of leads that are still open', () => {
    const { leads, deadlines } = run([past({ createdAt: at('17:50', '2026-07-31'), activities: [call(at('18:05', '2026-07-31'))] }, [])])
    expect(leads.open).toBe(1)
    expect(deadlines.total).toEqual({ met: 0, missed: 0 })
  })
})

describe('the world follows history', () => {
  it('says whom distribution would have chosen and who had the lead', () => {
    const { distribution } = run([1, 2, 3].map(id => past({ id: leadId(id), createdAt: at(`10:0${id}`) }, [['not-qualified', at('10:20')]])))
    expect(distribution).toMatchObject({ chosen: { 1: 1, 2: 1, 3: 1 }, had: { 2: 3 }, same: 1, different: 2, nobody: 0 })
  })

  it('counts moves that were wanted, and those that came', () => {
    const { moves } = run([
      past({ id: leadId(1) }, [['in-work', at('10:20')], ['not-qualified', at('10:25')]]),
      past({ id: leadId(2) }, [['not-qualified', at('10:25')]]),
    ])
    expect(moves).toEqual({ wanted: 2, made: 1 })
  })

  it('counts a lead that a gate would have stopped, and nothing of it until its next move (S0-19)', () => {
    const gated = withStep({ gate: { needs: [{ kind: 'contact' }], sendBack: true, noSkipping: false } })
    const { gates, deadlines } = run([past({}, [['in-work', at('10:05')], ['qualified', at('10:20')]])], gated)
    expect(gates).toEqual({ stopped: 1, toldOnly: 0, byStep: { 'in-work': 1 }, leadIds: [7] })
    expect(deadlines.total.missed).toBe(0)
    expect(run([past({ activities: [call(at('10:08'))] }, [['in-work', at('10:05')], ['qualified', at('10:20')]])], gated).gates.stopped).toBe(0)
  })

  it('takes what the past does not tell of for met: tasks, quotes, requisites', () => {
    const gated = withStep({ gate: { needs: [{ kind: 'task-done' }, { kind: 'quote', state: 'sent' }, { kind: 'requisites' }], sendBack: true, noSkipping: false } })
    const { gates, estimates } = run([past({}, [['in-work', at('10:05')], ['qualified', at('10:20')]])], gated)
    expect(gates.stopped).toBe(0)
    expect(estimates).toEqual(expect.arrayContaining(['answers', 'presence', 'day-open', 'delivery', 'gate-quotes', 'gate-requisites', 'task-closing']))
  })

  it('holds messages in quiet hours and counts the held ones', () => {
    const { messages } = run([past({ createdAt: at('20:00'), activities: [call(at('09:05', '2026-07-27'))] }, [['not-qualified', at('09:10', '2026-07-27')]])], { ...regulation, quietHours: { from: '19:00', to: '09:00', daysOff: true } })
    expect(messages).toMatchObject({ held: 1, byKind: { assigned: 1 } })
  })

  it('counts leads without a channel and requests that are no leads', () => {
    const channels: Regulation['channels'] = [{ id: 'supplier', name: { ru: 'Поставщики' }, sources: ['PARTNER'], isLeadSource: false, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null }]
    const { leads, messages } = run([past({ id: leadId(1), sourceId: 'PARTNER' }, []), past({ id: leadId(2) }, [['not-qualified', at('10:10')]])], { ...regulation, channels })
    expect(leads).toMatchObject({ withoutChannel: 1, leftAlone: 1 })
    expect(messages.byKind.assigned).toBe(1)
  })

  it('takes a responsible who has left since for present while he had the lead', () => {
    const { messages, distribution } = run([past({ activities: [call(at('10:10'))], fields: notQualified }, [['not-qualified', at('10:15')]])], regulation, { people: peopleWith({ 2: { active: false } }) })
    expect(messages.byPerson[boris]).toBeGreaterThan(0)
    expect(messages.byPerson[anna]).toBeUndefined()
    expect(messages.byKind.assigned).toBe(1)
    expect(distribution.nobody).toBe(0)
  })
})

describe('a story', () => {
  const told = (one: PastLead) => storyOf(one, regulation, until)

  it('begins without answers and without a responsible, and gives the answers when the lead leaves the step that asks for them', () => {
    const { lead: first, changes, holderId } = told(past({ fields: { ...answers } }, [['in-work', at('10:05')], ['qualified', at('12:00')]]))
    expect(first).toMatchObject({ responsibleId: null, stageId: stages.new, fields: {}, activities: [] })
    expect(holderId).toBe(boris)
    expect(changes.map(({ at: moment }) => moment.toString())).toEqual([at('10:00').add({ seconds: 1 }), at('10:05'), at('12:00')].map(String))
    expect(changes[1]?.lead?.fields).toEqual({})
    expect(changes[2]?.lead).toMatchObject({ stageId: stages.qualified, fields: answers })
  })

  it('shows a call under way as not yet done, and a task of ours not at all', () => {
    const talk = call(at('10:10'), 300, { endedAt: at('10:15') })
    const { changes } = told(past({ activities: [talk, activity({ kind: 'todo', mark: 'ours' }), activity({ kind: 'task' })] }, []))
    expect(changes.slice(0, 3).flatMap(({ lead: seen }) => seen?.activities ?? []).map(({ completed, call: facts }) => ({ completed, facts }))).toEqual([{ completed: false, facts: null }, { completed: true, facts: talk.call }])
  })

  it('stands on its present stage where the portal keeps no history', () => {
    const { lead: first, changes } = told({ ...past({ stageId: stages['in-work'] }, []), stages: [] })
    expect(first.stageId).toBe(stages['in-work'])
    expect(changes.every(({ lead: seen }) => seen?.stageId === undefined)).toBe(true)
  })
})

describe('a run', () => {
  const leads = Array.from({ length: 60 }, (_, index) => past(
    { id: leadId(index + 1), createdAt: at('09:00').add({ minutes: 7 * index }), responsibleId: [anna, boris, secretary][index % 3] ?? anna, activities: index % 2 === 0 ? [call(at('09:05').add({ minutes: 9 * index }))] : [] },
    index % 4 === 0 ? [] : [['in-work', at('09:30').add({ minutes: 9 * index })], ['qualified', at('12:00').add({ minutes: 11 * index })]],
  ))

  it('gives the same every time, however it is cut, whatever the order of the leads', () => {
    const whole = run(leads)
    const parts = startSimulation({ regulation, version: 0, context: context(), until }, leads.map(one => toldAtOnce(storyOf(one, regulation, until))))
    const shares: number[] = []
    while (!parts.run(3)) shares.push(parts.share())
    expect(parts.result()).toEqual(whole)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(run([...leads].reverse())).toEqual(whole)
    expect(whole.deadlines.total.missed).toBeGreaterThan(10)
  })

  it('names people and leads by their ids only', () => {
    const text = JSON.stringify(run(leads))
    for (const word of ['Анна', 'Борис', 'Мария', 'Столешница', '+7900']) expect(text).not.toContain(word)
  })

  it('goes on when the rules stumble over one lead', () => {
    const { leads: counted, deadlines } = simulate({ regulation, version: 0, context: context(), until }, leads.map(one => storyOf(one, regulation, until)), { ...realRules, decide: (watch, sight, ...rest) => {
      if (sight.kind === 'seen' && sight.lead.id === 5) throw new Error('planted')
      return realRules.decide(watch, sight, ...rest)
    } })
    expect(counted.failed).toBe(1)
    expect(deadlines.total.met).toBeGreaterThan(0)
  })
})
