import { describe, expect, it } from 'vitest'
import { conversionView, conversionState } from '../client/conversion-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse, sessionHandler } from '../client/server-double.ts'
import { button, server } from './open-tab.ts'
import { openConversion, pick, press, radio, replanned } from './open-conversion.ts'

const clientTitle = 'Кто этот клиент'
describe('trouble with a plan', () => {
  it('keeps what was chosen and offers to try again', async () => {
    let broken = true
    const { page, asked } = await openConversion({ plan: choices => (broken && choices.variant !== undefined ? refuse(403) : conversionView()) })
    pick(radio(page, clientTitle, 'Физическое лицо'))
    await replanned()
    expect(page.textContent).toContain('Ваш выбор сохранён на этой странице.')
    expect(radio(page, clientTitle, 'Физическое лицо').checked).toBe(true)
    expect(await accessFaults(page)).toEqual([])
    broken = false
    button(page, 'Повторить').click()
    await settled()
    expect(page.textContent).toContain('Всё готово.')
    expect([asked.begun.length, asked.plans.at(-1)]).toEqual([0, { variant: 'person' }])
  })

  it('by a session that has ended costs no choice: it is renewed in passing', async () => {
    const renewed = { times: 0 }
    const { page, asked } = await openConversion({ plan: choices => (choices.variant !== undefined && renewed.times === 0 ? refuse(401) : conversionView()) })
    server.use(sessionHandler('second-token', renewed))
    pick(radio(page, clientTitle, 'Физическое лицо'))
    await replanned()
    button(page, 'Сконвертировать').click()
    await settled()
    expect([renewed.times, asked.begun]).toEqual([1, [{ choices: { variant: 'person' }, seen: 'plan-1' }]])
  })

  it('from the beginning is told in a sentence (no right to the lead)', async () => {
    const { page } = await openConversion({ plan: () => refuse(403, { title: 'Это не ваш лид', detail: 'Конвертировать может ответственный или его руководитель.' }) })
    expect(page.querySelector('[role=alert]')?.textContent).toContain('Это не ваш лид')
    expect(await accessFaults(page)).toEqual([])
  })

  it('that has changed meanwhile is told, and the new plan shown', async () => {
    let begun = 0
    const { page, asked } = await openConversion({
      plan: () => conversionView({ seen: begun === 0 ? 'plan-1' : 'plan-2' }),
      begin: () => { begun += 1; return begun === 1 ? refuse(409, { type: '/problems/plan-changed' }) : conversionState() },
    })
    button(page, 'Сконвертировать').click()
    await settled()
    expect(page.querySelector('[data-notice]')?.textContent).toContain('данные на портале изменились')
    // Said where it was pressed, in the place of «Всё готово».
    expect(page.querySelector('.lr-bar')?.textContent).toContain('данные на портале изменились')
    expect(page.querySelector('.lr-bar')?.textContent).not.toContain('Всё готово')
    expect(await accessFaults(page)).toEqual([])
    button(page, 'Сконвертировать').click()
    await settled()
    expect(asked.begun.map(({ seen }) => seen)).toEqual(['plan-1', 'plan-2'])
  })
})

describe('leaving the plan', () => {
  it('closes the slider by Escape when nothing was chosen', async () => {
    const { frame } = await openConversion()
    press('Escape')
    expect(frame.close).toHaveBeenCalledTimes(1)
  })

  it('asks first when something was chosen; Escape again stays', async () => {
    const { page, frame, store } = await openConversion()
    pick(radio(page, clientTitle, 'Физическое лицо'))
    await replanned()
    press('Escape')
    await settled(1)
    const question = page.querySelector('[role=alertdialog]')
    expect([question?.textContent.includes('Закрыть без конвертации?'), document.activeElement?.textContent.trim(), frame.close.mock.calls.length]).toEqual([true, 'Остаться', 0])
    expect(await accessFaults(page)).toEqual([])
    press('Escape', document.activeElement ?? document.body)
    await settled(1)
    expect([page.querySelector('[role=alertdialog]'), frame.close.mock.calls.length]).toEqual([null, 0])
    press('Escape')
    await settled(1)
    button(page, 'Закрыть').click()
    expect([frame.close.mock.calls.length, store.read()]).toEqual([1, {}])
  })

  it('asks first when something was typed and its field not left yet', async () => {
    const { page, frame, store } = await openConversion()
    button(page, 'Изменить: Название').click()
    await settled(1)
    const input = document.activeElement as HTMLInputElement
    input.value = 'Кухня на заказ'
    input.dispatchEvent(new Event('input', { bubbles: true }))
    await settled(1)
    press('Escape', input)
    await settled(1)
    expect([page.querySelector('[role=alertdialog]') !== null, frame.close.mock.calls.length, JSON.stringify(store.read()).includes('Кухня на заказ')]).toEqual([true, 0, true])
  })

  it('shows an earlier choice again after a reload, and starts over when asked', async () => {
    window.sessionStorage.setItem('leadrail:conversion:member:7:42', JSON.stringify({ variant: 'person' }))
    const { page, asked } = await openConversion()
    expect([asked.plans[0], page.querySelector('[data-notice]')?.textContent.includes('Показан ваш прежний выбор.')]).toEqual([{ variant: 'person' }, true])
    button(page, 'Начать заново').click()
    await settled()
    expect(asked.plans.at(-1)).toEqual({})
  })
})
