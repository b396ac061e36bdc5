import { describe, expect, it } from 'vitest'
import { parsePagePost } from '../../server/portal/page.ts'

const query = new URLSearchParams({ DOMAIN: 'Firma.Bitrix24.ru', PROTOCOL: '1', LANG: 'ru', APP_SID: 'sid' })
const fields = {
  AUTH_ID: 'access-token-00001', AUTH_EXPIRES: '3600', REFRESH_ID: 'refresh-token-0001', SERVER_ENDPOINT: 'https://oauth.bitrix.info/rest/', APPLICATION_TOKEN: 'ec1b2074a9d3f5c81b6e40d27a95cf38',
  APPLICATION_SCOPE: 'crm,task', member_id: 'a223c6b3710f85df22e9377d6c4f7553', status: 'F', PLACEMENT: 'CRM_LEAD_DETAIL_TAB', PLACEMENT_OPTIONS: '{"ID":"12","URI":"/crm/lead/details/12/"}',
}
const parse = (change: Record<string, string> = {}, asked = query) => parsePagePost(new Map(Object.entries({ ...fields, ...change })), asked)

describe('the post of an opened page', () => {
  it('is read as a claim, with its language and what the placement says', () => {
    expect(parse()).toEqual({
      claim: {
        memberId: fields.member_id, domain: 'firma.bitrix24.ru', protocol: 'https', accessToken: fields.AUTH_ID, refreshToken: fields.REFRESH_ID, expiresInSeconds: 3600,
        applicationToken: fields.APPLICATION_TOKEN, serverEndpoint: fields.SERVER_ENDPOINT, scope: ['crm', 'task'],
      },
      lang: 'ru', placement: 'CRM_LEAD_DETAIL_TAB', options: { ID: '12', URI: '/crm/lead/details/12/' },
    })
  })

  it.each([{ member_id: '' }, { member_id: '../x' }, { AUTH_ID: '' }, { AUTH_ID: 'short' }])('is none without a tenant and a token: %j', (change) => {
    expect(parse(change)).toBeNull()
  })

  it.each(['', 'firma.bitrix24.ru/path', 'user@firma.bitrix24.ru', 'firma..ru', '-x.ru', 'a b'])('is none from %j', (domain) => {
    expect(parse({}, new URLSearchParams({ DOMAIN: domain }))).toBeNull()
  })

  it.each(['', 'not json', '[1,2]', 'null', '{"__proto__":{"x":1},"constructor":"y","ID":{"deep":1}}', `{"ID":"${'9'.repeat(20_000)}"}`])('never trips over options such as %s', (PLACEMENT_OPTIONS) => {
    expect(parse({ PLACEMENT_OPTIONS })?.options).toEqual({})
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('takes unknown languages and placements for none', () => {
    expect(parse({ PLACEMENT: '<script>' }, new URLSearchParams({ DOMAIN: 'firma.bitrix24.ru', LANG: 'xx-evil' }))).toMatchObject({ lang: 'en', placement: 'DEFAULT', claim: { protocol: 'https' } })
  })
})
