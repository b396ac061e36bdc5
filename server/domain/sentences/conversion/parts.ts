/** Parts of a plan that the sentences of both languages name. */
import type { Plan } from '../../conversion/plan.ts'

/** Phones, addresses and sites that go nowhere and are not there already. */
export const leftBehind = ({ means }: Plan): readonly string[] => means.flatMap(({ means: { value }, to, hint }) => (to === 'none' && hint !== 'already-there' && hint !== 'at-company' ? [value] : []))

/** Titles of fields whose former value stays although the lead says something else. */
export const keptFields = ({ objects }: Plan): readonly string[] => objects.flatMap(({ fields }) => fields.flatMap(({ info, conflict, take }) => (conflict && !take ? [info.title] : [])))

/** The value of a phone or address by its key. */
export const valueOfKey = (key: string): string => key.slice(key.indexOf(' ') + 1)
