import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from '../../client/i18n/en.json'
import { russianPlural, speak } from '../../client/i18n/i18n.ts'
import ru from '../../client/i18n/ru.json'

type Tree = { readonly [key: string]: string | Tree }

const flat = (tree: Tree, path = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[path + key, value]] : Object.entries(flat(value, `${path}${key}.`)))))

const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /\.(vue|ts)$/.test(name)).map(name => readFileSync(join(folder, name), 'utf8'))

const spoken = { ru: flat(ru), en: flat(en) }
const code = [...sources('client'), ...sources('placements')].join('\n')
const used = new Set([...code.matchAll(/\bt\('([\w.]+)'|keypath="([\w.]+)"/g)].map(found => found[1] ?? found[2] ?? ''))
const holders = (text: string) => new Set([...text.matchAll(/\{(\w+)\}/g)].map(found => found[1]))
const forms = (text: string) => text.split(' | ')

describe('the languages of the pages', () => {
  it('say the same things', () => {
    expect(Object.keys(spoken.en).sort()).toEqual(Object.keys(spoken.ru).sort())
  })

  it('leave no sentence empty', () => {
    expect(Object.values(spoken).flatMap(texts => Object.entries(texts)).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('fill the same places in every sentence', () => {
    const differing = Object.entries(spoken.ru).filter(([key, text]) => [...holders(text)].sort().join() !== [...holders(spoken.en[key] ?? '')].sort().join())
    expect(differing).toEqual([])
  })

  it('know every key that the code asks for, and no other', () => {
    expect(used.size).toBeGreaterThan(80)
    expect([...used].sort()).toEqual(Object.keys(spoken.ru).sort())
  })

  it('ask for keys by their literal names only, so that this test sees them', () => {
    expect([...code.matchAll(/\bt\((?!['\n)])[^)]*\)/g)].map(found => found[0])).toEqual([])
  })

  it('have three forms of number in Russian and two in English, each with the number in it', () => {
    for (const [key, text] of Object.entries(spoken.ru).filter(([, value]) => value.includes(' | '))) {
      expect([key, forms(text).length, forms(spoken.en[key] ?? '').length]).toEqual([key, 3, 2])
      expect([...forms(text), ...forms(spoken.en[key] ?? '')].filter(form => !form.includes('{count}'))).toEqual([])
    }
  })
})

describe('Russian numbers', () => {
  it.each([[1, 0], [2, 1], [4, 1], [5, 2], [11, 2], [12, 2], [21, 0], [22, 1], [25, 2], [111, 2], [101, 0]])('%i takes form %i', (count, form) => {
    expect(russianPlural(count)).toBe(form)
  })

  it('are heard in the sentences', () => {
    const { t } = speak('ru', ru).global
    expect([1, 3, 5, 21].map(count => t('missing.calm', { count }, count)))
      .toEqual(['Остался 1 обязательный вопрос:', 'Осталось 3 обязательных вопроса:', 'Осталось 5 обязательных вопросов:', 'Остался 21 обязательный вопрос:'])
  })
})
