/** What the lint may find. */
import type { FieldName, StageId, UserId } from '../lead.ts'
import type { CalendarData, Text } from '../regulation.ts'

export interface PortalThings {
  readonly stageIds: readonly StageId[]
  /** Those of them that mean a deal, where known. */
  readonly successStageIds?: readonly StageId[]
  /** Active people. */
  readonly userIds: readonly UserId[]
  readonly fieldNames: readonly FieldName[]
  /** What a gate may ask for and the application is not allowed to read. */
  readonly denied?: readonly ('quote' | 'requisites')[]
  /** Active people of each department, where known. */
  readonly departmentPeople?: Readonly<Record<number, readonly UserId[]>>
  /** Active heads of each active person, where known. */
  readonly headsOf?: Readonly<Record<number, readonly UserId[]>>
  /** The calendar deadlines are counted by, where known. */
  readonly calendar?: CalendarData
  /** Lead sources, where known. */
  readonly sourceIds?: readonly string[]
  /** Items of list fields by field, where known. */
  readonly items?: Readonly<Record<string, readonly string[]>>
}

export type Severity = 'error' | 'warning'

/** `path`: dotted keys and indexes, e.g. `steps.0.deadline.finish`; `place`: what the administrator calls that part. */
export type Problem = Finding & { readonly severity: Severity; readonly path: string; readonly place?: Text }

export type Finding =
  | { readonly kind: 'no-step' }
  | { readonly kind: 'missing-stage'; readonly stageId: StageId }
  | { readonly kind: 'missing-field'; readonly field: FieldName }
  | { readonly kind: 'missing-item'; readonly field: FieldName; readonly item: string }
  | { readonly kind: 'missing-user'; readonly userId: UserId }
  | { readonly kind: 'missing-fallback'; readonly userId: UserId }
  | { readonly kind: 'missing-department'; readonly departmentId: number }
  | { readonly kind: 'missing-source'; readonly source: string }
  | { readonly kind: 'missing-right'; readonly to: 'quote' | 'requisites' }
  | { readonly kind: 'empty-pool' }
  | { readonly kind: 'unknown-pool'; readonly poolId: string }
  | { readonly kind: 'weights-zero' }
  | { readonly kind: 'limit-zero' }
  | { readonly kind: 'duplicate-code'; readonly code: string }
  | { readonly kind: 'duplicate-stage'; readonly stageId: StageId }
  | { readonly kind: 'duplicate-field'; readonly field: FieldName }
  | { readonly kind: 'source-twice'; readonly source: string; readonly first: Text }
  | { readonly kind: 'channel-empty' }
  | { readonly kind: 'test-without-leads' }
  | { readonly kind: 'unknown-class'; readonly name: string }
  | { readonly kind: 'unused-class'; readonly name: string }
  | { readonly kind: 'field-not-writable'; readonly field: FieldName }
  | { readonly kind: 'same-option-value'; readonly option: string; readonly first: string }
  | { readonly kind: 'same-result-value'; readonly value: string }
  | { readonly kind: 'missing-option-value'; readonly option: string }
  | { readonly kind: 'no-options' }
  | { readonly kind: 'wrong-span'; readonly span: string }
  | { readonly kind: 'impossible-deadline' }
  | { readonly kind: 'no-working-time' }
  | { readonly kind: 'wrong-time'; readonly time: string }
  | { readonly kind: 'wrong-date'; readonly date: string }
  | { readonly kind: 'wrong-time-zone'; readonly timeZone: string }
  | { readonly kind: 'calendar-twice'; readonly userId: UserId }
  | { readonly kind: 'span-too-long'; readonly span: string }
  | { readonly kind: 'no-exit' }
  | { readonly kind: 'no-follow-up' }
  | { readonly kind: 'leads-to-itself' }
  | { readonly kind: 'automatic-circle'; readonly steps: readonly Text[] }
  | { readonly kind: 'success-automatic' }
  | { readonly kind: 'stay-and-go'; readonly option: string }
  | { readonly kind: 'unreachable-step' }
  | { readonly kind: 'unknown-step'; readonly stepId: string }
  | { readonly kind: 'unknown-group'; readonly group: string }
  | { readonly kind: 'group-never-asked' }
  | { readonly kind: 'unknown-question'; readonly question: string }
  | { readonly kind: 'unknown-option'; readonly question: string; readonly option: string }
  | { readonly kind: 'empty-test'; readonly question: string }
  | { readonly kind: 'not-a-number'; readonly question: string }
  | { readonly kind: 'condition-never'; readonly question: string }
  | { readonly kind: 'cyclic-condition'; readonly questions: readonly string[] }
  | { readonly kind: 'gate-impossible'; readonly why: 'no-questions' | 'not-asked' | 'no-task' | 'empty-pool' | 'no-head' | 'no-quote' | 'contradiction' }
  | { readonly kind: 'asked-elsewhere'; readonly question: string }
  | { readonly kind: 'requisites-unchecked' }
  | { readonly kind: 'reason-without-stage'; readonly reasons: readonly string[] }
  | { readonly kind: 'unknown-reason'; readonly reason: string }
  | { readonly kind: 'postponed-without-date' }
  | { readonly kind: 'unknown-title-place'; readonly name: string }
  | { readonly kind: 'ladder-order' }
  | { readonly kind: 'ladder-nobody'; readonly rung: 'deputy' | 'director' }
  | { readonly kind: 'quiet-always' }
  | { readonly kind: 'quiet-at-work' }
  | { readonly kind: 'wrong-number'; readonly setting: string; readonly least: number; readonly most: number }

export const error = (path: string, finding: Finding, place?: Text): Problem => ({ ...finding, severity: 'error', path, ...(place === undefined ? {} : { place }) })
export const warning = (path: string, finding: Finding, place?: Text): Problem => ({ ...finding, severity: 'warning', path, ...(place === undefined ? {} : { place }) })

/** Values that come more than once, with the index of each repeat. */
export const repeats = <T>(values: readonly T[]): readonly { readonly value: T; readonly index: number }[] => {
  const seen = new Set<T>()
  return values.flatMap((value, index) => {
    if (seen.has(value)) return [{ value, index }]
    seen.add(value)
    return []
  })
}
