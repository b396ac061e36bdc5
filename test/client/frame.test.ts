import type { B24Frame } from '@bitrix24/b24jssdk'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { fillWindow } from '../../client/frame/fill-window.ts'
import { followHeight } from '../../client/frame/follow-height.ts'
import { openFrame } from '../../client/frame/frame.ts'

const origin = 'https://portal.example.com'

/** The window around the page: hears what the SDK says and answers as Bitrix24 does, `key:JSON`. */
const playPortal = (answers: Readonly<Record<string, unknown>>) => {
  const heard: { readonly command: string; readonly params: unknown }[] = []
  vi.spyOn(window.parent, 'postMessage').mockImplementation(((message: unknown) => {
    if (typeof message !== 'string') return
    const parts = message.split(':')
    const command = parts.shift() ?? ''
    parts.pop()
    const key = parts.pop() ?? ''
    heard.push({ command, params: parts.length === 0 ? null : JSON.parse(parts.join(':')) })
    if (command in answers) setTimeout(() => window.dispatchEvent(new MessageEvent('message', { data: `${key}:${JSON.stringify(answers[command])}`, origin })), 0)
  }) as typeof window.parent.postMessage)
  window.name = 'portal.example.com|1|sid0123456789abcdef'
  onTestFinished(() => { window.name = '' })
  return heard
}

const initData = {
  LANG: 'ru', DOMAIN: 'portal.example.com', PROTOCOL: '1', PATH: '/rest', AUTH_ID: 'access-1', REFRESH_ID: 'refresh-1', AUTH_EXPIRES: '3600', MEMBER_ID: 'm1', IS_ADMIN: true,
  APP_OPTIONS: {}, USER_OPTIONS: { look: 'dark' }, PLACEMENT: 'CRM_LEAD_DETAIL_TAB', PLACEMENT_OPTIONS: { ID: '42' }, INSTALL: true, FIRST_RUN: false,
}
const everything = { getInitData: initData, refreshAuth: { AUTH_ID: 'access-2', REFRESH_ID: 'refresh-2', AUTH_EXPIRES: '3600' }, resizeWindow: { width: 1, height: 1 }, reloadData: true, openPath: { result: 'close' }, setInstallFinish: true, setTitle: true, setScroll: true, imPhoneTo: true, setUserOption: true }

/** The real SDK keeps its first connection: the tests outside a portal come before those inside. */
const open = () => openFrame()

describe('a page outside a portal', () => {
  it('finds out by itself', async () => {
    const frame = open()
    expect(frame.state.value).toBe('connecting')
    await vi.waitFor(() => expect(frame.state.value).toBe('outside'))
  })

  it('is quiet about what only a portal can do, but has no access token', async () => {
    const frame = open()
    await frame.reloadHost()
    await frame.finishInstall()
    await expect(frame.accessToken()).rejects.toThrow('not inside a portal')
  })

  it('opens whole addresses in a new window, and no others', async () => {
    const opened = vi.spyOn(window, 'open').mockReturnValue(null)
    await open().openPath('/crm/lead/details/42/')
    await open().openPath('https://portal.example.com/crm/lead/details/42/')
    expect(opened).toHaveBeenCalledExactlyOnceWith('https://portal.example.com/crm/lead/details/42/', '_blank', 'noopener')
  })

  it('waits for a silent portal no longer than its time', async () => {
    const frame = openFrame({ load: () => Promise.resolve({ initializeB24Frame: () => new Promise(() => {}) }), timeoutMs: 30 })
    await vi.waitFor(() => expect(frame.state.value).toBe('outside'))
  })
})

