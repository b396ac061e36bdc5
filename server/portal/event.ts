/** A posted event, parsed but not believed (api-reference/events/index.md): a flat form with names in square brackets. */
import { type Claim, readMemberId, readPostedClaim, readToken } from './claim.ts'

export interface Subject {
  readonly kind: 'lead' | 'activity' | 'task'
  readonly id: number
}

export type PortalEvent =
  | { readonly kind: 'changed'; readonly name: string; readonly memberId: string; readonly applicationToken: string; readonly subjects: readonly Subject[]; readonly actorId: number | null; readonly madeByHand: boolean }
  | { readonly kind: 'installed' | 'updated'; readonly name: string; readonly memberId: string; readonly applicationToken: string; readonly claim: Claim; readonly version: number | null }
  | { readonly kind: 'uninstalled'; readonly name: string; readonly memberId: string; readonly applicationToken: string; readonly clean: boolean }
  /** Harmless, or meant for nobody here: a payment (which carries no token), a test. */
  | { readonly kind: 'other'; readonly name: string; readonly memberId: string; readonly applicationToken: string | null }

/** Events that concern a thing we watch, and where its id stands. */
const changes: Readonly<Record<string, { kind: Subject['kind']; ids: readonly string[] }>> = {
  ONCRMLEADADD: { kind: 'lead', ids: ['data[FIELDS][ID]'] },
  ONCRMLEADUPDATE: { kind: 'lead', ids: ['data[FIELDS][ID]'] },
  ONCRMLEADDELETE: { kind: 'lead', ids: ['data[FIELDS][ID]'] },
  ONCRMACTIVITYADD: { kind: 'activity', ids: ['data[FIELDS][ID]'] },
  ONCRMACTIVITYUPDATE: { kind: 'activity', ids: ['data[FIELDS][ID]'] },
  ONCRMACTIVITYDELETE: { kind: 'activity', ids: ['data[FIELDS][ID]'] },
  ONVOXIMPLANTCALLEND: { kind: 'activity', ids: ['data[CRM_ACTIVITY_ID]'] },
  ONTASKADD: { kind: 'task', ids: ['data[FIELDS_AFTER][ID]'] },
  ONTASKUPDATE: { kind: 'task', ids: ['data[FIELDS_AFTER][ID]', 'data[FIELDS_BEFORE][ID]'] },
  ONTASKDELETE: { kind: 'task', ids: ['data[FIELDS_BEFORE][ID]'] },
}

/**
 * Null for anything that is not an event of a portal. Names are upper-cased, ids become whole numbers from 1 on
 * (tasks write the literal text `undefined`); of a name that comes twice the first one counts.
 */
export const parsePortalEvent = (raw: string): PortalEvent | null => {
  const form = new URLSearchParams(raw)
  const name = (form.get('event') ?? '').toUpperCase()
  const memberId = readMemberId(form.get('auth[member_id]'))
  if (!/^ON[A-Z0-9_]{1,60}$/.test(name) || memberId === null) return null
  const applicationToken = readToken(form.get('auth[application_token]'))

  const change = Object.hasOwn(changes, name) ? changes[name] : undefined
  if (change !== undefined) {
    if (applicationToken === null) return null
    const id = firstId(form, change.ids)
    const actorId = readId(form.get('auth[user_id]'))
    // A token is given for the person who acted, and none for a robot, a workflow or an agent (events/index.md, «Parameter auth»).
    // Changes do not count: our own come back with the administrator's.
    const isByPerson = actorId !== null || readToken(form.get('auth[access_token]')) !== null
    return { kind: 'changed', name, memberId, applicationToken, subjects: id === null ? [] : [{ kind: change.kind, id }], actorId, madeByHand: isByPerson && name === 'ONCRMLEADADD' }
  }
  if (name === 'ONAPPINSTALL' || name === 'ONAPPUPDATE') {
    const claim = readPostedClaim(form, memberId, { applicationToken, refreshToken: readToken(form.get('auth[refresh_token]')) })
    if (claim === null || applicationToken === null) return null
    return { kind: name === 'ONAPPINSTALL' ? 'installed' : 'updated', name, memberId, applicationToken, claim, version: readId(form.get('data[VERSION]')) }
  }
  if (name === 'ONAPPUNINSTALL')
    return applicationToken === null ? null : { kind: 'uninstalled', name, memberId, applicationToken, clean: form.get('data[CLEAN]') === '1' }
  return { kind: 'other', name, memberId, applicationToken }
}

const firstId = (form: URLSearchParams, names: readonly string[]): number | null => {
  for (const name of names) {
    const id = readId(form.get(name))
    if (id !== null) return id
  }
  return null
}

/** Ids of the portal fit into 31 bits. */
const readId = (text: string | null): number | null => {
  if (text === null || !/^[1-9]\d{0,9}$/.test(text)) return null
  const id = Number(text)
  return id <= 2_147_483_647 ? id : null
}
