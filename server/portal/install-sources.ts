/** The sources of leads that a regulation's channels stand on: found by id or name, added where the portal has none. */
import type { Preset, PresetSource } from '../domain/presets/preset.ts'
import { callWhole } from './lists.ts'
import type { Portal } from './portal.ts'
import { type Call, type Outcome, resultOf, rowsOf, textOf } from './rows.ts'
import { leadSources } from './statuses.ts'

export interface SourceReport {
  readonly bound: Readonly<Record<string, string>>
  readonly created: number
  /** Codes of sources that the portal still lacks. */
  readonly missing: readonly string[]
  /** The portal's own words when it refused. */
  readonly detail: string | null
}

/** Rejects with PortalError when the portal cannot be read; a refusal to add is reported. */
export const ensureSources = async (portal: Portal, preset: Preset, listed: Outcome | undefined, language: 'ru' | 'en', dry: boolean): Promise<SourceReport> => {
  if (preset.sources.length === 0) return { bound: {}, created: 0, missing: [], detail: null }
  const before = plan(listed, preset)
  if (dry || before.missing.length === 0) return { ...before, missing: before.missing.map(({ code }) => code), created: 0, detail: null }
  const outcomes = await portal.callAll(before.missing.map(source => addSource(source, preset.sources.indexOf(source), language)), { kind: 'write' })
  const [again] = await callWhole(portal, [leadSources])
  const after = plan(again, preset)
  return {
    bound: after.bound,
    created: before.missing.length - after.missing.length,
    missing: after.missing.map(({ code }) => code),
    detail: outcomes.flatMap(outcome => (outcome.ok ? [] : [outcome.error.bitrixMessage || outcome.error.code]))[0] ?? null,
  }
}

const plan = (listed: Outcome | undefined, { sources }: Preset): { readonly bound: Record<string, string>; readonly missing: readonly PresetSource[] } => {
  const rows = rowsOf(resultOf(listed)).flatMap((row) => {
    const id = textOf(row['STATUS_ID'])
    return id === '' || (row['ENTITY_ID'] !== undefined && row['ENTITY_ID'] !== 'SOURCE') ? [] : [{ id, name: textOf(row['NAME']).trim().toLowerCase() }]
  })
  const bound: Record<string, string> = {}
  const missing: PresetSource[] = []
  for (const source of sources) {
    const names = [source.name.ru, source.name.en].map(name => name?.trim().toLowerCase())
    const free = rows.filter(({ id }) => !Object.values(bound).includes(id) && !sources.some(other => other !== source && other.usualId === id))
    const found = free.find(({ id }) => id === ownIdOf(source)) ?? free.find(({ id }) => id === source.usualId) ?? free.find(({ name }) => names.includes(name))
    if (found === undefined) missing.push(source)
    else bound[source.code] = found.id
  }
  return { bound, missing }
}

const ownIdOf = ({ code }: PresetSource): string => `LEADRAIL_${code.toUpperCase().replaceAll('-', '_')}`

const addSource = (source: PresetSource, place: number, language: 'ru' | 'en'): Call => ({
  method: 'crm.status.add',
  params: { fields: { ENTITY_ID: 'SOURCE', STATUS_ID: ownIdOf(source), NAME: language === 'en' ? source.name.en ?? source.name.ru : source.name.ru, SORT: 500 + place * 10 } },
})
