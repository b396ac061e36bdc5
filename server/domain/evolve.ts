/** Folds recorded commands into what we remember. */
import type { Candidate, Command, Context, Reason, Share } from './command.ts'
import type { LeadId, UserId } from './lead.ts'
import type { ActiveWatch, Expectations, FollowUpMemory, Moment, Watch } from './watch.ts'

/** The watch after one command; commands that do not change it return it as it is. */
export const evolve = (watch: Watch, command: Command): Watch => {
  if (command.kind === 'start-watch') return command.watch
  if (command.kind === 'note-refused') return refused(watch, command)
  if (command.kind === 'note' && watch.status === 'unseen') return command.life?.actsSeen === undefined ? watch : { ...watch, actsSeen: command.life.actsSeen }
  if (command.kind === 'note' && watch.status === 'closed') return command.life === undefined ? watch : { ...watch, life: { ...watch.life, ...command.life } }
  if (command.kind === 'fire-trigger' && watch.status === 'closed') return withTrigger(watch, command)
  if (command.kind === 'close-watch' && watch.status === 'closed') return closedAgain(watch, command)
  return watch.status === 'active' ? evolveActive(watch, command) : watch
}

/** A lead whose work had ended is refused: nothing is to go on if a former move is refused. */
const closedAgain = ({ before: _before, ...watch }: Extract<Watch, { status: 'closed' }>, { outcome, at, stageId, movedAt }: Extract<Command, { kind: 'close-watch' }>): Watch =>
  ({ ...watch, outcome, closedAt: at, stageId, ...(movedAt === undefined ? {} : { movedAt }) })

/** Misses have ids of their own; the others are fired once in a lead's life. */
const withTrigger = <W extends Exclude<Watch, { status: 'unseen' }>>(watch: W, { trigger, mark }: Extract<Command, { kind: 'fire-trigger' }>): W =>
  trigger === 'deadline-missed' ? watch : { ...watch, life: { ...watch.life, triggers: [...(watch.life?.triggers ?? []), mark] } }

/** The context after one command (shares, misses), so that the next lead of the same run sees it. */
export const evolveContext = (context: Context, command: Command): Context => {
  if ((command.kind === 'assign' || command.kind === 'note-responsible') && command.isTest === true) return withOwner(context, command)
  if ((command.kind === 'assign' || command.kind === 'note-responsible') && command.poolId !== undefined) {
    const { poolId } = command
    return { ...withLoad(context, command), shares: { ...context.shares, [poolId]: sharesAfter(context.shares[poolId] ?? {}, candidatesOf(command.because)) } }
  }
  if (command.kind === 'assign' || command.kind === 'note-responsible') return withLoad(context, command)
  if (command.kind === 'note' && command.waits !== undefined) return withWaiting(context, command.waits)
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
        ...givenAnew(watch, command),
        round: watch.round + 1,
      }
    case 'note-responsible':
      return { ...(command.userId === watch.responsibleId ? watch : expecting(watch, { responsible: null })), responsibleId: command.userId, chosenId: command.userId, ...handedOver(watch), ...givenAnew(watch, command), round: watch.round + 1 }
    case 'move-stage':
      return expecting(watch, { stage: { from: command.from, to: command.to, movedAt: command.seenMovedAt ?? null } })
    case 'enter-step':
      return enterStep(watch, command)
    case 'set-clock':
      return followed({ ...watch, clock: command.clock }, command)
    case 'set-follow-up':
      return { ...watch, followUp: { mark: command.mark, form: command.form, id: null, deadlineAt: command.deadlineAt, earlierDeadlines: [], ...(command.next === undefined ? {} : { next: command.next }) } }
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
      return { ...watch, life: { ...watch.life, ladders: { ...watch.life?.ladders, [command.incidentId]: { since: command.noticedAt, told: [command.userId], rungs: [] } } }, incidentId: command.incidentId, earlierIncidentIds: openIncidents(watch).filter(id => id !== command.incidentId), incidentDues: { ...watch.incidentDues, [command.incidentId]: command.dueAt }, round: watch.round + 1 }
    case 'resolve-incident': {
      const left = openIncidents(watch).filter(id => id !== command.incidentId)
      return { ...watch, ...withoutLadder(watch, command.incidentId), incidentId: left.at(-1) ?? null, earlierIncidentIds: left.slice(0, -1), incidentDues: Object.fromEntries(Object.entries(watch.incidentDues ?? {}).filter(([id]) => id !== command.incidentId)) }
    }
    case 'acknowledge-incident': {
      const ladder = watch.life?.ladders?.[command.incidentId]
      return ladder === undefined ? watch : { ...watch, life: { ...watch.life, ladders: { ...watch.life?.ladders, [command.incidentId]: { ...ladder, acknowledged: true } } } }
    }
    case 'close-watch':
      return {
        status: 'closed',
        leadId: watch.leadId,
        outcome: command.outcome,
        closedAt: command.at,
        stageId: command.stageId,
        round: watch.round,
        regulationVersion: watch.regulationVersion,
        stepId: watch.stepId,
        contactsFrom: watch.contactsFrom ?? watch.enteredAt,
        ...(watch.life === undefined ? {} : { life: watch.life }),
        ...(watch.expects?.stage?.to === command.stageId ? { before: watch } : {}),
        ...(command.movedAt === undefined ? {} : { movedAt: command.movedAt }),
      }
    case 'stay-on-step':
      return { ...watch, staysOn: command.stageId, round: watch.round + 1 }
    case 'note':
      return {
        ...watch,
        ...(command.life === undefined ? {} : { life: { ...watch.life, ...command.life } }),
        ...(command.step === undefined ? {} : { step: { ...watch.step, ...command.step } }),
        ...(command.step?.waiting === undefined && (command.step?.proposed ?? '') === '' ? {} : { round: watch.round + 1 }),
      }
    case 'adopt-version':
      return { ...watch, regulationVersion: command.version, stepId: command.stepId ?? watch.stepId, round: watch.round + 1 }
    case 'set-title':
      return { ...watch, life: { ...watch.life, title: command.title, titles: (watch.life?.titles ?? 0) + 1 } }
    case 'fire-trigger':
      return withTrigger(watch, command)
    case 'comment':
      return command.about === 'questions' ? { ...watch, life: { ...watch.life, commented: [...(watch.life?.commented ?? []), watch.stepId] } } : watch
    case 'start-watch':
    case 'note-refused':
    case 'answer-robot':
    case 'notify':
    case 'escalate':
    case 'wake-at':
      return watch
  }
}

