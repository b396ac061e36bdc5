import type { Activity, CrmItem, StageHistoryEntry, TimelineEntry } from '../rows.ts'
import { bbcode } from './bbcode.ts'
import { dayName, clockTime, nearMoment, talkTime } from './format.ts'
import { html, type Html } from './html.ts'
import { icon } from './icons.ts'
import { layoutOf } from './layout.ts'
import { avatar } from './shell.ts'
import { nameOf, stageColour, stagesOfItem, taskPath, type View } from './view.ts'

interface Entry {
  readonly at: number
  readonly order: number
  readonly key: string
  readonly body: Html
}

const isOf = (item: CrmItem) => (activity: Activity): boolean =>
  activity.bindings.some(binding => binding.ownerTypeId === item.entityTypeId && binding.ownerId === item.id)

/** Activities of an item, oldest first. */
export const activitiesOf = (view: View, item: CrmItem): Activity[] => [...view.state.activities.values()].filter(isOf(item))

const kinds: Readonly<Record<number, { name: string; sign: string }>> = {
  1: { name: 'Встреча', sign: 'meeting' }, 2: { name: 'Звонок', sign: 'phone' }, 3: { name: 'Задача', sign: 'tasks' }, 4: { name: 'Письмо', sign: 'mail' },
}

const kindOf = (activity: Activity): { name: string; sign: string } => {
  if (activity.providerId.startsWith('IMOPENLINES')) return { name: 'Чат с клиентом', sign: 'chat' }
  if (activity.providerId === 'CRM_TODO') return { name: 'Дело', sign: 'todo' }
  return kinds[activity.typeId] ?? { name: 'Дело приложения', sign: 'app' }
}

const callResults: Readonly<Record<string, string>> = { 304: 'пропущен', 486: 'занято', 603: 'отклонён', '603-S': 'отменён', 404: 'неверный номер', 480: 'недоступен' }

const callLine = (view: View, activity: Activity): Html | false => {
  const call = view.state.calls.find(record => record.crmActivityId === activity.id)
  if (call === undefined) return false
  const reached = call.failedCode === '200'
  return html`<p><span class="tag ${reached ? 'good' : 'bad'}">${reached ? `состоялся, ${talkTime(call.durationSeconds)}` : callResults[call.failedCode] ?? `не состоялся (${call.failedCode})`}</span></p>`
}

const direction = (activity: Activity): string => (activity.direction === 1 ? ' · входящий' : activity.direction === 2 ? ' · исходящий' : '')

const isTodo = (activity: Activity): boolean => activity.typeId === 3 || activity.providerId === 'CRM_TODO'

/** What was to be done stands in the timeline where it was done; everything else where it began. */
const shownAt = (activity: Activity): string => (isTodo(activity) && activity.completed ? activity.lastUpdated : activity.created)

const hasDeadline = (activity: Activity): boolean => !activity.deadline.startsWith('9999') && activity.deadline !== ''

const subject = (view: View, activity: Activity): Html => {
  if (activity.typeId !== 3) return html`${activity.subject}`
  const task = view.state.tasks.get(activity.associatedEntityId)
  return html`<a href="${taskPath(task?.responsibleId ?? view.user.id, activity.associatedEntityId)}" data-open>${activity.subject}</a>`
}

const activityBox = (view: View, activity: Activity, planned: boolean): Html => {
  const kind = kindOf(activity)
  const late = planned && Date.parse(activity.deadline) < view.now
  return html`<article class="entry${late ? ' late' : ''}" data-key="activity-${activity.id}">
    <span class="entry-sign sign-${kind.sign}">${icon(kind.sign)}</span>
    <div class="entry-body">
      <h3>${kind.name}${activity.typeId === 2 || activity.typeId === 4 ? direction(activity) : isTodo(activity) && activity.completed ? ': выполнено' : ''}<time datetime="${shownAt(activity)}">${clockTime(shownAt(activity), view.timeZone)}</time></h3>
      ${activity.layout ? layoutOf(view, activity.layout) : html`<p>${subject(view, activity)}</p>`}
      ${callLine(view, activity)}
      ${!activity.layout && activity.description !== '' && activity.description !== activity.subject && html`<div class="entry-text">${bbcode(activity.description)}</div>`}
      ${planned && hasDeadline(activity) && html`<p class="due${late ? ' late' : ''}">${icon('todo')}<span>${late ? 'Просрочено: ' : 'Крайний срок: '}<time datetime="${activity.deadline}">${nearMoment(activity.deadline, view.now, view.timeZone)}</time></span></p>`}
      <div class="entry-foot">${avatar(nameOf(view.state, activity.responsibleId), activity.responsibleId)}<span class="muted">${nameOf(view.state, activity.responsibleId)}</span>
      ${planned && html`<form method="post" action="/emulator/act/complete-activity" data-act><input type="hidden" name="activity" value="${activity.id}"><button class="button small">Выполнено</button></form>`}</div>
    </div>
  </article>`
}

