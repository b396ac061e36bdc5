import { z } from 'zod'
import { Answer } from './card.ts'

/**
 * The conversion of a lead as the screen shows it. Moments are ISO 8601 instants, texts are in the session's language.
 * Values of fields are told as the screen edits them: `Answer`; list fields by the portal's value, yes/no as `yes` | `no`, dates as `YYYY-MM-DD`.
 */
const Moment = z.string()
const Value = Answer.nullable()
export const Target = z.enum(['deal', 'contact', 'company'])
export type Target = z.infer<typeof Target>
export const VariantCode = z.enum(['person', 'organisation', 'client'])
export type VariantCode = z.infer<typeof VariantCode>
export const MeansTo = z.enum(['contact', 'company', 'both', 'none'])
export type MeansTo = z.infer<typeof MeansTo>

const Existing = z.union([z.int().positive(), z.literal('new')])
const FieldKey = z.string().regex(/^(deal|contact|company)\.[\w.]{1,100}$/)

/** What the person has decided; what is left out is proposed. */
export const ConversionChoices = z.strictObject({
  variant: VariantCode.optional(),
  use: z.strictObject({ contact: z.union([Existing, z.literal('none')]).optional(), company: Existing.optional(), deal: Existing.optional() }).optional(),
  fields: z.record(FieldKey, z.union([z.strictObject({ take: z.boolean() }), z.strictObject({ value: Value })])).optional(),
  /** By the key of the phone or address. */
  means: z.record(z.string().max(600), MeansTo).optional(),
  pipelineId: z.int().nonnegative().optional(),
  dealStageId: z.string().max(100).optional(),
  responsibleId: z.int().positive().optional(),
  inn: z.string().trim().max(20).optional(),
  form: z.enum(['company', 'entrepreneur']).optional(),
})
export type ConversionChoices = z.infer<typeof ConversionChoices>

/** `POST /api/leads/:id/conversion/plan` → ConversionView. */
export const PlanRequest = z.strictObject({ choices: ConversionChoices.default({}) })
/** `POST /api/leads/:id/conversion` → 202 ConversionState. `seen`: the key of the plan that the screen showed. */
export const ConversionRequest = z.strictObject({ choices: ConversionChoices.default({}), seen: z.string().min(1).max(200) })

const Choice = z.object({ value: z.string(), title: z.string() })

export const PlannedFieldView = z.object({
  /** `deal.title`, `contact.UF_CRM_1`. */
  key: z.string(),
  title: z.string(),
  kind: z.enum(['text', 'longtext', 'number', 'money', 'date', 'datetime', 'yesno', 'list', 'multilist', 'user', 'link', 'address', 'file', 'other']),
  options: z.array(Choice),
  /** Title of the lead's field it comes from; null: a rule's, or typed here. */
  from: z.string().nullable(),
  value: Value,
  /** The same in words, e.g. an option's title. */
  valueText: z.string(),
  /** What stands in the existing object; null for a new one. */
  currentText: z.string().nullable(),
  take: z.boolean(),
  conflict: z.boolean(),
  required: z.boolean(),
  /** What is wrong or missing here; null when nothing is. */
  problem: z.string().nullable(),
  /** It may be typed here. */
  editable: z.boolean(),
})
export type PlannedFieldView = z.infer<typeof PlannedFieldView>

export const PlannedObjectView = z.object({
  kind: Target,
  /** `none`: the company gets a deal without a person. */
  action: z.enum(['create', 'use', 'none']),
  /** It may be left out: `none` may be chosen. */
  optional: z.boolean(),
  id: z.int().nullable(),
  title: z.string(),
  /** Where it is opened on the portal. */
  url: z.string().nullable(),
  candidates: z.array(z.object({ id: z.int(), title: z.string(), because: z.string(), url: z.string() })),
  /** Somebody has to choose one of the candidates, or a new one. */
  undecided: z.boolean(),
  fields: z.array(PlannedFieldView),
})
export type PlannedObjectView = z.infer<typeof PlannedObjectView>

export const PlannedMeansView = z.object({
  key: z.string(),
  kind: z.enum(['phone', 'email', 'web', 'messenger']),
  value: z.string(),
  to: MeansTo,
  options: z.array(MeansTo),
  /** Why this is proposed (S0-32). */
  hint: z.string(),
  /** Nobody else has it: written to nobody, it stays in the lead only. */
  onlyInLead: z.boolean(),
  problem: z.string().nullable(),
})
export type PlannedMeansView = z.infer<typeof PlannedMeansView>

