/** Requests and answers for the three-day log: what was asked and how much came back, never who the client is. */
import { isRecord } from './transport.ts'

const secretNames = /^(auth|access_token|refresh_token|client_secret|application_token|auth_id|refresh_id)$/i
/** Ids, codes, moments and numbers: enough to see what happened. */
const harmless = /^(?:[A-Z][A-Z0-9_]{0,39}|[YN]|\d{1,9}|[LDC]_\d{1,9}|\d{4}-\d\d-\d\dT[\d:.+Z-]+)$/

/** Texts become their length; keys stay; lists are cut after `keep` entries. */
export const maskForLog = (value: unknown, depth = 0, keep = 5): unknown => {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'string') return harmless.test(value) ? value : `‹${value.length}›`
  if (depth >= 6) return '…'
  if (Array.isArray(value)) {
    const kept = value.slice(0, keep).map((item: unknown) => maskForLog(item, depth + 1, keep))
    return value.length > keep ? [...kept, `… ${value.length}`] : kept
  }
  if (!isRecord(value)) return undefined
  const names = Object.keys(value)
  return Object.fromEntries(names.slice(0, 60).map(name => [name.slice(0, 60), secretNames.test(name) ? '‹secret›' : maskForLog(value[name], depth + 1, keep)]))
}
