/** What a setting was and what it is now, so that both differ to whoever reads them. */
import type { AnswerTest, Condition, GateNeed, Regulation } from '../regulation.ts'
import type { Directory } from '../regulation/bind.ts'
import { isRecord } from '../regulation/diff.ts'
import type { Json } from '../regulation/diff.ts'
import { labels, yesNo } from './change-labels.ts'
import { labelOf } from './change-names.ts'
import { conditionWords, needWords, testWords } from './change-tests.ts'
import type { Naming } from './change-tests.ts'
import { wordsFor } from './words.ts'

interface Around {
  /** The newer one first. */
  readonly documents: readonly [Regulation, Regulation]
  readonly language: 'ru' | 'en'
  readonly directory: Directory | undefined
}

/** «: было 30 минут, стало 1 час.», with the language before it where only the other language's text has changed. */
export const sidesOf = (from: Json, to: Json, path: readonly string[], around: Around): string => {
  const { language } = around
  const other = language === 'en' ? 'ru' : 'en'
  if (isText(from) && isText(to) && inLanguage(from, language) === inLanguage(to, language)) {
    const [was, now] = [from[other] ?? null, to[other] ?? null]
    if (was !== now) return `${inOther[language]}${told(was, now, path, around)}`
  }
  const apart = listsApart(from, to, path, around)
  if (apart !== null) return `: ${apart}.`
  const same = valueOf(from, path, around) === valueOf(to, path, around)
  if (!same) return told(from, to, path, around)
  const elsewhere = { ...around, language: other } as const
  return valueOf(from, path, elsewhere) === valueOf(to, path, elsewhere) ? changedSomehow[language] : `${inOther[language]}${told(from, to, path, elsewhere, language)}`
}

const inOther = { ru: ', по-английски', en: ', in Russian' } as const
const changedSomehow = { ru: ': изменено.', en: ': changed.' } as const

const told = (from: Json, to: Json, path: readonly string[], around: Around, language = around.language): string => {
  const texts = [from, to].map(one => (isText(one) ? inLanguage(one, around.language) : typeof one === 'string' && isWords(path) ? one : null))
  const [a = null, b = null] = texts
  const quoted = a !== null && b !== null
  const [was, now] = focused(quoted ? a : valueOf(from, path, around), quoted ? b : valueOf(to, path, around))
  const quote = (text: string) => (quoted ? quoteIn(language)(text) : text)
  return language === 'en' ? `: was ${quote(was)}, now ${quote(now)}.` : `: было ${quote(was)}, стало ${quote(now)}.`
}

const longest = 160
/** So much of what both sides share stands before the difference. */
const lead = 40

/** Both texts cut to the place where they differ. */
const focused = (first: string, second: string): readonly [string, string] => {
  const [a, b] = [first, second].map(text => text.replaceAll(/\s+/g, ' ').trim()) as [string, string]
  let same = 0
  while (same < a.length && a[same] === b[same]) same += 1
  const start = same > longest - lead ? a.lastIndexOf(' ', same - lead) + 1 : 0
  const cut = (text: string) => `${start > 0 ? '…' : ''}${text.length - start > longest ? `${text.slice(start, start + longest).trimEnd()}…` : text.slice(start)}`
  return [cut(a), cut(b)]
}

/** Long lists of plain values: what was added and taken out. */
const listsApart = (from: Json, to: Json, path: readonly string[], around: Around): string | null => {
  if (!isPlainList(from) || !isPlainList(to)) return null
  if ([from, to].every(list => valueOf(list, path, around).length <= longest)) return null
  const without = (list: readonly Json[], others: readonly Json[]) => list.filter(one => !others.includes(one)).map(one => valueOf(one, path, around))
  const added = without(to, from)
  const removed = without(from, to)
  const isEnglish = around.language === 'en'
  if (added.length + removed.length === 0) return isEnglish ? 'another order' : 'другой порядок'
  return [...(added.length === 0 ? [] : [`${isEnglish ? 'added' : 'добавлено'} ${few(added)}`]), ...(removed.length === 0 ? [] : [`${isEnglish ? 'taken out' : 'убрано'} ${few(removed)}`])].join('; ')
}

const mostNamed = 10
const few = (values: readonly string[]): string => `${values.slice(0, mostNamed).join(', ')}${values.length > mostNamed ? '…' : ''}`

const isPlainList = (json: Json): json is readonly Json[] => Array.isArray(json) && (json as readonly Json[]).every(one => typeof one === 'string' || typeof one === 'number')

type TextJson = { readonly [key: string]: Json | undefined }
const isText = (json: Json | undefined): json is TextJson => isRecord(json) && typeof json['ru'] === 'string'
const inLanguage = (text: TextJson, language: 'ru' | 'en'): string => String((language === 'en' ? text['en'] : undefined) ?? text['ru'] ?? '')

