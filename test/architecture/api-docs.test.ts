/** docs/api.md names every address, refusal, kind of problem and kind of message that there is. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const docs = read('docs/api.md')
const namesIn = (text: string, pattern: RegExp): readonly string[] => [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))]
/** The text between two marks. */
const part = (text: string, from: string, to: string): string => text.slice(text.indexOf(from), text.indexOf(to, text.indexOf(from)))

const app = read('server/http/app.ts')
const requests = [...app.matchAll(/only\('([^']+)', \{([^\n]*)\}\)/g)].flatMap(([, path = '', handlers = '']) => namesIn(handlers, /\b(GET|POST|PUT|PATCH|DELETE): /g).map(method => `${method} ${path}`))
const refusals = namesIn(part(read('server/http/words.ts'), 'export type Refusal', 'interface Words'), /'([a-z-]+)'/g)
const problems = namesIn(read('server/domain/lint/problem.ts'), /kind: '([a-z-]+)'/g)
const messages = namesIn(part(read('server/domain/command.ts'), 'export type Message', 'export type TriggerCode'), /'([a-z-]+)'/g)

it('finds what it compares', () => {
  expect([requests.length > 25, refusals.length > 35, problems.length > 50, messages.length > 25]).toEqual([true, true, true, true])
})

it.each(requests)('names the request %s', (request) => {
  const [method = '', path = ''] = request.split(' ')
  // Several addresses of one method may share a line.
  expect(docs.split('\n').some(line => line.includes(path) && line.includes(method))).toBe(true)
})

it.each([['refusals', refusals], ['problems of a regulation', problems], ['messages', messages]] as const)('names all %s', (_what, names) => {
  expect(names.filter(name => !docs.includes(`\`${name}\``))).toEqual([])
})

it('names no refusal that there is not', () => {
  const table = part(docs, '| Status | `type` after', '## POST /api/simulations')
  expect(namesIn(table.split('\n').slice(2).map(row => row.replaceAll(/\([^)]*\)/g, '')).join('\n'), /`([a-z]+(?:-[a-z]+)*)`/g).filter(name => !refusals.includes(name))).toEqual([])
})