const noteBox = (view: View, entry: TimelineEntry): Html => html`<article class="entry ${entry.kind === 'log' ? 'quiet' : 'comment'}" data-key="timeline-${entry.id}">
  <span class="entry-sign sign-${entry.kind === 'log' ? 'app' : 'comment'}">${icon(entry.kind === 'log' ? 'app' : 'comment')}</span>
  <div class="entry-body">
    <h3>${entry.kind === 'log' ? entry.title : 'Комментарий'}<time datetime="${entry.created}">${clockTime(entry.created, view.timeZone)}</time></h3>
    <div class="entry-text">${bbcode(entry.text)}</div>
    ${entry.kind === 'comment' && html`<p class="entry-foot">${avatar(nameOf(view.state, entry.authorId), entry.authorId)}<span class="muted">${nameOf(view.state, entry.authorId)}</span></p>`}
  </div>
</article>`

const made: Readonly<Record<number, string>> = { 1: 'Лид создан', 2: 'Сделка создана' }

const stageBox = (view: View, entry: StageHistoryEntry, before: StageHistoryEntry | undefined): Html => {
  const stageOf = (one: StageHistoryEntry) => stagesOfItem(view.state, one).find(stage => stage.statusId === one.stageId)
  const stage = stageOf(entry)
  const name = stage?.name ?? entry.stageId
  const from = before === undefined ? null : stageOf(before)?.name ?? before.stageId
  return html`<article class="entry quiet" data-key="stage-${entry.id}">
    <span class="entry-sign sign-stage">${icon('stage')}</span>
    <div class="entry-body">
      <h3>${from === null ? made[entry.entityTypeId] ?? '' : 'Стадия изменена'}<time datetime="${entry.createdTime}">${clockTime(entry.createdTime, view.timeZone)}</time></h3>
      <p>${from !== null && html`<span class="muted">${from}</span> → `}<span class="tag" style="--stage:${stage === undefined ? '#a8adb4' : stageColour(stage)}">${name}</span></p>
    </div>
  </article>`
}

const entriesOf = (view: View, item: CrmItem): Entry[] => {
  const history = view.state.stageHistory.filter(entry => entry.entityTypeId === item.entityTypeId && entry.ownerId === item.id)
  return [
    ...activitiesOf(view, item).filter(activity => activity.completed || !hasDeadline(activity)).map(activity => ({
      at: Date.parse(shownAt(activity)), order: activity.id, key: 'activity', body: activityBox(view, activity, false),
    })),
    ...view.state.timeline.filter(entry => entry.bindings.some(binding => binding.entityTypeId === item.entityTypeId && binding.entityId === item.id))
      .map(entry => ({ at: Date.parse(entry.created), order: entry.id, key: 'note', body: noteBox(view, entry) })),
    ...history.map((entry, index) => ({ at: Date.parse(entry.createdTime), order: entry.id, key: 'a-stage', body: stageBox(view, entry, history[index - 1]) })),
  ].sort((a, b) => b.at - a.at || (a.key === b.key ? b.order - a.order : b.key.localeCompare(a.key)))
}

/** What is planned, then everything that happened, newest first, under the headings of days. */
export const timeline = (view: View, item: CrmItem): Html => {
  const planned = activitiesOf(view, item).filter(activity => !activity.completed && hasDeadline(activity)).sort((a, b) => Date.parse(a.deadline) - Date.parse(b.deadline))
  const past = entriesOf(view, item)
  const days = [...new Set(past.map(entry => dayName(entry.at, view.timeZone)))]
  return html`<div class="timeline">
    ${planned.length > 0 && html`<section data-key="planned"><h2 class="day planned">Запланировано</h2>${planned.map(activity => activityBox(view, activity, true))}</section>`}
    ${days.map(day => html`<section data-key="day-${day}"><h2 class="day">${day}</h2>${past.filter(entry => dayName(entry.at, view.timeZone) === day).map(entry => entry.body)}</section>`)}
  </div>`
}
