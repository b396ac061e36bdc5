/**
 * Commands become REST calls: one look, one batch of writes, one batch of timeline entries, for any number of leads.
 * A repeat is harmless: what was set finds its mark, a lead that already is as wanted is left alone, a notification with
 * the same TAG takes the place of the first, a timeline entry whose lines are there is not written again.
 */
import type { PortalCommand } from '../domain/command.ts'
import type { LeadId } from '../domain/lead.ts'
import { commandSentence, notificationText } from '../domain/sentences.ts'
import { link, plain } from './bbcode.ts'
import { PortalError } from './error.ts'
import { changeFollowUp, closeFollowUp, type Place, setFollowUp } from './follow-up-calls.ts'
import { evened, type Item, lookBefore, type Seen, textsOf, timelineOf } from './look-before.ts'
import { toTag } from './marks.ts'
import type { Portal } from './portal.ts'
import { type Call, idOf, leadType, type Outcome } from './rows.ts'
import { leadPath } from './tasks.ts'
import { isRecord } from './transport.ts'

export type { Item } from './look-before.ts'

export type CarriedOut =
  | { readonly mark: string; readonly ok: true; readonly result?: { readonly id?: number } }
  | { readonly mark: string; readonly ok: false; readonly error: PortalError }

export interface Words {
  readonly language: 'ru' | 'en'
  readonly timeZone: string
  /** Name of a user known by id alone. */
  readonly names?: (userId: number) => string
  /** The entry in the lead's timeline about commands that have been carried out; null for none. */
  readonly timeline?: (commands: readonly PortalCommand[]) => { readonly title: string; readonly text: string } | null
}

/** A call or two for one or two commands. `calls` may be empty: nothing is left to do. */
interface Step {
  readonly items: readonly Item[]
  readonly calls: readonly Call[]
  /** Known without a call: found by its mark, or impossible. */
  readonly known?: { readonly id: number } | PortalError
  /** Worth telling in the timeline. */
  readonly told: boolean
}

/** One outcome per item. Rejects with PortalError only when the portal could not be looked at, before anything was done. */
export const carryOut = async (portal: Portal, items: readonly Item[], words: Words): Promise<readonly CarriedOut[]> => {
  if (items.length === 0) return []
  const seen = await lookBefore(portal, items)
  const place: Place = { language: words.language, timeZone: words.timeZone, origin: portal.origin }
  const steps = stepsFor(items, seen, place, words)
  const first = await runSteps(portal, steps)
  const halves = steps.flatMap(step => halvesOf(step, first))
  const second = halves.length === 0 ? new Map<string, CarriedOut>() : await runSteps(portal, halves)
  const outcomes = new Map([...first, ...second])
  await tell(portal, steps, outcomes, seen, words)
  return items.map(({ mark }) => outcomes.get(mark) ?? { mark, ok: false, error: new PortalError({ code: 'unexpected', method: 'carryOut' }) })
}

const stepsFor = (items: readonly Item[], seen: Seen, place: Place, words: Words): readonly Step[] => {
  const leadItems = new Map<LeadId, Item[]>()
  const steps: Step[] = []
  for (const item of items) {
    const { command } = item
    if (command.kind !== 'assign' && command.kind !== 'move-stage') continue
    leadItems.set(command.leadId, [...leadItems.get(command.leadId) ?? [], item])
  }
  for (const [id, group] of leadItems) steps.push(...leadSteps(id, group, seen))
  for (const item of items) steps.push(...otherStep(item, items, seen, place, words))
  return steps
}

/** Of a lead that was not listed. What this token does not see waits for another token. */
const unseen = (id: LeadId, { gone }: Seen, method: string) => gone.has(id)
  ? new PortalError({ code: 'not-found', method, bitrixMessage: 'the lead is not on the portal' })
  : new PortalError({ code: 'unavailable', method, bitrixMessage: 'the lead is there, but this token does not see it' })

