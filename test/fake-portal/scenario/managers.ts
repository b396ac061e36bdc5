import type { CrmItem } from '../rows.ts'
import { between, chance } from './chance.ts'
import { habits, type Habits } from './characters.ts'
import { keyOfLead } from './clients.ts'
import type { FillCard } from './fill-card.ts'
import type { Employee } from './people.ts'
import type { Stage } from './play.ts'
import { presentLeads } from './present-leads.ts'
import type { Arrival, Client } from './script.ts'

const minute = 60_000

/** A lead nobody wrote a part for (made by hand in the portal): an ordinary client. */
const stranger: Client = {
  outcome: 'qualified', nextStep: 'предложение',
  answers: { place: 'кухня', size: '2500 × 600 мм', material: 'кварцевый агломерат', colour: 'светлый', services: ['замер', 'монтаж'], payment: 'карта', budget: 90000, withinDays: 30, address: 'уточнит позже', wishes: 'Просит перезвонить с расчётом.' },
}

/** One manager's work on one lead. */
interface Case {
  readonly leadId: number
  readonly key: string
  readonly userId: number
  readonly client: Client
  readonly habits: Habits
  attempts: number
  looks: number
}

/** Managers who take up what is assigned to them, each by his character, and only on an opened day. */
export const createManagers = (stage: Stage, people: readonly Employee[], fillCard: FillCard, script: readonly Arrival[]) => {
  const { portal, seed } = stage
  const { act, state } = portal
  const clients = new Map([...presentLeads, ...script].map(entry => [entry.key, entry.client]))
  const characters = new Map(people.flatMap(person => (person.character === undefined ? [] : [[person.id, person.character] as const])))
  const known = new Set<string>()
  const waiting = new Map<number, (() => void)[]>()

  const span = (work: Case, [from, to]: readonly [number, number], word: string): number => Math.round(between(from, to, chance(seed, work.key, work.userId, word)) * minute)
  const leadOf = (work: Case): CrmItem | null => {
    const lead = state.leads.get(work.leadId)
    return lead !== undefined && lead.assignedById === work.userId && lead.stageSemanticId === 'P' && state.users.get(work.userId)?.active === true ? lead : null
  }

  /** Runs at its moment, or when the person opens his day next. */
  const atWork = (userId: number, at: number, run: () => void): void => stage.plan(at, () => {
    if (state.workDays.get(userId)?.status === 'OPENED') run()
    else waiting.set(userId, [...(waiting.get(userId) ?? []), run])
  })

  const openTask = (work: Case) => [...state.tasks.values()].find(task => task.status !== 5 && task.responsibleId === work.userId && task.ufCrmTask.includes(`L_${work.leadId}`))
  const openTodo = (work: Case) => [...state.activities.values()].find(activity => !activity.completed && activity.providerId === 'CRM_TODO' && activity.responsibleId === work.userId && activity.bindings.some(binding => binding.ownerTypeId === 1 && binding.ownerId === work.leadId))

  const reach = (work: Case, lead: CrmItem): 'reached' | 'not-yet' | 'never' => {
    const has = (typeId: string): boolean => lead.fm.some(entry => entry.typeId === typeId)
    const missed = work.client.missedCalls ?? 0
    if (has('PHONE')) {
      const fails = missed === 'never' || work.attempts < missed
      const talk = 60 + Math.round(chance(seed, work.key, 'talk') * 320)
      act.call({ leadId: lead.id, userId: work.userId, direction: 'outgoing', durationSeconds: fails ? 0 : talk, ...(fails ? { failedCode: missed === 'never' ? '404' : work.attempts % 2 === 0 ? '304' : '486' } : {}) })
      stage.note(work.userId, fails ? 'calls in vain' : 'talks', work.key)
      return fails ? (missed === 'never' ? 'never' : 'not-yet') : 'reached'
    }
    if (has('IM')) act.message({ leadId: lead.id, userId: work.userId, direction: 'outgoing', text: 'Здравствуйте! Подскажите, пожалуйста, размеры и материал столешницы.' })
    else if (has('EMAIL')) act.mail({ leadId: lead.id, userId: work.userId, direction: 'outgoing', subject: `Re: ${lead.title}`, text: 'Добрый день! Спасибо за обращение. Уточните, пожалуйста, размеры, материал и срок.' })
    else return 'never'
    stage.note(work.userId, 'writes', work.key)
    return 'reached'
  }

  const contact = (work: Case): void => {
    const lead = leadOf(work)
    if (lead === null) return
    const result = reach(work, lead)
    work.attempts += 1
    if (result === 'not-yet') atWork(work.userId, stage.now() + span(work, work.habits.retryAfter, `retry-${work.attempts}`), () => contact(work))
    else atWork(work.userId, stage.now() + span(work, work.habits.cardAfter, 'card'), () => writeCard(work))
  }

  const writeCard = (work: Case): void => {
    const lead = leadOf(work)
    if (lead === null) return
    const complete = work.looks > 0 || chance(seed, work.key, work.userId, 'complete') < work.habits.completeCard
    const { wishes } = work.client.answers
    if (wishes !== undefined && work.looks === 0) act.comment(lead.id, wishes, work.userId)
    void fillCard(lead.id, { client: work.client, complete }, work.userId)
    stage.note(work.userId, complete ? 'fills the card' : 'fills half of the card', work.key)
    if (complete) atWork(work.userId, stage.now() + 2 * minute, () => closeFollowUp(work))
    lookAgainLater(work)
  }

  const closeFollowUp = (work: Case): void => {
    const [task, todo] = [openTask(work), openTodo(work)]
    if (task !== undefined) act.completeTask(task.id, work.userId)
    if (todo !== undefined) {
      act.writeNote(todo.id, 'Поговорили, договорились о следующем шаге', work.userId)
      act.completeActivity(todo.id, work.userId)
    }
    if (task !== undefined || todo !== undefined) stage.note(work.userId, 'closes the task', work.key)
  }

  /** The application may have moved the lead on by itself; what is still there after two looks is moved by hand. */
  const lookAgain = (work: Case): void => {
    const lead = leadOf(work)
    if (lead === null || lead.stageId === 'PROCESSED') return
    work.looks += 1
    if (work.looks >= 3) {
      closeFollowUp(work)
      act.moveStage(lead.id, work.client.outcome === 'qualified' ? 'PROCESSED' : 'JUNK', work.userId)
      stage.note(work.userId, 'moves the stage', work.key)
    } else writeCard(work)
  }

  const lookAgainLater = (work: Case): void => atWork(work.userId, stage.now() + span(work, work.habits.lookAgainAfter, `look-${work.looks}`), () => lookAgain(work))

  const moveDeadline = (work: Case): void => {
    const task = openTask(work)
    if (leadOf(work) === null || task === undefined || task.deadline === null || !task.allowChangeDeadline) return
    act.moveTaskDeadline(task.id, Math.max(Date.parse(task.deadline), stage.now()) + 60 * minute, work.userId)
    stage.note(work.userId, 'moves the deadline', work.key)
  }

  /** A talk, or a message or mail of his own: then only the card is left to do. */
  const hasSpoken = (lead: CrmItem, userId: number): boolean => [...state.activities.values()].some(activity =>
    activity.responsibleId === userId && activity.bindings.some(binding => binding.ownerTypeId === 1 && binding.ownerId === lead.id)
    && (activity.typeId === 2 ? state.calls.some(call => call.crmActivityId === activity.id && call.failedCode === '200') : activity.direction === 2))

  const takeUp = (lead: CrmItem, userId: number, now: number): void => {
    const character = characters.get(userId)
    if (character === undefined) return
    const key = keyOfLead(lead)
    const work: Case = { leadId: lead.id, key, userId, client: clients.get(key.split('~')[0] ?? key) ?? stranger, habits: habits[character], attempts: 0, looks: 0 }
    const luck = (word: string): number => chance(seed, key, userId, word)
    const forgotten = luck('forgets') < work.habits.forgets ? 240 * minute : 0
    const first = now + span(work, work.habits.contactAfter, 'contact') + forgotten
    if (hasSpoken(lead, userId)) return atWork(userId, now + span(work, work.habits.cardAfter, 'card'), () => writeCard(work))
    if (luck('moves') < work.habits.movesDeadline) atWork(userId, now + 20 * minute, () => moveDeadline(work))
    atWork(userId, first, () => contact(work))
  }

  return {
    /** Sees which leads have become whose since the last look. */
    lookAround: (now: number): void => {
      for (const lead of state.leads.values()) {
        const mark = `${lead.id}:${lead.assignedById}`
        if (known.has(mark) || lead.stageSemanticId !== 'P' || lead.stageId === 'PROCESSED') continue
        known.add(mark)
        takeUp(lead, lead.assignedById, now)
      }
    },
    /** What waited for the person's day begins, a few minutes apart. */
    dayOpened: (userId: number): void => {
      const runs = waiting.get(userId) ?? []
      waiting.delete(userId)
      runs.forEach((run, index) => atWork(userId, stage.now() + (4 + index * 6) * minute, run))
    },
  }
}
