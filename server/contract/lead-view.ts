import { z } from 'zod'
import type { Reason } from '../domain/command.ts'
import type { AnswerTest as AnyTest } from '../domain/regulation.ts'
import { Answer, CardResult } from './card.ts'
import { AnswerTest, Condition } from './regulation/card.ts'

/** Everything the lead tab shows of one lead: the answer of `GET /api/leads/:id`. Moments are ISO 8601 instants, texts are in the session's language. */
const Moment = z.string()
const Person = z.object({ id: z.int(), name: z.string() })
const OptionView = z.object({ code: z.string(), title: z.string() })

/** A reason of refusal with what it asks for. */
export const ReasonOptionView = OptionView.extend({
  /** What to do or to check before refusing. */
  guidance: z.string().nullable(),
  /** What the comment has to show: a link, or at least ten characters. */
  evidence: z.string().nullable(),
  commentRequired: z.boolean(),
  /** The date on which to come back to the lead is asked for. */
  dateAsked: z.boolean(),
  /** So many failed attempts to reach the client it needs; left out by older servers. */
  attemptsNeeded: z.int().optional(),
})
export type ReasonOptionView = z.infer<typeof ReasonOptionView>

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
  /** ISO 4217, of a sum whose currency is known. */
  currency: z.string().optional(),
  /** Answered «не знает / отказался». */
  unknown: z.boolean(),
  /** The question is asked only if this holds for the answers given so far, those not yet saved included. */
  onlyIf: Condition.nullable(),
  /** An answer that means a refusal, with the title of the reason proposed for it. */
  disqualifies: z.object({ when: AnswerTest as z.ZodType<AnyTest>, reason: z.string().nullable() }).nullable(),
})
export type QuestionView = z.infer<typeof QuestionView>

export const CardView = z.object({
  /** Those that the step asks for, in its order; of a closed lead all. */
  groups: z.array(z.object({ id: z.string(), title: z.string(), questions: z.array(QuestionView) })),
  comment: z.object({ title: z.string(), required: z.boolean(), value: z.string() }),
  /** Comment, result and what follows from it are asked for; else the answers are all. */
  closing: z.boolean(),
  result: z.object({ title: z.string(), options: z.array(CardResult), value: CardResult.nullable() }),
  /** The date of a postponement or of a return; null where the regulation has none. `YYYY-MM-DD`. */
  postponedUntil: z.object({ title: z.string(), value: z.string().nullable() }).nullable(),
  nextStep: z.object({ title: z.string(), options: z.array(OptionView), value: z.string().nullable() }),
  reason: z.object({ title: z.string(), options: z.array(ReasonOptionView), value: z.string().nullable() }),
  /** Failed attempts to reach the client so far; left out by older servers. */
  attemptsMade: z.int().optional(),
  /** Codes of the obligatory questions without an answer; `comment` for the comment. */
  missing: z.array(z.string()),
  /** Answers of questions that conditions name and this step does not ask, by code. */
  elsewhere: z.record(z.string(), Answer.nullable()),
  editable: z.boolean(),
})
export type CardView = z.infer<typeof CardView>

export const IncidentView = z.object({
  id: z.string(),
  about: z.enum(['no-first-contact', 'not-finished', 'answers-missing', 'converted-past']),
  dueAt: Moment,
  noticedAt: Moment,
  deliveredAt: Moment.nullable(),
  resolvedAt: Moment.nullable(),
  /** Somebody has taken note of it; left out by older servers. */
  acknowledgedAt: Moment.nullable().optional(),
  /** Noticed late by us: never counted against the person. */
  systemDelay: z.boolean(),
})
export type IncidentView = z.infer<typeof IncidentView>

