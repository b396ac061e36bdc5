/** `GET /api/leads/:id/why`: the receipts of what holds for a lead now, put together from what we remember. Pure. */
import type { Temporal } from 'temporal-polyfill'
import type { ReceiptView, WhyView } from '../contract/receipt.ts'
import type { Context } from '../domain/command.ts'
import { openIncidents } from '../domain/evolve.ts'
import type { Lead } from '../domain/lead.ts'
import { gateReceipt, receiptOf } from '../domain/receipt.ts'
import type { Reader, Receipt } from '../domain/receipt.ts'
import type { Regulation } from '../domain/regulation.ts'
import { gateState } from '../domain/rules/gates.ts'
import { openPastOf } from '../domain/rules/native-conversion.ts'
import { isTaskDone } from '../domain/rules/tasks.ts'
import { toMs } from '../domain/time.ts'
import type { ActiveWatch, Watch } from '../domain/watch.ts'
import { choiceRow, setterOf } from './choices.ts'
import { inLanguage } from './lead-view.ts'
import type { JournalRow } from './ports.ts'

export interface WhyMemory {
  readonly watch: Watch
  /** Newest first. */
  readonly journal: readonly JournalRow[]
  /** The versions that decided, by number; what is unknown is told by the lead's own. */
  readonly regulations: Readonly<Record<number, Regulation>>
  /** The version the lead is under; null while the portal has none. */
  readonly regulation: Regulation | null
  /** The company as it was last read; null when it never was. */
  readonly company: Pick<Context, 'people' | 'calendar'> | null
  readonly now: Temporal.Instant
}

export const whyView = (lead: Lead, memory: WhyMemory, reader: Reader): WhyView => {
  const active = memory.watch.status === 'active' ? memory.watch : null
  const rows = [choiceRow(lead, memory.journal)].filter(row => row !== undefined)
  const deadline = deadlineRow(active, memory.journal)
  const misses = active === null ? [] : openIncidents(active).flatMap(id => memory.journal.find(({ command }) => command.kind === 'open-incident' && command.incidentId === id) ?? [])
  const past = openPastOf(memory.watch)
  const explain = (row: JournalRow): ReceiptView[] => {
    const version = row.regulationVersion ?? active?.regulationVersion ?? 0
    const regulation = memory.regulations[version] ?? memory.regulation
    return regulation === null ? [] : [view(receiptOf({ command: row.command, version, at: row.at }, regulation, reader))]
  }
  return {
    leadId: lead.id,
    now: memory.now.toString(),
    timeZone: reader.timeZone,
    receipts: [
      ...(deadline === undefined ? [] : explain(deadline).map(receipt => ({ ...receipt, about: 'deadline' as const }))),
      ...rows.flatMap(explain),
      ...gateOf(lead, active, memory, reader),
      ...memory.journal.filter(({ command }) => command.because.rule === 'gate-unchecked').slice(0, 1).flatMap(explain),
      ...misses.flatMap(explain),
      ...memory.journal.filter(({ command }) => command.kind === 'open-incident' && command.incidentId === past?.incidentId).flatMap(explain),
      ...memory.journal.filter(isEscalation).slice(0, mostEscalations).flatMap(explain),
    ],
  }
}

const mostEscalations = 5

const deadlineRow = (active: ActiveWatch | null, journal: readonly JournalRow[]): JournalRow | undefined => {
  const clock = active?.clock ?? { kind: 'none' as const }
  if (clock.kind === 'none') return undefined
  const isAt = (moment: string): boolean => toMs(moment) === toMs(clock.movedFrom ?? clock.dueAt)
  return journal.find(({ command: { because } }) => because.rule === 'deadline' && because.about === clock.kind && isAt(because.dueAt)) ?? setterOf(clock.movedFrom ?? clock.dueAt, journal)
}

/** The message and the passing over of a rung; what only remembers it is left out. */
const isEscalation = ({ command: { kind, because } }: JournalRow): boolean =>
  (kind === 'notify' && because.rule === 'rung') || because.rule === 'rung-skipped' || kind === 'escalate'

const gateOf = (lead: Lead, active: ActiveWatch | null, { regulation, company, now }: WhyMemory, reader: Reader): ReceiptView[] => {
  const step = regulation?.steps.find(({ id }) => id === active?.stepId)
  if (active === null || regulation === null || step === undefined || (step.gate?.needs.length ?? 0) === 0 || company === null) return []
  const followUp = lead.followUps.findLast(({ mark }) => mark === active.followUp?.mark)
  const needs = gateState({ regulation, step, lead, watch: active, context: { ...company, shares: {}, load: {}, misses: {}, stageNames: {}, language: reader.language }, taskDone: isTaskDone(active, followUp) })
  const all = step.gate?.needs.length ?? 0
  return [view(gateReceipt({ stepName: inLanguage(step.name, reader.language), all, needs, version: active.regulationVersion, at: now.toString() }, reader))]
}

const view = ({ inputs, pieces, rejected, changes, ...receipt }: Receipt): ReceiptView =>
  ({ ...receipt, inputs: [...inputs], pieces: [...pieces], rejected: [...rejected], changes: [...changes] })
