import { describe, expect, it } from 'vitest'
import { askedCodes, passes, showsEvidence } from '../../client/composables/conditions.ts'
import { showsEvidence as serverTakes } from '../../server/domain/rules/card.ts'
import { cardView, question } from './lead-views.ts'

const asked = (onlyIf: NonNullable<ReturnType<typeof question>['onlyIf']>, value: string | number | string[] | null, elsewhere = {}) =>
  askedCodes(cardView({ groups: [{ id: 'g', title: 'Г', questions: [question('PLACE', 'Место'), question('EDGE', 'Край', { onlyIf })] }], elsewhere }), code => ({ value: code === 'PLACE' ? value : null, unknown: false }), 'ru').has('EDGE')

describe('a condition', () => {
  it.each([
    [{ is: 'filled' }, 'x', true], [{ is: 'filled' }, ' ', false], [{ is: 'empty' }, null, true], [{ is: 'empty' }, 0, false],
    [{ is: 'one-of', values: ['a'] }, ['b', 'a'], true], [{ is: 'one-of', values: ['a'] }, null, false], [{ is: 'none-of', values: ['a'] }, null, false], [{ is: 'none-of', values: ['a'] }, 'a', false], [{ is: 'none-of', values: ['a'] }, 'b', true],
    [{ is: 'less', than: 5 }, '4,5', true], [{ is: 'more', than: 5 }, 5, false], [{ is: 'more', than: 5 }, 'много', false],
  ] as const)('%j with %j is %s', (test, value, holds) => {
    expect(passes(test as Parameters<typeof passes>[0], value as never, 'ru')).toBe(holds)
  })

  it('may be made of others, and of questions that another step asks', () => {
    const kitchen = { question: 'PLACE', answer: { is: 'one-of', values: ['kitchen'] } } as const
    const rich = { question: 'BUDGET', answer: { is: 'more', than: 10 } } as const
    expect(asked({ all: [kitchen, rich] }, 'kitchen', { BUDGET: 20 })).toBe(true)
    expect(asked({ all: [kitchen, rich] }, 'kitchen')).toBe(false)
    expect(asked({ any: [kitchen, rich] }, 'bath', { BUDGET: 20 })).toBe(true)
    expect(asked({ question: 'NOSUCH', answer: { is: 'empty' } }, null)).toBe(false)
    expect([null, 'kitchen', 'bath'].map(value => asked({ question: 'PLACE', answer: { is: 'none-of', values: ['kitchen'] } }, value))).toEqual([true, false, true])
  })
})

describe('evidence', () => {
  it.each(['', 'да', 'ya.ru', 'https://a.ru', 'Ругают везде', '     да     '])('%j is judged as the server judges it', (comment) => {
    expect(showsEvidence(comment)).toBe(serverTakes(comment))
  })
})
