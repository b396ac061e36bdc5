/** What stands on the portal before commands are carried out: stages, titles, our follow-ups, our timeline entries. */
import type { PortalCommand } from '../domain/command.ts'
import type { FollowUpState, LeadId } from '../domain/lead.ts'
import { isMovedSince } from '../domain/rules/tasks.ts'
import { activitiesOfLead, toActivities, toTodoFollowUps } from './activities.ts'
import { PortalError, type PortalErrorCode, retell } from './error.ts'
import { confirmGone } from './gone-leads.ts'
import { markOfText } from './marks.ts'
import type { Portal } from './portal.ts'
import { type Call, chunksOf, idOf, leadType, type Outcome, resultOf, rowsOf, rowsUnder, textOf, uniqueOf } from './rows.ts'
import { tasksOfLeads, toTaskFollowUps } from './tasks.ts'

export interface Item {
  readonly mark: string
  readonly command: PortalCommand
  /** Attempts before this one: with any of them the effect may be there already. */
  readonly attempts: number
}

export interface SeenLead {
  readonly title: string
  readonly stageId: string
  readonly responsibleId: number | null
}

export interface Seen {
  readonly leads: ReadonlyMap<LeadId, SeenLead>
  /** Those that the portal itself calls not found; neither here nor in `leads`: out of this token's sight. */
  readonly gone: ReadonlySet<LeadId>
  /** By mark. */
  readonly followUps: ReadonlyMap<string, FollowUpState>
  /** Marks of comments of ours that are there. */
  readonly comments: ReadonlySet<string>
  /** By mark of the command: its follow-up or comment could not be looked for, so nobody knows whether it is there. */
  readonly blind: ReadonlyMap<string, PortalError>
  /** Newest entries of ours, as text with blanks evened out. */
  readonly timeline: ReadonlyMap<LeadId, readonly string[]>
}

/**
 * One batch request for up to some forty leads. Rejects with PortalError when the leads themselves cannot be read; a
 * follow-up that cannot be looked for leaves only its own commands blind, an unread timeline has nothing told.
 */
export const lookBefore = async (portal: Portal, items: readonly Item[]): Promise<Seen> => {
  const leadIds = uniqueOf(items.map(({ command }) => command.leadId))
  const wantsFollowUp = (form: 'task' | 'todo') => uniqueOf(items.flatMap(item => (formLookedFor(item) === form ? [item.command.leadId] : [])))
  const withTodos = wantsFollowUp('todo')
  const repeated = uniqueOf(items.flatMap(({ attempts, command }) => (attempts > 0 ? [command.leadId] : [])))
  const commented = items.filter(({ attempts, command }) => attempts > 0 && command.kind === 'comment')
  const withComments = uniqueOf(commented.map(({ command }) => command.leadId))
  const leadParts = chunksOf(leadIds, 50).map(leadsNow)
  const taskParts = chunksOf(wantsFollowUp('task'), 50)
  const outcomes = await portal.callAll([...leadParts, ...taskParts.map(part => tasksOfLeads(part)), ...withTodos.map(activitiesOfLead), ...repeated.map(timelineOf), ...withComments.map(commentsOf)], { kind: 'read' })
  const take = (count: number) => outcomes.slice(at, at += count)
  let at = 0

  const leads = new Map<LeadId, SeenLead>()
  for (const outcome of take(leadParts.length)) {
    for (const row of rowsUnder(resultOf(outcome), 'items')) {
      const id = idOf(row['id'])
      if (id !== null) leads.set(id as LeadId, { title: textOf(row['title']), stageId: textOf(row['stageId']), responsibleId: idOf(row['assignedById']) })
    }
  }
  const followUps = new Map<string, FollowUpState>()
  const unread = { task: new Map<LeadId, PortalError>(), todo: new Map<LeadId, PortalError>() }
  const addTasks = (outcome: Outcome, part: readonly LeadId[]) => {
    if (outcome.ok) for (const followUp of toTaskFollowUps(outcome.result)) followUps.set(followUp.mark, followUp)
    else for (const id of part) unread.task.set(id, outcome.error)
  }
  const further: { readonly call: Call; readonly part: readonly LeadId[] }[] = []
  take(taskParts.length).forEach((outcome, index) => {
    const part = taskParts[index] ?? []
    addTasks(outcome, part)
    const total = outcome.ok ? Math.min(outcome.total ?? 0, 500) : 0
    for (let start = 50; start < total; start += 50) further.push({ call: tasksOfLeads(part, start), part })
  })
  take(withTodos.length).forEach((outcome, index) => {
    const id = withTodos[index] as LeadId
    if (!outcome.ok) unread.todo.set(id, outcome.error)
    else for (const followUp of toTodoFollowUps(toActivities(outcome.result, { markOfTask: () => null, callOf: () => null }))) followUps.set(followUp.mark, followUp)
  })
  const timeline = new Map(take(repeated.length).map((outcome, index) => [repeated[index] as LeadId, textsOf(outcome)]))
  const comments = new Set<string>()
  const uncommented = new Map<LeadId, PortalError>()
  take(withComments.length).forEach((outcome, index) => {
    if (!outcome.ok) uncommented.set(withComments[index] as LeadId, outcome.error)
    else for (const row of rowsOf(outcome.result)) comments.add(markOfText(textOf(row['COMMENT'])) ?? '')
  })
  const furtherOutcomes = further.length === 0 ? [] : await portal.callAll(further.map(({ call }) => call), { kind: 'read' })
  furtherOutcomes.forEach((outcome, index) => addTasks(outcome, further[index]?.part ?? []))
  const gone = await confirmGone(portal, leadIds.filter(id => !leads.has(id)))
  return { leads, gone, followUps, timeline, comments, blind: new Map([...blindOf(items, unread), ...commented.flatMap(({ mark, command }) => blindTo(mark, uncommented.get(command.leadId)))]) }
}

