import { z } from 'zod'
import { AnswerTest } from './card.ts'
import { Code, Field, list, ShortText, Span, Stage, Text, Url } from './parts.ts'

const contact = { phone: Span, messenger: Span, email: Span, nothing: Span }
const FirstContact = z.strictObject(contact)
const SomeContact = z.strictObject({ phone: Span.exactOptional(), messenger: Span.exactOptional(), email: Span.exactOptional(), nothing: Span.exactOptional() })

const Deadline = z.strictObject({
  firstContact: FirstContact,
  classes: z.record(Code, z.strictObject({ firstContact: SomeContact.exactOptional(), finish: Span.exactOptional() })).exactOptional(),
  finish: Span,
  again: Span,
  slow: Span.exactOptional(),
})

const FollowUp = z.strictObject({
  form: z.enum(['task', 'todo']),
  title: ShortText,
  text: Text,
  remindBeforeMinutes: z.number(),
  deadlineMayMove: z.boolean(),
  moves: z.strictObject({ most: z.number(), furthest: Span }).exactOptional(),
  summaryRequired: z.boolean().exactOptional(),
})

const GateNeed = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answers') }),
  z.strictObject({ kind: z.literal('answer'), question: Code, answer: AnswerTest }),
  z.strictObject({ kind: z.literal('field'), field: Field, title: ShortText }),
  z.strictObject({ kind: z.literal('task-done') }),
  z.strictObject({ kind: z.literal('contact') }),
  z.strictObject({ kind: z.literal('email-sent') }),
  z.strictObject({ kind: z.literal('offer-sent') }),
  z.strictObject({ kind: z.literal('quote'), state: z.enum(['sent', 'accepted']) }),
  z.strictObject({ kind: z.literal('requisites') }),
  z.strictObject({ kind: z.literal('email-known') }),
  z.strictObject({ kind: z.literal('responsible'), who: z.enum(['pool', 'head']) }),
])

const Leave = z.strictObject({ stageId: Stage, by: z.enum(['automatic', 'proposed', 'hand']) }).nullable()

export const Step = z.strictObject({
  id: Code,
  name: ShortText,
  stageId: Stage,
  kind: z.enum(['intake', 'work']),
  exit: Text,
  guidance: Text,
  situations: list(z.strictObject({ title: ShortText, advice: Text }), 100),
  videoUrl: Url.nullable(),
  followUp: FollowUp.nullable(),
  deadline: Deadline.nullable(),
  card: z.strictObject({ groups: list(Code, 50), closing: z.boolean() }).nullable(),
  gate: z.strictObject({ needs: list(GateNeed, 50), sendBack: z.boolean(), noSkipping: z.boolean() }).nullable(),
  leave: z.strictObject({ done: Leave, notQualified: Leave }),
})
