import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('publishes a regulation by one road, which lints it', () => {
  const root = join(import.meta.dirname, '../../server')
  const callers = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts') && /import \{[^}]*\bpublishRegulation\b/.test(readFileSync(join(root, file), 'utf8')))
  expect(callers).toEqual([join('jobs', 'publish-regulation.ts')])
})
