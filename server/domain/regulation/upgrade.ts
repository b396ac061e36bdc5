/** Brings regulations of older shapes to the present one. */
import { currentSchema } from '../regulation.ts'
import type { Regulation } from '../regulation.ts'
import { ordinary } from './defaults.ts'

/** What stands in a stored or imported regulation before it is known to be one. */
export type Stored = { readonly schema: number } & Readonly<Record<string, unknown>>

/**
 * The same regulation in the present shape: whatever the older shape could not say keeps the old behaviour.
 * Throws for a shape newer than this program.
 */
export const upgradeRegulation = (stored: Stored): Regulation => {
  if (stored.schema > currentSchema) throw new Error(`the regulation has shape ${stored.schema}, this program knows shapes up to ${currentSchema}`)
  return stored.schema === 1 ? fromFirst(stored as unknown as FirstRegulation) : stored as unknown as Regulation
}

type FirstStep = Omit<Regulation['steps'][number], 'card' | 'gate' | 'situations'> & { readonly card: boolean }

/** Shape 1: one pool, one way through the steps, no channels. */
interface FirstRegulation extends Pick<Regulation, 'name' | 'calendar'> {
  readonly distribution: {
    readonly pool: Regulation['distribution']['pools'][number]['members']
    readonly fallbackUserId: Regulation['distribution']['fallbackUserId']
    readonly keepPoolMember: boolean
  }
  readonly steps: readonly FirstStep[]
  readonly card: Omit<Regulation['card'], 'result' | 'postponedUntil'> & { readonly result: Omit<Regulation['card']['result'], 'values'> & { readonly values: { readonly qualified: string; readonly notQualified: string } } }
  readonly contact: { readonly reachedCallSeconds: number }
  readonly incidents: Omit<Regulation['incidents'], 'ladder'>
}

const fromFirst = ({ name, calendar, distribution, steps, card, contact, incidents }: FirstRegulation): Regulation => ({
  ...ordinary,
  schema: currentSchema,
  name,
  calendar,
  intake: { ...ordinary.intake, duplicates: { search: false, tellResponsible: false } },
  distribution: {
    pools: [{ id: 'main', name: { ru: 'Группа распределения', en: 'Distribution group' }, members: distribution.pool, order: 'in-turn', weights: {}, limits: { open: null, perDay: null }, regions: {} }],
    defaultPoolId: 'main',
    fallbackUserId: distribution.fallbackUserId,
    keepPoolMember: distribution.keepPoolMember,
    keepCaller: false,
    keepClientResponsible: false,
    takeWithin: null,
    takeRounds: 3,
    poolMayTake: false,
    regionField: null,
  },
  steps: steps.map(step => ({ ...step, situations: [], gate: null, card: step.card ? { groups: [], closing: true } : null })),
  card: { ...card, result: { ...card.result, values: { ...card.result.values, postponed: null } }, postponedUntil: null },
  contact: { ...contact, declaredCallNeedsComment: false },
  attempts: { ...ordinary.attempts, limit: null },
  waiting: { ...ordinary.waiting, allowed: false, shareLimit: null },
  rejection: { ...ordinary.rejection, reasonRequired: false },
  incidents: { ...incidents, ladder: [] },
})
