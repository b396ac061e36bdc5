import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8')

/** How many demands each document has; number 27 of document 003 has nineteen parts of its own. */
const counts = { 'S0-': 36, 'S1-A': 22, 'S1-B': 12, 'S1-C': 12, 'S1-D': 22, 'S2-': 23, 'S3-': 35, 'S3-27.': 19, 'S4-': 22 } as const
const numbers = Object.entries(counts).flatMap(([prefix, count]) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`))

/** `partly` and `later` say after them what is missing, `Bitrix24` what the portal does. */
const states = /^(held|context|(partly; (later|open)|open|later|Bitrix24): \S.*)$/u
/** Parts of the product that are not built yet: nothing else comes later. */
const toCome = /later: (?!reports|requisites|settings pages|pages of manager and head|page of the head|pages for the simulation)/u

interface Row {
  readonly number: string
  readonly state: string
  readonly code: readonly string[]
  readonly tests: readonly string[]
}

const pathsIn = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)

const rowsOf = (table: string): readonly Row[] => table.split('\n').filter(line => /^\| S\d/.test(line)).map((line) => {
  const [, number = '', , state = '', code = '', tests = ''] = line.split('|').map(cell => cell.trim())
  return { number, state, code: pathsIn(code), tests: pathsIn(tests) }
})

/** Does the text name just this demand: `S4-1` is not in `S4-14`, nor `S3-27` in `S3-27.6`? */
const names = (text: string, number: string): boolean => new RegExp(`${number.replaceAll('.', '\\.')}(?!\\d|\\.\\d)`).test(text)

const problemsOfRow = ({ number, state, code, tests }: Row): readonly string[] => {
  const dead = [...code, ...tests].filter(path => !existsSync(`${root}${path}`)).map(path => `${number}: there is no ${path}`)
  const wrongPlace = [...code.filter(path => path.startsWith('test/')), ...tests.filter(path => !path.startsWith('test/'))].map(path => `${number}: ${path} stands in the wrong column`)
  const isHeld = state === 'held' || state.startsWith('partly')
  return [
    ...(toCome.test(state) ? [`${number}: “${state}” waits for what is built`] : []),
    ...(states.test(state) ? [] : [`${number}: “${state}” is no state`]),
    ...dead,
    ...wrongPlace,
    ...(isHeld && code.length === 0 ? [`${number}: no code`] : []),
    ...(isHeld && dead.length === 0 && !tests.some(path => names(read(path), number)) ? [`${number}: none of its tests names it`] : []),
  ]
}

const problemsOf = (table: string): readonly string[] => {
  const rows = rowsOf(table)
  const given = rows.map(({ number }) => number)
  return [
    ...numbers.filter(number => !given.includes(number)).map(number => `${number}: no row`),
    ...given.filter((number, index) => !numbers.includes(number) || given.indexOf(number) !== index).map(number => `${number}: one row too many`),
    ...rows.flatMap(problemsOfRow),
  ]
}

describe('the table of demands', () => {
  const table = read('docs/demands.md')
  const changed = (number: string, change: (line: string) => string) => table.split('\n').map(line => (line.startsWith(`| ${number} |`) ? change(line) : line)).join('\n')

  it('is complete, and true of the paths and tests that it cites', () => {
    expect(problemsOf(table)).toEqual([])
  })

  it('is linked from the README', () => {
    expect(read('README.md').includes('(docs/demands.md)')).toBe(true)
  })

  it.each<[string, string, string]>([
    ['a missing row', table.replace(/^\| S4-14 .*\n/mu, ''), 'S4-14: no row'],
    ['a row that comes twice', table.replace(/^\| S4-14 .*\n/mu, '$&$&'), 'S4-14: one row too many'],
    ['a dead path of code', changed('S4-14', line => line.replace('rules/deadlines.ts', 'rules/gone.ts')), 'S4-14: there is no server/domain/rules/gone.ts'],
    ['a dead path of a test', changed('S2-20', line => line.replace('portal/duplicates.test.ts', 'portal/gone.test.ts')), 'S2-20: there is no test/portal/gone.test.ts'],
    ['a demand that none of its tests names', changed('S3-27', line => line.replace(/\| [^|]*\|$/u, '| `test/domain/calendar.test.ts` |')), 'S3-27: none of its tests names it'],
    ['a demand whose number only begins another one', changed('S4-1', () => '| S4-1 | – | held | `server/domain/decide.ts` | `test/domain/calendar.test.ts` |'), 'S4-1: none of its tests names it'],
    ['a held demand without a test', changed('S0-36', line => line.replace(/\| [^|]*\|$/u, '| – |')), 'S0-36: none of its tests names it'],
    ['a part of the product that is built', changed('S0-34', line => line.replace('later: requisites', 'later: conversion')), 'S0-34: “later: conversion” waits for what is built'],
    ['a state that says nothing', changed('S0-33', line => line.replace('later: requisites', 'later')), 'S0-33: “later” is no state'],
  ])('does not pass with %s', (_what, broken, problem) => {
    expect(problemsOf(broken)).toEqual([problem])
  })
})
