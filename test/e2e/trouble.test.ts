import { describe, expect, it } from 'vitest'
import type { Frame } from 'playwright-core'
import { expectGoodState } from './state.ts'
import { eventually, openLeadTab, untilItSays, useWorld, wordsOf } from './support.ts'

const size = 'UF_CRM_LR_SIZE'
const typeSize = (frame: Frame, text: string): Promise<void> => frame.getByLabel('Размеры изделия').fill(text)
const leaveField = (frame: Frame): Promise<void> => frame.getByLabel('Пожелания клиента').focus()

describe('the card in trouble (issue 2, parts 3 and 7)', () => {
  const world = useWorld()

  it('saves what was typed while the session ended, after a renewal that nobody notices', async () => {
    world.expectComplaint(/status of 401/)
    const { lead, managerId } = await world.it.newLead()
    const frame = await openLeadTab(world.it, await world.it.asUser(managerId), lead.id)
    await typeSize(frame, '3000 × 600 мм')
    world.it.portal.expireTokens()
    await leaveField(frame)
    await eventually('the answer is in the lead', () => lead[size] === '3000 × 600 мм')
    await frame.locator('[data-save="saved"]').waitFor()
    expect(await wordsOf(frame)).not.toContain('Сеанс закончился')
  })

  it('keeps what was typed when the session cannot be renewed, and saves it when the tab is opened again', async () => {
    world.expectComplaint(/status of (401|503)/)
    const { lead, managerId } = await world.it.newLead()
    const page = await world.it.asUser(managerId, { keeps: true })
    const frame = await openLeadTab(world.it, page, lead.id)
    await typeSize(frame, '1800 × 900 мм')
    world.it.portal.expireTokens()
    world.it.portals.failAuthServer(50)
    await leaveField(frame)
    await frame.locator('[data-save="failed"]').waitFor()
    const words = await wordsOf(frame)
    expect(words).toContain('Не удалось сохранить 1 ответ')
    expect(words).toContain('Сервер авторизации Битрикс24 не отвечает')
    expect(words).toContain('Введённое не пропадёт')
    expect(lead[size] ?? null).toBe(null)
    await expectGoodState(frame, 'tab-not-saved')

    world.it.portals.failAuthServer(0)
    await openLeadTab(world.it, page, lead.id)
    await eventually('the answer is in the lead', () => lead[size] === '1800 × 900 мм')
  })

  it.for([500, 503] as const)('says that an answer is not saved, and why, while the portal answers %i; trying again works', async (status) => {
    world.expectComplaint(/status of 50\d/)
    const { lead, managerId } = await world.it.newLead()
    const page = await world.it.asUser(managerId)
    const frame = await openLeadTab(world.it, page, lead.id)
    await typeSize(frame, `900 × ${status} мм`)
    world.it.portal.faults.failBefore('*', status, 1000)
    await leaveField(frame)
    await frame.locator('[data-save="failed"]').waitFor({ timeout: 30_000 })
    const words = await wordsOf(frame)
    expect(words).toContain('Не удалось сохранить 1 ответ')
    expect(words).toMatch(/Портал не отвечает|Портал сейчас перегружен|Неизвестно, сохранилось ли/)
    expect(await frame.getByLabel('Размеры изделия').inputValue()).toBe(`900 × ${status} мм`)

    world.it.portal.faults.clear()
    await frame.locator('[data-save]').getByRole('button', { name: 'Повторить' }).click()
    await eventually('the answer is in the lead', () => lead[size] === `900 × ${status} мм`)
    await untilItSays(frame, 'Все ответы сохранены в лиде')
  })
})
