import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseColorMode, colorMode, startColorMode } from '../../client/frame/color-mode.ts'

const frame = (kept: string | null) => ({ userOption: vi.fn(async () => kept), setUserOption: vi.fn(async () => {}) })
const classes = () => [...document.documentElement.classList].filter(each => each === 'dark' || each === 'light')

afterEach(() => {
  vi.restoreAllMocks()
  window.localStorage.clear()
})

describe('the look of a page', () => {
  it('is light while nobody has chosen otherwise', async () => {
    await startColorMode(frame(null))
    expect(colorMode.value).toBe('light')
    expect(classes()).toEqual(['light'])
  })

  it('is what the person has chosen, kept by the portal and in the browser', async () => {
    const portal = frame(null)
    chooseColorMode(portal, 'dark')
    expect(classes()).toEqual(['dark'])
    expect(portal.setUserOption).toHaveBeenCalledWith('leadrail-look', 'dark')
    chooseColorMode(frame(null), 'light')
    await startColorMode(frame('dark'))
    expect(classes()).toEqual(['dark'])
    await startColorMode(frame(null))
    expect(classes()).toEqual(['dark'])
  })

  it('begins with the browser’s copy before the portal answers, and takes no other word for a look', async () => {
    chooseColorMode(frame(null), 'dark')
    const started = startColorMode({ userOption: async () => 'purple' })
    expect(classes()).toEqual(['dark'])
    await started
    expect(classes()).toEqual(['dark'])
  })

  it('can be chosen where the browser keeps nothing for frames', async () => {
    const denied = () => { throw new DOMException('denied', 'SecurityError') }
    vi.spyOn(window, 'localStorage', 'get').mockImplementation(denied)
    chooseColorMode(frame(null), 'dark')
    expect(colorMode.value).toBe('dark')
    await startColorMode(frame(null))
    expect(colorMode.value).toBe('light')
  })
})
