/** What hangs on the lead is bound to what was made of it: activities, tasks, comments, offers. What is bound already is left alone. */
import type { TargetKind } from '../../domain/conversion/facts.ts'
import type { Bound, ConversionStep, StepResult } from '../../domain/conversion/step.ts'
import { PortalError } from '../error.ts'
import type { Portal } from '../portal.ts'
import { type Call, chunksOf, idOf, idsOf, type Outcome, resultOf, type Row, rowsOf, textOf } from '../rows.ts'
import { isRefusal, refusedOf, type StepManner, withRefused } from './hands.ts'
import { knownId } from './items.ts'
import { quoteType, taskCode, typeIds } from './kinds.ts'
import { certainLists, rowsInAny } from './lists.ts'

type Step<Kind extends ConversionStep['kind']> = Extract<ConversionStep, { kind: Kind }>
type Targets = Step<'bind-activities'>['to']

interface Target { readonly object: TargetKind; readonly objectId: number; /** Made by this conversion: all that hangs on it, too. */ readonly isMade: boolean }

const targetsOf = (to: Targets, { results }: StepManner): readonly Target[] =>
  to.map(({ object, id }) => ({ object, objectId: knownId(id, results), isMade: typeof id !== 'number' }))

/** A repeat finds on an object of ours what its first attempt has bound; on others nobody can tell. */
const boundBy = (target: Target, id: number, isThere: boolean, { attempts }: StepManner): readonly Bound[] =>
  (!isThere || (attempts > 0 && target.isMade) ? [{ id, object: target.object, objectId: target.objectId }] : [])

/** Nothing of the lead's hangs on what was only just made. */
const isFresh = ({ isMade }: Target, { attempts }: StepManner): boolean => isMade && attempts === 0

interface Pair { readonly id: number; readonly target: Target; readonly isThere: boolean }

const pairsOf = (ids: readonly number[], targets: readonly Target[], isThere: (id: number, target: Target) => boolean): readonly Pair[] =>
  ids.flatMap(id => targets.map(target => ({ id, target, isThere: isThere(id, target) })))

/** `answers` of those that were not there, in their order; what was refused (deleted meanwhile, say) is not bound. */
const boundOf = (pairs: readonly Pair[], answers: readonly Outcome[], manner: StepManner): Pick<StepResult, 'bound' | 'ids'> => {
  const open = pairs.filter(({ isThere }) => !isThere)
  const bound = pairs.flatMap(pair => (pair.isThere || answers[open.indexOf(pair)]?.ok === true ? boundBy(pair.target, pair.id, pair.isThere, manner) : []))
  return { bound, ids: [...new Set(bound.map(({ id }) => id))] }
}

/** crm-activity-list.md: filter by BINDINGS and `@ID` at once. */
const activitiesOn = ({ object, objectId }: Target, ids: readonly number[]): readonly Call[] => chunksOf(ids, 50).map(part => ({
  method: 'crm.activity.list',
  params: { filter: { 'BINDINGS': [{ OWNER_TYPE_ID: typeIds[object], OWNER_ID: objectId }], '@ID': part }, select: ['ID'], order: { ID: 'ASC' }, start: -1 },
}))

export const bindActivities = async (portal: Portal, step: Step<'bind-activities'>, manner: StepManner): Promise<StepResult> => {
  const targets = targetsOf(step.to, manner)
  const looks = targets.flatMap(target => (isFresh(target, manner) ? [] : activitiesOn(target, step.ids).map(call => ({ target, call }))))
  const answers = await readAll(portal, looks.map(({ call }) => call))
  const there = new Set(looks.flatMap(({ target }, index) => rowsOf(resultOf(answers[index])).flatMap(row => `${idOf(row['ID'])} ${target.object}`)))
  const pairs = pairsOf(step.ids, targets, (id, { object }) => there.has(`${id} ${object}`))
  const outcomes = await writeAll(portal, pairs.filter(({ isThere }) => !isThere).map(({ id, target }) =>
    ({ method: 'crm.activity.binding.add', params: { activityId: id, entityTypeId: typeIds[target.object], entityId: target.objectId } })))
  return withRefused(boundOf(pairs, outcomes, manner), refusedOf(outcomes, ({ code, bitrixCode }) => bitrixCode === 'ACTIVITY_IS_ALREADY_BOUND' || code === 'not-found'))
}

