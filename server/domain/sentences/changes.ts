/** Differences between two regulations as sentences for the administrator. */
import type { Regulation } from '../regulation.ts'
import type { Directory } from '../regulation/bind.ts'
import { isRecord } from '../regulation/diff.ts'
import type { Change, Json } from '../regulation/diff.ts'
import { partNames } from './change-labels.ts'
import { isIdAt, labelOf } from './change-names.ts'
import { sidesOf } from './change-sides.ts'

/** «Срок первого контакта по телефону («Взят в работу»): было 30 минут, стало 1 час.» Both sides are never alike. */
export const changeSentence = (change: Change, { before, after, directory }: { readonly before: Regulation; readonly after: Regulation; readonly directory?: Directory | undefined }, language: 'ru' | 'en'): string => {
  const quote = (text: string) => (language === 'en' ? `“${text}”` : `«${text}»`)
  const place = placeOf(change.path, change.kind === 'removed' ? before : after, language)
  const label = labelOf(change.path, language)
  const where = place === null ? '' : ` (${quote(place)})`
  // Whoever changes the stage of a step wants to know what becomes of the leads on its former one.
  const whereLeadsStay = change.kind === 'changed' && change.path.length === 3 && change.path[0] === 'steps' && change.path[2] === 'stageId' ? staying[language] : ''
  switch (change.kind) {
    case 'changed':
      return `${label}${where}${sidesOf(change.from, change.to, change.path, { documents: [after, before], language, directory })}${whereLeadsStay}`
    case 'reordered':
      return `${label}${where}: ${otherOrder[language]}.`
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

const otherOrder = { ru: 'другой порядок', en: 'another order' } as const

const staying = {
  ru: ' Открытые лиды на прежней стадии остаются на этом шаге, пока их не переведут.',
  en: ' Open leads on the former stage stay on this step until they are moved.',
} as const

const partOf = (path: readonly string[]): string => {
  const list = path.at(-2) ?? ''
  return list === 'options' ? `${path.at(-3) === 'nextStep' || path.at(-3) === 'reason' ? `${path.at(-3)}.` : ''}options` : list
}

/** What the administrator calls the innermost part on the path. */
const placeOf = (path: readonly string[], regulation: Regulation, language: 'ru' | 'en'): string | null => {
  let json = regulation as unknown as Json | undefined
  let name: string | null = null
  path.forEach((key, index) => {
    if (Array.isArray(json)) json = (json as readonly Json[]).find(part => isRecord(part) && (part['id'] ?? part['code']) === key)
    else json = isRecord(json) ? json[key] : undefined
    if (index === 0 || !isIdAt(path, index) || json === undefined) return
    // A class of deadlines has no other name than its id.
    name = path[index - 1] === 'classes' ? [...(name === null ? [] : [name]), key].join(', ') : nameOf(json, language) ?? name
  })
  return name
}

const nameOf = (part: Json, language: 'ru' | 'en'): string | null => {
  const text = isRecord(part) ? part['name'] ?? part['title'] ?? part['id'] : null
  if (typeof text === 'string') return text
  return isRecord(text) ? textOf(text, language) : null
}

const textOf = (text: { readonly [key: string]: Json | undefined }, language: 'ru' | 'en'): string => String((language === 'en' ? text['en'] : undefined) ?? text['ru'] ?? '')
