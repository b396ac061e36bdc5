/** A lead's past as a sequence of moments, and what of it has to be estimated because the portal keeps no history of it. */
import type { Temporal } from 'temporal-polyfill'
import type { Activity, FieldName, FollowUpState, Lead, Semantic, StageId, UserId } from '../lead.ts'
import type { Regulation, Step } from '../regulation.ts'
import { toInstant } from '../time.ts'

/** What a portal still knows of a past lead. */
export interface PastLead {
  /** As it is now, with every activity that could be read. */
  readonly lead: Lead
  /** Stages it stood on, oldest first, the one it was created on included; empty: no history is kept of it. */
  readonly stages: readonly StageEntry[]
}

export interface StageEntry {
  readonly at: Temporal.Instant
  readonly stageId: StageId
  readonly semantic: Semantic
}

export interface Story {
  /** The lead as it was first seen. */
  readonly lead: Lead
  readonly beginsAt: Temporal.Instant
  /** In the order of their moments. Each is looked at by itself. */
  readonly changes: readonly StoryChange[]
  /** Whoever had it all the time, where nobody knows who had it when; null: the changes say. */
  readonly holderId: UserId | null
}

/** A story that is told when it begins; until then it need not be in memory. */
export interface Untold {
  /** Milliseconds since the epoch. */
  readonly beginsMs: number
  tell(): Story
}

export interface StoryChange {
  readonly at: Temporal.Instant
  /** Null: the lead is gone from then on. */
  readonly lead: Partial<Lead> | null
  /** What became of the newest follow-up. */
  readonly followUp?: Partial<FollowUpState>
  /** The task of the step that the lead leaves is taken for closed. */
  readonly closesTask?: true
}

/**
 * The story of a past lead under a regulation, up to a moment. Estimated: answers are given when the lead leaves the step that asks for
 * them, or at its last change; it had one responsible from the beginning; an activity was done at its end.
 */
export const storyOf = ({ lead, stages }: PastLead, regulation: Regulation, until: Temporal.Instant): Story => {
  const beginsMs = lead.createdAt.epochMilliseconds
  const entries = stages.length === 0 ? [{ at: lead.createdAt, stageId: lead.stageId, semantic: lead.semantic }] : stages
  const known = new Map<number, Patch>()
  const at = (moment: Temporal.Instant): Patch => {
    const ms = Math.max(beginsMs, moment.epochMilliseconds)
    const patch = known.get(ms) ?? { fields: {}, activities: [], stage: null }
    known.set(ms, patch)
    return patch
  }
  for (const entry of entries) at(entry.at).stage = entry
  for (const activity of lead.activities) tellActivity(activity, at)
  for (const [field, moment] of answerMoments(lead, entries, regulation)) at(moment).fields[field] = lead.fields[field] ?? null

  const first = known.get(beginsMs) ?? { fields: {}, activities: [], stage: null }
  const begin = first.stage ?? entries[0] ?? { at: lead.createdAt, stageId: lead.stageId, semantic: lead.semantic }
  let fields: Lead['fields'] = { ...fieldsFromTheStart(lead, regulation), ...first.fields }
  let activities: readonly Activity[] = first.activities
  let { stageId } = begin
  const changes: StoryChange[] = [{ at: toInstant(beginsMs + heldAfterMs), lead: { responsibleId: lead.responsibleId, updatedAt: toInstant(beginsMs + heldAfterMs) } }]
  for (const [ms, patch] of [...known].sort(([a], [b]) => a - b)) {
    if (ms === beginsMs || ms > until.epochMilliseconds) continue
    const moment = toInstant(ms)
    if (patch.activities.length > 0) activities = [...activities.filter(({ id }) => !patch.activities.some(other => other.id === id)), ...patch.activities]
    fields = { ...fields, ...patch.fields }
    const moved = patch.stage !== null && patch.stage.stageId !== stageId ? patch.stage : null
    if (moved !== null) stageId = moved.stageId
    changes.push({
      at: moment,
      lead: { fields, activities, updatedAt: moment, ...(moved === null ? {} : { stageId: moved.stageId, semantic: moved.semantic, movedAt: moment, movedById: null }) },
      ...(moved === null ? {} : { closesTask: true as const }),
    })
  }
  return {
    lead: { ...lead, stageId: begin.stageId, semantic: begin.semantic, responsibleId: null, updatedAt: toInstant(beginsMs), movedAt: toInstant(beginsMs), movedById: null, fields: { ...fieldsFromTheStart(lead, regulation), ...first.fields }, activities: first.activities, followUps: [], acts: [], deletedFollowUps: [] },
    beginsAt: lead.createdAt,
    changes: [...changes].sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds),
    holderId: lead.responsibleId,
  }
}

/** Whoever had the lead is seen right after the look in which it is given out. */
const heldAfterMs = 1_000

interface Patch {
  readonly fields: Record<string, Lead['fields'][string]>
  readonly activities: Activity[]
  stage: StageEntry | null
}

/** Tasks and to-dos of ours belong to the regulation that was in force then. */
const tellActivity = (activity: Activity, at: (moment: Temporal.Instant) => Patch): void => {
  if (activity.mark !== null || activity.kind === 'task') return
  const done = activity.endedAt ?? activity.startedAt ?? activity.createdAt
  if (done.epochMilliseconds <= activity.createdAt.epochMilliseconds) {
    at(activity.createdAt).activities.push(activity)
    return
  }
  at(activity.createdAt).activities.push({ ...activity, completed: false, call: null })
  at(done).activities.push(activity)
}

const fieldsFromTheStart = (lead: Lead, regulation: Regulation): Lead['fields'] => {
  const asked = new Set<string>(regulation.steps.flatMap(step => fieldsOfStep(regulation, step)))
  return Object.fromEntries(Object.entries(lead.fields).filter(([name]) => !asked.has(name)))
}

/** When each answer is taken for given: the lead goes beyond the first step that asks for it, or is changed for the last time. */
const answerMoments = (lead: Lead, entries: readonly StageEntry[], { steps, ...rest }: Regulation): ReadonlyMap<FieldName, Temporal.Instant> => {
  const regulation = { steps, ...rest }
  const moments = new Map<FieldName, Temporal.Instant>()
  const rankOf = (stageId: StageId): number => {
    const rank = steps.findIndex(step => step.stageId === stageId)
    return rank < 0 ? Infinity : rank
  }
  for (const [rank, step] of steps.entries()) {
    const fields = fieldsOfStep(regulation, step).filter(field => !moments.has(field))
    if (fields.length === 0) continue
    const left = entries.find(entry => rankOf(entry.stageId) > rank)?.at ?? lead.updatedAt
    for (const field of fields) moments.set(field, left)
  }
  return moments
}

const fieldsOfStep = ({ card }: Regulation, { card: asked }: Step): readonly FieldName[] => {
  if (asked === null) return []
  const groups = asked.groups.length === 0 ? card.groups : card.groups.filter(({ id }) => asked.groups.includes(id))
  const closing = asked.closing ? [card.comment.field, card.result.field, card.nextStep.field, card.reason.field, ...(card.postponedUntil === null ? [] : [card.postponedUntil.field])] : []
  return [...groups.flatMap(({ questions }) => questions.map(({ field }) => field)), ...closing, card.unknown.field]
}
