import { describe, expect, it } from 'vitest'
import { fieldName } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { active, at, fill, inWork, later, lookAndCarryOut, moment, moveTo, only, passUntil, regulation, stages } from './support.ts'

const { card } = regulation
const dated: Regulation = {
  ...regulation,
  card: {
    ...card,
    result: { ...card.result, values: { ...card.result.values, postponed: 'RESULT-3' } },
    postponedUntil: { field: fieldName('UF_UNTIL'), title: { ru: 'До' } },
    reason: { ...card.reason, options: card.reason.options.map(option => ({ ...option, returnDateAsked: true })) },
  },
}
const start = () => later(inWork({ regulation: dated }), '10:10')
/** The third of August is a Monday. */
const monday = ['2026-08-03', '2026-08-03T03:00:00+03:00', '2026-08-03T02:00:00+02:00', '2026-08-03T00:00:00+03:00', '03.08.2026']
const sunday = ['2026-08-02', '2026-08-02T03:00:00+03:00', '2026-08-02T05:00:00+05:00']

describe('a date field, whose time is technical', () => {
  it.each([...monday, ...sunday])('%s ends a wait when work begins, never at night or on a day off (S3-24)', (until) => {
    const waiting = lookAndCarryOut(fill(start(), { UF_CRM_LR_RESULT: 'RESULT-3', UF_UNTIL: until })).world
    expect(active(waiting).step?.waiting).toMatchObject({ until: moment('09:00', '2026-08-03') })
  })

  it.each([...monday, ...sunday])('%s brings a refused lead back when work begins (S3-28)', (until) => {
    const refused = lookAndCarryOut(moveTo(fill(start(), { UF_CRM_LR_REASON: 'REASON-2', UF_UNTIL: until }), stages['not-qualified'])).world
    expect(only(passUntil(refused, at('12:00', '2026-08-03')).journal, 'start-watch').at(-1)?.watch.enteredAt).toBe(moment('09:00', '2026-08-03'))
  })
})
