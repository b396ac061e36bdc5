import { describe, expect, it } from 'vitest'
import { lintRegulation } from '../../server/domain/lint.ts'
import type { MovedBy } from '../../server/domain/regulation.ts'
import { commandSentence } from '../../server/domain/sentences.ts'
import { problemSentence } from '../../server/domain/sentences/problems.ts'
import { anna, answers, binding, call, context, add, at, fill, inWork, later, look, lookAndCarryOut, officeHours, only, people, press, qualified, stages, withStep, won, elsewhere } from './support.ts'

const done = (by: MovedBy) => withStep({ leave: { done: { stageId: won, by }, notQualified: null } })
const ready = (by: MovedBy, change = context({ successStageIds: [won] })) => fill(add(later(inWork({ regulation: done(by), context: change }), '10:10'), call(at('10:05'))), { ...answers, ...qualified })

describe('a finished step that leads to a deal', () => {
  it.each(['automatic', 'proposed'] as const)('%s: is never moved there, because only a conversion makes a deal (S0-28, S2-14)', (by) => {
    const { commands, world: after } = lookAndCarryOut(ready(by))
    expect(only(commands, 'move-stage')).toEqual([])
    expect(only(commands, 'notify')).toMatchObject([{ userId: anna, about: 'conversion-proposed' }])
    expect(only(commands, 'set-follow-up')).toMatchObject([{ title: expect.stringContaining('Сконвертировать лид') as unknown, because: { rule: 'no-next-action' } }])
    const pressed = look(press(later(after, '10:30'), { kind: 'go-on' }))
    expect(only(pressed.commands, 'move-stage')).toEqual([])
    expect(pressed.world.watch.status).toBe('active')
  })

  it('left to people, is told to nobody, but stays the next action (S3-18)', () => {
    const { commands } = lookAndCarryOut(ready('hand'))
    expect([only(commands, 'move-stage'), only(commands, 'notify')]).toEqual([[], []])
    expect(only(commands, 'set-follow-up')).toHaveLength(1)
  })

  it('goes on by itself to a stage that is no deal', () => {
    expect(only(look(ready('automatic', context({ successStageIds: [] }))).commands, 'move-stage')).toMatchObject([{ to: won }])
  })

  it('says in the message that the lead is to be converted', () => {
    const [told] = only(lookAndCarryOut(ready('proposed')).commands, 'notify')
    if (told === undefined) throw new Error('nobody was told')
    expect(commandSentence(told, 'ru', 'Europe/Moscow', () => 'Анна')).toContain('конверти')
    expect(commandSentence(told, 'en', 'Europe/Moscow', () => 'Anna')).toContain('convert')
  })
})

describe('the lint', () => {
  const things = { stageIds: [...Object.values(stages), won, elsewhere], successStageIds: [won], userIds: people.map(({ id }) => id), fieldNames: Object.values(binding.fields).map(({ field }) => field), calendar: officeHours }
  const found = (by: MovedBy) => lintRegulation(done(by), things).filter(({ kind }) => kind === 'success-automatic')

  it('warns of an automatic move to a deal', () => {
    expect(found('automatic')).toMatchObject([{ severity: 'warning', path: 'steps.1.leave.done.by' }])
    expect([...found('proposed'), ...found('hand')]).toEqual([])
    expect(found('automatic').map(problem => problemSentence(problem, 'ru'))[0]).toContain('конвертация')
  })

  it('warns of an automatic step whose next steps lead to a deal', () => {
    const base = withStep({ leave: { done: { stageId: stages.qualified, by: 'automatic' }, notQualified: null } })
    const options = base.card.nextStep.options.map((option, index) => (index === 0 ? { ...option, stageId: won } : option))
    expect(lintRegulation({ ...base, card: { ...base.card, nextStep: { ...base.card.nextStep, options } } }, things).map(({ kind }) => kind)).toContain('success-automatic')
  })

  it('refuses a next step that both stays and goes', () => {
    const base = withStep({})
    const options = base.card.nextStep.options.map((option, index) => (index === 0 ? { ...option, stageId: won, stay: true as const } : option))
    expect(lintRegulation({ ...base, card: { ...base.card, nextStep: { ...base.card.nextStep, options } } }, things)).toContainEqual(expect.objectContaining({ kind: 'stay-and-go', severity: 'error' }))
  })
})
