import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePortalEvent } from '../../server/portal/event.ts'

const memberId = 'a223c6b3710f85df22e9377d6c4f7553'
const token = 'ec1b2074a9d3f5c81b6e40d27a95cf38'

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const post = (event: string, data: Record<string, string> = {}, auth: Record<string, string> = {}) =>
  form({ event, event_handler_id: '709', ts: '1760000000', ...data, 'auth[member_id]': memberId, 'auth[application_token]': token, ...auth })

describe('an event about something we watch', () => {
  it.each([
    ['ONCRMLEADADD', { 'data[FIELDS][ID]': '12' }, 'lead', 12], ['onCrmLeadUpdate', { 'data[FIELDS][ID]': '12' }, 'lead', 12], ['ONCRMLEADDELETE', { 'data[FIELDS][ID]': '12' }, 'lead', 12],
    ['ONCRMACTIVITYADD', { 'data[FIELDS][ID]': '77' }, 'activity', 77], ['ONVOXIMPLANTCALLEND', { 'data[CRM_ACTIVITY_ID]': '78' }, 'activity', 78],
    ['ONTASKUPDATE', { 'data[FIELDS_BEFORE][ID]': '5', 'data[FIELDS_AFTER][ID]': '5' }, 'task', 5], ['ONTASKDELETE', { 'data[FIELDS_BEFORE][ID]': '5', 'data[FIELDS_AFTER]': 'undefined' }, 'task', 5],
  ] as const)('names it: %s', (event, data, kind, id) => {
    expect(parsePortalEvent(post(event, data))).toMatchObject({ kind: 'changed', name: event.toUpperCase(), memberId, applicationToken: token, subjects: [{ kind, id }] })
  })

  it('tells who acted, if anybody did', () => {
    expect(parsePortalEvent(post('ONCRMLEADADD', { 'data[FIELDS][ID]': '12' }, { 'auth[user_id]': '7' }))).toMatchObject({ actorId: 7 })
    expect(parsePortalEvent(post('ONCRMLEADADD', { 'data[FIELDS][ID]': '12' }))).toMatchObject({ actorId: null })
  })

  it('is a lead made by hand when the portal gives the token of whoever acted: the page lists no id of his', () => {
    const added = (name: string, auth: Record<string, string>) => parsePortalEvent(post(name, { 'data[FIELDS][ID]': '12' }, auth))
    const token = { 'auth[access_token]': 's6p6eclrvim6da22ft9ch94ekreb52lv' }
    expect(added('ONCRMLEADADD', token)).toMatchObject({ actorId: null, madeByHand: true })
    expect(added('ONCRMLEADADD', { 'auth[user_id]': '7' })).toMatchObject({ madeByHand: true })
    // A form, a robot, an agent: no token.
    expect(added('ONCRMLEADADD', {})).toMatchObject({ madeByHand: false })
    expect(added('ONCRMLEADADD', { 'auth[access_token]': '' })).toMatchObject({ madeByHand: false })
    expect(added('ONCRMLEADUPDATE', token)).toMatchObject({ madeByHand: false })
  })

  it.each(['0', '-1', '1e3', '12abc', '99999999999999999999', '4294967296', 'undefined', '', ' 1', '1.5'])('names nothing when the id is %j', (id) => {
    expect(parsePortalEvent(post('ONCRMLEADADD', { 'data[FIELDS][ID]': id }))).toMatchObject({ kind: 'changed', subjects: [] })
  })
})

describe('an event of the application\'s life', () => {
  const auth = {
    'auth[access_token]': 'access-token-00001', 'auth[refresh_token]': 'refresh-token-0001', 'auth[expires_in]': '3600', 'auth[domain]': 'firma.bitrix24.ru', 'auth[client_endpoint]': 'https://firma.bitrix24.ru/rest/',
    'auth[server_endpoint]': 'https://oauth.bitrix.info/rest/', 'auth[scope]': 'crm,task placement',
  }

  it('carries a claim when it was installed or updated', () => {
    expect(parsePortalEvent(post('ONAPPINSTALL', { 'data[VERSION]': '3' }, auth))).toMatchObject({ kind: 'installed', version: 3, claim: {
      memberId, domain: 'firma.bitrix24.ru', protocol: 'https', accessToken: 'access-token-00001', refreshToken: 'refresh-token-0001', expiresInSeconds: 3600, applicationToken: token, scope: ['crm', 'task', 'placement'],
    } })
    expect(parsePortalEvent(post('ONAPPUPDATE', {}, auth))).toMatchObject({ kind: 'updated', version: null })
  })

  it('is no installation without a token to prove it', () => {
    expect(parsePortalEvent(post('ONAPPINSTALL'))).toBeNull()
  })

  it('says at an uninstall whether everything is to be deleted', () => {
    expect(parsePortalEvent(post('ONAPPUNINSTALL', { 'data[CLEAN]': '1' }))).toMatchObject({ kind: 'uninstalled', clean: true })
    expect(parsePortalEvent(post('ONAPPUNINSTALL', { 'data[CLEAN]': '0' }))).toMatchObject({ kind: 'uninstalled', clean: false })
  })

  it('may come without a token of the application: a payment', () => {
    expect(parsePortalEvent(form({ event: 'ONAPPPAYMENT', 'auth[member_id]': memberId }))).toEqual({ kind: 'other', name: 'ONAPPPAYMENT', memberId, applicationToken: null })
  })
})

describe('a hostile post', () => {
  it.each([
    ['nothing', ''], ['JSON', '{"event":"ONCRMLEADADD"}'], ['no member_id', form({ event: 'ONCRMLEADADD', 'auth[application_token]': token })], ['no event', form({ 'auth[member_id]': memberId })],
    ['a member_id of other signs', post('ONCRMLEADADD', {}, { 'auth[member_id]': '../../etc/passwd' })], ['an event of other signs', post('ON<script>')],
    ['no token of the application', form({ event: 'ONCRMLEADADD', 'auth[member_id]': memberId, 'data[FIELDS][ID]': '1' })], ['a huge token', post('ONCRMLEADADD', {}, { 'auth[application_token]': 'x'.repeat(5000) })],
  ])('is no event: %s', (_, raw) => {
    expect(parsePortalEvent(raw)).toBeNull()
  })

  it('cannot reach a prototype', () => {
    for (const event of ['__proto__', 'constructor', 'ONCONSTRUCTOR', 'toString']) {
      const parsed = parsePortalEvent(post(event, { '__proto__[polluted]': '1', 'data[__proto__][ID]': '5' }))
      expect(parsed === null || parsed.kind === 'other').toBe(true)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('takes the first of a name that comes twice', () => {
    expect(parsePortalEvent(`${post('ONCRMLEADADD', { 'data[FIELDS][ID]': '1' })}&data[FIELDS][ID]=2`)).toMatchObject({ subjects: [{ id: 1 }] })
  })

  it('never throws, whatever it holds', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.string()).map(form)), (raw) => {
      parsePortalEvent(raw)
    }))
  })
})
