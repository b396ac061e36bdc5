/**
 * What people (and automation) do on a portal: each act changes the state as the Bitrix24 screen would and fires the same events.
 * `by` is the id of the acting person; null means automation (web form, robot, telephony), whose events carry no tokens.
 */
import { createSalesActs } from './acts-sales.ts'
import type { Absence, Activity, CallRecord, CrmItem, EntityTypeId, Invoice, MultiField, Quote, Task, TimelineEntry } from './rows.ts'
import { itemsOf, nextId } from './state.ts'
import { addActivity, deleteActivity, updateActivity } from './world/activities.ts'
import { deleteItem } from './world/deletion.ts'
import { addItem, newMultiFields, stagesOf, updateItem } from './world/items.ts'
import { addComment } from './world/notices.ts'
import { addDepartment, addStatus, addUser } from './world/people.ts'
import { addTask, deleteTask, followMirror, updateTask, type TaskDraft } from './world/tasks.ts'
import { isoAt } from './world/time.ts'
import type { Cause, World } from './world/world.ts'

/** Universal field names (`title`, `name`, `sourceId`, `UF_CRM_…`), plus shorthands for contact data. */
export interface ItemDraft {
  phone?: string
  email?: string
  /** Messenger address, such as `imol|telegram|1|11|42`. */
  im?: string
  fm?: Partial<MultiField>[]
  [field: string]: unknown
}

export interface CallDraft {
  leadId: number
  userId: number
  direction: 'incoming' | 'outgoing'
  durationSeconds: number
  /** 200 success, 304 missed, 486 busy, 603 declined, 603-S cancelled …; 200 by default when it lasted, else 304. */
  failedCode?: string
  phone?: string
}

export interface MailDraft { leadId: number; userId: number; direction: 'incoming' | 'outgoing'; subject: string; text?: string }
export interface MessageDraft { leadId: number; userId: number; direction: 'incoming' | 'outgoing'; text: string; connector?: string }
export interface MeetingDraft { leadId: number; userId: number; subject: string; startAt?: number; minutes?: number; completed?: boolean }

const fieldsOf = (draft: ItemDraft): Record<string, unknown> => {
  const { phone, email, im, fm = [], ...fields } = draft
  const drafts: Partial<MultiField>[] = [...fm]
  if (phone !== undefined) drafts.push({ typeId: 'PHONE', valueType: 'WORK', value: phone })
  if (email !== undefined) drafts.push({ typeId: 'EMAIL', valueType: 'WORK', value: email })
  if (im !== undefined) drafts.push({ typeId: 'IM', valueType: im.startsWith('imol|') ? 'IMOL' : 'OTHER', value: im })
  return drafts.length === 0 ? fields : { ...fields, fm: drafts }
}

