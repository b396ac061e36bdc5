import { describe, expect, it, vi } from 'vitest'
import type { ConversionState } from '../../server/contract/conversion.ts'
import { conversionState, doneState, heldState } from '../client/conversion-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { button } from './open-tab.ts'
import { openConversion, press } from './open-conversion.ts'

const stepStates = (page: Element) => [...page.querySelectorAll('[data-step]')].map(step => [step.getAttribute('data-step'), step.getAttribute('data-state')])

describe('a conversion under way', () => {
  it('shows its steps with their states, tells them, and ends with its heading in focus', async () => {
    const states: ConversionState[] = [conversionState()]
    const { page } = await openConversion({ last: () => states[0] ?? null })
    expect(stepStates(page)).toEqual([['check', 'done'], ['contact', 'running'], ['deal', 'waiting']])
    expect(page.textContent).toContain('Готово 1 из 3.')
    expect(page.querySelector('progress')?.getAttribute('value')).toBe('1')
    expect(await accessFaults(page)).toEqual([])
    states[0] = conversionState({ steps: conversionState().steps.map(step => ({ ...step, state: step.key === 'deal' ? 'running' as const : 'done' as const })) })
    await vi.waitFor(() => expect(page.querySelector('[role=status][aria-live]')?.textContent).toBe('Создание сделки. Готово 2 из 3.'))
    states[0] = doneState()
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Лид сконвертирован.'))
    expect(document.activeElement?.tagName).toBe('H1')
  })

  it('begun here takes the focus to its heading', async () => {
    const { page } = await openConversion()
    button(page, 'Сконвертировать').click()
    await settled()
    expect(document.activeElement?.textContent).toBe('Конвертация идёт.')
  })

  it('goes on when the page is closed by Escape', async () => {
    const { frame } = await openConversion({ last: () => conversionState() })
    press('Escape')
    expect(frame.close).toHaveBeenCalledTimes(1)
  })
})

describe('a conversion that is done', () => {
  it('leads to everything it made, with a list to tick off for oneself (S0-31)', async () => {
    const { page, frame, asked } = await openConversion({ last: () => doneState() })
    page.querySelector<HTMLAnchorElement>('a[href$="/deal/details/501/"]')?.click()
    expect(frame.openPath).toHaveBeenCalledWith('https://portal.example.com/crm/deal/details/501/')
    expect(page.textContent).toContain('создано сейчас')
    const ticks = [...page.querySelectorAll<HTMLInputElement>('input[type=checkbox]')]
    ticks[0]?.click()
    await settled(1)
    expect([ticks.length, ticks[0]?.checked, asked.changes]).toEqual([2, true, []])
    expect(page.textContent).toContain('Отменить можно до')
    expect(await accessFaults(page)).toEqual([])
  })

  it('is undone only after a look at what goes and what stays, and why', async () => {
    let now = doneState()
    const { page, asked } = await openConversion({ last: () => now, change: () => { now = conversionState({ status: 'undoing', sentence: 'Конвертация отменяется.' }); return now } })
    button(page, 'Отменить конвертацию').click()
    await settled()
    expect(document.activeElement?.textContent.trim()).toBe('Не отменять')
    for (const words of ['Удалить сделку: Столешница для кофейни', 'Не будет отменено:', 'После конвертации запись изменили']) expect(page.textContent).toContain(words)
    expect([asked.changes.length, await accessFaults(page)]).toEqual([0, []])
    button(page, 'Да, отменить').click()
    await settled()
    expect([asked.changes, page.querySelector('h1')?.textContent]).toEqual([['undo'], 'Конвертация отменяется.'])
    now = conversionState({ status: 'undone', sentence: 'Конвертация отменена, лид возвращён в работу.', steps: conversionState().steps.map(step => ({ ...step, state: 'taken-back' as const })) })
    await vi.waitFor(() => expect(page.textContent).toContain('Конвертация отменена, лид возвращён в работу.'))
    expect(await accessFaults(page)).toEqual([])
  })

  it('is left as it is when the question is answered with no', async () => {
    const { page, asked, frame } = await openConversion({ last: () => doneState() })
    button(page, 'Отменить конвертацию').click()
    await settled()
    press('Escape', document.activeElement ?? document.body)
    await settled(1)
    expect([page.querySelector('[role=alertdialog]'), asked.changes, frame.close.mock.calls.length]).toEqual([null, [], 0])
  })

  it('offers no undoing where there is none', async () => {
    const { page } = await openConversion({ last: () => doneState({ undo: null }) })
    expect(page.querySelector('[data-undo]')).toBeNull()
  })
})

