import { http, HttpResponse } from 'msw'
import { h } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { bootElementId } from '../../client/boot.ts'
import { startPage } from '../../client/page.ts'
import { pageBootElementId, type PageBoot } from '../../server/contract/page.ts'
import { accessFaults } from './mount-page.ts'
import { boot, playServer } from './server-double.ts'

playServer(http.get('*/api/leads/42', () => HttpResponse.json({})))

const openPage = (carried: PageBoot | null) => {
  document.body.innerHTML = '<div id="app"></div>'
  if (carried !== null) {
    const script = document.createElement('script')
    script.type = 'application/json'
    script.id = pageBootElementId
    script.textContent = JSON.stringify(carried)
    document.body.append(script)
  }
}

describe('the start of a page', () => {
  it('reads its beginning from where the server puts it', () => {
    expect(bootElementId).toBe(pageBootElementId)
  })

  it('draws its view in the user’s language, and begins before its words are there', async () => {
    openPage(boot({ lang: 'en' }))
    const begin = vi.fn(() => ({ view: () => h('main', h('h1', 'The view')), props: {} }))
    const started = startPage(begin)
    expect(begin).toHaveBeenCalledTimes(1)
    await started
    expect(document.querySelector('#app h1')?.textContent).toBe('The view')
    expect(document.documentElement.lang).toBe('en')
    await vi.waitFor(() => expect(document.body.textContent).toContain('The portal around this page does not answer.'))
  })

  it('says that it belongs into Bitrix24 when it was opened without the server', async () => {
    openPage(null)
    const begin = vi.fn()
    await startPage(begin)
    expect(begin).not.toHaveBeenCalled()
    expect(document.body.textContent).toMatch(/Bitrix24|Битрикс24/)
  })

  it('says the server’s own words when the server refused, and asks for nothing', async () => {
    openPage(boot({ session: null, problem: { type: '/problems/suspended', title: 'Портал отключён', status: 403, detail: 'Подписка закончилась.' } }))
    const begin = vi.fn()
    await startPage(begin)
    expect(begin).not.toHaveBeenCalled()
    expect(document.body.textContent).toContain('Портал отключён')
    expect(document.body.textContent).toContain('Подписка закончилась.')
    expect(await accessFaults(document.body)).toEqual([])
  })
})
