/** A portal in memory with real state: leads, tasks and messages by mark, and faults that can be switched on. */
import { Temporal } from 'temporal-polyfill'
import type { PortalCommand } from '../../server/domain/command.ts'
import { isMovedSince } from '../../server/domain/rules/tasks.ts'
import { leadId, type FollowUpState, type Lead, type LeadId, type Sight } from '../../server/domain/lead.ts'
import { noGaps } from '../../server/domain/simulate/estimates.ts'
import type { StageEntry } from '../../server/domain/simulate/story.ts'
import type { CarriedOut, Clock, PortalAccess, PortalFacts, Subject } from '../../server/jobs/ports.ts'
import { PortalError, type PortalErrorCode } from '../../server/portal/error.ts'
import { lead, officeHours, people, stages, timeZone } from '../domain/support.ts'

export interface ToyPortal extends PortalAccess {
  readonly leads: Map<number, Lead>
  /** Follow-ups that no look shows although they are there. */
  readonly hidden: Set<number>
  /** Every effect in its order; a repeat of one is what must never be there. */
  readonly effects: PortalCommand[]
  readonly calls: { readSights: number; leadsOf: number; readFacts: number; changedSince: number; carryOut: number; ensure: number; readPast: number; readBefore: number }
  /** Answers before anything is done: an error for the whole request, or null. */
  refuse: (call: keyof ToyPortal['calls']) => PortalError | null
  /** Outcome of one command instead of its effect; null: it takes effect. */
  refuseCommand: (command: PortalCommand) => PortalErrorCode | null
  /** After the effects, before the answer. */
  beforeAnswer: () => Promise<void>
  /** Hears of every change, as a portal's events do. */
  onChange: (subject: Subject) => void
  create(id: number, change?: Partial<Lead>): void
  change(id: number, change: Partial<Lead>): void
  remove(id: number): void
}