/** Tasks with what they are bound to (tasks-task-list.md). */
export const tasksWithCodes = async (portal: Portal, ids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> => {
  const calls = chunksOf(ids, 50).map((part): Call => ({ method: 'tasks.task.list', params: { filter: { ID: part }, select: ['ID', 'UF_CRM_TASK'], order: { ID: 'asc' } } }))
  const answers = await portal.callAll(calls, { kind: 'read' })
  return new Map(answers.flatMap(answer => rowsInAny(resultOf(answer)).flatMap((row): readonly (readonly [number, readonly string[]])[] => {
    const id = idOf(row['id'])
    return id === null ? [] : [[id, codesOf(row)]]
  })))
}

const codesOf = (row: Row): readonly string[] => (Array.isArray(row['ufCrmTask']) ? (row['ufCrmTask'] as readonly unknown[]).map(textOf).filter(code => code !== '') : [])

export const writeCodes = (taskId: number, codes: readonly string[]): Call => ({ method: 'tasks.task.update', params: { taskId, fields: { UF_CRM_TASK: codes } } })

export const bindTasks = async (portal: Portal, step: Step<'bind-tasks'>, manner: StepManner): Promise<StepResult> => {
  const targets = targetsOf(step.to, manner)
  const codes = await tasksWithCodes(portal, step.ids)
  const there = step.ids.filter(id => codes.has(id))
  const pairs = pairsOf(there, targets, (id, { object, objectId }) => codes.get(id)?.includes(taskCode(object, objectId)) === true)
  const open = there.filter(id => pairs.some(pair => pair.id === id && !pair.isThere))
  const outcomes = await writeAll(portal, open.map(id => writeCodes(id, [...new Set([...codes.get(id) ?? [], ...targets.map(({ object, objectId }) => taskCode(object, objectId))])])))
  const failed = open.filter((_, index) => outcomes[index]?.ok !== true)
  const bound = pairs.filter(({ id }) => !failed.includes(id)).flatMap(({ id, target, isThere }) => boundBy(target, id, isThere, manner))
  return withRefused({ bound, ids: [...new Set(bound.map(({ id }) => id))] }, refusedOf(outcomes))
}

/** crm-timeline-comment-list.md: both filters are obligatory. */
export const commentsOn = (object: 'lead' | TargetKind, id: number): Call => ({ method: 'crm.timeline.comment.list', params: { filter: { ENTITY_ID: id, ENTITY_TYPE: object }, select: ['ID'], order: { ID: 'ASC' } } })

export const bindComments = async (portal: Portal, step: Step<'bind-comments'>, manner: StepManner): Promise<StepResult> => {
  const targets = targetsOf(step.to, manner)
  const looked = targets.filter(target => !isFresh(target, manner))
  const calls = looked.map(({ object, objectId }) => commentsOn(object, objectId))
  const lists = await certainLists(portal, calls)
  const pairs = pairsOf(step.ids, targets, (id, target) => idsOf((lists[looked.indexOf(target)] ?? []).map(row => row['ID'])).includes(id))
  const open = pairs.filter(({ isThere }) => !isThere)
  const outcomes = await writeAll(portal, open.map(({ id, target }) =>
    ({ method: 'crm.timeline.bindings.bind', params: { fields: { OWNER_ID: id, ENTITY_ID: target.objectId, ENTITY_TYPE: target.object } } })))
  const there = await boundAfterAll(portal, open.filter((_, index) => isRefused(outcomes[index])))
  return withRefused(boundOf(pairs, outcomes, manner), refusedOf(outcomes.filter((_, index) => !there.some(pair => pair === open[index]))))
}

/** The page does not say whether what is bound already is answered with `false`, too: those of the refused pairs that are bound by now. */
const boundAfterAll = async (portal: Portal, refused: readonly Pair[]): Promise<readonly Pair[]> => {
  const targets = [...new Set(refused.map(({ target }) => target))]
  const lists = await readAll(portal, targets.map(({ object, objectId }) => commentsOn(object, objectId)))
  return refused.filter(({ id, target }) => {
    const list = lists[targets.indexOf(target)]
    return list?.ok === true && idsOf(rowsInAny(list.result).map(row => row['ID'])).includes(id)
  })
}

const isRefused = (outcome: Outcome | undefined): boolean => outcome?.ok === false && isRefusal(outcome.error)

/** Offers with their deals (`dealId`, object-fields.md#quote). */
export const quotesWithDeals = async (portal: Portal, ids: readonly number[]): Promise<ReadonlyMap<number, number | null>> => {
  const calls = chunksOf(ids, 50).map((part): Call => ({ method: 'crm.item.list', params: { entityTypeId: quoteType, filter: { '@id': part }, select: ['id', 'dealId'], order: { id: 'ASC' }, start: -1 } }))
  const answers = await portal.callAll(calls, { kind: 'read' })
  return new Map(answers.flatMap(answer => rowsInAny(resultOf(answer)).flatMap((row): readonly (readonly [number, number | null])[] => {
    const id = idOf(row['id'])
    return id === null ? [] : [[id, idOf(row['dealId'])]]
  })))
}

export const writeDeal = (quoteId: number, dealId: number | null): Call => ({ method: 'crm.item.update', params: { entityTypeId: quoteType, id: quoteId, fields: { dealId: dealId ?? '' } } })

/** An offer that belongs to another deal stays there. */
export const bindQuotes = async (portal: Portal, step: Step<'bind-quotes'>, manner: StepManner): Promise<StepResult> => {
  const dealId = knownId(step.deal, manner.results)
  const quotes = await quotesWithDeals(portal, step.ids)
  const open = step.ids.filter(id => quotes.get(id) === null)
  const outcomes = await writeAll(portal, open.map(id => writeDeal(id, dealId)))
  const done = open.filter((_, index) => outcomes[index]?.ok === true)
  const earlier = manner.attempts > 0 && typeof step.deal !== 'number' ? step.ids.filter(id => quotes.get(id) === dealId) : []
  return withRefused({ ids: [...done, ...earlier] }, refusedOf(outcomes))
}

const readAll = async (portal: Portal, calls: readonly Call[]): Promise<readonly Outcome[]> => (calls.length === 0 ? [] : portal.callAll(calls, { kind: 'read' }))

/** `false` with HTTP 200 is a refusal without words (crm-timeline-bindings-bind.md, crm-activity-binding-add.md, crm-requisite-link-register.md). */
export const writeAll = async (portal: Portal, calls: readonly Call[]): Promise<readonly Outcome[]> => {
  const outcomes = calls.length === 0 ? [] : await portal.callAll(calls, { kind: 'write' })
  return outcomes.map((outcome, index): Outcome =>
    (outcome.ok && outcome.result === false ? { ok: false, error: new PortalError({ code: 'invalid', method: calls[index]?.method ?? '', status: 200 }) } : outcome))
}
