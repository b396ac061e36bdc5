/** What a setting is called, by its path. */
import { labels } from './change-labels.ts'

/** Keys of the path without ids of parts. */
const plainKeys = (path: readonly string[]): readonly string[] => path.filter((_key, index) => !isIdAt(path, index))

const listsOfParts: ReadonlySet<string> = new Set(['steps', 'channels', 'pools', 'groups', 'questions', 'options', 'calendars', 'classes'])
export const isIdAt = (path: readonly string[], index: number): boolean => listsOfParts.has(path[index - 1] ?? '')

/** The longest known end of the path names it; an unknown setting is called by its key. */
export const labelOf = (path: readonly string[], language: 'ru' | 'en'): string => {
  const keys = plainKeys(path)
  for (let start = 0; start < keys.length; start += 1) {
    const found = labels[keys.slice(start).join('.')]
    if (found !== undefined) return found[language]
  }
  const parent = keys.slice(0, -1).length === 0 ? undefined : labels[keys.slice(0, -1).join('.')] ?? labels[keys.at(-2) ?? '']
  return parent === undefined ? keys.join('.') : `${parent[language]}, ${keys.at(-1) ?? ''}`
}
