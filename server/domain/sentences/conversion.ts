/** The sentences of a conversion: why it is proposed so, what it lacks, how far it is, what to look at afterwards. */
import type { ProductRow, TargetKind } from '../conversion/facts.ts'
import type { Gap } from '../conversion/gaps.ts'
import type { CandidateBecause, Lack, Plan, PlannedMeans, Variant, VariantBecause } from '../conversion/plan.ts'
import type { RegistryAnswer } from '../conversion/setting.ts'
import type { ConversionStep } from '../conversion/step.ts'
import type { TellWords } from '../conversion/steps.ts'
import type { UndoStep } from '../conversion/undo.ts'
import type { Language } from '../sentences.ts'
import { englishConversion } from './conversion/english.ts'
import { russianConversion } from './conversion/russian.ts'

export interface ConversionWords {
  /** A kind of object by itself: «Сделка». */
  readonly objects: Readonly<Record<TargetKind, string>>
  readonly variants: Readonly<Record<Variant, { readonly title: string; readonly makes: string }>>
  /** Why this variant, a sentence. */
  readonly because: (because: VariantBecause) => string
  /** Why an existing one is offered, some words: «совпал телефон». */
  readonly candidates: Readonly<Record<CandidateBecause, string>>
  /** Why a phone or address goes where it is proposed to go (S0-32), a sentence; `none` is empty where nothing is known of it. */
  readonly hints: Readonly<Record<PlannedMeans['hint'], string>>
  /** What is missing, and what to do, a sentence; refusals that nothing mends here among them. */
  readonly lack: (lack: Lack) => string
  /** A step in the list of what is done. */
  readonly step: (step: Pick<ConversionStep, 'kind' | 'key'> & { readonly object?: TargetKind }) => string
  /** A part of taking it back. */
  readonly undo: (step: UndoStep) => string
  /** What a registry has said, a sentence; three honest answers. */
  readonly registry: (answer: RegistryAnswer | null) => string
  /** What goes along with the lead, a line each; nothing where there is nothing. */
  readonly along: (along: Plan['along']) => readonly string[]
  /** Products of the lead that the deal in use has already, sentences. */
  readonly productsThere: (rows: readonly ProductRow[]) => string
  /** «Проверьте корректность переноса» (S0-31), a sentence each; `refused`: keys of steps that were not carried out, which is told elsewhere. */
  readonly checklist: (plan: Plan, refused?: ReadonlySet<string>) => readonly string[]
  readonly gap: (gap: Gap) => string
  readonly tell: TellWords
}

export const conversionWords = (language: Language): ConversionWords => (language === 'en' ? englishConversion : russianConversion)

/** What is written into the timelines of the deal and the lead. */
export const tellWords = (language: Language): TellWords => conversionWords(language).tell