describe('a conversion that the portal has stopped', () => {
  it('says the portal’s words and is tried again', async () => {
    const { page, asked } = await openConversion({ last: () => heldState() })
    expect(page.querySelector('h1')?.textContent).toBe('Конвертация остановилась')
    expect(page.querySelector('header')?.textContent).toContain('Портал сообщил: Обязательное поле «Источник» не заполнено.')
    expect(page.textContent).toContain('Исправьте в лиде то, что назвал портал')
    expect(await accessFaults(page)).toEqual([])
    button(page, 'Повторить').click()
    await settled()
    expect(asked.changes).toEqual(['retry'])
  })

  it('is taken back after a question', async () => {
    const { page, asked } = await openConversion({ last: () => heldState(), change: () => conversionState({ status: 'taking-back', sentence: 'Созданное убирается.' }) })
    button(page, 'Убрать созданное').click()
    await settled(1)
    expect([asked.changes, document.activeElement?.textContent.trim()]).toEqual([[], 'Не убирать'])
    expect(await accessFaults(page)).toEqual([])
    button(page, 'Убрать созданное').click()
    await settled()
    expect(asked.changes).toEqual(['take-back'])
  })

  it('on its way back is tried again only: there is nothing else to be taken back', async () => {
    const sentence = 'Портал долго не отвечает: убрать созданное не удалось.'
    const { page } = await openConversion({ last: () => heldState({ sentence, mayTakeBack: false }) })
    expect(page.querySelector('header')?.textContent).toContain(sentence)
    expect([...page.querySelectorAll('[data-held] button')].map(each => each.textContent.trim())).toEqual(['Повторить'])
  })

  it('is taken back while the portal does not answer', async () => {
    const waiting = { sentence: 'Конвертация идёт. Портал не отвечает, попытка повторится.' }
    const { page, asked } = await openConversion({ last: () => conversionState({ ...waiting, mayTakeBack: true }), change: () => conversionState({ status: 'taking-back', sentence: 'Созданное убирается.' }) })
    button(page, 'Убрать созданное').click()
    await settled(1)
    expect(asked.changes).toEqual([])
    expect(await accessFaults(page)).toEqual([])
    button(page, 'Убрать созданное').click()
    await settled()
    expect(asked.changes).toEqual(['take-back'])
    const others = await openConversion({ last: () => conversionState(waiting) })
    expect(others.page.querySelector('[data-take-back]')).toBeNull()
  })

  it('is not the business of everybody', async () => {
    const { page } = await openConversion({ last: () => heldState({ mayRetry: false }) })
    expect(page.querySelector('[data-held]')?.textContent).toContain('Анна Петрова')
    expect(page.querySelector('[data-held] button')).toBeNull()
  })

  it('says why it was taken back, and leads back to the plan', async () => {
    let now: ConversionState = conversionState()
    const { page, asked } = await openConversion({ last: () => now })
    now = conversionState({ status: 'taken-back', sentence: 'Битрикс24 не принял данные. Ничего не создано. Портал сообщил: неверная сумма.', advice: 'Исправьте то, что назвал портал, и повторите конвертацию.' })
    await vi.waitFor(() => expect(page.textContent).toContain('неверная сумма'))
    expect(await accessFaults(page)).toEqual([])
    const before = asked.plans.length
    button(page, 'Вернуться к плану').click()
    await settled()
    expect([page.querySelector('h1')?.textContent, asked.plans.length]).toEqual(['Конвертация лида «Столешница для кофейни»', before + 1])
  })
})
