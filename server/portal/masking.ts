/** Requests and answers for the three-day log: what was asked and how much came back, never who the client is. */
import type { Call } from './batch.ts'
import { isRecord, type Params } from './transport.ts'

const secretNames = /^(auth|access_token|refresh_token|client_secret|application_token|auth_id|refresh_id)$/i
/** What is called so was written by somebody or tells who he is, whatever it looks like: `ANNA` looks like a code, `234567` like an id. */
const personalWords: ReadonlySet<string> = new Set([
  'name', 'title', 'honorific', 'comment', 'comments', 'description', 'subject', 'message', 'text', 'caption', 'content', 'post', 'position', 'login', 'value', 'values', 'fm', 'find', 'search',
  'phone', 'phones', 'mobile', 'fax', 'email', 'emails', 'mail', 'web', 'www', 'im', 'skype', 'address', 'street', 'city', 'birthday', 'birthdate', 'personal', 'filename', 'url', 'link',
])
/** `VALUE_TYPE`, `FIELD_NAME` and the like tell nothing of anybody. */
const plainNames = /(?:^|_)(?:id|ids|type|sort|count)$|^field_name$|^uf_crm_task$/
/** Codes, short numbers, moments: enough to see what happened. Seven digits may be a phone. */
const harmless = /^(?:[A-Z][A-Z0-9_]{0,39}|[YN]|\d{1,6}|[LDC]_\d{1,9}|\d{4}-\d\d-\d\dT[\d:.+Z-]+)$/
/** Under these, and where an answer is nothing but a number, stand ids and counts of the portal, however long. */
const numberNames = /(?:^|_)(?:ids?|next|total|start|count|c\d+)$|^$/
const callsKept = 5

interface Place {
  readonly depth: number
  /** Entries of a list that are kept. */
  readonly keep: number
  /** Of the nearest value with a name, as words divided by `_`. */
  readonly name: string
  readonly personal: boolean
}

/** Texts become their length; keys stay; lists are cut after `keep` entries. */
export const maskForLog = (value: unknown, keep = 5): unknown => mask(value, { depth: 0, keep, name: '', personal: false })

/** A batch tells how often it calls which method, and the masked parameters of its first calls. */
export const requestForLog = (method: string, params: Params, calls: readonly Call[]): unknown => {
  if (method !== 'batch') return maskForLog(params)
  const methods: Record<string, number> = {}
  for (const call of calls) methods[call.method] = (methods[call.method] ?? 0) + 1
  return { methods, calls: calls.slice(0, callsKept).map(call => ({ method: call.method, params: maskForLog(call.params ?? {}) })) }
}

const mask = (value: unknown, place: Place): unknown => {
  const { depth, keep, name, personal } = place
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return personal || (Math.abs(value) > 999_999 && !numberNames.test(name)) ? '‹number›' : value
  if (typeof value === 'string') return !personal && (harmless.test(value) || (numberNames.test(name) && /^\d{1,12}$/.test(value))) ? value : `‹${value.length}›`
  if (depth >= 6) return '…'
  if (Array.isArray(value)) {
    const kept = value.slice(0, keep).map((item: unknown) => mask(item, { ...place, depth: depth + 1 }))
    return value.length > keep ? [...kept, `… ${value.length}`] : kept
  }
  if (!isRecord(value)) return undefined
  return Object.fromEntries(Object.keys(value).slice(0, 60).map((key) => {
    const inner = wordsOf(key)
    return [key.slice(0, 60), secretNames.test(key) ? '‹secret›' : mask(value[key], { ...place, depth: depth + 1, name: inner, personal: !plainNames.test(inner) && (personal || isPersonal(inner)) })]
  }))
}

/** `%lastName`, `LAST_NAME`: last_name. Operators of a filter stand before the name. */
const wordsOf = (key: string): string => key.replace(/^[^\p{L}\d_]+/u, '').replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()

/** The customer's own fields hold what the client has answered. */
const isPersonal = (name: string): boolean => name.startsWith('uf_crm_') || name.split('_').some(word => personalWords.has(word))