/** Ids of the lead's open incidents, oldest first. */
export const openIncidents = (watch: ActiveWatch): readonly string[] => [...(watch.earlierIncidentIds ?? []), ...(watch.incidentId === null ? [] : [watch.incidentId])]

/** A miss that is answered is told to nobody else. */
const withoutLadder = ({ life }: ActiveWatch, incidentId: string): Pick<ActiveWatch, 'life'> => {
  if (life?.ladders?.[incidentId] === undefined) return {}
  const { ladders, ...rest } = life
  const left = Object.entries(ladders).filter(([id]) => id !== incidentId)
  return { life: left.length === 0 ? rest : { ...rest, ladders: Object.fromEntries(left) } }
}

/** Only a running term is handed over with the lead. */
const handedOver = ({ clock, handovers }: ActiveWatch): { handovers?: number } => (clock.kind === 'none' ? {} : { handovers: (handovers ?? 0) + 1 })

/** Whoever gets a lead has not begun it yet; whoever was named by a person, or takes it himself, is not waited for. */
const givenAnew = ({ life, step }: ActiveWatch, command: Extract<Command, { kind: 'assign' | 'note-responsible' }>): Pick<ActiveWatch, 'life' | 'step'> => {
  const { takenAt: _takenAt, takeBy: _takeBy, nobodyTold: _nobodyTold, ...rest } = step ?? {}
  const isGiven = givingRules.has(command.because.rule)
  const isNews = isGiven || (life?.givenTo ?? null) !== null
  const nobodySince = command.kind === 'assign' ? command.at : undefined
  return {
    ...(isNews || command.givenAt !== undefined
      ? { life: { ...life, ...(isNews ? { givenTo: isGiven ? command.userId : null } : {}), ...(command.givenAt === undefined ? {} : { given: { userId: command.userId, at: command.givenAt } }) } }
      : {}),
    ...(step === undefined && nobodySince === undefined ? {} : { step: { ...rest, ...(nobodySince === undefined ? {} : { nobodySince }) } }),
  }
}

