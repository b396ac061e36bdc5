import type { UserId } from '../lead.ts'

/** What converting a lead makes (S0-29…35, S2-14, S3-25). */
export interface ConversionSettings {
  readonly allowed: boolean
  /** Id of the step from which a lead may be converted; null: from any. */
  readonly fromStepId: string | null
  /** The portal's pipeline of deals; null: its first. */
  readonly dealCategoryId: number | null
  /** The portal's stage of the deal; null: the pipeline's first. */
  readonly dealStageId: string | null
  /** null: the lead's responsible keeps it (S1-D15). */
  readonly dealResponsibleId: UserId | null
  readonly personGetsCompany: boolean
  /** Days within which a conversion may be undone; 0: never. */
  readonly undoDays: number
  /** The question whose answer tells the variant (S0-29), and the codes of its options for each; null or left out: no question does. */
  readonly variantBy?: VariantBy | null
}

export interface VariantBy {
  readonly question: string
  readonly person: readonly string[]
  readonly organisation: readonly string[]
  readonly client: readonly string[]
}

/** How company data is checked against registries (S0-33, S0-34). */
export interface RequisiteSettings {
  readonly checked: boolean
  /** ISO 3166-1 alpha-2 codes of the countries whose registries are asked. */
  readonly countries: readonly string[]
  /** Days after which a checked company is looked up again; null: never. */
  readonly checkAgainDays: number | null
}
