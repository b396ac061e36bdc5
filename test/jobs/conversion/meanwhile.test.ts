/** Somebody converts the lead in the portal itself while a process of ours converts it: at each of its requests, on both databases. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedSnapshot, newPostgresUrl } from '../../support/database.ts'
import { beginOn, prepareKillRun, type KillRun } from './kill-run.ts'

describe.each(['PGlite', 'PostgreSQL'] as const)('a conversion on %s', (kind) => {
  let run: KillRun
  const folder = mkdtempSync(join(tmpdir(), 'leadrail-meanwhile-'))
  beforeAll(async () => {
    run = await prepareKillRun(kind === 'PGlite' ? { dataDir: join(folder, 'data'), snapshot: await embeddedSnapshot() } : { dataDir: '', url: await newPostgresUrl() })
  })
  afterAll(async () => {
    await run.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('gives way to one in the portal itself at whichever of its requests that comes: one deal is left, and it is not ours (S3-25)', async () => {
    const [probe] = await run.places(1)
    if (probe === undefined) throw new Error('no portal')
    await run.restart()
    run.order(beginOn(probe))
    await run.untilEnded([probe], 'done')
    // At the last one the lead stands on its success stage, and the portal converts it no more.
    const places = (await run.places(probe.count())).slice(1)
    await run.restart()
    run.order({ kind: 'go-on' })
    for (const [index, place] of places.entries()) {
      place.onceBefore(index + 1, () => void place.portal.act.convertNatively(place.leadId, { deal: true, contact: true, company: true }))
      run.order(beginOn(place))
    }
    await run.untilEnded(places, 'taken-back')
    const left = places.map(({ portal: { state }, leadId }, index) => ({
      index, stage: state.leads.get(leadId)?.stageId, deals: [...state.deals.values()].map(deal => deal['originatorId'] ?? null),
    }))
    expect(left.length).toBeGreaterThan(15)
    expect(left).toEqual(places.map((_place, index) => ({ index, stage: 'CONVERTED', deals: [null] })))
  })
})