export const makeToyPortal = (clock: Clock): ToyPortal => {
  let ids = 1_000
  const tags = new Set<string>()
  const changed = new Map<number, number>()
  let changes = 0

  const answer = (call: keyof ToyPortal['calls']): void => {
    portal.calls[call] += 1
    const error = portal.refuse(call)
    if (error !== null) throw error
  }

  const tell = (subject: Subject): void => {
    if (subject.kind === 'lead') changed.set(subject.id, ++changes)
    portal.onChange(subject)
  }

  const put = (id: number, change: Partial<Lead>): void => {
    const before = portal.leads.get(id)
    if (before === undefined) return
    portal.leads.set(id, { ...before, ...change, updatedAt: clock.now() })
    tell({ kind: 'lead', id })
  }

  const apply = (command: PortalCommand): { id?: number } => {
    const seen = portal.leads.get(command.leadId)
    const isMoved = command.kind === 'change-follow-up' && isMovedSince(command, seen?.followUps.find(({ mark, open }) => mark === command.followUp && open)?.deadlineAt ?? null)
    if (isMoved && command.responsibleId === null) throw new PortalError({ code: 'not-found', method: command.kind })
    portal.effects.push(command)
    if (seen === undefined) throw new PortalError({ code: 'not-found', method: command.kind })
    const withFollowUp = (mark: string, change: Partial<FollowUpState>): void => put(command.leadId, { followUps: seen.followUps.map(followUp => followUp.mark === mark ? { ...followUp, ...change } : followUp) })
    switch (command.kind) {
      case 'assign':
        put(command.leadId, { responsibleId: command.userId })
        return {}
      case 'move-stage':
        put(command.leadId, { stageId: command.to, semantic: command.to === stages['not-qualified'] ? 'failure' : 'processing', movedAt: clock.now() })
        return {}
      case 'set-follow-up': {
        const id = ++ids
        put(command.leadId, { followUps: [...seen.followUps, { mark: command.mark, form: command.form, id, open: true, responsibleId: command.responsibleId, deadlineAt: Temporal.Instant.from(command.deadlineAt) }] })
        tell({ kind: 'task', id })
        return { id }
      }
      case 'change-follow-up':
        withFollowUp(command.followUp, { ...(command.deadlineAt === null || isMoved ? {} : { deadlineAt: Temporal.Instant.from(command.deadlineAt) }), ...(command.responsibleId === null ? {} : { responsibleId: command.responsibleId }) })
        return {}
      case 'close-follow-up':
        withFollowUp(command.followUp, { open: false })
        return {}
      case 'set-title':
        put(command.leadId, { title: command.title })
        return {}
      case 'comment': case 'fire-trigger': case 'answer-robot':
      case 'notify':
        tags.add(command.mark)
        return {}
    }
  }

  /** Looks for the mark before a repeat, as the portal room does; without it a repeat would be a second effect. */
  const isThere = (command: PortalCommand): { id?: number } | null => {
    const seen = portal.leads.get(command.leadId)
    if (command.kind === 'set-follow-up') {
      const followUp = seen?.followUps.find(({ mark }) => mark === command.mark)
      return followUp === undefined ? null : { id: followUp.id }
    }
    return portal.effects.some(({ mark }) => mark === command.mark) ? {} : null
  }

  const cameIn = ({ from, to }: { readonly from: string; readonly to: string }): readonly Lead[] =>
    [...portal.leads.values()].filter(({ createdAt }) => createdAt.epochMilliseconds >= Date.parse(from) && createdAt.epochMilliseconds < Date.parse(to)).sort((a, b) => a.id - b.id)

  const stagesOf = (one: Lead): readonly StageEntry[] => [{ at: one.createdAt, stageId: stages.new, semantic: 'processing' }, ...(one.stageId === stages.new ? [] : [{ at: one.movedAt ?? one.createdAt, stageId: one.stageId, semantic: one.semantic }])]

  const facts: PortalFacts = { people, calendar: officeHours, stageNames: { NEW: 'Новый лид', IN_WORK: 'Взят в работу' }, language: 'ru', timeZone, departments: [{ id: 5, name: 'Отдел продаж', headId: 10, parentId: null }] }

  const portal: ToyPortal = {
    leads: new Map(),
    hidden: new Set(),
    effects: [],
    calls: { readSights: 0, leadsOf: 0, readFacts: 0, changedSince: 0, carryOut: 0, ensure: 0, readPast: 0, readBefore: 0 },
    refuse: () => null,
    refuseCommand: () => null,
    beforeAnswer: () => Promise.resolve(),
    onChange: () => undefined,
    create: (id, change = {}) => {
      const now = clock.now()
      portal.leads.set(id, lead({ id: leadId(id), createdAt: now, updatedAt: now, movedAt: now, ...change }))
      tell({ kind: 'lead', id })
    },
    change: put,
    remove: (id) => {
      portal.leads.delete(id)
      tell({ kind: 'lead', id })
    },

    readSights: async (_memberId, leadIds): Promise<Sight[]> => {
      answer('readSights')
      const seen = leadIds.map((id): Sight => {
        const found = portal.leads.get(id)
        return found === undefined ? { kind: 'gone', leadId: id } : { kind: 'seen', lead: found }
      })
      await portal.beforeAnswer()
      return seen
    },
    leadsOf: async (_memberId, subjects): Promise<LeadId[]> => {
      answer('leadsOf')
      return [...portal.leads.values()].filter(({ followUps }) => followUps.some(({ id }) => subjects.some(subject => subject.kind === 'task' && subject.id === id))).map(({ id }) => id)
    },
    deletedOf: async (_memberId, subjects) => {
      const known = new Set([...portal.leads.values()].flatMap(({ followUps }) => followUps.map(({ id }) => id)))
      return subjects.filter(({ id }) => !known.has(id) && !portal.hidden.has(id))
    },
    readFacts: async () => {
      answer('readFacts')
      return facts
    },
    readBefore: async (_memberId, { from, which, below }) => {
      answer('readBefore')
      const wasOpen = ({ createdAt, movedAt, semantic }: Lead): boolean => createdAt.epochMilliseconds < Date.parse(from) && (which === 'open') === (semantic === 'processing') && (which === 'open' || (movedAt ?? createdAt).epochMilliseconds >= Date.parse(from))
      const page = [...portal.leads.values()].filter(wasOpen).sort((a, b) => b.id - a.id).filter(({ id }) => below === null || id < below).slice(0, 2)
      await portal.beforeAnswer()
      return { leads: page.map(one => ({ leadId: one.id, responsibleId: one.responsibleId, sourceId: one.sourceId, stages: stagesOf(one) })), below: page.length < 2 ? null : page.at(-1)?.id ?? null, gaps: noGaps }
    },
    countPast: async (_memberId, past) => cameIn(past).length,
    readPast: async (_memberId, { after, ...past }) => {
      answer('readPast')
      const page = cameIn(past).filter(({ id }) => id > after).slice(0, 2)
      await portal.beforeAnswer()
      return {
        leads: page.map(one => ({ lead: one, stages: stagesOf(one) })),
        after: page.length < 2 ? null : page.at(-1)?.id ?? null,
        gaps: noGaps,
      }
    },
    changedSince: async (_memberId, mark) => {
      answer('changedSince')
      const since = typeof mark === 'number' ? mark : 0
      return { subjects: [...changed].filter(([, change]) => change > since).map(([id]) => ({ kind: 'lead' as const, id })), mark: changes }
    },
    carryOut: async (_memberId, items): Promise<CarriedOut[]> => {
      answer('carryOut')
      const outcomes = items.map(({ mark, command, attempts }): CarriedOut => {
        const code = portal.refuseCommand(command)
        if (code !== null) return { mark, ok: false, error: new PortalError({ code, method: command.kind, bitrixCode: 'SOME_CODE', bitrixMessage: 'слова портала' }) }
        try {
          return { mark, ok: true, result: (attempts > 0 ? isThere(command) : null) ?? apply(command) }
        }
        catch (cause) {
          if (cause instanceof PortalError) return { mark, ok: false, error: cause }
          throw cause
        }
      })
      await portal.beforeAnswer()
      return outcomes
    },
    ensure: async (memberId) => {
      answer('ensure')
      return { facts: await portal.readFacts(memberId) }
    },
  }
  return portal
}
