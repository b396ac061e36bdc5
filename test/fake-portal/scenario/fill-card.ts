import type { FakePortal } from '../fake-portals.ts'
import type { UserField, UserFieldOption } from '../rows.ts'
import { isoAt, technicalDate } from '../world/time.ts'
import type { Answers, Client } from './script.ts'

/** What a manager writes into a lead's card after a conversation. */
export interface FilledCard {
  readonly client: Client
  /** False: he forgets the budget and the term. */
  readonly complete: boolean
}

/** Writes the answers into the lead in the name of a person. */
export type FillCard = (leadId: number, card: FilledCard, userId: number) => void | Promise<void>

type Meaning = keyof Answers | 'outcome' | 'nextStep' | 'reason'
type Answer = string | number | readonly string[]

/** A person reads the label of a field and knows which answer belongs there; the first that fits is taken. */
const labels: readonly (readonly [RegExp, Meaning])[] = [
  [/следующ/i, 'nextStep'],
  [/причин/i, 'reason'],
  [/итог|результат/i, 'outcome'],
  [/производител/i, 'maker'],
  [/материал/i, 'material'],
  [/цвет/i, 'colour'],
  [/габарит|размер/i, 'size'],
  [/место|помещени/i, 'place'],
  [/оплат/i, 'payment'],
  [/бюджет/i, 'budget'],
  [/срок|срочн/i, 'withinDays'],
  [/адрес/i, 'address'],
  [/пожелан|комментар/i, 'wishes'],
  [/замер|монтаж|доставк|проект|услуг/i, 'services'],
]

const forgotten: readonly Meaning[] = ['budget', 'withinDays']

const plain = (text: string): string => text.toLowerCase().replace(/ё/g, 'е')

const labelOf = (field: UserField): string => field.editFormLabel['ru'] || field.listColumnLabel['ru'] || field.fieldName

const meaningOf = (field: UserField): Meaning | null => labels.find(([pattern]) => pattern.test(labelOf(field)))?.[1] ?? null

const answerTo = (meaning: Meaning, { answers, outcome, nextStep, reason }: Client): Answer | undefined => {
  if (meaning === 'outcome') return outcome === 'qualified' ? 'качественный' : 'некачественный'
  if (meaning === 'nextStep') return outcome === 'qualified' ? nextStep ?? 'предложение' : undefined
  if (meaning === 'reason') return outcome === 'qualified' ? undefined : reason ?? 'другое'
  if (meaning === 'wishes') return answers.wishes ?? 'Особых пожеланий нет.'
  return answers[meaning]
}

/** The option that begins a word as the answer does: the longest beginning counts. Nothing fits: the last one, «другое» as a rule. */
const optionLike = (options: readonly UserFieldOption[], answer: string): UserFieldOption | undefined => {
  const words = plain(answer).split(/[^a-zа-я]+/).filter(word => word.length >= 4)
  for (const length of [9, 7, 5, 4]) {
    for (const word of words) {
      const beginning = word.slice(0, length)
      const found = word.length < length ? undefined : options.find(option => plain(option.value).split(/[^a-zа-я]+/).some(other => other.startsWith(beginning)))
      if (found !== undefined) return found
    }
  }
  return options.at(-1)
}

const serviceOption = (field: UserField, wanted: readonly string[]): UserFieldOption | undefined => {
  const yes = wanted.some(service => plain(labelOf(field)).startsWith(plain(service).slice(0, 5)))
  return field.list.find(option => (yes ? /^(да|нужн)/i : /^(нет|не нуж)/i).test(option.value))
}

/** Terms are asked in steps: two weeks, a month, a quarter, later. */
const termOption = (field: UserField, days: number): UserFieldOption | undefined => field.list[[14, 31, 92].filter(limit => days > limit).length] ?? field.list.at(-1)

const optionFor = (field: UserField, meaning: Meaning, answer: Answer): number | null => {
  if (meaning === 'services' && Array.isArray(answer)) return serviceOption(field, answer)?.id ?? null
  if (meaning === 'withinDays' && typeof answer === 'number') return termOption(field, answer)?.id ?? null
  return optionLike(field.list, String(answer))?.id ?? null
}

const valueFor = (portal: FakePortal, field: UserField, meaning: Meaning, answer: Answer): unknown => {
  const list: readonly string[] = Array.isArray(answer) ? answer : [String(answer)]
  const said = meaning === 'withinDays' ? `через ${list.join()} дней` : list.join(', ')
  const figure = Number(/\d+(?:[.,]\d+)?/.exec(list.join())?.[0]?.replace(',', '.') ?? 0)
  switch (field.userTypeId) {
    case 'enumeration': return field.multiple ? list.flatMap(one => optionLike(field.list, one)?.id ?? []) : optionFor(field, meaning, answer)
    case 'boolean': return Array.isArray(answer) ? (list.some(one => plain(labelOf(field)).startsWith(plain(one).slice(0, 5))) ? 'Y' : 'N') : 'Y'
    case 'double': return figure
    case 'integer': return Math.round(figure)
    case 'money': return `${figure}|${portal.state.baseCurrency}`
    case 'date': case 'datetime': {
      const moment = isoAt(portal.now() + (typeof answer === 'number' ? answer : 14) * 86_400_000, portal.timeZone)
      return field.userTypeId === 'date' ? technicalDate(moment, portal.timeZone) : moment
    }
    default: return field.multiple ? [said] : said
  }
}

/**
 * Fills the lead's own user fields as a person does who reads their labels, whatever application made them.
 * `prefix` keeps to one application's fields.
 */
export const fillByLabels = (portal: FakePortal, prefix = 'UF_CRM_'): FillCard => (leadId, { client, complete }, userId) => {
  const fields = [...portal.state.userFields.values()].filter(field => field.entityId === 'CRM_LEAD' && field.fieldName.startsWith(prefix))
  const written = fields.flatMap((field) => {
    const meaning = meaningOf(field)
    const answer = meaning === null || (!complete && forgotten.includes(meaning)) ? undefined : answerTo(meaning, client)
    const value = meaning === null || answer === undefined ? null : valueFor(portal, field, meaning, answer)
    return value === null ? [] : [[field.fieldName, value] as const]
  })
  if (written.length > 0) portal.act.updateLead(leadId, Object.fromEntries(written), userId)
}
