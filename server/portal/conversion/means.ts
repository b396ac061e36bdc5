/** Phones, addresses, sites and messengers of an item, one by one. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Means } from '../../domain/conversion/facts.ts'
import { readEmails, readPhones } from '../contact-data.ts'
import { type Row, rowsOf, textOf } from '../rows.ts'
import { meansTypes } from './kinds.ts'

const kindOf: Readonly<Record<string, Means['kind']>> = Object.fromEntries(Object.entries(meansTypes).map(([kind, typeId]) => [typeId, kind as Means['kind']]))

/** One field may hold several numbers or addresses. `usedBy` is told for a normal form; `country`: ISO 3166-1 alpha-2. */
export const meansOf = (row: Row, country: string, usedBy: (kind: 'phone' | 'email', normal: string) => number = () => 0): readonly Means[] => rowsOf(row['fm']).flatMap((one): readonly Means[] => {
  const kind = kindOf[textOf(one['typeId'])]
  const value = textOf(one['value']).trim()
  if (kind === undefined || value === '') return []
  const plain = { kind, valueType: textOf(one['valueType']) || 'WORK', extension: null, nature: 'unknown' as const, usedBy: 0 }
  if (kind === 'phone') return readPhones(value, country).map(phone => ({ ...plain, value: phone.value, normal: phone.e164, extension: phone.extension, nature: natureOf(phone.e164), usedBy: phone.e164 === null ? 0 : usedBy('phone', phone.e164) }))
  if (kind === 'email') return readEmails(value).map(email => ({ ...plain, value: email.value, normal: email.address, usedBy: email.address === null ? 0 : usedBy('email', email.address) }))
  return [{ ...plain, value, normal: null }]
})

/** As the country's numbering plan has it. */
const natureOf = (e164: string | null): Means['nature'] => {
  switch (e164 === null ? undefined : parsePhoneNumberFromString(e164)?.getType()) {
    case 'MOBILE': return 'mobile'
    case 'FIXED_LINE': return 'fixed'
    case 'TOLL_FREE': return 'toll-free'
    default: return 'unknown'
  }
}
