/** What people do on the pages: each form of a page is one deed, carried out as the person who sent it. */
import type { FakePortal } from '../fake-portals.ts'
import type { User } from '../rows.ts'
import { fromLocalInput } from './format.ts'
import { readUserFields } from './fields.ts'
import { salesDeeds } from './sales-deeds.ts'
import { appPath, leadPath, marketPath, type View } from './view.ts'

/** Told to the person after a deed: a line of text, a problem, or where to go. */
export interface Told {
  readonly said?: string
  readonly problem?: string
  readonly go?: string
  /** Opened in a slider over the page; without scripts the same as `go`. */
  readonly open?: string
}

export interface Deed {
  readonly portal: FakePortal
  readonly view: View
  readonly user: User
  readonly form: URLSearchParams
}

const text = (form: URLSearchParams, name: string): string => (form.get(name) ?? '').trim()

const number = (form: URLSearchParams, name: string): number => {
  const value = Number(form.get(name))
  if (!Number.isInteger(value) || value <= 0) throw new Error(`${name}: нужен номер`)
  return value
}

const direction = (form: URLSearchParams): 'incoming' | 'outgoing' => (form.get('direction') === 'incoming' ? 'incoming' : 'outgoing')

const filled = (form: URLSearchParams, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map(name => [name, text(form, name)] as const).filter(([, value]) => value !== ''))

const onlyAdmin = ({ user }: Deed): void => {
  if (!user.isAdmin) throw new Error('Это может только администратор портала.')
}

const createLead = ({ portal, user, form }: Deed): Told => {
  const fm = (['PHONE', 'EMAIL', 'IM'] as const).flatMap(typeId => (text(form, typeId) === '' ? [] : [{ typeId, valueType: typeId === 'IM' ? 'TELEGRAM' : 'WORK', value: text(form, typeId) }]))
  const lead = portal.act.createLead({ ...filled(form, ['title', 'name', 'lastName', 'companyTitle', 'sourceId', 'comments']), fm }, form.get('byForm') === 'Y' ? null : user.id)
  return { said: `Создан лид «${lead.title}»` }
}

const editLead = ({ portal, view, user, form }: Deed): Told => {
  const changes = Object.fromEntries(['title', 'name', 'lastName', 'companyTitle', 'sourceId', 'comments'].map(name => [name, text(form, name)]))
  portal.act.updateLead(number(form, 'lead'), { ...changes, assignedById: number(form, 'assignedById'), ...filled(form, ['phone', 'email']), ...readUserFields(view, form, 'CRM_LEAD') }, user.id)
  return { said: 'Лид сохранён' }
}

const call = ({ portal, user, form }: Deed): Told => {
  const failedCode = text(form, 'failedCode') || '200'
  const reached = failedCode === '200'
  portal.act.call({ leadId: number(form, 'lead'), userId: user.id, direction: direction(form), failedCode, durationSeconds: reached ? Math.max(1, Number(form.get('durationSeconds')) || 60) : 0 })
  return { said: reached ? 'Разговор состоялся' : 'Дозвониться не удалось' }
}

const tick = ({ portal, user, form }: Deed): Told => {
  const task = portal.state.tasks.get(number(form, 'task'))
  const point = task?.checklist.find(item => item.id === Number(form.get('point')))
  if (task === undefined || point === undefined) throw new Error('Такого пункта нет.')
  portal.act.updateTask(task.id, { checklist: task.checklist.map(item => (item === point ? { ...item, isComplete: !item.isComplete } : item)) }, user.id)
  return {}
}

