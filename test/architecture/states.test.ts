/** docs/states.md shows every state of a page that the browser tests come to, wide and narrow. */
import { readFileSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url)
const tests = readdirSync(at('test/e2e')).filter(name => name.endsWith('.test.ts')).map(name => readFileSync(at(`test/e2e/${name}`), 'utf8')).join('\n')
const names = [...tests.matchAll(/expectGoodState\(\w+(?:\.\w+)*, '([a-z0-9-]+)'\)/g)].map(([, name = '']) => name).toSorted()
const docs = readFileSync(at('docs/states.md'), 'utf8')

it('names every state once', () => {
  expect(names.length).toBeGreaterThan(20)
  expect(tests.match(/expectGoodState\(/g)?.length).toBe(names.length)
  expect(names.filter((name, index) => names[index - 1] === name)).toEqual([])
})

it('shows all of them, and no other', () => {
  expect([...docs.matchAll(/\]\(images\/states\/([a-z0-9-]+?)\.webp\)/g)].map(([, name = '']) => name).toSorted()).toEqual(names.flatMap(name => [name, `${name}-360`]).toSorted())
})

it('has the pictures', () => {
  expect(readdirSync(at('docs/images/states')).toSorted()).toEqual(names.flatMap(name => [`${name}-360.webp`, `${name}.webp`]).toSorted())
})
