import { describe, expect, it } from 'vitest'
import type { FieldValue } from '../../../server/domain/lead.ts'
import { isSame, snapshotOf, touchedFields, writtenValue } from '../../../server/portal/conversion/values.ts'

describe('two values of a field', () => {
  it.each<[FieldValue, FieldValue]>([
    ['2026-05-01', '2026-05-01T03:00:00+03:00'], ['2026-05-01T10:00:00+03:00', '2026-05-01T07:00:00Z'], [100, '100.00'], ['1000.00', '1000'], ['0.50', 0.5], ['-0.00', 0], ['100|RUB', '100.00|RUB'], ['10.50|RUB', '10.5|RUB'], ['12345678901234567890.00|RUB', '12345678901234567890|RUB'], [true, 'Y'], [false, null], ['N', null], [0, ''], [[], null],
    [['2', '1'], [1, 2]], [' Дуб\r\nЯсень ', 'Дуб\nЯсень'], [['Дуб'], 'Дуб'],
  ])('%j and %j are the same', (a, b) => {
    expect(isSame(a, b)).toBe(true)
    expect(isSame(b, a)).toBe(true)
  })

  it.each<[FieldValue, FieldValue]>([
    ['2026-05-01', '2026-05-02T03:00:00+03:00'], ['2026-05-01T10:00:00+03:00', '2026-05-01T10:00:00Z'], ['100|RUB', '100|USD'], [100, null], ['Дуб', 'дуб'], [[1, 2], [1]], ['Y', null], ['2026-05-01', 'Дуб'],
    ['40702810500000012345', '40702810500000012399'], ['007', '7'], ['007', 7], ['00', null], ['100', '1000'], ['0.1', '0.10000000000000000001'], ['9007199254740993|RUB', '9007199254740992|RUB'],
  ])('%j and %j differ', (a, b) => {
    expect(isSame(a, b)).toBe(false)
  })

  it('are written as the portal wants them', () => {
    expect([true, false, null, 5, 'Дуб', ['1', '2']].map(writtenValue)).toEqual(['Y', 'N', '', 5, 'Дуб', ['1', '2']])
  })
})

describe('an item', () => {
  const row = { id: 1, entityTypeId: 2, title: 'Кухня', updatedTime: '2026-05-01T03:00:00+03:00', opportunity: 5, isManualOpportunity: 'N', companyId: 4, contactIds: [1, 2], fm: [{ id: 1, typeId: 'PHONE', value: '+79000000071' }] }
  const after = snapshotOf(row)

  it('is untouched by what the portal counts itself, and by the order of its contacts', () => {
    expect(touchedFields({ ...row, updatedTime: '2026-06-01T03:00:00+03:00', opportunityAccount: 7, contactIds: [2, 1], lastActivityTime: '2026-06-01T03:00:00+03:00' }, after)).toEqual([])
  })

  it.each([{ title: 'Кухня Белова' }, { opportunity: 7 }, { fm: [] }, { isManualOpportunity: 'Y' }, { companyId: 5 }, { companyId: null }, { contactIds: [1] }])('is touched by %j', (change) => {
    expect(touchedFields({ ...row, ...change }, after)).not.toEqual([])
  })

  // api-reference/crm/universal/object-fields.md
  it.each(['name', 'lastName', 'secondName', 'title', 'post', 'companyTitle', 'phoneNumber', 'emailOfBoss', 'orderNumber', 'accountNumber', 'eventPlace', 'lastOffer', 'lostReason', 'taxId', 'hasCar', 'UF_CRM_LAST'])('keeps what a person has written in %s', (name) => {
    const before = { ...row, [name]: 'Белова' }
    expect(touchedFields({ ...before, [name]: 'Крылова' }, snapshotOf(before))).toEqual([name])
  })

  it.each([
    'createdBy', 'createdTime', 'updatedBy', 'updatedTime', 'movedBy', 'movedTime', 'lastActivityBy', 'lastActivityTime', 'lastCommunicationTime', 'lastCommunicationCallTime', 'hasPhone', 'hasEmail', 'hasImol', 'hasProducts', 'searchContent',
    'phone', 'phoneWork', 'phoneMobile', 'phoneMailing', 'email', 'emailHome', 'emailWork', 'emailMailing', 'imol', 'shortName', 'dateClosed', 'taxValue', 'opportunityAccount', 'orderStage', 'isReturnCustomer',
  ])('is not touched by the portal\'s own %s', (name) => {
    const before = { ...row, [name]: 'before' }
    expect(touchedFields({ ...before, [name]: 'after' }, snapshotOf(before))).toEqual([])
  })
})
