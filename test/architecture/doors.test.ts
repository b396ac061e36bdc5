import { ESLint } from 'eslint'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** One import, or one habit, that each room must refuse: file, planted code, rule that has to answer. */
const violations: readonly [room: string, file: string, code: string, rule: string][] = [
  ['domain', 'server/domain/planted.ts', `import { seal } from '../store/seal.ts'\nexport const planted = seal`, 'house/doors'],
  ['domain', 'server/domain/planted.ts', `import { z } from 'zod'\nexport const planted = z`, 'house/doors'],
  ['domain', 'server/domain/planted.ts', `export const planted = () => Date.now()`, 'no-restricted-globals'],
  ['domain', 'server/domain/planted.ts', `export const planted = () => Math.random()`, 'no-restricted-properties'],
  ['domain', 'server/domain/planted.ts', `import { Temporal } from 'temporal-polyfill'\nexport const planted = () => Temporal.Now.instant()`, 'no-restricted-properties'],
  ['domain', 'server/domain/planted.ts', `export const planted = async (look: Promise<number>) => { const seen = await look; return seen }`, 'no-restricted-syntax'],
  ['contract', 'server/contract/planted.ts', `import { openDatabase } from '../store/database.ts'\nexport const planted = openDatabase`, 'house/doors'],
  ['registries', 'server/registries/planted.ts', `import { openDatabase } from '../store/database.ts'\nexport const planted = openDatabase`, 'house/doors'],
  ['portal', 'server/portal/planted.ts', `import { openDatabase } from '../store/database.ts'\nexport const planted = openDatabase`, 'house/doors'],
  ['portal', 'server/portal/planted.ts', `import { B24OAuth } from '@bitrix24/b24jssdk'\nexport const planted = B24OAuth`, 'house/doors'],
  ['store', 'server/store/planted.ts', `import { Hono } from 'hono'\nexport const planted = Hono`, 'house/doors'],
  ['store', 'server/store/planted.ts', `import { startJobs } from '../jobs/queue.ts'\nexport const planted = startJobs`, 'house/doors'],
  ['jobs', 'server/jobs/planted.ts', `import { sql } from 'kysely'\nexport const planted = sql`, 'house/doors'],
  ['jobs', 'server/jobs/planted.ts', `import { createApp } from '../http/app.ts'\nexport const planted = createApp`, 'house/doors'],
  ['http', 'server/http/planted.ts', `import { PgBoss } from 'pg-boss'\nexport const planted = PgBoss`, 'house/doors'],
  ['http', 'server/http/planted.ts', `export const planted = process.env['PORT']`, 'no-restricted-properties'],
  ['client', 'client/planted.ts', `import { decide } from '../server/domain/decide.ts'\nexport const planted = decide`, 'house/doors'],
  ['client', 'client/planted.ts', `import boot from '../placements/lead-tab/main.ts'\nexport const planted = boot`, 'house/doors'],
  ['placements', 'placements/planted.ts', `import { createApp } from '../server/http/app.ts'\nexport const planted = createApp`, 'house/doors'],
  ['fake-portal', 'test/fake-portal/planted.ts', `import { PortalError } from '../../server/portal/error.ts'\nexport const planted = PortalError`, 'house/doors'],
  ['log', 'server/jobs/planted.ts', `export const planted = () => console.log('seen')`, 'no-console'],
]

describe('the doors of the house', () => {
  let lint: ESLint
  beforeAll(() => {
    lint = new ESLint({ cwd: root })
  })

  it.each(violations)('%s: %s refuses %j', async (_room, file, code, rule) => {
    const [report] = await lint.lintText(code, { filePath: `${root}${file}` })
    expect(report?.messages.map(message => message.ruleId)).toContain(rule)
  })

  it('lets a room use what it has a door to', async () => {
    const [report] = await lint.lintText(`import { leadId } from '../domain/lead.ts'\nexport const allowed = leadId(1)\n`, { filePath: `${root}server/portal/allowed.ts` })
    expect(report?.messages).toEqual([])
  })
})