describe('a page inside a portal, with the portal’s own client', () => {
  it('fits its height and leaves the width to the portal', async () => {
    const heard = playPortal(everything)
    await open().resize(640)
    expect(heard).toContainEqual({ command: 'resizeWindow', params: { width: '100%', height: 640 } })
  })

  it('reads what the portal keeps of the user for it, and has it kept', async () => {
    const heard = playPortal(everything)
    const frame = open()
    expect(await frame.userOption('look')).toBe('dark')
    expect(await frame.userOption('other')).toBeNull()
    await frame.setUserOption('look', 'light')
    expect(heard).toContainEqual({ command: 'setUserOption', params: { name: 'look', value: 'light' } })
  })

  it('shows its beginning', async () => {
    const heard = playPortal(everything)
    await open().scrollToTop()
    expect(heard).toContainEqual({ command: 'setScroll', params: { scroll: 0 } })
  })

  it('gets a fresh access token', async () => {
    playPortal(everything)
    expect(await open().accessToken()).toBe('access-2')
  })

  it('waits for a fresh access token no longer than its time', async () => {
    playPortal({ getInitData: initData })
    const silent = openFrame({ load: () => Promise.resolve({ initializeB24Frame: async () => ({ auth: { refreshAuth: () => new Promise(() => {}) } }) as unknown as B24Frame }), timeoutMs: 30 })
    await expect(silent.accessToken()).rejects.toThrow('the portal does not answer')
  })

  it('makes the host card read again, opens its pages in its side panel and ends the installation', async () => {
    const heard = playPortal(everything)
    const frame = open()
    await frame.reloadHost()
    await frame.openPath('/crm/lead/details/42/')
    await frame.finishInstall()
    const said = heard.map(message => message.command)
    expect(said).toContain('reloadData')
    expect(said).toContain('setInstallFinish')
    expect(JSON.stringify(heard.find(message => message.command === 'openPath')?.params)).toContain('/crm/lead/details/42/')
  })

  it('opens the conversion of a lead over the page, and tells when it is closed', async () => {
    const answers: Record<string, unknown> = { ...everything }
    const heard = playPortal(answers)
    const closed = vi.fn()
    void open().openConversion(42, false, closed)
    await vi.waitFor(() => expect(heard.find(message => message.command === 'openApplication')?.params).toEqual({ view: 'conversion', leadId: '42', bx24_width: 1280 }))
    expect(closed).not.toHaveBeenCalled()
    answers['openApplication'] = null
    await open().openConversion(43, true, closed)
    expect(heard.filter(message => message.command === 'openApplication')[1]?.params).toEqual({ view: 'conversion', leadId: '43', begun: 'Y', bx24_width: 1280 })
    expect(closed).toHaveBeenCalledTimes(1)
  })

  it('closes its slider without waiting for an answer, and has a number called', async () => {
    const heard = playPortal(everything)
    const frame = open()
    await frame.close()
    await frame.call('+79000000001')
    expect(heard.map(message => message.command)).toContain('closeApplication')
    expect(heard).toContainEqual({ command: 'imPhoneTo', params: { phone: '+79000000001' } })
  })
})

describe('filling the window', () => {
  it('asks for a tall frame once, and again when the window has changed', () => {
    const told: number[] = []
    const tall = vi.spyOn(window, 'outerHeight', 'get').mockReturnValue(1000)
    const stop = fillWindow(height => told.push(height))
    window.dispatchEvent(new Event('resize'))
    tall.mockReturnValue(500)
    window.dispatchEvent(new Event('resize'))
    stop()
    tall.mockReturnValue(1000)
    window.dispatchEvent(new Event('resize'))
    expect(told).toEqual([780, 480])
  })
})

describe('following the height of the content', () => {
  const follow = () => {
    vi.useFakeTimers()
    let changed = () => {}
    vi.stubGlobal('ResizeObserver', class { constructor(tell: () => void) { changed = tell } observe() { changed() } disconnect() {} })
    onTestFinished(() => { vi.useRealTimers(); vi.unstubAllGlobals() })
    const element = document.createElement('div')
    let height = 100
    vi.spyOn(element, 'getBoundingClientRect').mockImplementation(() => ({ height }) as DOMRect)
    const told: number[] = []
    const stop = followHeight(element, value => told.push(value), 100)
    return { told, stop, become: (next: number) => { height = next; changed() } }
  }

  it('tells the last of many quick changes once', () => {
    const { told, become } = follow()
    for (const height of [200, 300, 400.2]) become(height)
    vi.advanceTimersByTime(100)
    expect(told).toEqual([401])
  })

  it('is silent about a difference nobody sees, and follows shrinking too', () => {
    const { told, become } = follow()
    vi.advanceTimersByTime(100)
    become(102); vi.advanceTimersByTime(100)
    become(60); vi.advanceTimersByTime(100)
    expect(told).toEqual([100, 60])
  })

  it('stops when asked', () => {
    const { told, stop } = follow()
    stop()
    vi.advanceTimersByTime(500)
    expect(told).toEqual([])
  })
})
