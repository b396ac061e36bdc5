/** Files in the fields of CRM items (api-reference/files/how-to-update-files.md, api-reference/crm/universal/crm-item-update.md). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isRecord } from '../core/body.ts'
import type { CallContext } from '../core/method.ts'
import type { PortalCore } from '../core/portal-core.ts'
import { countRequest, remember } from '../core/traffic.ts'
import type { CrmItem } from '../rows.ts'
import { itemsOf, nextId } from '../state.ts'
import { isEntityType } from '../world/items.ts'
import { mayRead } from './rights.ts'

/**
 * One value of a file field as it is kept: the file's number. `[name, base64]` is a new file, `{ id }` keeps one of the present files,
 * anything else empties the field.
 */
export const fileToKeep = (context: CallContext, value: unknown, present: unknown): number | null => {
  if (Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string') {
    const id = nextId(context.state, 'file')
    context.state.files.set(id, { id, name: value[0], base64: value[1] })
    return id
  }
  if (isRecord(value) && [present].flat().includes(Number(value['id']))) return Number(value['id'])
  context.strictFail('a file is given as [name, base64] or as { id } of a present one')
  return null
}

const linkTo = ({ portal, user }: CallContext, item: CrmItem, fieldName: string, id: number): Record<string, unknown> => {
  const of = { entityTypeId: String(item.entityTypeId), id: String(item.id), fieldName, fileId: String(id) }
  const auth = portal.tokens.forEvent({ memberId: portal.memberId, clientId: portal.app.clientId, userId: user.id })
  const token = `crm|${Buffer.from(JSON.stringify(of)).toString('base64')}`
  return {
    id, url: `${portal.baseUrl}/bitrix/services/main/ajax.php?${new URLSearchParams({ action: 'crm.controller.item.getFile', SITE_ID: 's1', ...of }).toString()}`,
    urlMachine: `${portal.baseUrl}/rest/crm.controller.item.getFile.json?${new URLSearchParams({ auth, token }).toString()}`,
  }
}

/** A file field as `crm.item.*` shows it: `{ id, url, urlMachine }`, or a list of such. */
export const fileShown = (context: CallContext, item: CrmItem, fieldName: string, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(id => linkTo(context, item, fieldName, Number(id)))
  return typeof value === 'number' ? linkTo(context, item, fieldName, value) : null
}

/** The method behind `urlMachine`; it is not called but fetched. */
export const fileMethod = 'crm.controller.item.getfile'

/** Sends the file of a signed link to whoever holds the token in it and may read the item; 404 for everything else (assumed). */
export const sendFile = (portal: PortalCore, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void => {
  request.resume()
  const owner = portal.tokens.check(query.get('auth') ?? '')
  const user = owner === null || owner === 'expired' || owner.memberId !== portal.memberId ? undefined : portal.state.users.get(owner.userId)
  const signed = /^crm\|(.+)$/.exec(query.get('token') ?? '')?.[1] ?? ''
  const of = parsed(Buffer.from(signed, 'base64').toString())
  const type = Number(of['entityTypeId'])
  const item = isEntityType(type) ? itemsOf(portal.state, type).get(Number(of['id'])) : undefined
  const file = portal.state.files.get(Number(of['fileId']))
  const found = user !== undefined && item !== undefined && file !== undefined && mayRead({ state: portal.state, user }, item) && [item[String(of['fieldName'])]].flat().includes(file.id)
  const planned = portal.faults.takeAnswer(fileMethod)
  const status = planned !== null && 'status' in planned ? planned.status : found ? 200 : user === undefined ? 401 : 404
  const entry = { at: portal.now(), method: fileMethod, batchCommands: [], status, error: null, ms: 0, userId: user?.id ?? null }
  remember(portal.requests, entry)
  countRequest(portal.traffic, entry)
  if (!found || status !== 200) response.writeHead(status, status >= 300 && status < 400 ? { location: '/' } : {}).end()
  else response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}` }).end(Buffer.from(file.base64, 'base64'))
}

const parsed = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