/**
 * A deadline that a person moved after we decided to change it stays his: it is left out of the change. A change of nothing else
 * is void (`not-found`), and the next look follows the person.
 */
export const withoutMoved = (items: readonly Item[], { followUps }: Seen): { readonly items: readonly Item[]; readonly voided: ReadonlyMap<string, PortalError> } => {
  const left: Item[] = []
  const voided = new Map<string, PortalError>()
  for (const item of items) {
    const { mark, command } = item
    const seen = command.kind === 'change-follow-up' ? followUps.get(command.followUp) : undefined
    if (command.kind !== 'change-follow-up' || seen?.open !== true || !isMovedSince(command, seen.deadlineAt)) left.push(item)
    else if (command.responsibleId !== null) left.push({ ...item, command: { ...command, deadlineAt: null } })
    else voided.set(mark, new PortalError({ code: 'not-found', method: command.kind, bitrixMessage: 'a person has moved the deadline meanwhile' }))
  }
  return { items: left, voided }
}

/** As `unavailable`: the refusal of a look is no answer to the command. Codes that stop the work for the portal stay. */
const blindOf = (items: readonly Item[], unread: Readonly<Record<'task' | 'todo', ReadonlyMap<LeadId, PortalError>>>): ReadonlyMap<string, PortalError> =>
  new Map(items.flatMap((item) => {
    const form = formLookedFor(item)
    const error = form === null ? undefined : unread[form].get(item.command.leadId)
    return blindTo(item.mark, error)
  }))

const blindTo = (mark: string, error: PortalError | undefined): readonly (readonly [string, PortalError])[] =>
  (error === undefined ? [] : [[mark, retell(error, error.method, refusals.has(error.code) ? 'unavailable' : error.code)]])

const refusals: ReadonlySet<PortalErrorCode> = new Set(['access-denied', 'invalid', 'not-found', 'unexpected'])

/** Changes need the follow-up's id; a repeat of setting one must find what the first attempt may have left. */
const formLookedFor = ({ command, attempts }: Item): 'task' | 'todo' | null => {
  if (command.kind === 'change-follow-up' || command.kind === 'close-follow-up') return command.form
  return command.kind === 'set-follow-up' && attempts > 0 ? command.form : null
}

const leadsNow = (ids: readonly number[]): Call => ({
  method: 'crm.item.list',
  params: { entityTypeId: leadType, filter: { '@id': ids }, select: ['id', 'title', 'stageId', 'assignedById'], start: -1 },
})

/** Ten a page, newest first; only entries made over REST are listed (crm-timeline-logmessage-list.md). */
export const timelineOf = (id: LeadId): Call => ({ method: 'crm.timeline.logmessage.list', params: { entityTypeId: leadType, entityId: id, order: { id: 'desc' } } })

/** The newest 50 (crm-timeline-comment-list.md). */
const commentsOf = (id: LeadId): Call => ({ method: 'crm.timeline.comment.list', params: { filter: { ENTITY_ID: id, ENTITY_TYPE: 'lead' }, select: ['ID', 'COMMENT'], order: { ID: 'DESC' } } })

/** What the entries say; nothing when they could not be read. */
export const textsOf = (outcome: Outcome | undefined): readonly string[] => (outcome?.ok === true ? rowsOf(outcome.result).map(row => evened(textOf(row['text']))) : [])

/** Blanks evened out, so that a portal's own line ends do not make two texts of one. */
export const evened = (text: string): string => text.replace(/\s+/g, ' ').trim()
