import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CardAnswers } from '../../server/contract/card.ts'
import { PageBoot, pageBootElementId } from '../../server/contract/page.ts'
import { SessionRequest } from '../../server/contract/session.ts'
import { withBoot } from '../../server/http/built-pages.ts'

describe('card answers', () => {
  it('may be partial, and nothing at all', () => {
    expect(CardAnswers.parse({})).toEqual({ answers: {} })
    expect(CardAnswers.parse({ answers: { A: null, B: 1, C: ['X'] }, result: null })).toEqual({ answers: { A: null, B: 1, C: ['X'] }, result: null })
  })

  it.each([{ answers: { A: true } }, { answers: { A: Infinity } }, { answers: { A: { b: 1 } } }, { answers: { '': 'x' } }, { comment: 1 }, { nextStep: '' }, { extra: 1 }, { comment: 'x'.repeat(20_001) }])(
    'are refused when they are not what the card can hold: %j', value => expect(CardAnswers.safeParse(value).success).toBe(false),
  )
})

describe('a session request', () => {
  it.each(['short', 'a'.repeat(65), '../../etc', '__proto__', 'id with space'])('is refused for the portal id %j', (memberId) => {
    expect(SessionRequest.safeParse({ domain: 'x.bitrix24.ru', memberId, accessToken: 'token-token' }).success).toBe(false)
  })
})

describe('the beginning of a page', () => {
  it('comes out as it was put in, whatever the portal calls itself', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), (options) => {
      const boot = PageBoot.parse({ page: 'lead-tab', lang: 'ru', session: null, portal: { domain: 'x', memberId: 'y' }, placement: 'DEFAULT', options: { ...options, evil: '</script><!--<script>\u2028' }, problem: null })
      const html = withBoot('<html lang="en"><head></head><body></body></html>', boot)
      const json = new RegExp(`<script type="application/json" id="${pageBootElementId}">([^<]*)</script></head>`).exec(html)?.[1] ?? ''
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(boot)))
      expect(html).toContain('<html lang="ru">')
    }))
  })
})