/** Responsible and stage of one lead in one update; nothing is written that already holds, and no stage that a person has changed meanwhile. */
const leadSteps = (id: LeadId, items: readonly Item[], seen: Seen): readonly Step[] => {
  const lead = seen.leads.get(id)
  if (lead === undefined) return [{ items, calls: [], known: unseen(id, seen, 'crm.item.update'), told: false }]
  const overtaken = items.filter(({ command }) => command.kind === 'move-stage' && lead.stageId !== command.from && lead.stageId !== command.to)
  const wanted = items.filter(item => !overtaken.includes(item))
  const fields: Record<string, unknown> = {}
  for (const { command } of wanted) {
    if (command.kind === 'assign' && command.userId !== lead.responsibleId) fields['assignedById'] = command.userId
    if (command.kind === 'move-stage' && command.to !== lead.stageId) fields['stageId'] = command.to
  }
  const calls = Object.keys(fields).length === 0 ? [] : [{ method: 'crm.item.update', params: { entityTypeId: leadType, id, fields, useOriginalUfNames: 'Y' } }]
  return [
    ...(wanted.length === 0 ? [] : [{ items: wanted, calls, told: true }]),
    // Void, not done: the journal must not say that we have moved it.
    ...(overtaken.length === 0 ? [] : [{ items: overtaken, calls: [], known: new PortalError({ code: 'not-found', method: 'crm.item.update', bitrixMessage: 'the lead is in another stage by now' }), told: false }]),
  ]
}

const otherStep = (item: Item, all: readonly Item[], seen: Seen, place: Place, words: Words): readonly Step[] => {
  const { command } = item
  const items = [item]
  const blind = seen.blind.get(item.mark)
  const unsure = blind ?? (isBeingSet(command, all) ? new PortalError({ code: 'unavailable', method: 'carryOut', bitrixMessage: 'its follow-up is set in this same attempt' }) : null)
  switch (command.kind) {
    case 'assign': case 'move-stage': return []
    case 'set-follow-up': {
      const found = seen.followUps.get(command.mark)
      if (found !== undefined) return [{ items, calls: [], known: { id: found.id }, told: true }]
      if (blind !== undefined) return [{ items, calls: [], known: blind, told: false }]
      if (!seen.leads.has(command.leadId)) return [{ items, calls: [], known: unseen(command.leadId, seen, 'tasks.task.add'), told: false }]
      return [{ items, calls: [setFollowUp(command, place)], told: true }]
    }
    case 'change-follow-up': {
      const found = seen.followUps.get(command.followUp)
      if (found === undefined && unsure !== null) return [{ items, calls: [], known: unsure, told: false }]
      // Deleted or closed by a person: there is nothing left to change.
      return [{ items, calls: found?.open === true ? changeFollowUp(command, found, place) : [], told: found?.open === true }]
    }
    case 'close-follow-up': {
      const found = seen.followUps.get(command.followUp)
      if (found === undefined && unsure !== null) return [{ items, calls: [], known: unsure, told: false }]
      return [{ items, calls: found?.open === true ? [closeFollowUp(found)] : [], told: found?.open === true }]
    }
    case 'notify': return [{ items, calls: [notify(command, all, seen, words)], told: command.about !== 'assigned' && command.about !== 'reminder' }]
  }
}

/** The look came before it was set: a change or a close of it waits for the next attempt. */
const isBeingSet = (command: PortalCommand, all: readonly Item[]): boolean =>
  (command.kind === 'change-follow-up' || command.kind === 'close-follow-up') && all.some(other => other.command.kind === 'set-follow-up' && other.command.mark === command.followUp)

/** im-notify-system-add.md: BB codes; the tag makes a second copy take the first one's place. */
const notify = (command: Extract<PortalCommand, { kind: 'notify' }>, all: readonly Item[], { leads }: Seen, words: Words): Call => {
  const title = leads.get(command.leadId)?.title.trim() || `№ ${command.leadId}`
  const here = '\u0001'
  const text = notificationText(command, { leadTitle: here, leadUrl: null, dueAt: dueAtFor(command.leadId, all) }, words.language, words.timeZone, words.names)
  return {
    method: 'im.notify.system.add',
    params: { USER_ID: command.userId, MESSAGE: plain(text).replaceAll(here, () => link(leadPath(command.leadId), title)), MESSAGE_OUT: text.replaceAll(here, () => title), TAG: toTag(command.mark) },
  }
}

/** The term that the same decision has set. */
const dueAtFor = (id: LeadId, items: readonly Item[]): string | null => {
  for (const { command } of items)
    if (command.leadId === id && (command.kind === 'set-follow-up' || command.kind === 'change-follow-up') && command.deadlineAt !== null) return command.deadlineAt
  return null
}

const runSteps = async (portal: Portal, steps: readonly Step[]): Promise<ReadonlyMap<string, CarriedOut>> => {
  const outcomes = await portal.callAll(steps.flatMap(({ calls }) => calls), { kind: 'write' })
  const results = new Map<string, CarriedOut>()
  let at = 0
  for (const { items, calls, known } of steps) {
    const answers = outcomes.slice(at, at += calls.length)
    for (const { mark, command } of items) results.set(mark, outcomeOf(mark, command, known, answers))
  }
  return results
}

