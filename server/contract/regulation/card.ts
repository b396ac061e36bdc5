import { z } from 'zod'
import type { Condition as AnyCondition } from '../../domain/regulation.ts'
import { Code, Field, list, ShortText, Stage, Text } from './parts.ts'

const Value = z.string().max(100)

export const AnswerTest = z.discriminatedUnion('is', [
  z.strictObject({ is: z.enum(['filled', 'empty']) }),
  z.strictObject({ is: z.enum(['one-of', 'none-of']), values: list(Code, 200) }),
  z.strictObject({ is: z.enum(['less', 'more']), than: z.number() }),
])

export const Condition: z.ZodType<AnyCondition> = z.union([
  z.strictObject({ question: Code, answer: AnswerTest }) as z.ZodType<AnyCondition>,
  z.strictObject({ all: z.lazy(() => list(Condition, 50)) }),
  z.strictObject({ any: z.lazy(() => list(Condition, 50)) }),
])

const Option = z.strictObject({ code: Code, title: ShortText, value: Value })

const Question = z.strictObject({
  code: Code,
  field: Field,
  title: ShortText,
  script: Text,
  hint: Text.exactOptional(),
  kind: z.enum(['text', 'longtext', 'number', 'money', 'list', 'multilist', 'yesno', 'date', 'phone', 'email', 'address', 'link']),
  class: z.enum(['key', 'qualifying', 'auxiliary']),
  required: z.boolean(),
  unknownAllowed: z.boolean(),
  options: list(Option, 300),
  onlyIf: Condition.exactOptional(),
  disqualifies: z.strictObject({ when: AnswerTest, reason: Code.nullable() }).exactOptional(),
})

const NextStepOption = Option.extend({ stageId: Stage.nullable().exactOptional(), stay: z.literal(true).exactOptional() })

const RefusalReason = Option.extend({
  stageId: Stage.nullable().exactOptional(),
  commentRequired: z.boolean().exactOptional(),
  guidance: Text.exactOptional(),
  evidence: Text.exactOptional(),
  attemptsNeeded: z.number().exactOptional(),
  fault: z.enum(['client', 'marketing', 'call-centre', 'sales', 'company', 'nobody']).exactOptional(),
  returnAfterDays: z.number().nullable().exactOptional(),
  returnDateAsked: z.boolean().exactOptional(),
})

export const Card = z.strictObject({
  groups: list(z.strictObject({ id: Code, title: ShortText, questions: list(Question, 200) }), 50),
  comment: z.strictObject({ field: Field, required: z.boolean(), title: ShortText }),
  result: z.strictObject({ field: Field, title: ShortText, values: z.strictObject({ qualified: Value, notQualified: Value, postponed: Value.nullable() }) }),
  postponedUntil: z.strictObject({ field: Field, title: ShortText }).nullable(),
  nextStep: z.strictObject({ field: Field, title: ShortText, options: list(NextStepOption, 200) }),
  reason: z.strictObject({ field: Field, title: ShortText, options: list(RefusalReason, 200) }),
  unknown: z.strictObject({ field: Field }),
})
