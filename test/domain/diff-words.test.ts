/** What differs between two documents is told, and in words: both sides never look alike. */
import { describe, expect, it } from 'vitest'
import { fieldName } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { diffRegulations } from '../../server/domain/regulation/diff.ts'
import type { Json } from '../../server/domain/regulation/diff.ts'
import { presets } from '../../server/domain/presets/all.ts'
import { unboundRegulation } from '../../server/domain/presets/preset.ts'
import { changeSentence } from '../../server/domain/sentences/changes.ts'
import { officeHours, regulation, withStep } from './support.ts'

const between = (before: Regulation, after: Regulation, language: 'ru' | 'en' = 'ru') => diffRegulations(before, after).map(change => changeSentence(change, { before, after }, language))
const firstQuestion = (change: Partial<Regulation['card']['groups'][number]['questions'][number]>): Regulation => ({ ...regulation, card: { ...regulation.card, groups: regulation.card.groups.map((group, place) => (place > 0 ? group : { ...group, questions: group.questions.map((question, index) => (index > 0 ? question : { ...question, ...change })) })) } })
const needing = (needs: NonNullable<Regulation['steps'][number]['gate']>['needs']) => withStep({ gate: { needs, sendBack: true, noSkipping: false } })

describe('a change is told with what has changed', () => {
  it('in the advice of a situation (S0-25)', () => {
    const advice = (ru: string) => withStep({ situations: [{ title: { ru: 'Дорого' }, advice: { ru } }] })
    expect(between(advice('Дать скидку 5 %'), advice('Не давать скидок'))).toEqual(['Типичные ситуации («Взят в работу»): было «Дорого» (совет: «Дать скидку 5 %»), стало «Дорого» (совет: «Не давать скидок»).'])
  })

  it('in the needs of a gate (S0-19)', () => {
    const field = (name: string) => needing([{ kind: 'field', field: fieldName(name), title: { ru: 'Сумма' } }])
    expect(between(field('UF_A'), field('UF_B'))).toEqual(['Условия перехода («Взят в работу»): было заполнено поле «Сумма» («UF_A»), стало заполнено поле «Сумма» («UF_B»).'])
    expect(between(needing([{ kind: 'answers' }]), needing([{ kind: 'answers' }, { kind: 'task-done' }, { kind: 'answer', question: 'material', answer: { is: 'one-of', values: ['wood', 'quartz'] } }, { kind: 'responsible', who: 'head' }])))
      .toEqual(['Условия перехода («Взят в работу»): было обязательные ответы, стало обязательные ответы, задача закрыта, «Материал»: один из ответов «Массив дерева», «Кварцевый агломерат», ответственный – руководитель.'])
  })

  it('in the English text alone', () => {
    const exit = (en: string) => withStep({ exit: { ru: 'Готово', en } })
    expect(between(exit('Done'), exit('Finished'))).toEqual(['Что нужно, чтобы завершить шаг («Взят в работу»), по-английски: было «Done», стало «Finished».'])
    expect(between(withStep({ exit: { ru: 'Готово', en: 'Done' } }), withStep({ exit: { ru: 'Сделано', en: 'Done' } }), 'en')).toEqual(['What must be done to leave the step (“Taken into work”), in Russian: was “Готово”, now “Сделано”.'])
    expect(between(withStep({ exit: { ru: 'Готово' } }), exit('Done'))).toEqual(['Что нужно, чтобы завершить шаг («Взят в работу»), по-английски: было не задано, стало «Done».'])
  })

  it('at the place of a long text where it differs', () => {
    const long = (end: string) => withStep({ guidance: { ru: `${'Слово '.repeat(60)}${end}` } })
    const [line = ''] = between(long('один'), long('два'))
    expect(line).toMatch(/было «….*один», стало «….*два»\.$/)
    expect(line.length).toBeLessThan(400)
    const early = (start: string) => withStep({ guidance: { ru: `${start} ${'слово '.repeat(60)}` } })
    expect(between(early('Раз'), early('Два'))[0]).toMatch(/было «Раз слово .*…», стало «Два слово .*…»\.$/)
  })

  it('in a long list by what was added and taken out (product, 5)', () => {
    const many = Array.from({ length: 30 }, (_, index) => `2026-01-${String(index + 1).padStart(2, '0')}`)
    const calendar = (holidays: readonly string[]): Regulation => ({ ...regulation, calendar: { kind: 'own', calendar: { ...officeHours, holidays } } })
    expect(between(calendar(many), calendar([...many.slice(1), '2026-05-09']))).toEqual(['Праздники: добавлено «2026-05-09»; убрано «2026-01-01».'])
    expect(between(calendar(many), calendar([...many].reverse()))).toEqual(['Праздники: другой порядок.'])
  })

  it('in a condition, by the question’s and the answers’ names (S4-13)', () => {
    const onlyIf = (value: string) => firstQuestion({ onlyIf: { any: [{ question: 'material', answer: { is: 'none-of', values: [value] } }, { all: [{ question: 'budget', answer: { is: 'more', than: 5 } }, { question: 'color', answer: { is: 'filled' } }] }] } })
    expect(between(onlyIf('wood'), onlyIf('quartz'))).toEqual(['Когда задавать вопрос («Место применения»): было «Материал»: ни один из ответов «Массив дерева» или («Бюджет»: больше 5 и «Цвет»: есть ответ), стало «Материал»: ни один из ответов «Кварцевый агломерат» или («Бюджет»: больше 5 и «Цвет»: есть ответ).'])
    expect(between(regulation, firstQuestion({ disqualifies: { when: { is: 'one-of', values: ['kitchen'] }, reason: 'region' } }))[0]).not.toMatch(/is:|one-of|when|reason/)
  })

  it('in an option that keeps the lead, and in people’s parts (S2-15)', () => {
    const { nextStep } = regulation.card
    const stay = (change: object): Regulation => ({ ...regulation, card: { ...regulation.card, nextStep: { ...nextStep, options: nextStep.options.map((option, index) => (index > 0 ? option : { ...option, ...change })) } } })
    expect(between(stay({}), stay({ stay: true }))).toEqual(['Лид остаётся на своей стадии («Подготовка предложения»): было не задано, стало да.'])
  })
})

