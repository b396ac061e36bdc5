/** What no screen can mend: the lead or the regulation does not allow a conversion now. */
import type { ConversionFacts } from './facts.ts'
import type { Lack } from './plan.ts'
import type { ConversionSetting } from './setting.ts'

type Blocked = Extract<Lack, { kind: 'blocked' }>

/** Every reason, the gravest first; unmet needs of the gate one by one. */
export const blockedBy = ({ lead, deals, successStageId }: ConversionFacts, { regulation: { conversion, steps }, stepId, unmet, language }: ConversionSetting): readonly Blocked[] => {
  if (lead.semantic === 'success' && deals.some(deal => deal.leadId === lead.id)) return [blocked('already-converted')]
  if (lead.semantic === 'failure') return [blocked('lead-closed')]
  if (!conversion.allowed) return [blocked('not-allowed')]
  // It was put there past the application, and nothing was made of it: no step holds it any more.
  if (lead.semantic === 'success') return []
  const from = steps.findIndex(({ id }) => id === conversion.fromStepId)
  const isTooEarly = steps.findIndex(({ id }) => id === stepId) < from
  const name = steps[from]?.name
  return [
    ...(isTooEarly ? [blocked('wrong-step', (language === 'en' ? name?.en : undefined) ?? name?.ru ?? null)] : []),
    ...unmet.map(need => blocked('gate', need)),
    ...(successStageId === null ? [blocked('no-success-stage')] : []),
  ]
}

const blocked = (why: Blocked['why'], detail: string | null = null): Blocked => ({ kind: 'blocked', why, detail })
