/** The only place where refusals and errors become HTTP answers. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Problem } from '../contract/problem.ts'
import type { Language } from '../contract/session.ts'
import { languageOf, wordsOf, type Refusal } from './words.ts'

/** A refusal to be answered as it stands: thrown by routes, answered by `app.onError`. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly refusal: Refusal
  readonly more: RefusedMore

  constructor(refusal: Refusal, more: RefusedMore = {}) {
    super(refusal)
    this.refusal = refusal
    this.more = more
  }
}

export interface RefusedMore {
  readonly fields?: readonly { field: string; message: string }[]
  /** Takes the place of the usual sentence, e.g. the portal's own words. */
  readonly detail?: string
  readonly retryAfterSeconds?: number
  readonly allow?: string
}

export const problemOf = (refusal: Refusal, language: Language, more: RefusedMore = {}): Problem => {
  const { status, title, detail } = wordsOf(refusal, language)
  return {
    type: `/problems/${refusal}`,
    title,
    status,
    detail: more.detail ?? detail,
    ...(more.fields === undefined ? {} : { fields: [...more.fields] }),
  }
}

/** The refusal as `application/problem+json`. */
export const answerProblem = (c: Context, refusal: Refusal, language: Language, more: RefusedMore = {}): Response => {
  const problem = problemOf(refusal, language, more)
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json; charset=utf-8',
    ...headersOf(more),
  })
}

/** The refusal as a page that needs neither script nor session; shown in the frame where a page was to be. */
export const answerProblemPage = (c: Context, refusal: Refusal, language: Language, more: RefusedMore = {}, frameAncestors = '\'none\''): Response => {
  const { title, detail, status } = problemOf(refusal, language, more)
  c.header('content-security-policy', `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors ${frameAncestors}`)
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;color:#333;max-width:36rem;margin:3rem auto;padding:0 1.5rem}h1{font-size:1.35rem;font-weight:600}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(detail)}</p></main></body></html>`
  return c.html(html, status as ContentfulStatusCode, headersOf(more))
}

const headersOf = ({ allow, retryAfterSeconds }: RefusedMore): Record<string, string> => ({
  ...(allow === undefined ? {} : { allow }),
  ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
})

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? '&#39;')

/** Language of whoever asks: the page's `LANG`, else the browser's wish, else English. */
export const requestLanguage = (c: Context): Language => {
  const asked = c.req.query('LANG')
  if (asked !== undefined) return languageOf(asked)
  return languageOf(c.req.header('accept-language')?.split(',')[0])
}
