/** Parts of a plan that the sentences of both languages name. */
import type { ProductRow } from '../../conversion/facts.ts'
import type { Plan } from '../../conversion/plan.ts'

/** Phones, addresses and sites that go nowhere and are not there already. */
export const leftBehind = ({ means }: Plan): readonly string[] => means.flatMap(({ means: { value }, to, hint }) => (to === 'none' && hint !== 'already-there' && hint !== 'at-company' ? [value] : []))

/** Titles of fields whose former value stays although the lead says something else. */
export const keptFields = ({ objects }: Plan): readonly string[] => objects.flatMap(({ fields }) => fields.flatMap(({ info, conflict, take }) => (conflict && !take ? [info.title] : [])))

/** The value of a phone or address by its key. */
export const valueOfKey = (key: string): string => key.slice(key.indexOf(' ') + 1)

/** Each name once. */
export const productNames = (rows: readonly ProductRow[]): readonly string[] => [...new Set(rows.map(({ name }) => name))]

/** The deal was there before. */
export const hasUsedDeal = ({ objects }: Plan): boolean => objects.some(({ kind, action }) => kind === 'deal' && action === 'use')