/** The plan as a screen. */
export const ConversionView = z.object({
  leadId: z.int(),
  leadTitle: z.string(),
  /** Names this plan: to be sent along with the beginning. */
  seen: z.string(),
  variant: VariantCode,
  /** Why this variant is proposed, a sentence. */
  because: z.string(),
  variants: z.array(z.object({ code: VariantCode, title: z.string(), makes: z.string() })),
  objects: z.array(PlannedObjectView),
  means: z.array(PlannedMeansView),
  /** Answers of the card that no object of the plan has a field for, in words. */
  staying: z.array(z.object({ title: z.string(), value: z.string() })),
  deal: z.object({
    pipelineId: z.int(), stageId: z.string(), responsibleId: z.int().nullable(),
    pipelines: z.array(z.object({ id: z.int(), name: z.string(), stages: z.array(z.object({ id: z.string(), name: z.string() })) })),
    people: z.array(z.object({ id: z.int(), name: z.string() })),
  }),
  requisites: z.object({
    form: z.enum(['company', 'entrepreneur']), inn: z.string(), problem: z.string().nullable(),
    /** What the registries say, field by field; `unknown` where nobody could be asked. */
    registry: z.object({ verdict: z.enum(['found', 'not-found', 'unknown']), sentence: z.string() }),
  }).nullable(),
  /** Those that the deal gets; what it has already is told among what goes along. */
  products: z.object({ rows: z.array(z.object({ name: z.string(), quantity: z.number(), /** With its currency. */ price: z.string() })), sum: z.string().nullable() }),
  /** What goes along, e.g. «Звонки и письма: 4». */
  along: z.array(z.string()),
  /** What keeps it from being carried out, in the order of the screen; `key` names the field or phone. */
  lacks: z.array(z.object({ key: z.string().nullable(), text: z.string(), mendable: z.boolean() })),
})
export type ConversionView = z.infer<typeof ConversionView>

export const ConversionStatus = z.enum(['running', 'held', 'done', 'taking-back', 'taken-back', 'undoing', 'undone'])
export type ConversionStatus = z.infer<typeof ConversionStatus>

/** `GET /api/leads/:id/conversion`: the present or last conversion; `null` when there was none. */
export const ConversionState = z.object({
  id: z.string(),
  leadId: z.int(),
  status: ConversionStatus,
  /** What has happened, a sentence; with the portal's own words where it refused. */
  sentence: z.string(),
  /** What to do now; null: nothing. */
  advice: z.string().nullable(),
  startedAt: Moment,
  startedBy: z.string(),
  endedAt: Moment.nullable(),
  steps: z.array(z.object({
    key: z.string(),
    title: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'refused', 'taken-back', 'kept']),
    /** The portal's words when it refused, or why it is kept. */
    words: z.string().nullable(),
  })),
  /** Objects of the portal that came of it, or that are there already. */
  links: z.array(z.object({ kind: z.enum(['deal', 'contact', 'company', 'lead']), id: z.int(), title: z.string(), url: z.string(), made: z.boolean() })),
  /** «Проверьте корректность переноса» (S0-31), a sentence each. */
  checklist: z.array(z.string()),
  mayRetry: z.boolean(),
  /** It is held, or gets nowhere: what was made may be removed by this person. */
  mayTakeBack: z.boolean(),
  /** Null: not to be undone, or not by this person. */
  undo: z.object({ until: Moment }).nullable(),
})
export type ConversionState = z.infer<typeof ConversionState>
export const LastConversion = z.object({ conversion: ConversionState.nullable() })
export type LastConversion = z.infer<typeof LastConversion>

/** `GET /api/leads/:id/conversion/undo` */
export const UndoView = z.object({
  /** Removed or put back as they were. */
  removed: z.array(z.object({ title: z.string(), url: z.string().nullable() })),
  /** Touched since, or not ours: they stay. */
  kept: z.array(z.object({ title: z.string(), url: z.string().nullable(), why: z.string() })),
  until: Moment,
})
export type UndoView = z.infer<typeof UndoView>

/** How a gap is closed. `remove-phone` and `reopen` are posted as they stand; `convert` opens the conversion, `answer` the card at this question. */
export const GapRepair = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), url: z.string() }),
  z.object({ kind: z.literal('answer'), question: z.string() }),
  z.object({ kind: z.literal('remove-phone'), from: z.enum(['contact', 'company']), id: z.int(), phone: z.string(), title: z.string() }),
  z.object({ kind: z.literal('convert') }),
  /** The lead goes back to this stage, where it stood before. */
  z.object({ kind: z.literal('reopen'), stage: z.string() }),
])
export type GapRepair = z.infer<typeof GapRepair>

/** `GET /api/leads/:id/conversion/gaps`: what a conversion past the application has left open; none for any other lead. */
export const GapsView = z.object({
  gaps: z.array(z.object({
    /** What is wrong, a sentence. */
    text: z.string(),
    /** The proposed one. */
    repair: GapRepair,
    /** Other ways, e.g. taking the phone from the other one. */
    otherwise: z.array(GapRepair),
  })),
  /** A deal was made of the lead; null when nothing is open. */
  hasDeal: z.boolean().nullable(),
  /** Name of the stage where the lead stands by now; left out while it stands on success. */
  back: z.string().optional(),
  /** What was made of it or is bound to it, as this person sees it: deals, contacts, companies. */
  links: z.array(z.object({ kind: Target, id: z.int(), title: z.string(), url: z.string() })),
})
export type GapsView = z.infer<typeof GapsView>

/** `POST /api/leads/:id/conversion/gaps/repair` → GapsView as it is then; harmless when it is repaired already. */
export const GapRepairRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('remove-phone'), from: z.enum(['contact', 'company']), id: z.int().positive(), phone: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('reopen') }),
])
export type GapRepairRequest = z.infer<typeof GapRepairRequest>
