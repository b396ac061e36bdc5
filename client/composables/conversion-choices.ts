import type { ConversionChoices, ConversionView, MeansTo, Target } from '../../server/contract/conversion.ts'
import type { Answer } from '../../server/contract/card.ts'
import { keep, sessionStorageOrNull } from './draft-store.ts'

/** One thing that the person has decided on the screen. */
export type Decision =
  | { readonly about: 'variant'; readonly code: NonNullable<ConversionChoices['variant']> }
  | { readonly about: 'use'; readonly object: Target; readonly id: number | 'new' | 'none' }
  | { readonly about: 'take'; readonly key: string; readonly take: boolean }
  | { readonly about: 'value'; readonly key: string; readonly value: Answer | null }
  /** What is proposed stands again. */
  | { readonly about: 'proposed'; readonly key: string }
  | { readonly about: 'means'; readonly key: string; readonly to: MeansTo }
  | { readonly about: 'pipeline'; readonly id: number }
  | { readonly about: 'stage'; readonly id: string }
  | { readonly about: 'responsible'; readonly id: number }
  | { readonly about: 'inn'; readonly inn: string }
  | { readonly about: 'form'; readonly form: NonNullable<ConversionChoices['form']> }

/** The choices with one more decision. A stage belongs to its pipeline; what to keep belongs to the object that holds it. */
export const decide = (choices: ConversionChoices, decision: Decision): ConversionChoices => {
  switch (decision.about) {
    case 'variant': return { ...choices, variant: decision.code }
    case 'use': return { ...withoutTakes(choices, decision.object), use: { ...choices.use, [decision.object]: decision.id } }
    case 'take': return { ...choices, fields: { ...choices.fields, [decision.key]: { take: decision.take } } }
    case 'value': return { ...choices, fields: { ...choices.fields, [decision.key]: { value: decision.value } } }
    case 'proposed': return withoutFields(choices, key => key === decision.key)
    case 'means': return { ...choices, means: { ...choices.means, [decision.key]: decision.to } }
    case 'pipeline': {
      const { dealStageId: _old, ...others } = choices
      return { ...others, pipelineId: decision.id }
    }
    case 'stage': return { ...choices, dealStageId: decision.id }
    case 'responsible': return { ...choices, responsibleId: decision.id }
    case 'inn': return { ...choices, inn: decision.inn }
    case 'form': return { ...choices, form: decision.form }
  }
}

const withoutTakes = (choices: ConversionChoices, object: Target): ConversionChoices =>
  withoutFields(choices, (key, choice) => key.startsWith(`${object}.`) && 'take' in choice)

type FieldChoice = NonNullable<ConversionChoices['fields']>[string]
const withoutFields = ({ fields = {}, ...others }: ConversionChoices, drop: (key: string, choice: FieldChoice) => boolean): ConversionChoices => {
  const kept = Object.entries(fields).filter(([key, choice]) => !drop(key, choice))
  return kept.length === 0 ? others : { ...others, fields: Object.fromEntries(kept) }
}

/** What the person has typed into a field; undefined when nothing. */
export const typedValue = (choices: ConversionChoices, key: string): Answer | null | undefined => {
  const choice = choices.fields?.[key]
  return choice !== undefined && 'value' in choice ? choice.value : undefined
}

/** The plan with what was chosen since: a choice is seen at once, what follows from it comes with the next plan. */
export const withChoices = (view: ConversionView, choices: ConversionChoices): ConversionView => ({
  ...view,
  variant: view.variants.find(({ code }) => code === choices.variant)?.code ?? view.variant,
  objects: view.objects.map((object) => {
    const used = choices.use?.[object.kind]
    const isKnown = used === 'new' || (used === 'none' && object.optional) || object.candidates.some(({ id }) => id === used)
    return {
      ...object,
      ...(isKnown ? { action: used === 'new' ? 'create' as const : used === 'none' ? 'none' as const : 'use' as const, id: typeof used === 'number' ? used : null, undecided: false } : {}),
      fields: object.fields.map((field) => {
        const choice = choices.fields?.[field.key]
        return choice !== undefined && 'take' in choice ? { ...field, take: choice.take } : field
      }),
    }
  }),
  means: view.means.map((one) => {
    const to = choices.means?.[one.key]
    return to !== undefined && one.options.includes(to) ? { ...one, to, problem: null } : one
  }),
  deal: { ...view.deal, pipelineId: choices.pipelineId ?? view.deal.pipelineId, stageId: choices.dealStageId ?? view.deal.stageId, responsibleId: choices.responsibleId ?? view.deal.responsibleId },
  requisites: view.requisites === null ? null : { ...view.requisites, form: choices.form ?? view.requisites.form },
})

/** Are two plans the same to somebody who typed the values of `choices` himself? */
export const isSamePlan = (a: ConversionView, b: ConversionView, choices: ConversionChoices): boolean => bareOf(a, choices) === bareOf(b, choices)

const bareOf = ({ seen: _seen, lacks: _lacks, objects, requisites, means, ...rest }: ConversionView, choices: ConversionChoices): string => JSON.stringify({
  ...rest,
  means: means.map(({ problem: _problem, ...each }) => each),
  objects: objects.map(({ title: _title, fields, ...object }) => ({ ...object, fields: fields.filter(({ key }) => typedValue(choices, key) === undefined) })),
  requisites: requisites?.registry.sentence ?? null,
})

/** Choices of one lead and one user through a reload of the page or the end of a session. */
export interface ChoicesStore {
  readonly read: () => ConversionChoices
  readonly write: (choices: ConversionChoices) => void
}

export const openChoicesStore = (place: { readonly memberId: string; readonly userId: number; readonly leadId: number }): ChoicesStore => {
  const storage = sessionStorageOrNull()
  const key = `leadrail:conversion:${place.memberId}:${place.userId}:${place.leadId}`
  return {
    read: () => parseChoices(storage?.getItem(key) ?? ''),
    write: (choices) => {
      if (storage === null) return
      if (isNothing(choices)) storage.removeItem(key)
      else keep(storage, key, JSON.stringify(choices))
    },
  }
}

/** Has nothing been decided? */
export const isNothing = (choices: ConversionChoices): boolean =>
  Object.values(choices).every(value => value === undefined || (typeof value === 'object' && Object.keys(value).length === 0))

const parseChoices = (text: string): ConversionChoices => {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
