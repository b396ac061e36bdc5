import { describe, expect, it } from 'vitest'
import { createLog, scrub } from '../../server/log.ts'
import { PortalError } from '../../server/portal/error.ts'

const secret = 'tok3n-that-nobody-may-read'

const logged = (write: (log: ReturnType<typeof createLog>) => void, secrets: string[] = []) => {
  const lines: string[] = []
  write(createLog({ level: 'trace', secrets, write: line => void lines.push(line) }))
  return lines.join('')
}

describe('a line of the log', () => {
  it.each([
    ['a field', { accessToken: secret }],
    ['a nested field', { portal: { refresh_token: secret } }],
    ['a deep field', { a: { b: { c: { d: { client_secret: secret } } } } }],
    ['a list', { items: [{ AUTH_ID: secret }, { REFRESH_ID: secret }] }],
    ['a form', { body: `event=ONCRMLEADADD&auth%5Baccess_token%5D=${secret}&auth%5Bapplication_token%5D=${secret}` }],
    ['a form without escapes', { body: `auth[access_token]=${secret}&auth[refresh_token]=${secret}` }],
    ['an address', { url: `https://x.bitrix24.ru/rest/profile?auth=${secret}&start=0` }],
    ['a page address', { url: `/app?DOMAIN=x&APP_SID=${secret}` }],
    ['JSON in a text', { body: JSON.stringify({ auth: secret, deep: { access_token: secret } }) }],
    ['JSON in JSON in a text', { body: JSON.stringify({ inner: JSON.stringify({ refreshToken: secret }) }) }],
    ['a header', { headers: { authorization: `Bearer ${secret}` } }],
    ['a header in a text', { text: `authorization was Bearer ${secret}` }],
    ['a session', { text: `session lr1.abc.${secret}` }],
    ['a database address', { text: `cannot reach postgres://leadrail:${secret}@db:5432/x` }],
  ])('hides a token in %s', (_where, facts) => {
    const text = logged(log => log.info(facts, 'portal.reviewed'))
    expect(text).toContain('portal.reviewed')
    expect(text).not.toContain(secret)
  })

  it('hides a token of the portal\'s usual shape wherever it stands', () => {
    const token = '6a8b5c6600705bdc00705a4b00000001f0f107' + 'a'.repeat(32)
    expect(logged(log => log.error({ error: new Error(`answered strangely to ${token}`) }, 'x'))).not.toContain(token)
  })

  it('hides the application key even in a sentence', () => {
    expect(logged(log => log.warn({ text: `sent ${secret}` }, `sent ${secret}`), [secret])).not.toContain(secret)
  })

  it('tells an error with its causes, and nothing that hangs on it', () => {
    const cause = new PortalError({ code: 'invalid', method: 'crm.item.update', bitrixCode: 'X', bitrixMessage: 'Иванов Иван' })
    const error = Object.assign(new Error('outer', { cause }), { request: { body: secret } })
    const text = logged(log => log.error({ error }, 'request.failed'))
    expect(text).toContain('crm.item.update')
    expect(text).not.toContain(secret)
    expect(text).not.toContain('Иванов')
  })

  it('stays one line of JSON', () => {
    const line = logged(log => log.info({ accessToken: secret, text: 'a\nb "c"', n: 1 }, 'x'))
    expect(JSON.parse(line)).toMatchObject({ level: 'info', n: 1, text: 'a\nb "c"', msg: 'x' })
  })

  it('leaves ordinary facts alone', () => {
    const facts = 'memberId a1b2c3d4e5f60718293a4b5c6d7e8f90, 3 leads, code=200, tokens: 5'
    expect(scrub(facts)).toBe(facts)
  })
})
