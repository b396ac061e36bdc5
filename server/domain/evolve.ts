/** Folds recorded commands into what we remember. */
import type { Command, Context, Share } from './command.ts'
import type { ActiveWatch, Expectations, FollowUpMemory, Moment, Watch } from './watch.ts'

/** The watch after one command; commands that do not change it return it as it is. */
export const evolve = (watch: Watch, command: Command): Watch => {
  if (command.kind === 'start-watch') return command.watch
  return watch.status === 'active' ? evolveActive(watch, command) : watch
}

/** The context after one command (shares, misses), so that the next lead of the same run sees it. */
export const evolveContext = (context: Context, command: Command): Context => {
  if (command.kind === 'assign' && command.because.rule === 'distribution-in-turn') return { ...context, shares: sharesAfter(context.shares, command) }
  if (command.kind === 'escalate') {
    const told = new Set(command.incidentIds)
    const left = (context.misses[command.userId] ?? []).filter(miss => !told.has(miss.incidentId))
    return { ...context, misses: { ...context.misses, [command.userId]: left } }
  }
  return context
}

const evolveActive = (watch: ActiveWatch, command: Command): Watch => {
  switch (command.kind) {
    case 'assign':
      return {
        ...expecting(watch, { responsible: { from: command.from ?? null, to: command.userId, updatedAt: command.seenUpdatedAt ?? null } }),
        responsibleId: command.userId,
        chosenId: command.because.rule === 'distribution-nobody' ? null : command.userId,
        round: watch.round + 1,
      }
    case 'note-responsible':
      return { ...(command.userId === watch.responsibleId ? watch : expecting(watch, { responsible: null })), responsibleId: command.userId, chosenId: command.userId, round: watch.round + 1 }
    case 'move-stage':
      return expecting(watch, { stage: { from: command.from, to: command.to, movedAt: command.seenMovedAt ?? null } })
    case 'enter-step':
      return enterStep(watch, command)
    case 'set-clock':
      return followed({ ...watch, clock: command.clock }, command)
    case 'set-follow-up':
      return { ...watch, followUp: { mark: command.mark, form: command.form, id: null, deadlineAt: command.deadlineAt, earlierDeadlines: [] } }
    case 'change-follow-up':
      return { ...watch, followUp: withDeadline(watch.followUp, command) }
    case 'close-follow-up':
      return watch.followUp?.mark === command.followUp ? { ...watch, followUp: null } : watch
    case 'note-contact':
      return { ...watch, contactedAt: command.at }
    case 'note-reminded':
      return watch.clock.kind === 'none' ? watch : { ...watch, clock: { ...watch.clock, reminded: true } }
    case 'ask-again':
      return { ...watch, askedAgain: command.questions, round: watch.round + 1 }
    case 'open-incident':
      return { ...watch, incidentId: command.incidentId, earlierIncidentIds: openIncidents(watch).filter(id => id !== command.incidentId), round: watch.round + 1 }
    case 'resolve-incident': {
      const left = openIncidents(watch).filter(id => id !== command.incidentId)
      return { ...watch, incidentId: left.at(-1) ?? null, earlierIncidentIds: left.slice(0, -1) }
    }
    case 'close-watch':
      return {
        status: 'closed',
        leadId: watch.leadId,
        outcome: command.outcome,
        closedAt: command.at,
        stageId: command.stageId,
        round: watch.round,
        ...(command.movedAt === undefined ? {} : { movedAt: command.movedAt }),
      }
    case 'start-watch':
    case 'notify':
    case 'escalate':
    case 'wake-at':
      return watch
  }
}

/** Ids of the lead's open incidents, oldest first. */
export const openIncidents = (watch: ActiveWatch): readonly string[] => [...(watch.earlierIncidentIds ?? []), ...(watch.incidentId === null ? [] : [watch.incidentId])]

const expecting = (watch: ActiveWatch, change: Partial<Expectations>): ActiveWatch => ({ ...watch, expects: { stage: null, responsible: null, ...watch.expects, ...change } })

const enterStep = (watch: ActiveWatch, command: Extract<Command, { kind: 'enter-step' }>): ActiveWatch => ({
  ...watch,
  stepId: command.stepId,
  enteredAt: command.at,
  contactsFrom: command.contactsFrom ?? command.at,
  responsibleId: command.responsibleId,
  clock: { kind: 'none' },
  followUp: null,
  contactedAt: null,
  askedAgain: [],
  round: watch.round + 1,
})

/** A deadline that a person moved is from now on the one we know. */
const followed = (watch: ActiveWatch, { clock, because }: Extract<Command, { kind: 'set-clock' }>): ActiveWatch =>
  because.rule === 'deadline-moved' && clock.kind !== 'none' && watch.followUp !== null ? { ...watch, followUp: knowing(watch.followUp, clock.dueAt) } : watch

/** Older deadlines than the last few cannot come back in a look. */
const keptDeadlines = 5

const withDeadline = (followUp: FollowUpMemory | null, command: Extract<Command, { kind: 'change-follow-up' }>): FollowUpMemory | null =>
  followUp?.mark !== command.followUp || command.deadlineAt === null ? followUp : knowing(followUp, command.deadlineAt)

const knowing = (followUp: FollowUpMemory, deadlineAt: Moment): FollowUpMemory =>
  deadlineAt === followUp.deadlineAt ? followUp : { ...followUp, deadlineAt, earlierDeadlines: [...(followUp.earlierDeadlines ?? []), ...(followUp.deadlineAt === null ? [] : [followUp.deadlineAt])].slice(-keptDeadlines) }

/** Everyone available owes himself an equal part of the lead; who got it has received a whole one. */
const sharesAfter = (shares: Context['shares'], { because }: Extract<Command, { kind: 'assign' }>): Context['shares'] => {
  if (because.rule !== 'distribution-in-turn') return shares
  const available = because.candidates.filter(candidate => candidate.verdict === 'chosen' || candidate.verdict === 'not-his-turn')
  const changed: Record<number, Share> = { ...shares }
  for (const { userId, verdict } of available) {
    const share = shares[userId] ?? { received: 0, due: 0 }
    changed[userId] = { received: share.received + (verdict === 'chosen' ? 1 : 0), due: share.due + 1 / available.length }
  }
  return changed
}
