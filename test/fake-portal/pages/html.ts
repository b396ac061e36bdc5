/** Markup as a value: everything put into a template is escaped unless it is markup itself. */

declare const brand: unique symbol
export interface Html {
  readonly markup: string
  readonly [brand]: true
}

export type Part = Html | string | number | null | undefined | false | readonly Part[]

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' }

/** Text made harmless for element content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, sign => escapes[sign] ?? sign)

/** Takes markup as it is; only for markup made by this folder. */
export const raw = (markup: string): Html => ({ markup }) as Html

const show = (part: Part): string => {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  if (isMany(part)) return part.map(show).join('')
  return part.markup
}

const isMany = (part: Part): part is readonly Part[] => Array.isArray(part)

/** Tagged template for markup. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  raw(strings.map((text, index) => (index === 0 ? text : show(parts[index - 1]) + text)).join(''))

/** A boolean attribute, written or left out. */
export const flag = (name: string, on: boolean): Html => raw(on ? ` ${name}` : '')
