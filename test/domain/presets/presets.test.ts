import { describe, expect, it } from 'vitest'
import { lintRegulation } from '../../../server/domain/lint.ts'
import { presetById, presets } from '../../../server/domain/presets/all.ts'
import { bindPreset, unboundRegulation } from '../../../server/domain/presets/preset.ts'
import { bindingOf, boundOf, questionsOf, textsOf, thingsOf } from './support.ts'

describe('the five presets', () => {
  it('are those of the five documents, each with a name and a description', () => {
    expect(presets.map(({ name }) => name.ru)).toEqual(['Оформление пропусков', 'Обращения как в 1С:CRM', 'Телемаркетинг', 'Digital-агентство', 'Столешницы на заказ'])
    expect(presetById('digital')?.id).toBe('digital')
    expect(presetById('none')).toBeUndefined()
  })

  it('share no field and no own stage, so that several may live on one portal', () => {
    const fields = presets.flatMap(preset => preset.fields.map(({ code }) => code))
    expect(new Set(fields).size).toBe(fields.length)
    const own = presets.flatMap(preset => preset.stages.map(({ ownId }) => ownId))
    expect(new Set(own).size).toBe(own.length)
  })

  it('call the same source the same', () => {
    const names = new Map<string, string>()
    for (const { code, name, usualId } of presets.flatMap(preset => preset.sources)) {
      expect(names.get(usualId ?? code) ?? name.ru, code).toBe(usualId === undefined ? name.ru : names.get(usualId) ?? name.ru)
      names.set(usualId ?? code, name.ru)
    }
  })
})

describe.each(presets.map(preset => [preset.name.ru, preset] as const))('the preset «%s»', (_name, preset) => {
  const regulation = boundOf(preset)

  it('has nothing that the lint would complain of', () => {
    expect(lintRegulation(regulation, thingsOf(preset))).toEqual([])
  })

  it('has between four and ten stages, one of them a start, in the order that the portal wants', () => {
    expect(preset.stages.length).toBeGreaterThanOrEqual(4)
    expect(preset.stages.length).toBeLessThanOrEqual(10)
    const order = preset.stages.map(({ semantic }) => ['processing', 'success', 'failure'].indexOf(semantic))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(preset.stages[0]).toMatchObject({ semantic: 'processing', otherwise: 'first' })
  })

  it('fits the portal’s names of fields and stages', () => {
    for (const { code } of preset.fields) expect(code).toMatch(/^[A-Z0-9_]{1,13}$/)
    for (const { ownId } of preset.stages) expect(ownId).toMatch(/^[A-Z0-9_]{1,21}$/)
    for (const { type, options, code } of preset.fields) expect(options.length > 0, code).toBe(type === 'enumeration' || type === 'enumerations')
  })

  it('says every text in both languages', () => {
    for (const [path, text] of textsOf([regulation, preset.stages, preset.sources, preset.name, preset.description])) {
      expect(text.ru, path).toMatch(/\S/)
      expect(text.en, path).toMatch(/\S/)
      expect(text.en, path).not.toMatch(/[а-яё]/i)
    }
  })

  it('gives the manager words to say for every question', () => {
    for (const { script, code } of questionsOf(regulation)) for (const words of [script.ru, script.en]) expect(words, code).toMatch(/[?.]$/)
  })

  it('tells for every step what must be done to leave it (S0-15)', () => {
    for (const { exit, guidance, id } of regulation.steps) {
      expect(exit.ru, id).toMatch(/\.$/)
      expect(guidance.ru.length, id).toBeGreaterThan(20)
    }
    for (const step of regulation.steps.filter(({ kind }) => kind === 'work')) expect(step.followUp?.text.ru.length ?? 0, step.id).toBeGreaterThan(40)
  })

  it('stands on its own roles: a step’s id is the role of its stage (S1-C8)', () => {
    const roles = new Map(Object.entries(bindingOf(preset).stages).map(([role, id]) => [id, role]))
    for (const step of regulation.steps) expect(roles.get(step.stageId)).toBe(step.id)
  })

  it('names only reasons, groups and questions that exist', () => {
    const reasons = new Set(regulation.card.reason.options.map(({ code }) => code))
    const groups = new Set(regulation.card.groups.map(({ id }) => id))
    const codes = new Set(questionsOf(regulation).map(({ code }) => code))
    const named = [regulation.attempts.reason, regulation.attempts.wrongNumberReason, ...questionsOf(regulation).map(question => question.disqualifies?.reason ?? null)].filter(reason => reason !== null)
    expect(named.filter(reason => !reasons.has(reason))).toEqual([])
    expect(regulation.steps.flatMap(step => step.card?.groups ?? []).filter(id => !groups.has(id))).toEqual([])
    expect(regulation.steps.flatMap(step => step.gate?.needs ?? []).flatMap(need => (need.kind === 'answer' ? [need.question] : [])).filter(code => !codes.has(code))).toEqual([])
    for (const { disqualifies, options, code } of questionsOf(regulation)) {
      if (disqualifies?.when.is === 'one-of') for (const value of disqualifies.when.values) expect(options.map(option => option.code), code).toContain(value)
    }
  })

  it('asks for a reason of every refusal, one of them for what nobody thought of', () => {
    expect(regulation.rejection.reasonRequired).toBe(true)
    expect(regulation.card.reason.options.map(({ code }) => code)).toContain('other')
  })

  it('wants a comment where the reason promises one', () => {
    for (const { title, commentRequired } of regulation.card.reason.options.filter(reason => reason.title.ru.includes('в комментарии'))) expect(commentRequired, title.ru).toBe(true)
  })

  it('gives its sources to one channel each', () => {
    const used = regulation.channels.flatMap(({ sources }) => sources)
    expect(new Set(used).size).toBe(used.length)
    expect([...used].sort()).toEqual(preset.sources.map(({ code }) => bindingOf(preset).sources[code]).sort())
  })

  it('cannot be bound without one of its stages', () => {
    const { [preset.stages.at(-1)?.role ?? '']: _gone, ...stages } = bindingOf(preset).stages
    expect(() => bindPreset(preset, { ...bindingOf(preset), stages })).toThrow('no stage')
  })

  it('can be looked at before it is bound', () => {
    expect(unboundRegulation(preset).steps.map(({ id, stageId }) => [id, stageId])).toEqual(regulation.steps.map(({ id }) => [id, id]))
  })
})
