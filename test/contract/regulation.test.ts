import { describe, expect, it } from 'vitest'
import { Regulation, RegulationFile } from '../../server/contract/regulation.ts'
import { shapeProblems } from '../../server/http/shape-words.ts'
import { officeHours, regulation } from '../domain/support.ts'

const wordsFor = (value: unknown) => {
  const read = Regulation.safeParse(value)
  return read.success ? [] : shapeProblems(read.error.issues, 'ru')
}

describe('the regulation as an API takes it', () => {
  it('is the document the rules work with, unchanged', () => {
    expect(Regulation.parse(JSON.parse(JSON.stringify(regulation)))).toEqual(regulation)
  })

  it.each([
    [{ ...regulation, extra: 1 }, '.', /Неизвестные поля: extra/],
    [{ ...regulation, calendar: { kind: 'own', calendar: { ...officeHours, timeZone: 'Nowhere/Zone' } } }, 'calendar.calendar.timeZone', /часового пояса.*Europe\/Moscow/],
    [{ ...regulation, schema: 3 }, 'schema', /Выберите: 2/],
    [{ ...regulation, steps: [{ ...regulation.steps[0], stageId: 7 }] }, 'steps.0.stageId', /Нужно текст/],
    [{ ...regulation, steps: regulation.steps.map(({ guidance: _guidance, ...step }) => step) }, 'steps.0.guidance', /отсутствует.*Добавьте/],
    [{ ...regulation, distribution: { ...regulation.distribution, fallbackUserId: 0 } }, 'distribution.fallbackUserId', /не меньше 1/],
    [{ ...regulation, steps: [{ ...regulation.steps[1], videoUrl: 'javascript:alert(1)' }] }, 'steps.0.videoUrl', /адрес/],
    [{ ...regulation, steps: [{ ...regulation.steps[1], gate: { needs: [{ kind: 'magic' }], sendBack: true, noSkipping: true } }] }, 'steps.0.gate.needs.0.kind', /\.$/],
  ])('is refused with the field, what is wrong and how to mend it (%#)', (value, field, message) => {
    expect(wordsFor(value)).toContainEqual({ field, message: expect.stringMatching(message) as string })
  })

  it('has limits', () => {
    expect(wordsFor({ ...regulation, steps: Array.from({ length: 101 }, () => regulation.steps[0]) })[0]).toMatchObject({ field: 'steps' })
  })

  it('travels in a file that says what it is', () => {
    expect(RegulationFile.safeParse({ kind: 'other', schema: 2, regulation, names: {} }).success).toBe(false)
  })
})