const givingRules: ReadonlySet<Reason['rule']> = new Set<Reason['rule']>(['distribution-in-turn', 'distribution-least-loaded', 'distribution-weighted', 'distribution-kept', 'distribution-client', 'distribution-person'])

const expecting = (watch: ActiveWatch, change: Partial<Expectations>): ActiveWatch => ({ ...watch, expects: { stage: null, responsible: null, ...watch.expects, ...change } })

const enterStep = ({ staysOn: _staysOn, refused: _refused, step: _step, ...watch }: ActiveWatch, command: Extract<Command, { kind: 'enter-step' }>): ActiveWatch => ({
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

/** The watch as it was before it was closed; what was obeyed since is not obeyed again. */
const reopened = ({ before, life }: Extract<Watch, { status: 'closed' }>): ActiveWatch | undefined =>
  before === undefined || life?.actsSeen === undefined ? before : { ...before, life: { ...before.life, actsSeen: life.actsSeen } }

/** The lead has not moved: a watch that was closed on its way goes on, and what we expected is not to come. */
const refused = (watch: Watch, command: Extract<Command, { kind: 'note-refused' }>): Watch => {
  const open = watch.status === 'closed' ? reopened(watch) : watch.status === 'active' ? watch : undefined
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
  because.rule === 'deadline-moved' && clock.kind !== 'none' && watch.followUp !== null ? { ...watch, followUp: knowing(watch.followUp, clock.dueAt), step: { ...watch.step, deadlineMoves: (watch.step?.deadlineMoves ?? 0) + 1 } } : watch

/** Older deadlines than the last few cannot come back in a look. */
const keptDeadlines = 5

const withDeadline = (followUp: FollowUpMemory | null, command: Extract<Command, { kind: 'change-follow-up' }>): FollowUpMemory | null =>
  followUp?.mark !== command.followUp || command.deadlineAt === null ? followUp : knowing(followUp, command.deadlineAt)

const knowing = (followUp: FollowUpMemory, deadlineAt: Moment): FollowUpMemory =>
  deadlineAt === followUp.deadlineAt ? followUp : { ...followUp, deadlineAt, earlierDeadlines: [...(followUp.earlierDeadlines ?? []), ...(followUp.deadlineAt === null ? [] : [followUp.deadlineAt])].slice(-keptDeadlines) }

const candidatesOf = (because: Reason): readonly Candidate[] => ('candidates' in because ? because.candidates ?? [] : [])

/** One open lead more for whoever got it; one more of the day when a pool gave it. */
const withLoad = (context: Context, { leadId, userId, poolId, givenAt }: Extract<Command, { kind: 'assign' | 'note-responsible' }>): Context => {
  const load = context.load[userId] ?? { open: 0, today: 0, waiting: 0 }
  return { ...withOwner(context, { leadId, userId }), load: { ...context.load, [userId]: { ...load, open: load.open + 1, today: load.today + (poolId === undefined && givenAt === undefined ? 0 : 1) } } }
}

const withOwner = (context: Context, { leadId, userId }: { readonly leadId: LeadId; readonly userId: UserId }): Context =>
  ({ ...context, owners: [...(context.owners ?? []).slice(1 - keptOwners), { leadId, userId }] })

/** Leads of one burst that are the same client's come close after one another. */
const keptOwners = 100

const withWaiting = (context: Context, { userId, by }: { readonly userId: UserId; readonly by: 1 | -1 }): Context => {
  const load = context.load[userId] ?? { open: 0, today: 0, waiting: 0 }
  return { ...context, load: { ...context.load, [userId]: { ...load, waiting: Math.max(0, load.waiting + by) } } }
}

/** Everyone available owes himself his part of the lead, equal ones where nothing is weighted; who got it has received a whole one. */
const sharesAfter = (shares: Readonly<Record<number, Share>>, candidates: readonly Candidate[]): Readonly<Record<number, Share>> => {
  const available = candidates.filter(candidate => candidate.verdict === 'chosen' || candidate.verdict === 'not-his-turn')
  const weights = available.reduce((sum, { weight = 1 }) => sum + weight, 0)
  const changed: Record<number, Share> = { ...shares }
  for (const { userId, verdict, weight = 1 } of available) {
    const share = shares[userId] ?? { received: 0, due: 0 }
    changed[userId] = { received: share.received + (verdict === 'chosen' ? 1 : 0), due: share.due + (weights > 0 ? weight / weights : 0) }
  }
  return changed
}
