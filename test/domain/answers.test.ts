import { describe, expect, it } from 'vitest'
import type { Question, Regulation } from '../../server/domain/regulation.ts'
import { answerPasses, conditionHolds } from '../../server/domain/rules/answers.ts'
import { fill, inWork, later, lookAndCarryOut, moveTo, only, regulation, stages, withStep } from './support.ts'

const question = (code: string): Question => {
  const found = regulation.card.groups.flatMap(group => group.questions).find(one => one.code === code)
  if (found === undefined) throw new Error(`no question ${code}`)
  return found
}
const notStone = { is: 'none-of', values: ['acrylic', 'quartz', 'natural'] } as const
const [wood, quartz] = ['wood', 'quartz'].map(code => question('material').options.find(option => option.code === code)?.value ?? '')
const told = (commands: Parameters<typeof only>[0]) => only(commands, 'notify').map(({ about }) => about)

describe('«none of these» without an answer', () => {
  it('says nothing of a question that nobody has answered', () => {
    expect([null, '', wood, quartz].map(value => answerPasses(question('material'), value, notStone))).toEqual([false, false, true, false])
  })

  it('does not open a gate (S0-19)', () => {
    const gated = withStep({ gate: { needs: [{ kind: 'answer', question: 'material', answer: notStone }], sendBack: true, noSkipping: false } })
    const state = later(inWork({ regulation: gated }), '10:10')
    expect(only(lookAndCarryOut(moveTo(state, stages.qualified)).commands, 'move-stage')).toMatchObject([{ to: stages['in-work'], because: { rule: 'gate-unmet' } }])
    expect(only(lookAndCarryOut(moveTo(fill(state, { UF_CRM_LR_MATERIAL: wood ?? null }), stages.qualified)).commands, 'move-stage')).toEqual([])
  })

  it('disqualifies nobody (S0-13)', () => {
    const strict: Regulation = { ...regulation, card: { ...regulation.card, groups: regulation.card.groups.map(group => ({ ...group, questions: group.questions.map(one => (one.code === 'material' ? { ...one, disqualifies: { when: notStone, reason: null } } : one)) })) } }
    const first = lookAndCarryOut(later(inWork({ regulation: strict }), '10:05'))
    expect([...told(inWork({ regulation: strict }).journal), ...told(first.commands)]).not.toContain('refusal-proposed')
    expect(told(lookAndCarryOut(fill(first.world, { UF_CRM_LR_MATERIAL: wood ?? null })).commands)).toContain('refusal-proposed')
  })

  it('holds as the condition of another question, which is asked until the answer speaks against it (S4-13)', () => {
    const holds = (value: string | null) => conditionHolds(regulation.card, { UF_CRM_LR_MATERIAL: value }, { question: 'material', answer: notStone })
    expect([null, wood ?? null, quartz ?? null].map(holds)).toEqual([true, true, false])
  })
})