const quoteIn = (language: 'ru' | 'en') => (text: string): string => (language === 'en' ? `“${text}”` : `«${text}»`)

const namingOf = ({ documents, language, directory }: Around): Naming => ({ documents, language, quote: quoteIn(language), fieldName: field => directory?.fields[field]?.title ?? field })

/** A value in full, as it stands in a sentence. */
const valueOf = (json: Json, path: readonly string[], around: Around): string => {
  const { language } = around
  const none = language === 'en' ? 'nothing' : 'не задано'
  if (json === null) return none
  if (typeof json === 'boolean') return yesNo[String(json) as 'true' | 'false'][language]
  if (typeof json === 'string') return /^PT(?=\d)(\d+H)?(\d+M)?$/.test(json) ? wordsFor(language, 'UTC').span(json) : named(json, path, around)
  if (typeof json === 'number') return named(json, path, around)
  if (Array.isArray(json)) return json.length === 0 ? none : (json as readonly Json[]).map(one => valueOf(one, path, around)).join(', ')
  if (!isRecord(json)) return none
  return isText(json) ? quoteIn(language)(inLanguage(json, language)) : recordOf(json, path, around, none)
}

type RecordJson = { readonly [key: string]: Json | undefined }

const recordOf = (json: RecordJson, path: readonly string[], around: Around, none: string): string => {
  const naming = namingOf(around)
  const key = path.at(-1) ?? ''
  if (key === 'needs') return needWords(json as unknown as GateNeed, naming)
  if (key === 'onlyIf') return conditionWords(json as unknown as Condition, naming)
  if (typeof json['is'] === 'string') return testWords(json as unknown as AnswerTest, questionOn(path), naming)
  if (Array.isArray(json['userIds']) && json['kind'] === 'people') return valueOf(json['userIds'], [...path, 'userIds'], around)
  if (typeof json['from'] === 'string' && typeof json['to'] === 'string' && Object.keys(json).length === 2) return `${json['from']}–${json['to']}`
  const name = json['name'] ?? json['title']
  const rest = Object.entries(json).filter(([inner, one]) => one !== undefined && !(isText(name) && (inner === 'name' || inner === 'title')) && inner !== 'id' && inner !== 'code')
  const details = rest.map(([inner, one]) => `${innerName([...path, inner], inner, around)}: ${valueOf(one ?? null, [...path, inner], around)}`).join('; ')
  if (!isText(name)) return details || none
  return `${quoteIn(around.language)(inLanguage(name, around.language))}${details === '' ? '' : ` (${details})`}`
}

/** The question in whose settings a path leads. */
const questionOn = (path: readonly string[]): string => path[path.lastIndexOf('questions') + 1] ?? ''

/** A setting inside another one, in the middle of a sentence; people and days by their own names. */
const innerName = (path: readonly string[], inner: string, around: Around): string => {
  if (/^\d+$/.test(inner)) return path.at(-2) === 'week' ? weekdays[around.language][Number(inner) - 1] ?? inner : named(Number(inner), [...path.slice(0, -1), 'userId'], around)
  const label = labelOf(path, around.language)
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1)
}

const weekdays = { ru: ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'], en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] } as const

/** What the administrator writes himself: it is never a code or an id. */
const isWords = (path: readonly string[]): boolean => /^(titleTemplate|videoUrl)$/.test(path.at(-1) ?? '')

const named = (id: string | number, path: readonly string[], { language, directory, documents }: Around): string => {
  const key = path.at(-1) ?? ''
  const own = <T extends { readonly name?: { readonly ru: string; readonly en?: string }; readonly title?: { readonly ru: string; readonly en?: string } }>(parts: (document: Regulation) => readonly T[], isIt: (part: T) => boolean): string | undefined => {
    const part = documents.flatMap(parts).find(isIt)
    const text = part?.name ?? part?.title
    return text === undefined ? undefined : language === 'en' ? text.en ?? text.ru : text.ru
  }
  const known = /^(reason|wrongNumberReason)$/.test(key) ? own(({ card }) => card.reason.options, ({ code }) => code === id)
    : /poolId$/i.test(key) ? own(({ distribution }) => distribution.pools, pool => pool.id === id)
      : key === 'fromStepId' ? own(({ steps }) => steps, step => step.id === id)
        : key === 'groups' ? own(({ card }) => card.groups, group => group.id === id)
          : /user|director|controller|responsible|deputies/i.test(key) ? directory?.users[id]
            : /stageId/.test(key) ? directory?.stages[id]
              : /department/.test(key) ? directory?.departments[id]
                : /sources/.test(key) ? directory?.sources[id]
                  : /field/i.test(key) ? directory?.fields[id]?.title
                    : undefined
  const text = known ?? labels[`=${id}`]?.[language] ?? String(id)
  return typeof id === 'number' && known === undefined ? text : quoteIn(language)(text)
}
