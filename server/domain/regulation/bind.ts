/** A regulation as a file: from one portal to another, bound by id where it exists there, else by name. */
import type { DepartmentId, FieldName, StageId, UserId } from '../lead.ts'
import { currentSchema } from '../regulation.ts'
import type { Regulation } from '../regulation.ts'
import { mapReferences, referencesOf } from './references.ts'
import type { Rebind, Reference, ReferenceKind } from './references.ts'

/** What a portal has and what it calls it, by id. */
export interface Directory {
  readonly stages: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, FieldEntry>>
  /** Active people. */
  readonly users: Readonly<Record<string, string>>
  readonly departments: Readonly<Record<string, string>>
  readonly sources: Readonly<Record<string, string>>
  /** What a gate may ask for and the application is not allowed to read. */
  readonly denied?: readonly ('quote' | 'requisites')[]
}

export interface FieldEntry {
  readonly title: string
  /** Items of a list field, by id; left out for other fields. */
  readonly items?: Readonly<Record<string, string>>
}

export interface RegulationFile {
  readonly kind: 'leadrail-regulation'
  readonly schema: number
  readonly regulation: Regulation
  readonly names: Directory
}

export interface Missing {
  readonly kind: ReferenceKind
  readonly id: string | number
  /** What the file calls it; null when it does not say. */
  readonly name: string | null
  /** Places in the regulation that name it. */
  readonly where: readonly string[]
  /** Several things of the portal have this name. */
  readonly ambiguous: boolean
}

/** The file of a regulation, with the names of all it refers to. */
export const exportRegulation = (regulation: Regulation, directory: Directory): RegulationFile => {
  const references = referencesOf(regulation)
  const named = (kind: ReferenceKind, names: Readonly<Record<string, string>>) => pick(names, references.filter(one => one.kind === kind))
  return {
    kind: 'leadrail-regulation',
    schema: currentSchema,
    regulation,
    names: {
      stages: named('stage', directory.stages),
      fields: pick(directory.fields, references.filter(one => one.kind === 'field')),
      users: named('user', directory.users),
      departments: named('department', directory.departments),
      sources: named('source', directory.sources),
    },
  }
}

/** The file's regulation with this portal's ids, and what could not be found: that keeps the id of the file. */
export const bindRegulation = ({ regulation, names }: Pick<RegulationFile, 'regulation' | 'names'>, portal: Directory): { readonly regulation: Regulation; readonly missing: readonly Missing[] } => {
  const missing = new Map<string, Missing>()
  const miss = (kind: ReferenceKind, id: string | number, name: string | null, path: string, ambiguous: boolean): void => {
    const key = `${kind} ${id}`
    const known = missing.get(key)
    missing.set(key, known === undefined ? { kind, id, name, where: [path], ambiguous } : { ...known, where: [...known.where, path] })
  }
  const places = { stage: 'stages', user: 'users', department: 'departments', source: 'sources', field: 'fields' } as const
  const here = { ...portal, fields: titlesOf(portal.fields) }
  const called = { ...names, fields: titlesOf(names.fields) }
  const bound = <Id extends string | number>(kind: keyof typeof places, id: Id, path: string): Id => {
    const name = ownOf(called[places[kind]], id) ?? null
    const found = findIn(here[places[kind]], id, name)
    if (found.id !== null) return (typeof id === 'number' ? Number(found.id) : found.id) as Id
    miss(kind, id, name, path, found.ambiguous)
    return id
  }
  const bind: Rebind = (kind, id, path, item) => {
    // Nothing is known of the portal's deals: whoever imports the file has to look.
    if (kind === 'pipeline' || kind === 'deal-stage') {
      miss(kind, id, null, path, false)
      return id
    }
    if (kind !== 'item' || item === undefined) return bound(kind as keyof typeof places, id, path)
    const field = findIn(here.fields, item.field, ownOf(called.fields, item.field) ?? null).id
    // Without its field the item cannot be there: the field is what is reported.
    if (field === null) return id
    const items = ownOf(portal.fields, field)?.items
    if (items === undefined) return id
    const name = ownOf(ownOf(names.fields, item.field)?.items ?? {}, id) ?? item.title
    const found = findIn(items, id, name)
    if (found.id !== null) return found.id as typeof id
    miss('item', id, name, path, found.ambiguous)
    return id
  }
  return { regulation: mapReferences(regulation, bind), missing: [...missing.values()] }
}

/**
 * An id of the portal counts when it is called the same there, or when nobody knows what it was called; else the name decides.
 * Codes such as `NEW` outlive a change of name; a number means something on its own portal only.
 */
const findIn = (here: Readonly<Record<string, string>>, id: string | number, name: string | null): { readonly id: string | null; readonly ambiguous: boolean } => {
  const own = ownOf(here, id)
  if (own !== undefined && (name === null || isSame(own, name))) return { id: String(id), ambiguous: false }
  const called = name === null ? [] : Object.keys(here).filter(key => isSame(here[key] ?? '', name))
  if (called.length === 1) return { id: called[0] ?? null, ambiguous: false }
  if (own !== undefined && !/^\d+$/.test(String(id))) return { id: String(id), ambiguous: false }
  return { id: null, ambiguous: called.length > 1 }
}

/** Ids come out of a document: `constructor` is none that a portal has. */
const ownOf = <T>(all: Readonly<Record<string, T>>, id: string | number): T | undefined => (Object.hasOwn(all, id) ? all[id] : undefined)

const isSame = (a: string, b: string): boolean => plain(a) === plain(b)
const plain = (text: string): string => text.trim().replaceAll(/\s+/g, ' ').toLocaleLowerCase('ru').replaceAll('ё', 'е')

const titlesOf = (fields: Directory['fields']): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(fields).map(([id, { title }]) => [id, title]))

const pick = <T>(all: Readonly<Record<string, T>>, references: readonly Reference[]): Readonly<Record<string, T>> =>
  Object.fromEntries([...new Set(references.map(({ id }) => String(id)))].flatMap((id) => {
    const one = ownOf(all, id)
    return one === undefined ? [] : [[id, one]]
  }))

/** Ids as the lint knows them. */
export const idsOf = (directory: Directory): { stageIds: StageId[]; fieldNames: FieldName[]; userIds: UserId[]; departmentIds: DepartmentId[]; sourceIds: string[] } => ({
  stageIds: Object.keys(directory.stages) as StageId[],
  fieldNames: Object.keys(directory.fields) as FieldName[],
  userIds: Object.keys(directory.users).map(Number) as UserId[],
  departmentIds: Object.keys(directory.departments).map(Number) as DepartmentId[],
  sourceIds: Object.keys(directory.sources),
})
