/** Files in the fields of items: named while a conversion is planned, fetched from the lead when it is carried out. */
import type { FieldValue } from '../../domain/lead.ts'
import { PortalError } from '../error.ts'
import type { Portal } from '../portal.ts'
import { idOf, leadType, type Row } from '../rows.ts'
import { isRecord } from '../transport.ts'

/** `file:` type of the item, its id, the field, the file. */
const pattern = /^file:(\d+):(\d+):([A-Za-z]\w*):(\d+)$/

/** Null when the value holds no files. */
export const fileRefs = (row: Row, name: string): string | readonly string[] | null => {
  const value = row[name]
  const refOf = (file: unknown): readonly string[] => (isRecord(file) && idOf(file['id']) !== null && typeof file['urlMachine'] === 'string' ? [`file:${String(row['entityTypeId'])}:${String(row['id'])}:${name}:${String(file['id'])}`] : [])
  if (!Array.isArray(value)) return refOf(value)[0] ?? null
  const refs = (value as readonly unknown[]).flatMap(refOf)
  return refs.length === 0 ? null : refs
}

const refsIn = (value: FieldValue): readonly string[] => {
  const items = Array.isArray(value) ? value as readonly (string | number)[] : [value]
  return items.every(item => typeof item === 'string' && pattern.test(item)) ? items as readonly string[] : []
}

export const isFile = (value: FieldValue): boolean => refsIn(value).length > 0

export interface Fetched {
  /** `[name, Base64]`, or a list of these (api-reference/files/how-to-upload-files.md). */
  readonly fields: Readonly<Record<string, unknown>>
  /** Names of fields whose files could not be had. */
  readonly lost: readonly string[]
}

/** The files of this lead that these values name, by field. Rejects with what is passing; a file that is gone, too large or another item's leaves its field out. */
export const fetchFiles = async (portal: Portal, leadId: number, values: Readonly<Record<string, FieldValue>>): Promise<Fetched> => {
  const wanted = Object.entries(values).filter(([, value]) => isFile(value))
  const rows = new Map<string, Row>()
  const fields: Record<string, unknown> = {}
  const lost: string[] = []
  for (const [name, value] of wanted) {
    try {
      const files: (readonly [string, string])[] = []
      for (const ref of refsIn(value)) files.push(await fetchOne(portal, leadId, ref, rows))
      fields[name] = Array.isArray(value) ? files : files[0]
    } catch (cause) {
      if (!(cause instanceof PortalError) || (cause.code !== 'not-found' && cause.code !== 'access-denied' && cause.code !== 'invalid')) throw cause
      lost.push(name)
    }
  }
  return { fields, lost }
}

/** Links are signed for an hour at most: each item is read anew. */
const fetchOne = async (portal: Portal, leadId: number, ref: string, rows: Map<string, Row>): Promise<readonly [string, string]> => {
  const [, entityTypeId = '', id = '', field = '', fileId = ''] = pattern.exec(ref) ?? []
  const refused = new PortalError({ code: 'not-found', method: 'crm.item.get' })
  if (Number(entityTypeId) !== leadType || Number(id) !== leadId) throw refused
  const row = rows.get(id) ?? await readLead(portal, leadId)
  rows.set(id, row)
  const file = [row[field]].flat().find(one => isRecord(one) && idOf(one['id']) === Number(fileId))
  if (!isRecord(file) || typeof file['urlMachine'] !== 'string') throw refused
  const { name, bytes } = await portal.fetchFile(file['urlMachine'])
  return [name, bytes.toString('base64')]
}

const readLead = async (portal: Portal, id: number): Promise<Row> => {
  const { result } = await portal.call('crm.item.get', { entityTypeId: leadType, id, useOriginalUfNames: 'Y' }, { kind: 'read' })
  return isRecord(result) && isRecord(result['item']) ? result['item'] : {}
}