export const ContactView = z.object({
  phones: z.array(z.object({
    /** As it was typed; one field may hold several. */
    value: z.string(),
    /** Null when the number is wrong. */
    e164: z.string().nullable(),
    extension: z.string().nullable(),
    verdict: z.enum(['ok', 'too-short', 'too-long', 'letters', 'not-of-country', 'unknown-country', 'no-number']),
    /** What is wrong, in words; null when nothing is. */
    problem: z.string().nullable(),
    /** Somebody has called it wrong: it is not the client’s. Left out by older servers. */
    isWrong: z.boolean().optional(),
  })),
  emails: z.array(z.object({
    value: z.string(),
    /** In lower case, the domain in ASCII; null when the address is wrong. */
    address: z.string().nullable(),
    verdict: z.enum(['ok', 'no-at', 'bad-name', 'bad-domain']),
    problem: z.string().nullable(),
  })),
})
export type ContactView = z.infer<typeof ContactView>

export const JournalLine = z.object({
  id: z.string(),
  at: Moment,
  /** One sentence: what was done, and why. */
  text: z.string(),
  /** The same in two halves: what was done, empty where the reason says it all, and why; left out by older servers. */
  done: z.string().optional(),
  because: z.string().optional(),
  /** Bookkeeping that tells a person nothing; left out where it tells something. */
  quiet: z.literal(true).optional(),
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

/** What this viewer may do now; null: not offered to him. Moments are ISO 8601 instants, days `YYYY-MM-DD` of the portal's calendar. */
export const ActionsView = z.object({
  /** «Взять в работу». */
  take: z.object({}).nullable(),
  /** Failed attempts so far, after how many the reason for it is proposed (null: never), and when the next try is proposed, in working time. */
  notReached: z.object({ count: z.int(), limit: z.int().nullable(), nextAt: Moment.nullable() }).nullable(),
  /** Proposed moments in working time, nearest first; a reminder comes so many minutes before. */
  callBack: z.object({ proposals: z.array(Moment), remindMinutes: z.int() }).nullable(),
  /** Phones that may be called and are not called wrong yet, as they were typed. */
  wrongNumber: z.object({ phones: z.array(z.string()) }).nullable(),
  /** Phones that were called wrong, which may be taken back; left out by older servers. */
  rightNumber: z.object({ phones: z.array(z.string()) }).nullable().optional(),
  declareCall: z.object({ commentRequired: z.boolean() }).nullable(),
  /** At most until this day; so many days of the limit are left. */
  wait: z.object({ latest: z.string(), daysLeft: z.int() }).nullable(),
  stopWaiting: z.object({}).nullable(),
  /** Moves of the deadline: how many are made and allowed (null: without limit), and how far it may go at most. */
  moveDeadline: z.object({ made: z.int(), most: z.int().nullable(), latest: Moment.nullable() }).nullable(),
  /** The step forward: its stage, what is still missing, and whether it is a conversion. */
  goOn: z.object({ stage: z.string(), missing: z.array(z.string()), isConversion: z.boolean() }).nullable(),
  /** A head lets the lead past an unmet gate; `missing`: without what it then goes. */
  allowMove: z.object({ stage: z.string(), missing: z.array(z.string()).optional() }).nullable(),
  /** A head or administrator gives the lead to somebody else. */
  reassign: z.object({
    /** The best first: those whom the regulation gives such leads to, at work, with the fewest leads. What is optional is left out by older servers. */
    people: z.array(Person.extend({
      isOfPool: z.boolean().optional(),
      /** Leads in work; null where they were not counted. */
      open: z.int().nullable().optional(),
      presence: z.enum(['at-work', 'off', 'absent']).optional(),
      /** When the lead would be due with him; null where no deadline runs. */
      dueAt: Moment.nullable().optional(),
    })),
    /** When it is due now. */
    dueAt: Moment.nullable().optional(),
  }).nullable(),
  /** Ids of open misses he may take note of. */
  acknowledge: z.array(z.string()),
})
export type ActionsView = z.infer<typeof ActionsView>

export const DuplicateView = z.object({
  kind: z.enum(['lead', 'contact', 'company']),
  id: z.int(),
  title: z.string(),
  /** Why it may be the same, in words, e.g. «тот же телефон»; a name alone is a hint. */
  because: z.string(),
  isHint: z.boolean(),
  responsible: Person.nullable(),
  open: z.boolean(),
  url: z.string(),
  /** The person who looks may attach it to the lead: a contact or company that is not bound to it yet. */
  attachable: z.boolean(),
})
export type DuplicateView = z.infer<typeof DuplicateView>

export const LeadView = z.object({
  leadId: z.int(),
  title: z.string(),
  clientName: z.string(),
  stage: z.object({ id: z.string(), name: z.string(), semantic: z.enum(['processing', 'success', 'failure']) }),
  responsible: Person.nullable(),
  responsibleBecause: z.string().nullable(),
  status: z.enum(['unseen', 'active', 'closed']),
  /** It only tries the process out, and counts in no figure; left out by older servers. */
  isTest: z.boolean().optional(),
  /** How it was closed, in words; null while it is open. */
  outcome: z.string().nullable(),
  /** The server's moment, by its own clock. */
  now: Moment,
  /** Of the person who looks, IANA name: in it the sentences are written, and times typed. */
  timeZone: z.string(),
  /** Seconds of the server's clock per real second: 1 in production; the demo may be faster. */
  clockSpeed: z.number(),
  step: z.object({
    id: z.string(),
    name: z.string(),
    exit: z.string(),
    guidance: z.string(),
    /** What to do in typical situations; left out by older servers. */
    situations: z.array(z.object({ title: z.string(), advice: z.string() })).optional(),
    videoUrl: z.string().nullable(),
  }).nullable(),
  deadline: DeadlineView.nullable(),
  nothingDone: z.string().nullable(),
  /** «Ждать»: no term runs until then. */
  waiting: z.object({ since: Moment, until: Moment }).nullable(),
  /** What is still to be done before the finished step may be left; empty when nothing holds it. */
  gateNeeds: z.array(z.string()),
  /** The step is done, and somebody has to move the lead to the stage of this name. */
  onward: z.string().nullable(),
  /** Failed attempts to reach the client; null when there is none. After more than `limit` of them a refusal is proposed; null: never. */
  attempts: z.object({ count: z.int(), limit: z.int().nullable() }).nullable(),
  /** Who is told next of an open miss, and when; null when nobody is. */
  nextTold: z.object({ name: z.string(), at: Moment }).nullable(),
  followUp: z.object({ form: z.enum(['task', 'todo']), id: z.int().nullable(), url: z.string().nullable() }).nullable(),
  card: CardView.nullable(),
  /** Left out by older servers. */
  contact: ContactView.optional(),
  incidents: z.array(IncidentView),
  /** Newest first. */
  journal: z.array(JournalLine),
  /** Reasons of the last decision. */
  reasons: z.array(ReasonView),
  /** What is best done next, and why; null when nothing is to be done. */
  next: z.object({ text: z.string(), because: z.string() }).nullable().optional(),
  /** What the viewer may do; left out by older servers. */
  actions: ActionsView.optional(),
  /**
   * The refusal that stands in the card, and what it still lacks, in words; null: there is none. `isOld`: the lead has come back since, and
   * it says nothing of the present work.
   */
  refusal: z.object({ needs: z.array(z.string()), isOld: z.boolean() }).nullable().optional(),
  /** Found to be the same client, those called «not the same» left out. */
  duplicates: z.array(DuplicateView).optional(),
  /** The next step needs an e-mail that the lead has not: to be asked now (S0-22). */
  emailNeeded: z.string().nullable().optional(),
  /** It was moved past a gate and sent back: when, and why. */
  sentBack: z.object({ at: Moment, because: z.string() }).nullable().optional(),
  conversion: z.object({
    /** Null: it may be begun. */
    why: z.string().nullable(),
    status: z.enum(['running', 'held', 'done', 'taking-back', 'taken-back', 'undoing', 'undone']).nullable(),
  }).nullable().optional(),
})
export type LeadView = z.infer<typeof LeadView>
