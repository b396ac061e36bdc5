/** What differs between two regulations, part by part: data, which `sentences/changes.ts` puts into words. */
import type { Regulation } from '../regulation.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** `path` has the id of a part where a list has parts with ids: `steps.in-work.deadline.finish`. */
export type Change =
  | { readonly kind: 'changed'; readonly path: readonly string[]; readonly from: Json; readonly to: Json }
  | { readonly kind: 'added' | 'removed'; readonly path: readonly string[]; readonly part: Json }
  /** The same parts in another order. */
  | { readonly kind: 'reordered'; readonly path: readonly string[] }

/** Changes in the order of the regulation's parts; none when both say the same. */
export const diffRegulations = (before: Regulation, after: Regulation): readonly Change[] => {
  const changes: Change[] = []
  compare(before as unknown as Json, after as unknown as Json, [], changes)
  return changes
}

const compare = (before: Json | undefined, after: Json | undefined, path: readonly string[], changes: Change[]): void => {
  if (before === after) return
  if (isList(before) && isList(after)) {
    const [old, now] = [keyed(before), keyed(after)]
    if (old !== null && now !== null) compareParts(old, now, path, changes)
    else if (!isSame(before, after)) changes.push({ kind: 'changed', path, from: before, to: after })
    return
  }
  // Texts, tests and conditions are told as a whole.
  if (isRecord(before) && isRecord(after) && !('ru' in before) && !('is' in before) && path.at(-1) !== 'onlyIf') {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) compare(before[key], after[key], [...path, key], changes)
    return
  }
  const [from, to] = [before ?? null, after ?? null]
  if (!isSame(from, to)) changes.push({ kind: 'changed', path, from, to })
}

const compareParts = (before: ReadonlyMap<string, Json>, after: ReadonlyMap<string, Json>, path: readonly string[], changes: Change[]): void => {
  for (const [key, part] of before) if (!after.has(key)) changes.push({ kind: 'removed', path: [...path, key], part })
  for (const [key, part] of after) {
    if (before.has(key)) compare(before.get(key), part, [...path, key], changes)
    else changes.push({ kind: 'added', path: [...path, key], part })
  }
  const kept = (parts: ReadonlyMap<string, Json>, other: ReadonlyMap<string, Json>) => [...parts.keys()].filter(key => other.has(key))
  if (!isSame(kept(before, after), kept(after, before))) changes.push({ kind: 'reordered', path })
}

/** The parts by what names them; null for a list of plain values, or of parts without names. */
const keyed = (list: readonly Json[]): ReadonlyMap<string, Json> | null => {
  const parts = new Map<string, Json>()
  for (const part of list) {
    const key = isRecord(part) ? part['id'] ?? part['code'] : undefined
    if (typeof key !== 'string' || parts.has(key)) return null
    parts.set(key, part)
  }
  return parts
}

export const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json | undefined } => typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

const isSame = (a: Json, b: Json): boolean => {
  if (a === b) return true
  if (isList(a) && isList(b)) return a.length === b.length && a.every((one, index) => isSame(one, b[index] ?? null))
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return keys.every(key => isSame(a[key] ?? null, b[key] ?? null))
}