const deeds: Readonly<Record<string, (deed: Deed) => Told>> = {
  ...salesDeeds,
  'create-lead': createLead,
  'edit-lead': editLead,
  call,
  tick,
  'run-robot': ({ portal, form }) => {
    const code = text(form, 'robot')
    if (!portal.state.robots.has(code)) throw new Error('Такого робота нет.')
    portal.runRobot(code, number(form, 'lead'))
    return { said: 'Робот запущен' }
  },
  'move-stage': ({ portal, user, form }) => {
    portal.act.moveStage(number(form, 'lead'), text(form, 'stage'), user.id)
    return {}
  },
  'delete-lead': ({ portal, user, form }) => {
    portal.act.deleteLead(number(form, 'lead'), user.id)
    return { said: 'Лид удалён', go: '/crm/lead/kanban/' }
  },
  mail: ({ portal, user, form }) => {
    portal.act.mail({ leadId: number(form, 'lead'), userId: user.id, direction: direction(form), subject: text(form, 'subject') || 'Без темы', text: text(form, 'text') })
    return { said: 'Письмо записано' }
  },
  message: ({ portal, user, form }) => {
    portal.act.message({ leadId: number(form, 'lead'), userId: user.id, direction: direction(form), text: text(form, 'text') })
    return { said: 'Сообщение записано' }
  },
  comment: ({ portal, user, form }) => {
    portal.act.comment(number(form, 'lead'), text(form, 'text'), user.id)
    return {}
  },
  'complete-activity': ({ portal, user, form }) => {
    portal.act.completeActivity(number(form, 'activity'), user.id)
    return {}
  },
  'start-task': ({ portal, user, form }) => {
    portal.act.startTask(number(form, 'task'), user.id)
    return {}
  },
  'complete-task': ({ portal, user, form }) => {
    portal.act.completeTask(number(form, 'task'), user.id)
    return { said: 'Задача завершена' }
  },
  'renew-task': ({ portal, user, form }) => {
    portal.act.renewTask(number(form, 'task'), user.id)
    return {}
  },
  'move-task': ({ portal, user, form }) => {
    const task = portal.state.tasks.get(number(form, 'task'))
    if (task === undefined) throw new Error('Такой задачи нет.')
    if (!task.allowChangeDeadline && task.createdBy !== user.id && !user.isAdmin) throw new Error('Срок этой задачи ответственный менять не может.')
    portal.act.moveTaskDeadline(task.id, text(form, 'deadline') === '' ? null : fromLocalInput(text(form, 'deadline'), portal.timeZone), user.id)
    return { said: 'Срок перенесён' }
  },
  'read-notifications': ({ portal, user }) => {
    portal.act.readNotifications(user.id)
    return {}
  },
  'open-day': ({ portal, form }) => {
    portal.act.openDay(number(form, 'user'))
    return {}
  },
  'close-day': ({ portal, form }) => {
    portal.act.closeDay(number(form, 'user'))
    return {}
  },
  away: ({ portal, form }) => {
    portal.act.setAbsent(number(form, 'user'), portal.now(), portal.now() + 3 * 86_400_000)
    return {}
  },
  back: ({ portal, form }) => {
    portal.act.clearAbsences(number(form, 'user'))
    return {}
  },
  dismiss: ({ portal, form }) => {
    portal.act.dismissUser(number(form, 'user'))
    return {}
  },
  hire: ({ portal, form }) => {
    portal.act.hireUser(number(form, 'user'))
    return {}
  },
  install: (deed) => {
    onlyAdmin(deed)
    deed.portal.install(deed.portal.app.urls, deed.user.id)
    return { open: appPath(deed.portal.app.code) }
  },
  update: (deed) => {
    onlyAdmin(deed)
    deed.portal.update(deed.portal.app.version + 1, { byUserId: deed.user.id })
    return { said: 'Приложение обновлено', go: marketPath }
  },
  uninstall: (deed) => {
    onlyAdmin(deed)
    deed.portal.uninstall({ clean: deed.form.get('clean') === 'Y', byUserId: deed.user.id })
    return { said: 'Приложение удалено', go: marketPath }
  },
}

/** Does one deed; what a person may not do or mistyped comes back as a problem in words. Null: no such deed. */
export const doDeed = (name: string, deed: Deed): Told | null => {
  const act = Object.hasOwn(deeds, name) ? deeds[name] : undefined
  if (act === undefined) return null
  try {
    return act(deed)
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Where a browser without scripts goes after a deed. */
export const afterDeed = (told: Told, form: URLSearchParams, referer: string | undefined): string => {
  const next = told.go ?? told.open
  if (next !== undefined) return next
  const lead = form.get('lead')
  return referer ?? (lead === null ? '/' : leadPath(Number(lead)))
}
