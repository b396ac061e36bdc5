/** Follow-ups as REST calls: tasks and to-dos, set, changed and closed. */
import type { PortalCommand } from '../domain/command.ts'
import type { FollowUpState } from '../domain/lead.ts'
import { link, list, plain } from './bbcode.ts'
import { toXmlId, withMark } from './marks.ts'
import { type Call, toDateTime } from './rows.ts'
import { leadOwner, leadPath } from './tasks.ts'

export interface Place {
  readonly language: 'ru' | 'en'
  readonly timeZone: string
  /** Origin of the portal, for links that are read outside of it as well. */
  readonly origin: string
}

type SetFollowUp = Extract<PortalCommand, { kind: 'set-follow-up' }>
type ChangeFollowUp = Extract<PortalCommand, { kind: 'change-follow-up' }>

const words = {
  ru: { checklist: 'Что нужно узнать и записать:', video: 'Видео: как это сделать', lead: 'Открыть лид, вкладка «Регламент»' },
  en: { checklist: 'What to find out and write down:', video: 'Video: how to do it', lead: 'Open the lead, tab Leadrail' },
} as const

/**
 * One call for the whole follow-up: the checklist stands in the description, because task.checklistitem.add would cost a
 * call per line. Tasks have no reminder over REST, so that one is a message of ours; a to-do brings its own (pingOffsets).
 */
export const setFollowUp = (command: SetFollowUp, place: Place): Call => (command.form === 'task' ? addTask(command, place) : addTodo(command, place))

/** tasks-task-add.md, tasks/fields.md. */
const addTask = (command: SetFollowUp, place: Place): Call => ({
  method: 'tasks.task.add',
  params: {
    fields: {
      TITLE: command.title,
      DESCRIPTION: taskDescription(command, place),
      RESPONSIBLE_ID: command.responsibleId,
      DEADLINE: toDateTime(command.deadlineAt, place.timeZone),
      ALLOW_CHANGE_DEADLINE: command.deadlineMayMove ? 'Y' : 'N',
      UF_CRM_TASK: [`L_${command.leadId}`],
      XML_ID: toXmlId(command.mark),
    },
  },
})

/** crm-activity-todo-add.md; the mark stands in the description, for a to-do has no other place for it. */
const addTodo = (command: SetFollowUp, place: Place): Call => {
  const { checklist, video } = words[place.language]
  const lines = [
    command.text,
    ...(command.checklist.length === 0 ? [] : ['', checklist, ...command.checklist.map(item => `– ${item}`)]),
    ...(command.videoUrl === null ? [] : ['', `${video}: ${command.videoUrl}`]),
  ]
  return {
    method: 'crm.activity.todo.add',
    params: {
      ...leadOwner(command.leadId),
      title: command.title,
      description: withMark(plain(lines.join('\n')), command.mark),
      deadline: toDateTime(command.deadlineAt, place.timeZone),
      responsibleId: command.responsibleId,
      pingOffsets: command.remindBeforeMinutes > 0 ? [command.remindBeforeMinutes] : [],
    },
  }
}

const taskDescription = ({ text, checklist, videoUrl, leadId }: SetFollowUp, { language, origin }: Place): string => {
  const said = words[language]
  return [
    plain(text),
    checklist.length === 0 ? '' : `${said.checklist}\n${list(checklist)}`,
    [videoUrl === null ? '' : link(videoUrl, said.video), link(`${origin}${leadPath(leadId)}`, said.lead)].filter(Boolean).join('\n'),
  ].filter(Boolean).join('\n\n')
}

/** To-dos: two calls, because todo.update wants everything again (crm-activity-todo-update.md). */
export const changeFollowUp = (command: ChangeFollowUp, seen: FollowUpState, place: Place): readonly Call[] => {
  const deadline = command.deadlineAt === null ? null : toDateTime(command.deadlineAt, place.timeZone)
  const { responsibleId } = command
  if (command.form === 'task') {
    const fields = { ...(deadline === null ? {} : { DEADLINE: deadline }), ...(responsibleId === null ? {} : { RESPONSIBLE_ID: responsibleId }) }
    return Object.keys(fields).length === 0 ? [] : [{ method: 'tasks.task.update', params: { taskId: seen.id, fields } }]
  }
  const owner = leadOwner(command.leadId)
  return [
    ...(deadline === null ? [] : [{ method: 'crm.activity.todo.updateDeadline', params: { id: seen.id, ...owner, value: deadline } }]),
    ...(responsibleId === null || responsibleId === seen.responsibleId ? [] : [{ method: 'crm.activity.todo.updateResponsibleUser', params: { id: seen.id, ...owner, responsibleId } }]),
  ]
}

/** A to-do can be completed by crm.activity.update only (todo/index.md). */
export const closeFollowUp = ({ form, id }: FollowUpState): Call => form === 'task'
  ? { method: 'tasks.task.complete', params: { taskId: id } }
  : { method: 'crm.activity.update', params: { id, fields: { COMPLETED: 'Y' } } }
