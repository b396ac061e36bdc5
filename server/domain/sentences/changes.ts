/** Differences between two regulations as sentences for the administrator. */
import type { Regulation } from '../regulation.ts'
import type { Directory } from '../regulation/bind.ts'
import { isRecord } from '../regulation/diff.ts'
import type { Change, Json } from '../regulation/diff.ts'
import { labels, partNames, yesNo } from './change-labels.ts'
import { wordsFor } from './words.ts'

/** «Срок первого контакта по телефону на шаге «Взят в работу»: было 30 минут, стало 1 час.» */
export const changeSentence = (change: Change, { before, after, directory }: { readonly before: Regulation; readonly after: Regulation; readonly directory?: Directory | undefined }, language: 'ru' | 'en'): string => {
  const quote = (text: string) => (language === 'en' ? `“${text}”` : `«${text}»`)
  const place = placeOf(change.path, change.kind === 'removed' ? before : after, language)
  const label = labelOf(change.path, language)
  const value = (json: Json): string => valueOf(json, change.path.at(-1) ?? '', language, directory)
  const where = place === null ? '' : ` (${quote(place)})`
  switch (change.kind) {
    case 'changed':
      return language === 'en'
        ? `${label}${where}: was ${value(change.from)}, now ${value(change.to)}.`
        : `${label}${where}: было ${value(change.from)}, стало ${value(change.to)}.`
    case 'reordered':
      return language === 'en' ? `${label}${where}: another order.` : `${label}${where}: другой порядок.`
    case 'added': case 'removed': {
      const part = partNames[partOf(change.path)]?.[language] ?? label
      const name = nameOf(change.part, language)
      const inside = placeOf(change.path.slice(0, -1), change.kind === 'removed' ? before : after, language)
      const around = inside === null ? '' : ` (${quote(inside)})`
      const verb = language === 'en' ? (change.kind === 'added' ? 'Added' : 'Removed') : change.kind === 'added' ? 'Добавлено' : 'Удалено'
      return `${verb}: ${part}${name === null ? '' : ` ${quote(name)}`}${around}.`
    }
  }
}

/** Keys of the path without ids of parts. */
const plainKeys = (path: readonly string[]): readonly string[] => path.filter((_key, index) => !isIdAt(path, index))

const listsOfParts: ReadonlySet<string> = new Set(['steps', 'channels', 'pools', 'groups', 'questions', 'options', 'calendars'])
const isIdAt = (path: readonly string[], index: number): boolean => listsOfParts.has(path[index - 1] ?? '')

const partOf = (path: readonly string[]): string => {
  const list = path.at(-2) ?? ''
  return list === 'options' ? `${path.at(-3) === 'nextStep' || path.at(-3) === 'reason' ? `${path.at(-3)}.` : ''}options` : list
}

/** The longest known end of the path names it; an unknown setting is called by its key. */
const labelOf = (path: readonly string[], language: 'ru' | 'en'): string => {
  const keys = plainKeys(path)
  for (let start = 0; start < keys.length; start += 1) {
    const found = labels[keys.slice(start).join('.')]
    if (found !== undefined) return found[language]
  }
  const parent = keys.slice(0, -1).length === 0 ? undefined : labels[keys.slice(0, -1).join('.')] ?? labels[keys.at(-2) ?? '']
  return parent === undefined ? keys.join('.') : `${parent[language]}, ${keys.at(-1) ?? ''}`
}

/** What the administrator calls the innermost part on the path. */
const placeOf = (path: readonly string[], regulation: Regulation, language: 'ru' | 'en'): string | null => {
  let json = regulation as unknown as Json | undefined
  let name: string | null = null
  path.forEach((key, index) => {
    if (Array.isArray(json)) json = (json as readonly Json[]).find(part => isRecord(part) && (part['id'] ?? part['code']) === key)
    else json = isRecord(json) ? json[key] : undefined
    if (index > 0 && isIdAt(path, index) && json !== undefined) name = nameOf(json, language) ?? name
  })
  return name
}

const nameOf = (part: Json, language: 'ru' | 'en'): string | null => {
  const text = isRecord(part) ? part['name'] ?? part['title'] ?? part['id'] : null
  if (typeof text === 'string') return text
  return isRecord(text) ? textOf(text, language) : null
}

const textOf = (text: { readonly [key: string]: Json | undefined }, language: 'ru' | 'en'): string => String((language === 'en' ? text['en'] : undefined) ?? text['ru'] ?? '')

const longest = 160

const valueOf = (json: Json, key: string, language: 'ru' | 'en', directory: Directory | undefined): string => {
  const none = language === 'en' ? 'nothing' : 'не задано'
  if (json === null) return none
  if (typeof json === 'boolean') return yesNo[String(json) as 'true' | 'false'][language]
  if (typeof json === 'string') return /^PT(?=\d)(\d+H)?(\d+M)?$/.test(json) ? wordsFor(language, 'UTC').span(json) : named(json, key, language, directory)
  if (typeof json === 'number') return named(json, key, language, directory)
  if (Array.isArray(json)) return json.length === 0 ? none : cut((json as readonly Json[]).map(one => valueOf(one, key, language, directory)).join(', '))
  if (!isRecord(json)) return none
  if ('ru' in json) return language === 'en' ? `“${cut(textOf(json, language))}”` : `«${cut(textOf(json, language))}»`
  const own = nameOf(json, language)
  if (own !== null && own !== '') return cut(own)
  return cut(Object.entries(json).map(([inner, one]) => `${labels[inner]?.[language] ?? inner}: ${valueOf(one ?? null, inner, language, directory)}`).join('; ')) || none
}

const named = (id: string | number, key: string, language: 'ru' | 'en', directory: Directory | undefined): string => {
  const known = /user|director|controller|responsible/i.test(key) ? directory?.users[id] : /stageId/.test(key) ? directory?.stages[id] : /department/.test(key) ? directory?.departments[id] : /sources/.test(key) ? directory?.sources[id] : /field/i.test(key) ? directory?.fields[id]?.title : undefined
  const text = known ?? labels[`=${id}`]?.[language] ?? String(id)
  return typeof id === 'number' && known === undefined ? text : language === 'en' ? `“${cut(text)}”` : `«${cut(text)}»`
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest).trimEnd()}…` : text).replaceAll(/\s+/g, ' ')
