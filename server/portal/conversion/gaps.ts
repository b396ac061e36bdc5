/** A phone that a conversion past the application has left with both the contact and the company. */
import { type Phone, readPhones } from '../contact-data.ts'
import { PortalError } from '../error.ts'
import type { Portal } from '../portal.ts'
import { type Call, idOf, type Outcome, resultOf, type Row, rowsOf, textOf } from '../rows.ts'
import { isRecord } from '../transport.ts'
import { updateItem } from './items.ts'
import { meansTypes, typeIds } from './kinds.ts'

export interface PhoneOwner { readonly kind: 'contact' | 'company'; readonly id: number }

export interface PhoneRemoval {
  readonly phone: string
  readonly from: PhoneOwner
  /** Has it as well, and keeps it. */
  readonly keep: PhoneOwner
  /** ISO 3166-1 alpha-2 code of the country whose numbers are written without a code. */
  readonly country: string
}

/**
 * Takes the phone from one of them, however it is written there, where the other one still has it: the last one is never taken. An empty value
 * deletes a record, the others stay (tutorials/crm/how-to-edit-crm-objects/how-to-change-email-or-phone.md). Rejects with PortalError.
 */
export const removePhone = async (portal: Portal, { phone, from, keep, country }: PhoneRemoval): Promise<void> => {
  const line = readPhones(phone, country).map(lineOf)[0] ?? null
  const [row, other] = (await portal.callAll([getItem(from), getItem(keep)], { kind: 'read' })).map(itemOf)
  if (line === null || row === undefined || other === undefined || !phonesIn(other).some(record => readPhones(textOf(record['value']), country).some(one => lineOf(one) === line))) return
  const changes = phonesIn(row).flatMap((record) => {
    const phones = readPhones(textOf(record['value']), country)
    const left = phones.filter(one => lineOf(one) !== line)
    return left.length === phones.length ? [] : [[String(idOf(record['id'])), { typeId: meansTypes.phone, valueType: textOf(record['valueType']), value: left.map(({ value }) => value).join(', ') }] as const]
  })
  if (changes.length > 0) await updateItem(portal, from.kind, from.id, { fm: Object.fromEntries(changes) })
}

const getItem = ({ kind, id }: PhoneOwner): Call => ({ method: 'crm.item.get', params: { entityTypeId: typeIds[kind], id, useOriginalUfNames: 'Y' } })

const itemOf = (outcome: Outcome): Row => {
  const result = resultOf(outcome)
  if (isRecord(result) && isRecord(result['item'])) return result['item']
  throw new PortalError({ code: 'unexpected', method: 'crm.item.get', status: 200, bitrixMessage: 'the item is not in the answer' })
}

const phonesIn = (row: Row): readonly Row[] => rowsOf(row['fm']).filter(({ typeId }) => typeId === meansTypes.phone)

/** Two of the same number with different extensions are two lines. */
const lineOf = ({ e164, extension }: Phone): string | null => (e164 === null ? null : `${e164} ${extension ?? ''}`)
