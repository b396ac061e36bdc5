import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { methods } from '../../server/portal/methods.ts'
import { documentedMethods } from '../fake-portal/methods/registry.ts'

const folder = fileURLToPath(new URL('../../server/portal/', import.meta.url))
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts') && name !== 'methods.ts').map(name => readFileSync(`${folder}${name}`, 'utf8')).join('\n')

describe('the list of methods we use', () => {
  it('is the list of methods that the room names', () => {
    const named = new Set([...sources.matchAll(/method: '([a-z]+(?:\.[a-zA-Z]+)*)'|(?:call|send)\('([a-z]+(?:\.[a-zA-Z]+)*)'/g)].flatMap(([, given, called]) => given ?? called ?? []))
    // Not methods of a portal, but names under which failures are told.
    for (const name of ['portal', 'oauth', 'carryOut']) named.delete(name)
    expect([...named].sort()).toEqual(Object.keys(methods).sort())
  })

  it.each(Object.entries(methods).filter(([name]) => name !== 'batch'))('agrees with the emulator about %s: page and permission', (name, { page, scopes }) => {
    const emulated = documentedMethods[name]
    expect(emulated?.page).toBe(page)
    expect([...scopes].some(scope => emulated?.scope.includes(scope) === true || scope === 'basic')).toBe(true)
  })
})
