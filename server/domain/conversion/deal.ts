/** Pipeline, stage and responsible of the deal (S1-D15). */
import type { UserId } from '../lead.ts'
import type { ConversionFacts, ExistingDeal } from './facts.ts'
import type { Choices, Lack, Plan } from './plan.ts'
import type { ConversionSetting } from './setting.ts'

export interface PlannedDeal {
  readonly deal: Plan['deal']
  readonly lacks: readonly Lack[]
}

/** Chosen on the screen, else by the setting, else the portal's first and the lead's responsible. An existing deal stays where it is. */
export const dealOf = (facts: ConversionFacts, setting: ConversionSetting, choices: Choices, existing: ExistingDeal | null): PlannedDeal => {
  if (existing !== null) return { deal: { pipelineId: existing.pipelineId, stageId: existing.stageId, responsibleId: choices.responsibleId ?? existing.responsibleId }, lacks: chosenIsActive(facts, choices) ? [] : [{ kind: 'responsible' }] }
  const { dealCategoryId, dealStageId, dealResponsibleId } = setting.regulation.conversion
  const [first] = facts.pipelines
  const usual = dealCategoryId === null ? first : facts.pipelines.find(({ id }) => id === dealCategoryId)
  const chosen = facts.pipelines.find(({ id }) => id === choices.pipelineId)
  const pipeline = chosen ?? usual
  const stages = (pipeline?.stages ?? []).filter(({ semantic }) => semantic === 'processing')
  const wanted = pipeline === usual ? dealStageId : null
  const chosenStage = stages.find(({ id }) => id === choices.dealStageId)
  const stage = chosenStage ?? (wanted === null ? stages[0] : stages.find(({ id }) => id === wanted))
  const responsibleId = choices.responsibleId ?? dealResponsibleId ?? facts.lead.responsibleId
  return {
    deal: { pipelineId: (pipeline ?? first)?.id ?? 0, stageId: (stage ?? stages[0])?.id ?? '', responsibleId },
    lacks: [
      ...(pipeline === undefined ? [{ kind: 'pipeline' } as const] : stage === undefined ? [{ kind: 'stage' } as const] : []),
      ...(isActive(facts, responsibleId) ? [] : [{ kind: 'responsible' } as const]),
    ],
  }
}

export const isActive = ({ people }: ConversionFacts, userId: UserId | null): boolean => people.some(({ id, active }) => id === userId && active)

const chosenIsActive = (facts: ConversionFacts, { responsibleId }: Choices): boolean => responsibleId === undefined || isActive(facts, responsibleId)