const outcomeOf = (mark: string, command: PortalCommand, known: Step['known'], answers: readonly Outcome[]): CarriedOut => {
  if (known instanceof PortalError) return { mark, ok: false, error: known }
  if (known !== undefined) return { mark, ok: true, result: known }
  for (const answer of answers) if (!answer.ok) return { mark, ok: false, error: answer.error }
  const [answer] = answers
  const result = answer?.ok === true ? answer.result : undefined
  // `false`: the portal made no notification, e.g. for a dismissed person (im-notify-system-add.md).
  if (command.kind === 'notify' && result === false) return { mark, ok: false, error: new PortalError({ code: 'invalid', method: 'im.notify.system.add', status: 200 }) }
  const id = createdId(result)
  return id === null || command.kind !== 'set-follow-up' ? { mark, ok: true } : { mark, ok: true, result: { id } }
}

const createdId = (result: unknown): number | null => {
  if (!isRecord(result)) return null
  return isRecord(result['task']) ? idOf(result['task']['id']) : idOf(result['id'])
}

/** Responsible and stage go together, but when the portal forbids one (a stage with required fields), the other one is still wanted. */
const halvesOf = (step: Step, outcomes: ReadonlyMap<string, CarriedOut>): readonly Step[] => {
  const [call] = step.calls
  const fields = isRecord(call?.params?.['fields']) ? call.params['fields'] : {}
  if (call === undefined || step.items.length < 2 || !('assignedById' in fields) || !('stageId' in fields)) return []
  const outcome = outcomes.get(step.items[0]?.mark ?? '')
  if (outcome?.ok !== false || (outcome.error.code !== 'invalid' && outcome.error.code !== 'access-denied')) return []
  return step.items.map((item): Step => {
    const name = item.command.kind === 'assign' ? 'assignedById' : 'stageId'
    return { items: [item], calls: [{ ...call, params: { ...call.params, fields: { [name]: fields[name] } } }], told: step.told }
  })
}

/** One entry per lead about everything that has been done for it; a lost one is looked for and written once more. It must not fail a command: the journal has the reasons too. */
const tell = async (portal: Portal, steps: readonly Step[], outcomes: ReadonlyMap<string, CarriedOut>, seen: Seen, words: Words): Promise<void> => {
  const done = new Map<LeadId, PortalCommand[]>()
  for (const { items, told } of steps) {
    if (!told) continue
    for (const { mark, command } of items) if (outcomes.get(mark)?.ok === true && seen.leads.has(command.leadId)) done.set(command.leadId, [...done.get(command.leadId) ?? [], command])
  }
  const entries = [...done].flatMap(([id, commands]) => {
    const entry = (words.timeline ?? timelineFor(words))(commands)
    return entry === null || isTold(entry.text, seen.timeline.get(id) ?? []) ? [] : [{ id, entry }]
  })
  const lost = await write(portal, entries)
  if (lost.length === 0) return
  const looks = await portal.callAll(lost.map(({ id }) => timelineOf(id)), { kind: 'read' })
  await write(portal, lost.filter(({ entry }, index) => looks[index]?.ok === true && !isTold(entry.text, textsOf(looks[index]))))
}

interface Entry {
  readonly id: LeadId
  readonly entry: { readonly title: string; readonly text: string }
}

/** Answers the entries that failed or may have failed. */
const write = async (portal: Portal, entries: readonly Entry[]): Promise<readonly Entry[]> => {
  if (entries.length === 0) return []
  const outcomes = await portal.callAll(entries.map(({ id, entry }) => timelineEntry(id, entry)), { kind: 'write' })
  return entries.filter((_, index) => outcomes[index]?.ok !== true)
}

const timelineFor = ({ language, timeZone, names }: Words) => (commands: readonly PortalCommand[]) => ({
  title: 'Leadrail',
  text: commands.map(command => plain(commandSentence(command, language, timeZone, names))).join('\n'),
})

/** `info` is the icon of the page's own sample (crm-timeline-logmessage-add.md). */
const timelineEntry = (id: LeadId, { title, text }: { title: string; text: string }): Call =>
  ({ method: 'crm.timeline.logmessage.add', params: { fields: { entityTypeId: leadType, entityId: id, title, text, iconCode: 'info' } } })

const isTold = (text: string, entries: readonly string[]): boolean => {
  const lines = text.split('\n').map(evened).filter(Boolean)
  return lines.every(line => entries.some(entry => entry.includes(line)))
}
