/** The regulation's shape: strict, with limits. What the parts mean for each other is the lint's. */
import { z } from 'zod'
import { currentSchema, type Regulation as Document } from '../../domain/regulation.ts'
import { Card } from './card.ts'
import { byUser, Code, Department, Field, list, ShortText, Span, Time, User } from './parts.ts'
import { Step } from './steps.ts'

const number = z.number().min(-1e9).max(1e9)
const Country = z.string().regex(/^[A-Z]{2}$/)

const Channel = z.strictObject({
  id: Code,
  name: ShortText,
  sources: list(z.string().min(1).max(100), 200),
  isLeadSource: z.boolean(),
  isTest: z.boolean().exactOptional(),
  handledBy: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('pool'), poolId: Code }), z.strictObject({ kind: z.literal('person'), userId: User })]).nullable(),
  detail: z.strictObject({ field: Field, title: ShortText, required: z.boolean() }).nullable(),
  reasonRequired: z.boolean(),
  deadlineClass: Code.nullable(),
})

const Pool = z.strictObject({
  id: Code,
  name: ShortText,
  members: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('department'), departmentId: Department, withHead: z.boolean() }),
    z.strictObject({ kind: z.literal('people'), userIds: list(User, 2_000) }),
  ]),
  order: z.enum(['in-turn', 'least-loaded', 'weighted']),
  weights: byUser(number),
  limits: z.strictObject({ open: number.nullable(), perDay: number.nullable() }),
  regions: byUser(list(z.string().max(500), 500)),
})

const Shifts = list(z.strictObject({ from: Time, to: Time }), 10)
const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

const Calendar = z.strictObject({
  timeZone: z.string().min(1).max(64).refine(isTimeZone, { params: { what: 'time-zone' } }),
  week: z.strictObject({ 1: Shifts, 2: Shifts, 3: Shifts, 4: Shifts, 5: Shifts, 6: Shifts, 7: Shifts }),
  holidays: list(z.string().max(10), 2_000),
  workdays: list(z.string().max(10), 2_000),
})

export const Regulation = z.strictObject({
  schema: z.literal(currentSchema),
  name: ShortText,
  roles: z.strictObject({ directorId: User.nullable(), deputies: byUser(User), controllerId: User.nullable() }),
  channels: list(Channel, 200),
  distribution: z.strictObject({
    pools: list(Pool, 100), defaultPoolId: Code, fallbackUserId: User, keepPoolMember: z.boolean(), keepCaller: z.boolean(), keepClientResponsible: z.boolean(),
    takeWithin: Span.nullable(), takeRounds: number, poolMayTake: z.boolean(), regionField: Field.nullable(),
  }),
  intake: z.strictObject({
    titleTemplate: z.string().max(500).nullable(), interestField: Field.nullable(), sourceRequired: z.boolean(), interests: z.enum(['ask-person', 'ignore-rule']),
    duplicates: z.strictObject({ search: z.boolean(), tellResponsible: z.boolean() }), defaultCountry: Country,
  }),
  steps: list(Step, 100),
  card: Card,
  contact: z.strictObject({ reachedCallSeconds: number, declaredCallNeedsComment: z.boolean() }),
  attempts: z.strictObject({ limit: number.nullable(), reason: Code.nullable(), wrongNumberReason: Code.nullable(), retryAfter: Span }),
  waiting: z.strictObject({ allowed: z.boolean(), maxDays: number, shareLimit: number.nullable() }),
  rejection: z.strictObject({ reasonRequired: z.boolean(), controlledShare: number, returnTo: z.enum(['first-step', 'same-step']) }),
  incidents: z.strictObject({
    misses: number, windowDays: number, systemDelayMinutes: number.exactOptional(),
    ladder: list(z.strictObject({ rung: z.enum(['deputy', 'head', 'director']), after: Span }), 10),
  }),
  quietHours: z.strictObject({ from: Time, to: Time, daysOff: z.boolean() }).nullable(),
  digest: z.strictObject({ at: Time, toHeads: z.boolean(), toManagers: z.boolean() }).nullable(),
  conversion: z.strictObject({
    allowed: z.boolean(), fromStepId: Code.nullable(), dealCategoryId: number.nullable(), dealStageId: z.string().max(100).nullable(), dealResponsibleId: User.nullable(),
    personGetsCompany: z.boolean(), undoDays: number,
    variantBy: z.strictObject({ question: Code, person: list(Code, 200), organisation: list(Code, 200), client: list(Code, 200) }).nullable().exactOptional(),
  }),
  requisites: z.strictObject({ checked: z.boolean(), countries: list(Country, 50), checkAgainDays: number.nullable() }),
  calendar: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('portal') }), z.strictObject({ kind: z.literal('own'), calendar: Calendar })]),
  calendars: list(z.strictObject({ id: Code, userIds: list(User, 2_000), departmentIds: list(Department, 500), calendar: Calendar }), 200),
})
export type Regulation = z.infer<typeof Regulation>

/** Both must be one: a part that only one of them knows does not compile. */
type Same<A, B> = [A, B] extends [B, A] ? true : never
type Frozen<T> = T extends string | number | boolean | null | undefined ? T : T extends readonly (infer Item)[] ? readonly Frozen<Item>[] : { readonly [Key in keyof T]: Frozen<T[Key]> }
export const isDomainShape: Same<Frozen<Regulation>, Frozen<Document>> = true
