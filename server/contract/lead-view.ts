import { z } from 'zod'
import type { Reason } from '../domain/command.ts'
import { Answer } from './card.ts'

/** Everything the lead tab shows of one lead: the answer of `GET /api/leads/:id`. Moments are ISO 8601 instants, texts are in the session's language. */
const Moment = z.string()
const Person = z.object({ id: z.int(), name: z.string() })
const OptionView = z.object({ code: z.string(), title: z.string() })

export const Receipt = z.object({
  /** The pieces of working time that were counted, in order. */
  pieces: z.array(z.object({ from: Moment, to: Moment })),
  /** Contact data the span was chosen by. */
  basis: z.enum(['phone', 'messenger', 'email', 'nothing']).nullable(),
  /** ISO 8601 duration of working time. */
  span: z.string(),
})
export type Receipt = z.infer<typeof Receipt>

export const DeadlineView = z.object({
  kind: z.enum(['first-contact', 'finish', 'again']),
  startedAt: Moment,
  dueAt: Moment,
  /** The rule's own deadline while a person has moved it in the task. */
  movedFrom: Moment.nullable(),
  overdue: z.boolean(),
  because: z.string(),
  receipt: Receipt.nullable(),
})
export type DeadlineView = z.infer<typeof DeadlineView>

export const QuestionKind = z.enum(['text', 'longtext', 'number', 'money', 'list', 'multilist', 'yesno', 'date', 'phone', 'email', 'address', 'link'])
export type QuestionKind = z.infer<typeof QuestionKind>

export const QuestionView = z.object({
  code: z.string(),
  title: z.string(),
  script: z.string(),
  hint: z.string().nullable(),
  kind: QuestionKind,
  class: z.enum(['key', 'qualifying', 'auxiliary']),
  required: z.boolean(),
  unknownAllowed: z.boolean(),
  options: z.array(OptionView),
  value: Answer.nullable(),
  /** Answered «не знает / отказался». */
  unknown: z.boolean(),
})
export type QuestionView = z.infer<typeof QuestionView>

export const CardView = z.object({
  groups: z.array(z.object({ id: z.string(), title: z.string(), questions: z.array(QuestionView) })),
  comment: z.object({ title: z.string(), required: z.boolean(), value: z.string() }),
  result: z.object({ title: z.string(), value: z.enum(['qualified', 'not-qualified']).nullable() }),
  nextStep: z.object({ title: z.string(), options: z.array(OptionView), value: z.string().nullable() }),
  reason: z.object({ title: z.string(), options: z.array(OptionView), value: z.string().nullable() }),
  /** Codes of the obligatory questions without an answer; `comment` for the comment. */
  missing: z.array(z.string()),
  editable: z.boolean(),
})
export type CardView = z.infer<typeof CardView>

export const IncidentView = z.object({
  id: z.string(),
  about: z.enum(['no-first-contact', 'not-finished', 'answers-missing']),
  dueAt: Moment,
  noticedAt: Moment,
  deliveredAt: Moment.nullable(),
  resolvedAt: Moment.nullable(),
  /** Noticed late by us: never counted against the person. */
  systemDelay: z.boolean(),
})
export type IncidentView = z.infer<typeof IncidentView>

export const JournalLine = z.object({
  id: z.string(),
  at: Moment,
  /** One sentence: what was done, and why. */
  text: z.string(),
  /** Kind of the command, e.g. `set-follow-up`. */
  kind: z.string(),
  /** Rule of its reason, e.g. `deadline-missed`. */
  rule: z.string(),
  by: z.literal('leadrail'),
  /** `recorded`: done by recording it; the others tell what became of it on the portal. */
  outcome: z.enum(['recorded', 'pending', 'done', 'failed', 'gone']).optional(),
  /** The portal's own words when it refused. */
  outcomeDetail: z.string().nullable().optional(),
})
export type JournalLine = z.infer<typeof JournalLine>

/** A decision's reason as data. Made by the server alone, so only its rule is checked here. */
export const ReasonView = z.custom<Reason>(value => typeof value === 'object' && value !== null && 'rule' in value)

export const LeadView = z.object({
  leadId: z.int(),
  title: z.string(),
  clientName: z.string(),
  stage: z.object({ id: z.string(), name: z.string(), semantic: z.enum(['processing', 'success', 'failure']) }),
  responsible: Person.nullable(),
  responsibleBecause: z.string().nullable(),
  status: z.enum(['unseen', 'active', 'closed']),
  /** How it was closed, in words; null while it is open. */
  outcome: z.string().nullable(),
  /** The server's moment, by its own clock. */
  now: Moment,
  timeZone: z.string(),
  /** Seconds of the server's clock per real second: 1 in production; the demo may be faster. */
  clockSpeed: z.number(),
  step: z.object({ id: z.string(), name: z.string(), exit: z.string(), guidance: z.string(), videoUrl: z.string().nullable() }).nullable(),
  deadline: DeadlineView.nullable(),
  nothingDone: z.string().nullable(),
  followUp: z.object({ form: z.enum(['task', 'todo']), id: z.int().nullable(), url: z.string().nullable() }).nullable(),
  card: CardView.nullable(),
  incidents: z.array(IncidentView),
  /** Newest first. */
  journal: z.array(JournalLine),
  /** Reasons of the last decision. */
  reasons: z.array(ReasonView),
})
export type LeadView = z.infer<typeof LeadView>
