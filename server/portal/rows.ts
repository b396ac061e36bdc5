/** Values as the portal writes them: numbers as text, moments with offsets, empty things as null, false, "" or []. */
import { Temporal } from 'temporal-polyfill'
import { type Call, type Outcome } from './batch.ts'
import { isRecord } from './transport.ts'

export type Row = Readonly<Record<string, unknown>>

/** Whole number from 1 on; null for anything else. */
export const idOf = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')

export const numberOf = (value: unknown): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** ISO 8601 with an offset. Years from 9999 on mean «no deadline» to the portal. */
export const momentOf = (value: unknown): Temporal.Instant | null => {
  if (typeof value !== 'string' || value === '') return null
  try {
    const moment = Temporal.Instant.from(value)
    return moment.epochMilliseconds >= noDeadlineFromMs ? null : moment
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const noDeadlineFromMs = Date.UTC(9999, 0, 1) - 86_400_000

/** Rows of a list: a JSON list, or a map where the portal keyed them. */
export const rowsOf = (value: unknown): readonly Row[] => {
  const items = Array.isArray(value) ? value as readonly unknown[] : isRecord(value) ? Object.values(value) : []
  return items.filter(isRecord)
}

/** Rows under a name: `{ items: […] }`, `{ tasks: […] }`. */
export const rowsUnder = (value: unknown, name: string): readonly Row[] => (isRecord(value) ? rowsOf(value[name]) : [])

export const idsOf = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? value as readonly unknown[] : isRecord(value) ? Object.values(value) : []).flatMap(item => idOf(item) ?? [])

/** With an offset, to the second, as the docs ask of a `datetime` (api-reference/data-types.md). */
export const toDateTime = (moment: string | Temporal.Instant, timeZone: string): string =>
  Temporal.Instant.from(moment).toZonedDateTimeISO(timeZone).toString({ timeZoneName: 'never', smallestUnit: 'second' })

/** The result of one call of a batch; throws its PortalError. */
export const resultOf = (outcome: Outcome | undefined): unknown => {
  if (outcome === undefined) throw new Error('a batch answered fewer outcomes than it had calls')
  if (!outcome.ok) throw outcome.error
  return outcome.result
}

export const chunksOf = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

export const uniqueOf = <T>(items: readonly T[]): readonly T[] => [...new Set(items)]

/** entityTypeId of leads (api-reference/crm/universal/index.md). */
export const leadType = 1

export type { Call, Outcome }