/** Acts of one portal. An id that does not exist throws: a scenario must not go on with a typing error. */
export const createActs = (world: World) => {
  const { state } = world
  const found = <T>(row: T | undefined, what: string, id: number): T => {
    if (row === undefined) throw new Error(`there is no ${what} ${id}`)
    return row
  }
  const item = (entityTypeId: EntityTypeId, id: number): CrmItem => found(itemsOf(state, entityTypeId).get(id), `item of type ${entityTypeId} with id`, id)
  const task = (id: number): Task => found(state.tasks.get(id), 'task', id)
  const activity = (id: number): Activity => found(state.activities.get(id), 'activity', id)
  const user = (id: number) => found(state.users.get(id), 'user', id)
  const cause = (by: number | null): Cause => ({ userId: by })
  const phoneOf = (lead: CrmItem): string => lead.fm.find(field => field.typeId === 'PHONE')?.value ?? ''
  const at = (moment = world.now()): string => isoAt(moment, world.timeZone)
  const create = (entityTypeId: EntityTypeId, draft: ItemDraft, by: number | null): CrmItem => addItem(world, entityTypeId, fieldsOf(draft), cause(by))

  return {
    ...createSalesActs(world),

    createLead: (draft: ItemDraft, by: number | null = null): CrmItem => create(1, draft, by),
    createDeal: (draft: ItemDraft, by: number | null = null): CrmItem => create(2, draft, by),
    createContact: (draft: ItemDraft, by: number | null = null): CrmItem => create(3, draft, by),
    createCompany: (draft: ItemDraft, by: number | null = null): CrmItem => create(4, draft, by),

    /** Changes fields; contact data given here is added to what is there. Fires nothing when nothing differs. */
    updateItem: (entityTypeId: EntityTypeId, id: number, draft: ItemDraft, by: number | null = null): string[] => {
      const row = item(entityTypeId, id)
      const { fm, ...fields } = fieldsOf(draft)
      const added = Array.isArray(fm) ? newMultiFields(world, fm) : []
      return updateItem(world, row, added.length === 0 ? fields : { ...fields, fm: [...row.fm, ...added] }, cause(by))
    },
    updateLead(leadId: number, draft: ItemDraft, by: number | null = null): string[] {
      return this.updateItem(1, leadId, draft, by)
    },
    /** Drags the card to another column; required fields are not asked, as the person fills them in the same dialog. */
    moveStage: (leadId: number, stageId: string, by: number | null = null): string[] => {
      if (!stagesOf(world, 1).some(stage => stage.statusId === stageId)) throw new Error(`there is no lead stage ${stageId}`)
      return updateItem(world, item(1, leadId), { stageId }, cause(by))
    },
    deleteItem: (entityTypeId: EntityTypeId, id: number, by: number | null = null): void => deleteItem(world, item(entityTypeId, id), cause(by)),
    deleteLead(leadId: number, by: number | null = null): void {
      deleteItem(world, item(1, leadId), cause(by))
    },

    /** A call that has just ended: a row of statistics, an activity, ONCRMACTIVITYADD and ONVOXIMPLANTCALLEND. */
    call: (draft: CallDraft): { call: CallRecord; activity: Activity } => {
      const lead = item(1, draft.leadId)
      user(draft.userId)
      const phoneNumber = draft.phone ?? phoneOf(lead)
      const failedCode = draft.failedCode ?? (draft.durationSeconds > 0 ? '200' : '304')
      const startedAt = world.now() - draft.durationSeconds * 1000
      const id = nextId(state, 'call')
      const callId = `callId.${String(id).padStart(8, '0')}`
      const outgoing = draft.direction === 'outgoing'
      const record: CallRecord = {
        id, callId, portalUserId: draft.userId, portalNumber: '+79000000000', phoneNumber, callType: outgoing ? 1 : 2,
        durationSeconds: draft.durationSeconds, startDate: at(startedAt), failedCode,
        failedReason: failedCode === '200' ? 'Success call' : 'Call failed', crmEntityType: 'LEAD', crmEntityId: lead.id, crmActivityId: null,
      }
      const missed = !outgoing && failedCode !== '200'
      const made = addActivity(world, {
        ownerTypeId: 1, ownerId: lead.id, typeId: 2, providerId: 'VOXIMPLANT_CALL', providerTypeId: 'CALL', direction: outgoing ? 2 : 1,
        subject: `${outgoing ? 'Исходящий звонок' : 'Входящий звонок'} ${phoneNumber}`, completed: !missed, responsibleId: draft.userId,
        startTime: record.startDate, endTime: at(), deadline: at(), isIncomingChannel: missed, originId: `VI_${callId}`,
        communications: [{ type: 'PHONE', value: phoneNumber, entityId: lead.id, entityTypeId: 1 }],
        settings: missed ? { MISSED_CALL: true } : {},
      }, cause(outgoing ? draft.userId : null))
      record.crmActivityId = made.id
      state.calls.push(record)
      world.fire('ONVOXIMPLANTCALLEND', {
        CALL_ID: callId, CALL_TYPE: record.callType, PHONE_NUMBER: phoneNumber, PORTAL_NUMBER: record.portalNumber, PORTAL_USER_ID: draft.userId,
        CALL_DURATION: draft.durationSeconds, CALL_START_DATE: record.startDate, COST: 0, COST_CURRENCY: '', CALL_FAILED_CODE: failedCode,
        CALL_FAILED_REASON: record.failedReason, CRM_ACTIVITY_ID: made.id,
      }, cause(null))
      return { call: record, activity: made }
    },
    /** An e-mail sent from the card or received into it. */
    mail: (draft: MailDraft): Activity => {
      const lead = item(1, draft.leadId)
      const outgoing = draft.direction === 'outgoing'
      return addActivity(world, {
        ownerTypeId: 1, ownerId: lead.id, typeId: 4, providerId: 'CRM_EMAIL', providerTypeId: outgoing ? 'EMAIL' : 'EMAIL_INCOMING', direction: outgoing ? 2 : 1,
        subject: draft.subject, description: draft.text ?? '', completed: outgoing, responsibleId: draft.userId, isIncomingChannel: !outgoing,
        communications: [{ type: 'EMAIL', value: lead.fm.find(field => field.typeId === 'EMAIL')?.value ?? '', entityId: lead.id, entityTypeId: 1 }],
      }, cause(outgoing ? draft.userId : null))
    },
    /** A chat of an open line with the client; the first message opens it, later ones move it. */
    message: (draft: MessageDraft): Activity => {
      const lead = item(1, draft.leadId)
      const outgoing = draft.direction === 'outgoing'
      return addActivity(world, {
        ownerTypeId: 1, ownerId: lead.id, typeId: 6, providerId: 'IMOPENLINES_SESSION', providerTypeId: '1', direction: outgoing ? 2 : 1,
        subject: `Чат открытой линии${draft.connector === undefined ? '' : ` (${draft.connector})`}`, description: draft.text, completed: outgoing,
        responsibleId: draft.userId, isIncomingChannel: !outgoing, originId: '',
        communications: [{ type: 'IM', value: lead.fm.find(field => field.typeId === 'IM')?.value ?? '', entityId: lead.id, entityTypeId: 1 }],
      }, cause(outgoing ? draft.userId : null))
    },
    /** A planned meeting, or one that has taken place. */
    meeting: (draft: MeetingDraft): Activity => {
      const start = draft.startAt ?? world.now()
      return addActivity(world, {
        ownerTypeId: 1, ownerId: item(1, draft.leadId).id, typeId: 1, providerId: 'CRM_MEETING', providerTypeId: 'MEETING', subject: draft.subject,
        completed: draft.completed ?? false, responsibleId: draft.userId, startTime: at(start), endTime: at(start + (draft.minutes ?? 60) * 60_000),
        deadline: at(start),
      }, cause(draft.userId))
    },
    /** Ticks an activity off (or opens it again); the task behind it follows. */
    completeActivity: (activityId: number, by: number | null, completed = true): boolean => {
      const row = activity(activityId)
      const changed = updateActivity(world, row, { completed }, cause(by))
      if (changed && row.typeId === 3) followMirror(world, row.associatedEntityId, completed, cause(by))
      return changed
    },
    moveActivityDeadline: (activityId: number, deadlineAt: number, by: number | null): boolean => updateActivity(world, activity(activityId),
      { deadline: at(deadlineAt) }, cause(by)),
    /** Writes the note of an activity in the timeline. */
    writeNote: (activityId: number, text: string, by: number): void => {
      activity(activityId).note = { text, createdById: by, createdTime: at() }
    },
    deleteActivity: (activityId: number, by: number | null): void => deleteActivity(world, activity(activityId), cause(by)),
    comment: (leadId: number, text: string, by: number | null): TimelineEntry => addComment(world, 1, item(1, leadId).id, text, cause(by)),

    createTask: (draft: TaskDraft, by: number | null = null): Task => addTask(world, draft, cause(by)),
    updateTask: (taskId: number, changes: Partial<Task>, by: number | null): boolean => updateTask(world, task(taskId), changes, cause(by)),
    moveTaskDeadline: (taskId: number, deadlineAt: number | null, by: number | null): boolean => updateTask(world, task(taskId),
      { deadline: deadlineAt === null ? null : at(deadlineAt) }, cause(by)),
    startTask: (taskId: number, by: number | null): boolean => updateTask(world, task(taskId), { status: 3 }, cause(by)),
    completeTask: (taskId: number, by: number | null): boolean => updateTask(world, task(taskId), { status: 5 }, cause(by)),
    renewTask: (taskId: number, by: number | null): boolean => updateTask(world, task(taskId), { status: 2 }, cause(by)),
    deleteTask: (taskId: number, by: number | null): void => deleteTask(world, task(taskId), cause(by)),

    /** Writes a comment in the task and marks it as its result. */
    writeTaskResult: (taskId: number, text: string, by: number): void => {
      const row = task(taskId)
      row.results = [...row.results ?? [], { authorId: by, text, at: at() }]
    },
    createQuote: (draft: { leadId: number; title?: string; stageId?: string; by?: number; companyId?: number; contactIds?: number[] }): Quote => {
      const quote: Quote = {
        id: nextId(state, 'quote'), title: draft.title ?? 'Коммерческое предложение', leadId: draft.leadId, stageId: draft.stageId ?? 'DRAFT', assignedById: draft.by ?? 1,
        companyId: draft.companyId ?? null, contactIds: draft.contactIds ?? [],
      }
      state.quotes.push(quote)
      return quote
    },
    createInvoice: (draft: { dealId?: number; companyId?: number; contactIds?: number[]; title?: string }): Invoice => {
      const invoice: Invoice = { id: nextId(state, 'invoice'), title: draft.title ?? 'Счёт', parentId2: draft.dealId ?? null, companyId: draft.companyId ?? null, contactIds: draft.contactIds ?? [] }
      state.invoices.push(invoice)
      return invoice
    },
    /** An administrator makes a trigger of the application move leads to a stage. */
    bindTrigger: (code: string, stageId: string): void => {
      state.triggerStages.set(code, stageId)
    },

    /** Begins (or goes on with) the working day; there is no event for it. */
    openDay: (userId: number): void => {
      state.workDays.set(user(userId).id, { status: 'OPENED', timeStart: at(), timeFinish: null, active: true })
    },
    pauseDay: (userId: number): void => {
      const day = state.workDays.get(user(userId).id)
      if (day !== undefined) day.status = 'PAUSED'
    },
    closeDay: (userId: number): void => {
      const day = state.workDays.get(user(userId).id)
      state.workDays.set(userId, { status: 'CLOSED', timeStart: day?.timeStart ?? at(), timeFinish: at(), active: true })
    },
    setOnline: (userId: number, online: boolean): void => {
      user(userId).isOnline = online
      user(userId).lastActivityAt = at()
    },
    /** Puts an absence (milliseconds since 1970) into the person's calendar. */
    setAbsent: (userId: number, from: number, to: number, name = 'Отпуск', accessibility: Absence['accessibility'] = 'absent'): Absence => {
      const absence: Absence = { id: nextId(state, 'absence'), userId: user(userId).id, name, from: at(from), to: at(to), accessibility }
      state.absences.push(absence)
      return absence
    },
    clearAbsences: (userId: number): void => {
      state.absences = state.absences.filter(absence => absence.userId !== userId)
    },
    addUser: (draft: Parameters<typeof addUser>[1]) => addUser(world, draft),
    addDepartment: (draft: Parameters<typeof addDepartment>[1]) => addDepartment(world, draft),
    /** A new stage, source or other dictionary entry. */
    addStatus: (draft: Parameters<typeof addStatus>[1]) => addStatus(state, draft),
    /** There is no event for a dismissal; the person's tokens stop working. */
    dismissUser: (userId: number): void => {
      user(userId).active = false
      user(userId).isOnline = false
    },
    hireUser: (userId: number): void => {
      user(userId).active = true
    },
    readNotifications: (userId: number): void => {
      for (const notification of state.notifications) if (notification.userId === userId) notification.read = true
    },
  }
}

export type Acts = ReturnType<typeof createActs>
