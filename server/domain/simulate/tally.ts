/** Counts what a simulation finds. Mutable and local to one simulation. */
import type { Command } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { CalendarData } from '../regulation.ts'
import { toInstant, toMoment, toMs } from '../time.ts'
import type { Watch } from '../watch.ts'
import type { Estimate } from './estimates.ts'
import { mostExamples, type SimulationResult, type Terms } from './result.ts'

export interface Tally {
  /** One look: the watch before it, its commands, and whether deadlines still say something of this lead. */
  look(leadId: number, before: Watch, commands: readonly Command[], isTelling: boolean): void
  /** Whom the rules have chosen, and who had the lead. */
  given(leadId: number, chosen: Extract<Command, { kind: 'assign' | 'note-responsible' }>, holderId: UserId | null): void
  passedOn(): void
  moved(wasMade: boolean): void
  failed(): void
  result(end: { readonly untilMs: number; readonly read: number; readonly watches: readonly Watch[]; readonly estimates: readonly Estimate[] }): SimulationResult
}

type Counts = Record<string, number>
type TermCounts = Record<string, { met: number; missed: number }>

const add = (counts: Counts, key: string | number, by = 1): void => { counts[key] = (counts[key] ?? 0) + by }

export const createTally = (calendar: CalendarData): Tally => {
  const terms = { person: {}, channel: {}, hour: {}, step: {}, term: {} } satisfies Record<string, TermCounts> as Record<'person' | 'channel' | 'hour' | 'step' | 'term', TermCounts>
  const total = { met: 0, missed: 0 }
  const messages = { total: 0, held: 0, kind: {} as Counts, person: {} as Counts }
  const escalations = { total: 0, about: {} as Counts, to: {} as Counts }
  const gates = { stopped: 0, toldOnly: 0, step: {} as Counts, leads: new Set<number>() }
  const distribution = { chosen: {} as Counts, had: {} as Counts, same: 0, different: 0, nobody: 0, passedOn: 0, rule: {} as Counts }
  const moves = { wanted: 0, made: 0 }
  const rules: Counts = {}
  const watched = new Set<number>()
  const missed = new Map<string, Term>()
  let looks = 0
  let failures = 0

  interface Term { readonly person: string; readonly channel: string; readonly hour: string; readonly step: string; readonly term: string }

  const termOf = (watch: Extract<Watch, { status: 'active' }>, person: number, kind: string, dueAt: string): Term =>
    ({ person: String(person), channel: watch.life?.channelId ?? '', hour: String(localHour(calendar, toMs(dueAt))), step: watch.stepId, term: kind })

  const count = (term: Term, how: 'met' | 'missed', by: 1 | -1): void => {
    total[how] += by
    for (const side of ['person', 'channel', 'hour', 'step', 'term'] as const) {
      const counts = terms[side]
      const before = counts[term[side]] ?? { met: 0, missed: 0 }
      counts[term[side]] = { ...before, [how]: before[how] + by }
    }
  }

  const countTerms = (before: Watch, commands: readonly Command[]): void => {
    const opened = commands.find(({ kind }) => kind === 'open-incident')
    if (before.status === 'active' && opened?.kind === 'open-incident' && !opened.systemDelay) {
      const term = termOf(before, opened.userId, before.clock.kind === 'none' ? 'finish' : before.clock.kind, opened.dueAt)
      missed.set(opened.incidentId, term)
      count(term, 'missed', 1)
    }
    for (const command of commands) {
      if (command.kind !== 'resolve-incident' || command.inTime !== true) continue
      const term = missed.get(command.incidentId)
      if (term === undefined || !missed.delete(command.incidentId)) continue
      count(term, 'missed', -1)
      count(term, 'met', 1)
    }
    if (before.status !== 'active' || before.clock.kind === 'none' || opened !== undefined) return
    const isReached = before.contactedAt === null && commands.some(({ kind }) => kind === 'note-contact')
    const isLeft = commands.some(({ kind }) => kind === 'enter-step') || commands.some(command => command.kind === 'close-watch' && command.outcome !== 'gone')
    if (isReached || isLeft) count(termOf(before, before.responsibleId, before.clock.kind, before.clock.dueAt), 'met', 1)
  }

  const countMessage = (leadId: number, before: Watch, command: Extract<Command, { kind: 'notify' }>): void => {
    messages.total += 1
    if (command.notBefore !== undefined) messages.held += 1
    add(messages.kind, command.about)
    add(messages.person, command.userId)
    if (command.about !== 'sent-back' && command.about !== 'gate-passed') return
    gates[command.about === 'sent-back' ? 'stopped' : 'toldOnly'] += 1
    if (before.status === 'active') add(gates.step, before.stepId)
    if (gates.leads.size < mostExamples) gates.leads.add(leadId)
  }

  return {
    look: (leadId, before, commands, isTelling) => {
      looks += 1
      if (commands.some(({ kind }) => kind === 'start-watch')) watched.add(leadId)
      if (!isTelling) return
      countTerms(before, commands)
      for (const command of commands) {
        if (command.kind !== 'wake-at') add(rules, command.because.rule)
        if (command.kind === 'notify') countMessage(leadId, before, command)
        if (command.kind === 'escalate') {
          escalations.total += 1
          add(escalations.about, command.userId)
          add(escalations.to, command.toUserId)
        }
      }
    },
    given: (_leadId, { userId, because }, holderId) => {
      add(distribution.rule, because.rule)
      if (because.rule === 'distribution-nobody') {
        distribution.nobody += 1
        return
      }
      add(distribution.chosen, userId)
      if (holderId === null) return
      add(distribution.had, holderId)
      distribution[holderId === userId ? 'same' : 'different'] += 1
    },
    passedOn: () => { distribution.passedOn += 1 },
    moved: (wasMade) => {
      moves.wanted += 1
      if (wasMade) moves.made += 1
    },
    failed: () => { failures += 1 },
    result: ({ untilMs, read, watches, estimates }) => ({
      until: toMoment(untilMs),
      looks,
      leads: {
        read,
        watched: watched.size,
        open: watches.filter(({ status }) => status === 'active').length,
        withoutChannel: watches.filter(watch => watch.status !== 'unseen' && !isLeftAlone(watch) && (watch.life?.channelId ?? null) === null).length,
        leftAlone: watches.filter(isLeftAlone).length,
        failed: failures,
      },
      deadlines: { total: { ...total }, byPerson: sorted(terms.person), byChannel: sorted(terms.channel), byHour: sorted(terms.hour), byStep: sorted(terms.step), byTerm: sorted(terms.term) },
      messages: { total: messages.total, held: messages.held, byKind: sorted(messages.kind), byPerson: sorted(messages.person) },
      escalations: { total: escalations.total, about: sorted(escalations.about), to: sorted(escalations.to) },
      gates: { stopped: gates.stopped, toldOnly: gates.toldOnly, byStep: sorted(gates.step), leadIds: [...gates.leads].sort((a, b) => a - b) },
      distribution: { chosen: sorted(distribution.chosen), had: sorted(distribution.had), same: distribution.same, different: distribution.different, nobody: distribution.nobody, passedOn: distribution.passedOn, byRule: sorted(distribution.rule) },
      moves: { ...moves },
      rules: sorted(rules),
      estimates,
    }),
  }
}

const isLeftAlone = (watch: Watch): boolean => watch.status === 'closed' && (watch.life?.leftSource ?? null) !== null

/** Keys in one order, whatever came first; terms of nothing are left out. */
const sorted = <T extends number | Terms>(counts: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(counts).filter(([, one]) => typeof one === 'number' || one.met + one.missed > 0).sort(([a], [b]) => (a < b ? -1 : 1)))

const localHour = ({ timeZone }: CalendarData, ms: number): number => toInstant(ms).toZonedDateTimeISO(timeZone).hour
