import { describe, expect, it } from 'vitest'
import { decide } from '../../../server/domain/decide.ts'
import { evolve } from '../../../server/domain/evolve.ts'
import { telemarketing } from '../../../server/domain/presets/telemarketing.ts'
import type { Watch } from '../../../server/domain/watch.ts'
import { anna, at, call, carryOut, changeFollowUps, context, fill, kindsOf, lead, look, only, world } from '../support.ts'
import { bindingOf, boundOf } from './support.ts'

const regulation = boundOf(telemarketing)
const { stages, fields } = bindingOf(telemarketing)
const valueOf = (code: string, option: string) => fields[code]?.values[option] ?? ''

/** A first call that ended with this outcome, and the looks after it. */
const after = (outcome: string) => {
  const begun = carryOut(look(world({ regulation, lead: lead({ stageId: stages['contact'] ?? lead().stageId, responsibleId: anna, sourceId: 'CALL', activities: [call(at('10:00'))] }) })).world)
  const said = fill(begun, { UF_CRM_LR_TM_OBJECT: 'кафе', UF_CRM_LR_TM_WHO: valueOf('TM_WHO', 'lpr'), UF_CRM_LR_TM_INTEREST: valueOf('TM_INTEREST', 'display'), UF_CRM_LR_TM_SUMMARY: 'Говорили', UF_CRM_LR_TM_RESULT: valueOf('TM_RESULT', 'qualified'), UF_CRM_LR_TM_NEXT: valueOf('TM_NEXT', outcome) })
  return look(said)
}

describe('the outcome of a cold call', () => {
  it.each([['told-needs', 'needs'], ['thinks', 'presentation'], ['meeting', 'converted']])('%s proposes the stage it leads to (S2-15)', (outcome, role) => {
    const { commands, world: next } = after(outcome)
    expect(JSON.stringify([commands, next.watch])).toContain(stages[role])
    expect(kindsOf(commands)).not.toContain('move-stage')
  })

  it('«перезвоните» leaves the lead where it is, with its call still planned (S2-15)', () => {
    const { commands, world: next } = after('call-lpr')
    expect(kindsOf(commands)).not.toContain('move-stage')
    const again: Watch = commands.reduce<Watch>(evolve, next.watch)
    expect(again.status).toBe('active')
    expect(only(commands, 'close-follow-up')).toEqual([])
    expect(kindsOf(decide(next.watch, { kind: 'seen', lead: next.lead ?? lead() }, regulation, 1, context(), at('10:05'))).filter(kind => kind === 'move-stage')).toEqual([])
  })

  it.each(['call-lpr', 'mail-offer'])('%s is noted once and gives the planned call a new date (S2-11, S2-15)', (outcome) => {
    const { commands, world: next } = after(outcome)
    expect(only(commands, 'note').filter(({ because }) => because.rule === 'outcome-noted')).toHaveLength(1)
    const [clock] = only(commands, 'set-clock').filter(command => command.clock.kind === 'again')
    expect(only(commands, 'change-follow-up')).toMatchObject([{ deadlineAt: clock?.clock.kind === 'again' ? clock.clock.dueAt : '' }])
    const seen = carryOut(next)
    expect(kindsOf(look({ ...seen, now: at('10:05') }).commands)).toEqual(['wake-at'])
  })

  it('the same outcome of the next call plans another one (S2-11)', () => {
    const seen = carryOut(after('call-lpr').world)
    const called = look(changeFollowUps({ ...seen, now: at('15:00') }, { open: false, summarised: true }))
    expect(only(called.commands, 'set-follow-up')).toMatchObject([{ because: { rule: 'outcome-noted' } }])
    expect(only(called.commands, 'notify')).toEqual([])
    expect(called.world.lead?.stageId).toBe(stages['contact'])
  })

  it('from a later step keeps that step (S2-15)', () => {
    const begun = carryOut(look(world({ regulation, lead: lead({ stageId: stages['needs'] ?? lead().stageId, responsibleId: anna, sourceId: 'CALL', activities: [call(at('10:00'))] }) })).world)
    const said = look(fill(begun, { UF_CRM_LR_TM_OBJECT: 'кафе', UF_CRM_LR_TM_WHO: valueOf('TM_WHO', 'lpr'), UF_CRM_LR_TM_INTEREST: valueOf('TM_INTEREST', 'display'), UF_CRM_LR_TM_AMOUNT: 90_000, UF_CRM_LR_TM_SUMMARY: 'Говорили', UF_CRM_LR_TM_RESULT: valueOf('TM_RESULT', 'qualified'), UF_CRM_LR_TM_NEXT: valueOf('TM_NEXT', 'call-lpr') }))
    expect(said.commands.map(({ because }) => because.rule)).toContain('outcome-noted')
    expect([...only(said.commands, 'move-stage'), ...only(said.commands, 'notify')]).toEqual([])
  })
})
