/** Folds recorded commands into what we remember. */
import type { Candidate, Command, Context, Share } from './command.ts'
import type { ActiveWatch, Expectations, FollowUpMemory, Moment, Watch } from './watch.ts'

/** The watch after one command; commands that do not change it return it as it is. */
export const evolve = (watch: Watch, command: Command): Watch => {
  if (command.kind === 'start-watch') return command.watch
  if (command.kind === 'note-refused') return refused(watch, command)
  return watch.status === 'active' ? evolveActive(watch, command) : watch
}

/** The context after one command (shares, misses), so that the next lead of the same run sees it. */
export const evolveContext = (context: Context, command: Command): Context => {
  if ((command.kind === 'assign' && command.because.rule === 'distribution-in-turn') || (command.kind === 'note-responsible' && command.because.rule === 'distribution-kept'))
    return { ...context, shares: sharesAfter(context.shares, command.because.candidates ?? []) }
  if (command.kind === 'resolve-incident' && command.inTime === true) return { ...context, misses: Object.fromEntries(Object.entries(context.misses).map(([id, misses]) => [id, misses.filter(miss => miss.incidentId !== command.incidentId)])) }
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
        ...handedOver(watch),
        round: watch.round + 1,
      }
    case 'note-responsible':
      return { ...(command.userId === watch.responsibleId ? watch : expecting(watch, { responsible: null })), responsibleId: command.userId, chosenId: command.userId, ...handedOver(watch), round: watch.round + 1 }
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
      return { ...watch, incidentId: command.incidentId, earlierIncidentIds: openIncidents(watch).filter(id => id !== command.incidentId), incidentDues: { ...watch.incidentDues, [command.incidentId]: command.dueAt }, round: watch.round + 1 }
    case 'resolve-incident': {
      const left = openIncidents(watch).filter(id => id !== command.incidentId)
      return { ...watch, incidentId: left.at(-1) ?? null, earlierIncidentIds: left.slice(0, -1), incidentDues: Object.fromEntries(Object.entries(watch.incidentDues ?? {}).filter(([id]) => id !== command.incidentId)) }
    }
    case 'close-watch':
      return {
        status: 'closed',
        leadId: watch.leadId,
        outcome: command.outcome,
        closedAt: command.at,
        stageId: command.stageId,
        round: watch.round,
        ...(watch.expects?.stage?.to === command.stageId ? { before: watch } : {}),
        ...(command.movedAt === undefined ? {} : { movedAt: command.movedAt }),
      }
    case 'stay-on-step':
      return { ...watch, staysOn: command.stageId, round: watch.round + 1 }
    case 'start-watch':
    case 'note-refused':
    case 'notify':
    case 'escalate':
    case 'wake-at':
      return watch
  }
}

/** Ids of the lead's open incidents, oldest first. */
export const openIncidents = (watch: ActiveWatch): readonly string[] => [...(watch.earlierIncidentIds ?? []), ...(watch.incidentId === null ? [] : [watch.incidentId])]

/** Only a running term is handed over with the lead. */
const handedOver = ({ clock, handovers }: ActiveWatch): { handovers?: number } => (clock.kind === 'none' ? {} : { handovers: (handovers ?? 0) + 1 })

const expecting = (watch: ActiveWatch, change: Partial<Expectations>): ActiveWatch => ({ ...watch, expects: { stage: null, responsible: null, ...watch.expects, ...change } })

const enterStep = ({ staysOn: _staysOn, refused: _refused, ...watch }: ActiveWatch, command: Extract<Command, { kind: 'enter-step' }>): ActiveWatch => ({
  ...watch,
  stepId: command.stepId,
  enteredAt: command.at,
  contactsFrom: command.contactsFrom ?? command.at,
  responsibleId: command.responsibleId,
  clock: { kind: 'none' },
  followUp: null,
  contactedAt: null,
  askedAgain: [],
  handovers: 0,
  ...(command.isReturn === true ? { returns: [...(watch.returns ?? []), command.at].slice(-keptReturns) } : {}),
  round: watch.round + 1,
})

/** More returns than that within a day are not told apart. */
const keptReturns = 5

/** The lead has not moved: a watch that was closed on its way goes on, and what we expected is not to come. */
const refused = (watch: Watch, command: Extract<Command, { kind: 'note-refused' }>): Watch => {
  const open = watch.status === 'closed' ? watch.before : watch.status === 'active' ? watch : undefined
  if (open === undefined) return watch
  if (command.refusedKind === 'assign') {
    const responsible = open.expects?.responsible ?? null
    return watch.status !== 'active' || responsible === null ? watch : { ...expecting(open, { responsible: { ...responsible, refused: true } }), round: open.round + 1 }
  }
  const stage = open.expects?.stage ?? null
  if (command.toldAt !== null) return open.refused === undefined ? watch : { ...open, refused: { ...open.refused, toldAt: command.toldAt } }
  if (stage === null) return watch
  const known = open.refused?.words === command.words && open.refused.to === stage.to ? open.refused.toldAt : null
  const round = Math.max(open.round, watch.status === 'closed' ? watch.round ?? 0 : 0) + 1
  return { ...expecting(open, { stage: null }), refused: { from: stage.from, to: stage.to, movedAt: stage.movedAt, words: command.words, toldAt: known }, round }
}

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
const sharesAfter = (shares: Context['shares'], candidates: readonly Candidate[]): Context['shares'] => {
  const available = candidates.filter(candidate => candidate.verdict === 'chosen' || candidate.verdict === 'not-his-turn')
  const changed: Record<number, Share> = { ...shares }
  for (const { userId, verdict } of available) {
    const share = shares[userId] ?? { received: 0, due: 0 }
    changed[userId] = { received: share.received + (verdict === 'chosen' ? 1 : 0), due: share.due + 1 / available.length }
  }
  return changed
}
