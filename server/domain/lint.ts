/** Finds what would keep a regulation from working on this portal. */
import { addWorkingMs } from './calendar.ts'
import type { FieldName, StageId, UserId } from './lead.ts'
import type { CalendarData, Question, Regulation, Step } from './regulation.ts'
import { spanMs } from './time.ts'

export interface PortalThings {
  readonly stageIds: readonly StageId[]
  /** Active people. */
  readonly userIds: readonly UserId[]
  readonly fieldNames: readonly FieldName[]
  /** People of the regulation's department, where known. */
  readonly poolIds?: readonly UserId[]
  /** The calendar deadlines are counted by, where known. */
  readonly calendar?: CalendarData
}

export type Problem =
  | { readonly kind: 'no-step' }
  | { readonly kind: 'missing-stage'; readonly stepId: string; readonly stageId: StageId }
  | { readonly kind: 'missing-field'; readonly code: string; readonly field: FieldName }
  | { readonly kind: 'missing-user'; readonly userId: UserId }
  | { readonly kind: 'missing-fallback'; readonly userId: UserId }
  | { readonly kind: 'empty-pool' }
  | { readonly kind: 'duplicate-code'; readonly code: string }
  | { readonly kind: 'duplicate-stage'; readonly stageId: StageId }
  | { readonly kind: 'missing-option-value'; readonly code: string; readonly option: string }
  | { readonly kind: 'no-options'; readonly code: string }
  | { readonly kind: 'wrong-span'; readonly stepId: string; readonly span: string }
  | { readonly kind: 'impossible-deadline'; readonly stepId: string; readonly span: string }
  | { readonly kind: 'no-exit'; readonly stepId: string }
  | { readonly kind: 'unreachable-step'; readonly stepId: string }
  | { readonly kind: 'wrong-number'; readonly setting: 'misses' | 'windowDays' | 'reachedCallSeconds' }

/** Every problem of a regulation, in the order of its parts; none means that it can be published. */
export const lintRegulation = (regulation: Regulation, things: PortalThings): readonly Problem[] => [
  ...stepProblems(regulation, things),
  ...poolProblems(regulation, things),
  ...cardProblems(regulation, things),
  ...numberProblems(regulation),
]

const stepProblems = (regulation: Regulation, things: PortalThings): readonly Problem[] => {
  const { steps } = regulation
  const calendar = regulation.calendar.kind === 'own' ? regulation.calendar.calendar : things.calendar
  const stages = new Set(things.stageIds)
  return [
    ...(steps.some(({ kind }) => kind === 'work') ? [] : [{ kind: 'no-step' } as const]),
    ...repeated(steps.map(({ id }) => id)).map(code => ({ kind: 'duplicate-code', code }) as const),
    ...repeated(steps.map(({ stageId }) => stageId)).map(stageId => ({ kind: 'duplicate-stage', stageId }) as const),
    ...steps.flatMap((step): readonly Problem[] => [
      ...[step.stageId, step.leave.done?.stageId, step.leave.notQualified?.stageId].flatMap(stageId => (stageId === undefined || stages.has(stageId) ? [] : [{ kind: 'missing-stage', stepId: step.id, stageId } as const])),
      ...(step.leave.done === null ? [{ kind: 'no-exit', stepId: step.id } as const] : []),
      ...spanProblems(step, calendar),
    ]),
    ...unreachable(steps).map(({ id }) => ({ kind: 'unreachable-step', stepId: id }) as const),
  ]
}

/** A step is reached from the first one on; the later ones through a step that leads to their stage. */
const unreachable = (steps: readonly Step[]): readonly Step[] => {
  const reached = new Set(steps.filter((step, index) => index === 0 || step.kind === 'intake'))
  for (const step of reached) {
    for (const next of steps) if (next.stageId === step.leave.done?.stageId || next.stageId === step.leave.notQualified?.stageId) reached.add(next)
  }
  return steps.filter(step => !reached.has(step))
}

const spanProblems = (step: Step, calendar: CalendarData | undefined): readonly Problem[] => {
  if (step.deadline === null) return []
  return [...Object.values(step.deadline.firstContact), step.deadline.finish, step.deadline.again, ...(step.deadline.slow === undefined ? [] : [step.deadline.slow])].flatMap((span): readonly Problem[] => {
    if (!/^PT(?=\d)(\d+H)?(\d+M)?$/.test(span) || spanMs(span) <= 0) return [{ kind: 'wrong-span', stepId: step.id, span }]
    return calendar !== undefined && addWorkingMs(calendar, 0, spanMs(span)) === null ? [{ kind: 'impossible-deadline', stepId: step.id, span }] : []
  })
}

const poolProblems = ({ distribution }: Regulation, things: PortalThings): readonly Problem[] => {
  const users = new Set(things.userIds)
  const { pool, fallbackUserId } = distribution
  const members = pool.kind === 'people' ? pool.userIds : things.poolIds
  return [
    ...(pool.kind === 'people' ? pool.userIds.filter(userId => !users.has(userId)).map(userId => ({ kind: 'missing-user', userId }) as const) : []),
    ...(members !== undefined && !members.some(userId => users.has(userId)) ? [{ kind: 'empty-pool' } as const] : []),
    ...(users.has(fallbackUserId) ? [] : [{ kind: 'missing-fallback', userId: fallbackUserId } as const]),
  ]
}

const cardProblems = ({ card, steps }: Regulation, things: PortalThings): readonly Problem[] => {
  if (!steps.some(step => step.card)) return []
  const fields = new Set(things.fieldNames)
  const questions: readonly Question[] = card.groups.flatMap(group => group.questions)
  const used = [...questions.map(({ code, field }) => ({ code, field })), ...(['comment', 'result', 'nextStep', 'reason', 'unknown'] as const).map(code => ({ code, field: card[code].field }))]
  const lists = [...questions, { code: 'nextStep', kind: 'list', options: card.nextStep.options }, { code: 'reason', kind: 'list', options: card.reason.options }] as const
  return [
    ...repeated(used.map(({ code }) => code)).map(code => ({ kind: 'duplicate-code', code }) as const),
    ...used.filter(({ field }) => !fields.has(field)).map(({ code, field }) => ({ kind: 'missing-field', code, field }) as const),
    ...lists.flatMap(({ code, kind, options }): readonly Problem[] => [
      ...((kind === 'list' || kind === 'multilist') && options.length === 0 ? [{ kind: 'no-options', code } as const] : []),
      ...repeated(options.map(option => option.code)).map(option => ({ kind: 'duplicate-code', code: `${code}.${option}` }) as const),
      ...options.filter(({ value }) => value === '').map(option => ({ kind: 'missing-option-value', code, option: option.code }) as const),
    ]),
  ]
}

const numberProblems = ({ incidents, contact }: Regulation): readonly Problem[] => [
  ...(incidents.misses >= 1 ? [] : [{ kind: 'wrong-number', setting: 'misses' } as const]),
  ...(incidents.windowDays >= 1 ? [] : [{ kind: 'wrong-number', setting: 'windowDays' } as const]),
  ...(contact.reachedCallSeconds >= 0 ? [] : [{ kind: 'wrong-number', setting: 'reachedCallSeconds' } as const]),
]

const repeated = <T>(values: readonly T[]): readonly T[] => [...new Set(values.filter((value, index) => values.indexOf(value) !== index))]
