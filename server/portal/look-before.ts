/** What stands on the portal before commands are carried out: stages, titles, our follow-ups, our timeline entries. */
import type { PortalCommand } from '../domain/command.ts'
import type { FollowUpState, LeadId } from '../domain/lead.ts'
import { activitiesOfLead, toActivities, toTodoFollowUps } from './activities.ts'
import type { Portal } from './portal.ts'
import { type Call, chunksOf, idOf, leadType, resultOf, rowsOf, rowsUnder, textOf, uniqueOf } from './rows.ts'
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
  /** By mark. */
  readonly followUps: ReadonlyMap<string, FollowUpState>
  /** Newest entries of ours, as text with blanks evened out. */
  readonly timeline: ReadonlyMap<LeadId, readonly string[]>
}

/** One batch request for up to some forty leads. Rejects with PortalError. */
export const lookBefore = async (portal: Portal, items: readonly Item[]): Promise<Seen> => {
  const leadIds = uniqueOf(items.map(({ command }) => command.leadId))
  const wantsFollowUp = (form: 'task' | 'todo') => uniqueOf(items.flatMap(item => (formLookedFor(item) === form ? [item.command.leadId] : [])))
  const withTodos = wantsFollowUp('todo')
  const repeated = uniqueOf(items.flatMap(({ attempts, command }) => (attempts > 0 ? [command.leadId] : [])))
  const leadParts = chunksOf(leadIds, 50).map(leadsNow)
  const taskParts = chunksOf(wantsFollowUp('task'), 50)
  const outcomes = await portal.callAll([...leadParts, ...taskParts.map(part => tasksOfLeads(part)), ...withTodos.map(activitiesOfLead), ...repeated.map(timelineOf)], { kind: 'read' })
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
  const furtherTasks: Call[] = []
  take(taskParts.length).forEach((outcome, index) => {
    for (const followUp of toTaskFollowUps(resultOf(outcome))) followUps.set(followUp.mark, followUp)
    const total = outcome.ok ? Math.min(outcome.total ?? 0, 500) : 0
    for (let start = 50; start < total; start += 50) furtherTasks.push(tasksOfLeads(taskParts[index] ?? [], start))
  })
  for (const outcome of take(withTodos.length))
    for (const followUp of toTodoFollowUps(toActivities(resultOf(outcome), { markOfTask: () => null, callOf: () => null }))) followUps.set(followUp.mark, followUp)
  const timeline = new Map(take(repeated.length).map((outcome, index) => [repeated[index] as LeadId, rowsOf(resultOf(outcome)).map(row => evened(textOf(row['text'])))]))
  for (const outcome of furtherTasks.length === 0 ? [] : await portal.callAll(furtherTasks, { kind: 'read' }))
    for (const followUp of toTaskFollowUps(resultOf(outcome))) followUps.set(followUp.mark, followUp)
  return { leads, followUps, timeline }
}

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
const timelineOf = (id: LeadId): Call => ({ method: 'crm.timeline.logmessage.list', params: { entityTypeId: leadType, entityId: id, order: { id: 'desc' } } })

/** Blanks evened out, so that a portal's own line ends do not make two texts of one. */
export const evened = (text: string): string => text.replace(/\s+/g, ' ').trim()
