/** Activities of leads: calls, mails, meetings, messages, to-dos and mirrors of tasks. */
import { activityId, type Activity, type ActivityKind, type FollowUpState, type Lead, userId } from '../domain/lead.ts'
import { markOfText, withoutMark } from './marks.ts'
import { type Call, idOf, leadType, momentOf, type Outcome, type Row, rowsOf, textOf } from './rows.ts'
import { isRecord } from './transport.ts'

const fields = [
  'ID', 'TYPE_ID', 'PROVIDER_ID', 'PROVIDER_TYPE_ID', 'ASSOCIATED_ENTITY_ID', 'DIRECTION', 'COMPLETED', 'STATUS', 'RESPONSIBLE_ID', 'AUTHOR_ID',
  'CREATED', 'START_TIME', 'END_TIME', 'DEADLINE', 'SUBJECT', 'DESCRIPTION', 'ORIGINATOR_ID', 'IS_INCOMING_CHANNEL',
] as const

/**
 * The newest 50 activities bound to a lead. BINDINGS, because OWNER_ID misses those that belong to a contact first
 * (crm-activity-list.md); one call per lead, because the rows do not tell which binding matched.
 */
export const activitiesOfLead = (leadId: number): Call => ({
  method: 'crm.activity.list',
  params: { filter: { BINDINGS: [{ OWNER_TYPE_ID: leadType, OWNER_ID: leadId }] }, select: fields, order: { ID: 'DESC' }, start: -1 },
})

export interface CallFacts {
  readonly reached: boolean
  readonly durationSeconds: number
}

/** Which task a mirror stands for, and what telephony says of a call, by activity id. */
export interface Beside {
  readonly markOfTask: (taskId: number) => string | null
  readonly callOf: (activityId: number) => CallFacts | null
}

/** Oldest first. */
export const toActivities = (result: unknown, beside: Beside): readonly Activity[] =>
  rowsOf(result).flatMap(row => toActivity(row, beside) ?? []).reverse()

const toActivity = (row: Row, { markOfTask, callOf }: Beside): Activity | null => {
  const id = idOf(row['ID'])
  const createdAt = momentOf(row['CREATED'])
  if (id === null || createdAt === null) return null
  const kind = kindOf(row)
  const authorId = idOf(row['AUTHOR_ID'])
  const responsibleId = idOf(row['RESPONSIBLE_ID'])
  const direction = row['DIRECTION'] === '1' || row['DIRECTION'] === 1 ? 'incoming' : row['DIRECTION'] === '2' || row['DIRECTION'] === 2 ? 'outgoing' : row['IS_INCOMING_CHANNEL'] === 'Y' ? 'incoming' : null
  const taskId = kind === 'task' ? idOf(row['ASSOCIATED_ENTITY_ID']) : null
  const mark = taskId === null ? markOfText(textOf(row['DESCRIPTION'])) : markOfTask(taskId)
  return {
    id: activityId(id),
    kind,
    direction,
    completed: row['COMPLETED'] === 'Y',
    responsibleId: responsibleId === null ? null : userId(responsibleId),
    authorId: authorId === null ? null : userId(authorId),
    createdAt,
    startedAt: momentOf(row['START_TIME']),
    endedAt: momentOf(row['END_TIME']),
    deadlineAt: momentOf(row['DEADLINE']),
    subject: textOf(row['SUBJECT']),
    mark,
    // What nobody wrote was sent by a robot: it is no contact made by a person.
    automatic: mark !== null || (direction === 'outgoing' && authorId === null && (kind === 'email' || kind === 'message')),
    call: kind === 'call' ? callOf(id) : null,
    // The mirror of a task shows the task's text, which the person who made the task wrote.
    ...(kind === 'task' ? {} : { described: withoutMark(textOf(row['DESCRIPTION'])) !== '' }),
  }
}

const kindByType: Readonly<Record<string, ActivityKind>> = { 1: 'meeting', 2: 'call', 3: 'task', 4: 'email' }

