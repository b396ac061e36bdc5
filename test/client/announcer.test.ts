import { createApp, h } from 'vue'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { provideAnnouncer, type Announcer } from '../../client/composables/useAnnouncer.ts'

const open = (): Announcer => {
  vi.useFakeTimers()
  let announcer: Announcer | null = null
  const app = createApp({ setup: () => { announcer = provideAnnouncer(); return () => h('p') } })
  app.mount(document.createElement('div'))
  onTestFinished(() => { app.unmount(); vi.useRealTimers() })
  if (announcer === null) throw new Error('not set up')
  return announcer
}

describe('a sentence for screen readers', () => {
  it('is said at once', () => {
    const announcer = open()
    announcer.announce('Сохранено.')
    expect(announcer.words.value).toBe('Сохранено.')
  })

  it('is said again: the region is empty in between', () => {
    const announcer = open()
    announcer.announce('Сохранено.')
    announcer.announce('Сохранено.')
    expect(announcer.words.value).toBe('')
    vi.advanceTimersByTime(500)
    expect(announcer.words.value).toBe('Сохранено.')
  })

  it('gives way to a newer one', () => {
    const announcer = open()
    announcer.announce('Сохранено.')
    announcer.announce('Сохранено.')
    announcer.announce('Не удалось сохранить.')
    vi.advanceTimersByTime(500)
    expect(announcer.words.value).toBe('Не удалось сохранить.')
  })
})
