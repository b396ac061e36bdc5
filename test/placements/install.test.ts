import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import { createApi } from '../../client/api/api.ts'
import Install from '../../placements/install/Install.vue'
import type { InstallReport } from '../../server/contract/install.ts'
import { accessFaults, mountPage, playFrame, settled } from '../client/mount-page.ts'
import { boot, playServer, refuse } from '../client/server-double.ts'

const server = playServer()

const good: InstallReport = { ok: true, lang: 'ru', done: [], checks: [{ id: 'mode', ok: true, title: 'CRM работает с лидами', help: null }] }
const bad: InstallReport = { ...good, ok: false, checks: [{ id: 'mode', ok: false, title: 'CRM работает с лидами', help: 'Выберите «Классический CRM».' }] }

const openInstall = async (check: () => InstallReport, run: () => InstallReport | HttpResponse<object> = () => ({ ...good, done: ['Создана вкладка в лиде.'] }), language: 'ru' | 'en' = 'ru') => {
  let runs = 0
  server.use(
    http.get('*/api/install', () => HttpResponse.json(check())),
    http.post('*/api/install', () => { runs += 1; const answer = run(); return answer instanceof HttpResponse ? answer : HttpResponse.json(answer) }),
  )
  const frame = playFrame()
  const page = mountPage(Install, { api: createApi({ boot: boot({ page: 'install', lang: language }), accessToken: frame.accessToken, pauseMs: 1 }), frame }, language, frame)
  await settled()
  return { page, frame, runs: () => runs }
}

describe('the installer', () => {
  it('checks the portal, sets everything up, and shows what it was until the administrator goes on', async () => {
    const { page, frame, runs } = await openInstall(() => good)
    expect(runs()).toBe(1)
    expect(page.textContent).toContain('Готово: регламент работает.')
    expect(page.textContent).toContain('Создана вкладка в лиде.')
    expect(frame.finishInstall).not.toHaveBeenCalled()
    expect(document.activeElement?.textContent.trim()).toBe('Начать работу')
    expect(page.querySelector('[role=status][aria-live=polite]')?.textContent).toContain('Готово')
    expect(await accessFaults(page)).toEqual([])
    // What Enter on the button does.
    page.querySelector('form')?.requestSubmit()
    await settled(1)
    expect(frame.finishInstall).toHaveBeenCalledTimes(1)
  })

  it('tells the portal only once, however often the button is pressed', async () => {
    const { page, frame } = await openInstall(() => good)
    frame.finishInstall.mockReturnValue(new Promise(() => {}))
    const form = page.querySelector('form')
    form?.requestSubmit()
    form?.requestSubmit()
    await settled(1)
    expect(frame.finishInstall).toHaveBeenCalledTimes(1)
  })

  it('finishes by itself when everything had been set up already: the page was closed last time before its end', async () => {
    const { frame } = await openInstall(() => good, () => good)
    expect(frame.finishInstall).toHaveBeenCalledTimes(1)
  })

  it('tells the portal also when the page is closed as soon as everything is set up, once', async () => {
    const { frame } = await openInstall(() => good)
    window.dispatchEvent(new Event('pagehide'))
    window.dispatchEvent(new Event('pagehide'))
    expect(frame.finishInstall).toHaveBeenCalledTimes(1)
  })

  it('tells the portal nothing when the page is closed before that', async () => {
    const { frame } = await openInstall(() => bad)
    window.dispatchEvent(new Event('pagehide'))
    expect(frame.finishInstall).not.toHaveBeenCalled()
  })

  it('names what is missing and how to mend it, and touches nothing until it is mended', async () => {
    let report = bad
    const { page, frame, runs } = await openInstall(() => report)
    expect(page.textContent).toContain('Нужно исправить: CRM работает с лидами')
    expect(page.textContent).toContain('Выберите «Классический CRM».')
    expect(runs()).toBe(0)
    expect(frame.finishInstall).not.toHaveBeenCalled()
    expect(await accessFaults(page)).toEqual([])
    report = good
    const again = [...page.querySelectorAll('button')].find(each => each.textContent.trim() === 'Проверить ещё раз')
    again?.click()
    await settled()
    expect(runs()).toBe(1)
    expect(page.textContent).toContain('Начать работу')
  })

  it('does not call itself done when the set-up found something missing after all', async () => {
    const { page, frame } = await openInstall(() => good, () => bad)
    expect(page.textContent).toContain('Портал ещё не готов.')
    expect(frame.finishInstall).not.toHaveBeenCalled()
  })

  it('says why it stopped and tries again on demand', async () => {
    let broken = true
    const { page, frame } = await openInstall(() => good, () => (broken ? refuse(403, { title: 'Нужен администратор', detail: 'Откройте приложение под администратором.' }) : good))
    expect(page.textContent).toContain('Нужен администратор')
    expect(frame.finishInstall).not.toHaveBeenCalled()
    expect(await accessFaults(page)).toEqual([])
    broken = false
    const again = [...page.querySelectorAll('button')].find(each => each.textContent.trim() === 'Повторить')
    again?.click()
    await settled()
    expect(frame.finishInstall).toHaveBeenCalledTimes(1)
  })

  it('speaks English where the administrator does', async () => {
    const { page } = await openInstall(() => bad, undefined, 'en')
    expect(page.textContent).toContain('The portal is not ready yet.')
  })
})