/**
 * TYPE_ID, and for activities of providers (6) the provider. CRM_TODO and VOXIMPLANT_CALL stand in the docs
 * (todo/index.md, crm-activity-list.md); the others are what portals write, and what is unknown but came in over a channel is a message.
 */
const kindOf = (row: Row): ActivityKind => {
  const byType = kindByType[textOf(row['TYPE_ID'])]
  if (byType !== undefined) return byType
  const provider = textOf(row['PROVIDER_ID'])
  if (provider === 'CRM_TODO') return 'todo'
  if (provider === 'CRM_TASKS_TASK' || provider === 'TASKS') return 'task'
  if (provider === 'VOXIMPLANT_CALL') return 'call'
  if (provider === 'CRM_EMAIL') return 'email'
  if (provider === 'CRM_MEETING') return 'meeting'
  if (/IMOPENLINES|SMS|WHATSAPP|TELEGRAM|MESSAGE|CHAT/.test(provider)) return 'message'
  return row['IS_INCOMING_CHANNEL'] === 'Y' ? 'message' : 'other'
}

/** To-dos of ours among a lead's activities, newest last. */
export const toTodoFollowUps = (activities: readonly Activity[]): readonly FollowUpState[] =>
  activities.flatMap(activity => (activity.kind === 'todo' && activity.mark !== null
    ? [{ mark: activity.mark, form: 'todo' as const, id: activity.id, open: !activity.completed, responsibleId: activity.responsibleId, deadlineAt: activity.deadlineAt }]
    : []))

/**
 * The note to a to-do of ours, where it is the lead's newest one and closed: what was written there is its summary. A note hangs on an entry of
 * the timeline; `itemType` 2 is an activity, universal ones included (timeline/note/index.md).
 */
export const noteOfLastTodo = ({ id, followUps }: Pick<Lead, 'id' | 'followUps'>): Call | null => {
  const todo = lastTodo(followUps)
  return todo === undefined || todo.open ? null : { method: 'crm.timeline.note.get', params: { ownerTypeId: leadType, ownerId: id, itemType: 2, itemId: todo.id } }
}

/** The same follow-ups with what the answer says of the newest to-do; without a note the portal answers NOT_FOUND (crm-timeline-note-get.md). */
export const withNote = (followUps: readonly FollowUpState[], answer: Outcome): readonly FollowUpState[] => {
  const isSilent = !answer.ok && answer.error.code === 'not-found'
  if (!answer.ok && !isSilent) return followUps
  const summarised = answer.ok && isRecord(answer.result) && textOf(answer.result['text']).trim() !== ''
  const todo = lastTodo(followUps)
  return followUps.map(followUp => (followUp === todo ? { ...followUp, summarised } : followUp))
}

const lastTodo = (followUps: readonly FollowUpState[]): FollowUpState | undefined => followUps.filter(({ form }) => form === 'todo').reduce<FollowUpState | undefined>((last, one) => (last === undefined || one.id > last.id ? one : last), undefined)

/** Calls by the lead they are filed under (voximplant-statistic-get.md): FILTER in upper case, 50 a page. */
export const callsOfLeads = (leadIds: readonly number[]): Call => ({
  method: 'voximplant.statistic.get',
  params: { FILTER: { CRM_ENTITY_TYPE: 'LEAD', CRM_ENTITY_ID: leadIds }, SORT: 'ID', ORDER: 'DESC' },
})

/** Calls by their activity: those filed under a contact, and what did not fit on the first page. */
export const callsOfActivities = (activityIds: readonly number[]): Call => ({
  method: 'voximplant.statistic.get',
  params: { FILTER: { CRM_ACTIVITY_ID: activityIds }, SORT: 'ID', ORDER: 'DESC' },
})

/** 200 is a call that somebody took; the newest record of an activity counts. */
export const readCalls = (result: unknown, into: Map<number, CallFacts>): void => {
  for (const row of rowsOf(result)) {
    const activity = idOf(row['CRM_ACTIVITY_ID'])
    if (activity === null || into.has(activity)) continue
    into.set(activity, { reached: textOf(row['CALL_FAILED_CODE']) === '200', durationSeconds: Number(textOf(row['CALL_DURATION'])) || 0 })
  }
}
