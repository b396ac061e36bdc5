/** A newer version has a step on another stage: the leads on its former one are neither lost nor put on another step. */
import { describe, expect, it } from 'vitest'
import type { StageId } from '../../server/domain/lead.ts'
import { stageId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { diffRegulations } from '../../server/domain/regulation/diff.ts'
import { changeSentence } from '../../server/domain/sentences/changes.ts'
import { sentence } from '../../server/domain/sentences.ts'
import { lookUnder } from './properties-versions.ts'
import { active, add, answers, at, call, carryOut, changeLead, fill, inWork, kindsOf, later, look, lookAndCarryOut, moment, moveTo, only, qualified, realRules, regulation, stages, timeZone, withStep, world } from './support.ts'
import type { World } from './support.ts'

const talk = stageId('TALK')
const onStage = (stage: StageId, id = 'in-work'): Regulation => withStep({ stageId: stage }, id)
/** Another step stands where the leads of «in-work» are. */
const [intake, work] = regulation.steps
if (intake === undefined || work === undefined) throw new Error('the regulation has no steps')
const taken: Regulation = { ...regulation, steps: [intake, { ...work, stageId: talk }, { ...work, id: 'check' }] }
const adopt = (state: World, document: Regulation) => lookUnder({ ...state, regulation: document }, 2, realRules)
const after = (state: World, document: Regulation): World => carryOut(adopt(state, document).world)
/** Every later look is under the second version. */
const then = (state: World): World => carryOut(lookUnder(state, 2, realRules).world)

describe('a lead on the former stage of its step', () => {
  it.each([['free', onStage(talk)], ['taken by another step', taken]])('stays on its step with its term and its task, the stage being %s', (_what, document) => {
    const { commands, world: next } = adopt(later(inWork(), '10:05'), document)
    expect(kindsOf(commands)).toEqual(['adopt-version', 'stay-on-step', 'wake-at'])
    const before = active(inWork())
    expect(active(next)).toMatchObject({ stepId: 'in-work', regulationVersion: 2, staysOn: stages['in-work'], clock: before.clock, followUp: before.followUp })
    expect(kindsOf(lookUnder(carryOut(next), 2, realRules).commands)).toEqual(['wake-at'])
  })

  it('is told so in its journal', () => {
    const [stay] = only(adopt(later(inWork(), '10:05'), taken).commands, 'stay-on-step')
    expect(stay?.because).toEqual({ rule: 'step-on-other-stage', stepName: 'Взят в работу', stageName: talk, standsOn: 'Взят в работу' })
    expect(stay === undefined ? '' : sentence(stay.because, 'ru', timeZone)).toBe('Шаг «Взят в работу» теперь на стадии «TALK»; лид остаётся на этом шаге на стадии «Взят в работу», пока его не переведут.')
  })

  it('is still watched: its deadline is missed like the others', () => {
    const state = after(later(inWork(), '10:05'), taken)
    expect(only(lookUnder(later(state, '10:30'), 2, realRules).commands, 'open-incident')).toMatchObject([{ dueAt: moment('10:30') }])
  })

  it('goes on from there when its step is done', () => {
    const state = after(later(inWork(), '10:05'), taken)
    const done = fill(add(later(state, '10:10'), call(at('10:10'))), { ...answers, ...qualified })
    expect(only(lookUnder(done, 2, realRules).commands, 'move-stage')).toMatchObject([{ from: stages['in-work'], to: stages.qualified }])
  })

  it('may be moved to the new stage of its step, and stays on it', () => {
    const state = after(later(inWork(), '10:05'), taken)
    const { commands } = lookUnder(moveTo(later(state, '10:10'), talk), 2, realRules)
    expect(kindsOf(commands)).toEqual(['wake-at'])
  })

  it('is on the step of its stage once it was moved away and back', () => {
    const state = after(later(inWork(), '10:05'), taken)
    const away = then(moveTo(later(state, '10:10'), stages.new))
    const back = lookUnder(moveTo({ ...away, now: at('10:20') }, stages['in-work']), 2, realRules).world
    expect(active(back).stepId).toBe('check')
  })

  it('keeps it when our own move to it is not to be seen yet', () => {
    const moving = look(world()).world
    expect(moving.lead?.stageId).toBe(stages.new)
    const adopted = adopt({ ...moving, now: at('10:01') }, taken).world
    const seen = lookUnder(later(carryOut(adopted), '10:02'), 2, realRules)
    expect(seen.world.lead?.stageId).toBe(stages['in-work'])
    expect(active(seen.world)).toMatchObject({ stepId: 'in-work', staysOn: stages['in-work'] })
  })

  it('keeps it while nobody can be chosen for the lead', () => {
    const absent = world({ context: { ...world().context, people: world().context.people.map(one => ({ ...one, absent: true })) } })
    const waiting = lookAndCarryOut(absent).world
    const next = after(later(waiting, '10:10'), onStage(talk, 'new'))
    expect(active(next)).toMatchObject({ stepId: 'new', chosenId: null })
    const found = lookUnder({ ...later(next, '10:20'), context: world().context }, 2, realRules)
    expect(only(found.commands, 'move-stage')).toMatchObject([{ from: stages.new, to: stages['in-work'] }])
  })

  it('follows the stage when somebody has moved it since', () => {
    const moved = changeLead(later(inWork(), '10:10'), { stageId: talk, movedAt: at('10:09') })
    const document: Regulation = { ...regulation, steps: [intake, { ...work, stageId: stageId('OTHER') }, { ...work, id: 'check', stageId: talk }] }
    const { commands, world: next } = adopt(moved, document)
    expect(only(commands, 'stay-on-step')).toEqual([])
    expect(active(next).stepId).toBe('check')
  })

  it('stays on it through another version, and is told nothing twice', () => {
    const state = { ...after(later(inWork(), '10:05'), taken), regulation: onStage(stageId('THIRD')) }
    const { commands, world: next } = lookUnder(later(state, '10:10'), 3, realRules)
    expect(kindsOf(commands)).toEqual(['adopt-version', 'wake-at'])
    expect(active(next)).toMatchObject({ stepId: 'in-work', regulationVersion: 3 })
  })
})

describe('the change itself', () => {
  it.each([
    ['ru', 'Стадия шага («Взят в работу»): было «IN_WORK», стало «TALK». Открытые лиды на прежней стадии остаются на этом шаге, пока их не переведут.'],
    ['en', 'Stage of the step (“Taken into work”): was “IN_WORK”, now “TALK”. Open leads on the former stage stay on this step until they are moved.'],
  ] as const)('says what becomes of the leads, in %s', (language, said) => {
    const changed = onStage(talk)
    expect(diffRegulations(regulation, changed).map(change => changeSentence(change, { before: regulation, after: changed }, language))).toEqual([said])
  })

  it('says nothing of leads where a step only leads elsewhere', () => {
    const changed = withStep({ leave: { ...work.leave, done: { stageId: talk, by: 'automatic' } } })
    expect(diffRegulations(regulation, changed).map(change => changeSentence(change, { before: regulation, after: changed }, 'ru')).join()).not.toContain('Открытые лиды')
  })
})
