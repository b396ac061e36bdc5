import { describe, expect, it } from 'vitest'
import { Regulation } from '../../server/contract/regulation.ts'
import { upgradeRegulation } from '../../server/domain/regulation/upgrade.ts'
import { carryOut, look, regulation, world } from './support.ts'

const { name, calendar, steps, card, distribution, contact, incidents } = regulation
const { postponed: _postponed, ...values } = card.result.values
const { postponedUntil: _date, ...firstCard } = card
const { ladder: _ladder, ...firstIncidents } = incidents
/** The same regulation as the first shape had it. */
const first = {
  schema: 1, name, calendar, incidents: firstIncidents,
  contact: { reachedCallSeconds: contact.reachedCallSeconds },
  distribution: { pool: distribution.pools[0]?.members, fallbackUserId: distribution.fallbackUserId, keepPoolMember: distribution.keepPoolMember },
  steps: steps.map(({ situations: _situations, gate: _gate, ...step }) => ({ ...step, card: step.card !== null })),
  card: { ...firstCard, result: { ...card.result, values } },
}

describe('a regulation of the first shape', () => {
  it('becomes one of the present shape', () => {
    expect(Regulation.safeParse(upgradeRegulation(first)).success).toBe(true)
  })

  it('decides as it did: the same person, deadline and task', () => {
    const kinds = (document: typeof regulation) => {
      const begun = look(world({ regulation: document }))
      return [...begun.commands, ...look(carryOut(begun.world)).commands].filter(({ kind }) => ['assign', 'move-stage', 'set-clock', 'set-follow-up'].includes(kind))
    }
    const { intake, waiting, attempts, rejection } = upgradeRegulation(first)
    const plain = { ...regulation, intake, waiting, attempts, rejection }
    expect(kinds(upgradeRegulation(first))).toEqual(kinds(plain))
  })

  it('of a shape this program does not know is refused', () => {
    expect(() => upgradeRegulation({ ...regulation, schema: 3 })).toThrow('shape 3')
  })
})
