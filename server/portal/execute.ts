/**
 * Commands become REST calls: one look, one batch of writes, one batch of comments and timeline entries, for any number of leads.
 * A repeat is harmless: what was set finds its mark, a lead that already is as wanted is left alone, a notification with
 * the same TAG takes the place of the first, a timeline entry whose lines are there is not written again.
 */
import type { PortalCommand } from '../domain/command.ts'
import type { LeadId } from '../domain/lead.ts'
import { commandSentence, notificationText } from '../domain/sentences.ts'
import { link, plain } from './bbcode.ts'
import { PortalError, type PortalErrorCode, retell } from './error.ts'
import { answerRobot, comment, fireTrigger } from './automation-calls.ts'
import { changeFollowUp, closeFollowUp, type Place, setFollowUp } from './follow-up-calls.ts'
import { evened, type Item, lookBefore, type Seen, textsOf, timelineOf, withoutMoved } from './look-before.ts'
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
  const kept = withoutMoved(items, seen)
  const all = stepsFor(kept.items, seen, place, words)
  const steps = all.filter(step => !isComment(step))
  const { results: first } = await runSteps(portal, steps)
  const halves = steps.flatMap(step => halvesOf(step, first))
  const second = halves.length === 0 ? new Map<string, CarriedOut>() : (await runSteps(portal, halves)).results
  const outcomes = new Map([...first, ...second])
  const comments = await tell(portal, steps, outcomes, all.filter(isComment), seen, words)
  return items.map(({ mark }) => outcomes.get(mark) ?? comments.get(mark) ?? { mark, ok: false, error: kept.voided.get(mark) ?? new PortalError({ code: 'unexpected', method: 'carryOut' }) })
}

/** Comments go last, with the timeline entries: nobody is late for them. */
const isComment = ({ items }: Step): boolean => items.every(({ command }) => command.kind === 'comment')

