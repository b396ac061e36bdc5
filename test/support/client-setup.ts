import { afterEach, beforeEach, vi } from 'vitest'

/** A page that complains in the console is broken, even when it looks right. */
const complaints: string[] = []
const complain = (...words: unknown[]) => { complaints.push(words.map(String).join(' ')) }

beforeEach(() => {
  complaints.length = 0
  vi.spyOn(console, 'error').mockImplementation(complain)
  vi.spyOn(console, 'warn').mockImplementation(complain)
  if (typeof window === 'undefined') return
  window.sessionStorage.clear()
  document.body.innerHTML = ''
})

afterEach(() => {
  vi.restoreAllMocks()
  if (complaints.length > 0) throw new Error(`the console heard:\n${complaints.join('\n')}`)
})
