/** Every REST method we use: its page in the official documentation, the scope it needs, and whether it changes anything. */
import type { Kind } from './transport.ts'

export interface MethodFacts {
  /** Path in the repository bitrix24/b24restdocs. */
  readonly page: string
  /** One of these; `basic` is always granted. */
  readonly scopes: readonly string[]
  readonly kind: Kind
  /** The portal may lack it (plan, module, rights): its facts stay unknown and nothing fails. */
  readonly optional?: boolean
}

const crm = ['crm']
const basic = ['basic']

export const methods = {
  'batch': { page: 'settings/how-to-call-rest-api/batch.md', scopes: basic, kind: 'write' },
  'profile': { page: 'api-reference/common/users/profile.md', scopes: basic, kind: 'read' },
  'app.info': { page: 'api-reference/common/system/app-info.md', scopes: basic, kind: 'read' },
  'scope': { page: 'api-reference/common/system/scope.md', scopes: basic, kind: 'read' },
  'server.time': { page: 'api-reference/common/system/server-time.md', scopes: basic, kind: 'read' },
  'events': { page: 'api-reference/events/events.md', scopes: basic, kind: 'read' },
  'event.get': { page: 'api-reference/events/event-get.md', scopes: basic, kind: 'read' },
  'event.bind': { page: 'api-reference/events/event-bind.md', scopes: basic, kind: 'write' },
  'event.unbind': { page: 'api-reference/events/event-unbind.md', scopes: basic, kind: 'write' },
  'placement.get': { page: 'api-reference/widgets/placement-get.md', scopes: ['placement'], kind: 'read' },
  'placement.bind': { page: 'api-reference/widgets/placement-bind.md', scopes: ['placement'], kind: 'write' },
  'placement.unbind': { page: 'api-reference/widgets/placement-unbind.md', scopes: ['placement'], kind: 'write' },
  'crm.settings.mode.get': { page: 'api-reference/crm/crm-settings-mode-get.md', scopes: crm, kind: 'read' },
  'crm.item.fields': { page: 'api-reference/crm/universal/crm-item-fields.md', scopes: crm, kind: 'read' },
  'crm.item.get': { page: 'api-reference/crm/universal/crm-item-get.md', scopes: crm, kind: 'read' },
  'crm.item.list': { page: 'api-reference/crm/universal/crm-item-list.md', scopes: crm, kind: 'read' },
  'crm.item.update': { page: 'api-reference/crm/universal/crm-item-update.md', scopes: crm, kind: 'write' },
  'crm.item.add': { page: 'api-reference/crm/universal/crm-item-add.md', scopes: crm, kind: 'write' },
  'crm.item.delete': { page: 'api-reference/crm/universal/crm-item-delete.md', scopes: crm, kind: 'write' },
  'crm.item.productrow.list': { page: 'api-reference/crm/universal/product-rows/crm-item-productrow-list.md', scopes: crm, kind: 'read' },
  'crm.item.productrow.add': { page: 'api-reference/crm/universal/product-rows/crm-item-productrow-add.md', scopes: crm, kind: 'write' },
  'crm.item.productrow.delete': { page: 'api-reference/crm/universal/product-rows/crm-item-productrow-delete.md', scopes: crm, kind: 'write' },
  'crm.category.list': { page: 'api-reference/crm/universal/category/crm-category-list.md', scopes: crm, kind: 'read' },
  'crm.currency.base.get': { page: 'api-reference/crm/currency/crm-currency-base-get.md', scopes: crm, kind: 'read' },
  'crm.contact.company.add': { page: 'api-reference/crm/contacts/company/crm-contact-company-add.md', scopes: crm, kind: 'write' },
  'crm.contact.company.delete': { page: 'api-reference/crm/contacts/company/crm-contact-company-delete.md', scopes: crm, kind: 'write' },
  'crm.stagehistory.list': { page: 'api-reference/crm/crm-stage-history-list.md', scopes: crm, kind: 'read' },
  'crm.status.list': { page: 'api-reference/crm/status/crm-status-list.md', scopes: crm, kind: 'read' },
  'crm.status.add': { page: 'api-reference/crm/status/crm-status-add.md', scopes: crm, kind: 'write' },
  'crm.lead.userfield.list': { page: 'api-reference/crm/leads/userfield/crm-lead-userfield-list.md', scopes: crm, kind: 'read' },
  'crm.lead.userfield.add': { page: 'api-reference/crm/leads/userfield/crm-lead-userfield-add.md', scopes: crm, kind: 'write' },
  'crm.lead.userfield.update': { page: 'api-reference/crm/leads/userfield/crm-lead-userfield-update.md', scopes: crm, kind: 'write' },
  'crm.activity.list': { page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-list.md', scopes: crm, kind: 'read' },
  'crm.activity.update': { page: 'api-reference/crm/timeline/activities/activity-base/crm-activity-update.md', scopes: crm, kind: 'write' },
  'crm.activity.binding.list': { page: 'api-reference/crm/timeline/activities/binding/crm-activity-binding-list.md', scopes: crm, kind: 'read' },
  'crm.activity.binding.add': { page: 'api-reference/crm/timeline/activities/binding/crm-activity-binding-add.md', scopes: crm, kind: 'write' },
  'crm.activity.binding.delete': { page: 'api-reference/crm/timeline/activities/binding/crm-activity-binding-delete.md', scopes: crm, kind: 'write' },
  'crm.activity.todo.add': { page: 'api-reference/crm/timeline/activities/todo/crm-activity-todo-add.md', scopes: crm, kind: 'write' },
  'crm.activity.todo.updateDeadline': { page: 'api-reference/crm/timeline/activities/todo/crm-activity-todo-update-deadline.md', scopes: crm, kind: 'write' },
  'crm.activity.todo.updateResponsibleUser': { page: 'api-reference/crm/timeline/activities/todo/crm-activity-todo-update-responsible-user.md', scopes: crm, kind: 'write' },
  'crm.timeline.note.get': { page: 'api-reference/crm/timeline/note/crm-timeline-note-get.md', scopes: crm, kind: 'read', optional: true },
  'crm.timeline.logmessage.add': { page: 'api-reference/crm/timeline/logmessage/crm-timeline-logmessage-add.md', scopes: crm, kind: 'write' },
  'crm.timeline.logmessage.list': { page: 'api-reference/crm/timeline/logmessage/crm-timeline-logmessage-list.md', scopes: crm, kind: 'read' },
  'crm.timeline.logmessage.delete': { page: 'api-reference/crm/timeline/logmessage/crm-timeline-logmessage-delete.md', scopes: crm, kind: 'write' },
  'crm.timeline.comment.add': { page: 'api-reference/crm/timeline/comments/crm-timeline-comment-add.md', scopes: crm, kind: 'write' },
  'crm.timeline.comment.list': { page: 'api-reference/crm/timeline/comments/crm-timeline-comment-list.md', scopes: crm, kind: 'read' },
  'crm.timeline.bindings.bind': { page: 'api-reference/crm/timeline/bindings/crm-timeline-bindings-bind.md', scopes: crm, kind: 'write' },
  'crm.timeline.bindings.unbind': { page: 'api-reference/crm/timeline/bindings/crm-timeline-bindings-unbind.md', scopes: crm, kind: 'write' },
  'crm.duplicate.findbycomm': { page: 'api-reference/crm/duplicates/crm-duplicate-find-by-comm.md', scopes: crm, kind: 'read' },
  'crm.requisite.list': { page: 'api-reference/crm/requisites/universal/crm-requisite-list.md', scopes: crm, kind: 'read', optional: true },
  'crm.requisite.add': { page: 'api-reference/crm/requisites/universal/crm-requisite-add.md', scopes: crm, kind: 'write', optional: true },
  'crm.requisite.delete': { page: 'api-reference/crm/requisites/universal/crm-requisite-delete.md', scopes: crm, kind: 'write', optional: true },
  'crm.requisite.preset.list': { page: 'api-reference/crm/requisites/presets/crm-requisite-preset-list.md', scopes: crm, kind: 'read', optional: true },
  'crm.requisite.link.list': { page: 'api-reference/crm/requisites/links/crm-requisite-link-list.md', scopes: crm, kind: 'read', optional: true },
  'crm.requisite.link.register': { page: 'api-reference/crm/requisites/links/crm-requisite-link-register.md', scopes: crm, kind: 'write', optional: true },
  'crm.requisite.link.unregister': { page: 'api-reference/crm/requisites/links/crm-requisite-link-unregister.md', scopes: crm, kind: 'write', optional: true },
  'crm.automation.trigger.list': { page: 'api-reference/crm/automation/triggers/crm-automation-trigger-list.md', scopes: crm, kind: 'read', optional: true },
  'crm.automation.trigger.add': { page: 'api-reference/crm/automation/triggers/crm-automation-trigger-add.md', scopes: crm, kind: 'write', optional: true },
  'crm.automation.trigger.execute': { page: 'api-reference/crm/automation/triggers/crm-automation-trigger-execute.md', scopes: crm, kind: 'write', optional: true },
  'bizproc.robot.list': { page: 'api-reference/bizproc/bizproc-robot/bizproc-robot-list.md', scopes: ['bizproc'], kind: 'read', optional: true },
  'bizproc.robot.add': { page: 'api-reference/bizproc/bizproc-robot/bizproc-robot-add.md', scopes: ['bizproc'], kind: 'write', optional: true },
  'bizproc.robot.update': { page: 'api-reference/bizproc/bizproc-robot/bizproc-robot-update.md', scopes: ['bizproc'], kind: 'write', optional: true },
  'bizproc.event.send': { page: 'api-reference/bizproc/bizproc-robot/bizproc-event-send.md', scopes: ['bizproc'], kind: 'write', optional: true },
  'tasks.task.list': { page: 'api-reference/tasks/tasks-task-list.md', scopes: ['task'], kind: 'read' },
  'tasks.task.add': { page: 'api-reference/tasks/tasks-task-add.md', scopes: ['task'], kind: 'write' },
  'tasks.task.update': { page: 'api-reference/tasks/tasks-task-update.md', scopes: ['task'], kind: 'write' },
  'tasks.task.complete': { page: 'api-reference/tasks/status/tasks-task-complete.md', scopes: ['task'], kind: 'write' },
  'im.notify.system.add': { page: 'api-reference/chats/notifications/im-notify-system-add.md', scopes: ['im'], kind: 'write' },
  'im.user.list.get': { page: 'api-reference/chats/users/im-user-list-get.md', scopes: ['im'], kind: 'read' },
  'im.department.managers.get': { page: 'api-reference/chats/departments/im-department-managers-get.md', scopes: ['im'], kind: 'read' },
  'user.get': { page: 'api-reference/user/user-get.md', scopes: ['user', 'user_basic', 'user_brief'], kind: 'read' },
  'department.get': { page: 'api-reference/departments/department-get.md', scopes: ['department'], kind: 'read' },
  'calendar.settings.get': { page: 'api-reference/calendar/calendar-settings-get.md', scopes: ['calendar'], kind: 'read', optional: true },
  'timeman.settings': { page: 'api-reference/timeman/base/timeman-settings.md', scopes: ['timeman'], kind: 'read', optional: true },
  'timeman.status': { page: 'api-reference/timeman/base/timeman-status.md', scopes: ['timeman'], kind: 'read', optional: true },
  'voximplant.statistic.get': { page: 'api-reference/telephony/voximplant/voximplant-statistic-get.md', scopes: ['telephony'], kind: 'read', optional: true },
} as const satisfies Readonly<Record<string, MethodFacts>>