/** Every single setting of a document, changed alone. */
const changedOnes = (json: Json, path: readonly string[] = []): readonly { readonly path: readonly string[]; readonly change: (document: Json) => Json }[] => {
  const at = (value: Json) => (document: Json): Json => put(document, path, value)
  if (typeof json === 'string') return [{ path, change: at(/^PT/.test(json) ? 'PT99H' : `${json}ъ`) }]
  if (typeof json === 'number') return [{ path, change: at(json + 1_000) }]
  if (typeof json === 'boolean') return [{ path, change: at(!json) }]
  if (json === null) return []
  const entries = Array.isArray(json) ? (json as readonly Json[]).map((one, index) => [String(index), one] as const) : Object.entries(json as Record<string, Json>)
  return entries.flatMap(([key, one]) => (one === undefined ? [] : changedOnes(one, [...path, key])))
}
const put = (json: Json, [key, ...rest]: readonly string[], value: Json): Json => {
  if (key === undefined) return value
  if (Array.isArray(json)) return (json as readonly Json[]).map((one, index) => (String(index) === key ? put(one, rest, value) : one))
  const record = json as Record<string, Json>
  return { ...record, [key]: put(record[key] ?? null, rest, value) }
}

it.each(presets.map(preset => [preset.id, preset] as const))('every single setting of the preset %s has Russian words, and two sides that differ', (_id, preset) => {
  const before = unboundRegulation(preset)
  const seen = new Set<string>()
  const faults: string[] = []
  for (const { path, change } of changedOnes(before as unknown as Json)) {
    const shape = path.filter(key => !/^\d+$/.test(key)).join('.')
    // Codes and ids name a part: another one is another part.
    if (path[0] === 'schema' || /^(id|code|kind|is)$/.test(path.at(-1) ?? '') || seen.has(shape)) continue
    seen.add(shape)
    const after = change(before as unknown as Json) as unknown as Regulation
    const lines = between(before, after)
    if (lines.length === 0) faults.push(`${shape}: not told`)
    for (const line of lines) {
      const [label = '', sides] = line.split(/: (?=было |добавлено |другой )/)
      const [was, now] = (sides ?? '').replace(/^было /, '').split(', стало ')
      const isRaw = /[a-z]{3,}/i.test(label.replaceAll(/«[^»]*»|e-mail/g, '')) || (!label.includes('по-английски') && /\b[a-z]+([A-Z][a-z]+)*: /.test(line.replaceAll(/«[^»]*»/g, '')))
      if (isRaw || (now !== undefined && `${was}.` === now) || line.endsWith(': изменено.')) faults.push(`${shape}: ${line}`)
    }
  }
  expect(faults).toEqual([])
  expect(seen.size).toBeGreaterThan(80)
})