const stepsFor = (items: readonly Item[], seen: Seen, place: Place, words: Words): readonly Step[] => {
  const leadItems = new Map<LeadId, Item[]>()
  const steps: Step[] = []
  for (const item of items) {
    const { command } = item
    if (!(command.kind in fieldOf)) continue
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

/** Lead fields that commands write. */
const fieldOf: Readonly<Partial<Record<PortalCommand['kind'], string>>> = { 'assign': 'assignedById', 'move-stage': 'stageId', 'set-title': 'title' }

/** Responsible, stage and title of one lead in one update; nothing is written that already holds, and no stage that a person has changed meanwhile. */
const leadSteps = (id: LeadId, items: readonly Item[], seen: Seen): readonly Step[] => {
  const lead = seen.leads.get(id)
  if (lead === undefined) return [{ items, calls: [], known: unseen(id, seen, 'crm.item.update'), told: false }]
  const overtaken = items.filter(({ command }) => command.kind === 'move-stage' && lead.stageId !== command.from && lead.stageId !== command.to)
  const wanted = items.filter(item => !overtaken.includes(item))
  const fields: Record<string, unknown> = {}
  for (const { command } of wanted) {
    if (command.kind === 'assign' && command.userId !== lead.responsibleId) fields['assignedById'] = command.userId
    if (command.kind === 'move-stage' && command.to !== lead.stageId) fields['stageId'] = command.to
    if (command.kind === 'set-title' && command.title !== lead.title) fields['title'] = command.title
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
    case 'assign': case 'move-stage': case 'set-title': return []
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
    case 'comment': {
      if (seen.comments.has(command.mark)) return [{ items, calls: [], told: false }]
      if (blind !== undefined) return [{ items, calls: [], known: blind, told: false }]
      if (!seen.leads.has(command.leadId)) return [{ items, calls: [], known: unseen(command.leadId, seen, 'crm.timeline.comment.add'), told: false }]
      return [{ items, calls: [comment(command)], told: false }]
    }
    case 'fire-trigger': return [{ items, calls: [fireTrigger(command)], told: true }]
    case 'answer-robot': return [{ items, calls: [answerRobot(command)], told: false }]
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

/** One result per mark, and the outcomes of the calls that go along in the same batches. */
const runSteps = async (portal: Portal, steps: readonly Step[], along: readonly Call[] = []): Promise<{ readonly results: ReadonlyMap<string, CarriedOut>; readonly along: readonly Outcome[] }> => {
  const outcomes = await portal.callAll([...steps.flatMap(({ calls }) => calls), ...along], { kind: 'write' })
  const results = new Map<string, CarriedOut>()
  let at = 0
  for (const { items, calls, known } of steps) {
    const answers = outcomes.slice(at, at += calls.length)
    for (const { mark, command } of items) results.set(mark, outcomeOf(mark, command, known, answers))
  }
  return { results, along: outcomes.slice(at) }
}

const outcomeOf = (mark: string, command: PortalCommand, known: Step['known'], answers: readonly Outcome[]): CarriedOut => {
  if (known instanceof PortalError) return { mark, ok: false, error: known }
  if (known !== undefined) return { mark, ok: true, result: known }
  // Nobody waits for the answer (any more): a repeat after an unknown outcome finds that, and so does a robot whose time is over.
  if (command.kind === 'answer-robot' && answers.some(answer => !answer.ok && answer.error.code === 'access-denied' && answer.error.bitrixCode === 'ACCESS_DENIED')) return { mark, ok: true }
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

/** They go together, but when the portal forbids one (a stage with required fields), the others are still wanted. */
const halvesOf = (step: Step, outcomes: ReadonlyMap<string, CarriedOut>): readonly Step[] => {
  const [call] = step.calls
  const fields = isRecord(call?.params?.['fields']) ? call.params['fields'] : {}
  if (call === undefined || step.items.length < 2 || Object.keys(fields).length < 2) return []
  const outcome = outcomes.get(step.items[0]?.mark ?? '')
  if (outcome?.ok !== false || (outcome.error.code !== 'invalid' && outcome.error.code !== 'access-denied')) return []
  return step.items.map((item): Step => {
    const name = fieldOf[item.command.kind] ?? ''
    return { items: [item], calls: name in fields ? [{ ...call, params: { ...call.params, fields: { [name]: fields[name] } } }] : [], told: step.told }
  })
}

/**
 * The comments, whose outcomes it answers, and one entry per lead about everything that has been done for it; a lost entry is looked for and
 * written once more. An entry must not fail a command: the journal has the reasons too.
 */
const tell = async (portal: Portal, steps: readonly Step[], outcomes: ReadonlyMap<string, CarriedOut>, comments: readonly Step[], seen: Seen, words: Words): Promise<ReadonlyMap<string, CarriedOut>> => {
  const done = new Map<LeadId, PortalCommand[]>()
  for (const { items, told } of steps) {
    if (!told) continue
    for (const { mark, command } of items) if (outcomes.get(mark)?.ok === true && seen.leads.has(command.leadId)) done.set(command.leadId, [...done.get(command.leadId) ?? [], command])
  }
  const entries = [...done].flatMap(([id, commands]) => {
    const entry = (words.timeline ?? timelineFor(words))(commands)
    return entry === null || isTold(entry.text, seen.timeline.get(id) ?? []) ? [] : [{ id, entry }]
  })
  const hindered = hindranceOf(steps, outcomes)
  const { results, along } = await runSteps(portal, hindered === null ? comments : comments.map(step => (step.calls.length === 0 ? step : { ...step, calls: [], known: hindered })), entries.map(toCall))
  const lost = entries.filter((_, index) => along[index]?.ok !== true)
  if (lost.length === 0) return results
  const looks = await portal.callAll(lost.map(({ id }) => timelineOf(id)), { kind: 'read' })
  const again = lost.filter(({ entry }, index) => looks[index]?.ok === true && !isTold(entry.text, textsOf(looks[index])))
  if (again.length > 0) await portal.callAll(again.map(toCall), { kind: 'write' })
  return results
}

/** A portal that has done none of the writes is not troubled with the comments, too; they have not been tried then. */
const hindranceOf = (steps: readonly Step[], outcomes: ReadonlyMap<string, CarriedOut>): PortalError | null => {
  const answers = steps.flatMap(({ calls, items }) => (calls.length === 0 ? [] : items.flatMap(({ mark }) => outcomes.get(mark) ?? [])))
  const [first] = answers
  if (first === undefined || first.ok || answers.some(answer => answer.ok || answer.error.code !== first.error.code) || !hindering.has(first.error.code)) return null
  return retell(first.error, 'crm.timeline.comment.add', first.error.code === 'unknown-outcome' ? 'unavailable' : first.error.code)
}

const hindering: ReadonlySet<PortalErrorCode> = new Set(['unavailable', 'unknown-outcome', 'rate-limited', 'overloaded', 'expired-token', 'auth-lost', 'app-uninstalled'])

interface Entry {
  readonly id: LeadId
  readonly entry: { readonly title: string; readonly text: string }
}

const timelineFor = ({ language, timeZone, names }: Words) => (commands: readonly PortalCommand[]) => ({
  title: 'Leadrail',
  text: commands.map(command => plain(commandSentence(command, language, timeZone, names))).join('\n'),
})

/** `info` is the icon of the page's own sample (crm-timeline-logmessage-add.md). */
const toCall = ({ id, entry: { title, text } }: Entry): Call =>
  ({ method: 'crm.timeline.logmessage.add', params: { fields: { entityTypeId: leadType, entityId: id, title, text, iconCode: 'info' } } })

const isTold = (text: string, entries: readonly string[]): boolean => {
  const lines = text.split('\n').map(evened).filter(Boolean)
  return lines.every(line => entries.some(entry => entry.includes(line)))
}
