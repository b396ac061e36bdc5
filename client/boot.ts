import type { PageBoot } from '../server/contract/page.ts'

/** Id of the element that carries the page's beginning; the same as the contract's, without its schemas in the bundle. */
export const bootElementId = 'leadrail-boot'

/** What the server put into the page, or null when the page was not opened through it. */
export const readBoot = (page: Document = document): PageBoot | null => {
  const text = page.getElementById(bootElementId)?.textContent?.trim() ?? ''
  if (text === '') return null
  const value: unknown = JSON.parse(text)
  return isBoot(value) ? value : null
}

const isBoot = (value: unknown): value is PageBoot =>
  typeof value === 'object' && value !== null && 'page' in value && 'session' in value && 'portal' in value && 'options' in value
