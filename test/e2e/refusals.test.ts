import { beforeAll, describe, expect, it } from 'vitest'
import type { Frame } from 'playwright-core'
import { installOn } from '../../scripts/install-on.ts'
import type { CrmItem } from '../fake-portal/rows.ts'
import { expectGoodState } from './state.ts'
import { administrator, atRest, eventually, headOfSales, lookAgain, minute, openLeadTab, untilItSays, useWorld, wordsOf, type World } from './support.ts'

const act = (frame: Frame, key: string) => frame.locator(`[data-act="${key}"]`)
const note = (frame: Frame) => frame.locator('[data-note]')
const form = (frame: Frame) => frame.locator('[data-now] form')
/** What was typed last is saved as its field is left, and may close the lead by itself before the button is reached. */
const close = async (frame: Frame): Promise<void> => {
  await atRest(frame)
  await Promise.any([act(frame, 'refuse').click(), act(frame, 'refuse').waitFor({ state: 'detached' })])
}
const lacks = (frame: Frame) => frame.locator('[data-lacks] li')
const choose = (frame: Frame, reason: string) => frame.locator('#card-_reason').getByRole('combobox').selectOption({ label: reason })
/** The list of what is missing may stand there from the press before. */
const focusIn = (frame: Frame, id: string) => expect.poll(() => frame.evaluate(() => document.activeElement?.closest('[id^=card-]')?.id)).toBe(id)
const nextOf = (frame: Frame) => frame.locator('[data-next]').innerText()

const openAs = async (world: World, userId: number, leadId: number) => {
  const page = await world.asUser(userId)
  return { page, frame: await openLeadTab(world, page, leadId) }
}

let clients = 0
const newLead = async ({ portal }: World, draft: Record<string, unknown> = {}): Promise<{ lead: CrmItem; managerId: number }> => {
  clients += 1
  const lead = portal.act.createLead({ title: 'Продвижение сайта', name: 'Нина', lastName: `Лугова-${clients}`, companyTitle: `ООО «Василёк ${clients}»`, phone: `+7 900 000-61-${String(clients).padStart(2, '0')}`, sourceId: 'WEBFORM', ...draft })
  await eventually(`lead ${lead.id} in work`, () => lead.stageId === 'IN_PROCESS' && (lead.assignedById ?? 0) > 0)
  return { lead, managerId: lead.assignedById ?? 0 }
}

describe('a refusal and a wrong number in the lead tab (issue 4; S1-A15, document 003)', () => {
  const world = useWorld({ installed: false })
  beforeAll(async () => { await installOn(world.it.portal, world.it.app.url, administrator, 'digital') })

  it('with a reason that needs attempts says how many are missing, and closes the lead when they are made (S3-27)', async () => {
    const { lead, managerId } = await newLead(world.it)
    const { frame } = await openAs(world.it, managerId, lead.id)
    await act(frame, 'not-reached').click()
    await note(frame).waitFor()
    await frame.locator('#card-_result').getByLabel('Некачественный').check()
    await choose(frame, 'Переносит встречу, не берёт трубку, скрывается')
    const sentence = 'Для причины «Переносит встречу, не берёт трубку, скрывается» нужно 4 попытки дозвониться, сделано 1. Отметьте попытки или выберите другую причину.'
    expect(await frame.locator('#card-_reason [data-attempts-lack]').innerText()).toBe(sentence)
    await atRest(frame)
    await act(frame, 'refuse').filter({ hasText: 'Закрыть лид как некачественный' }).click()
    await lacks(frame).first().waitFor()
    expect(await lacks(frame).allInnerTexts()).toEqual([sentence])
    await focusIn(frame, 'card-_reason')
    expect(lead.stageId).toBe('IN_PROCESS')
    await expectGoodState(frame, 'tab-refusal-lacks-attempts')
    for (const attempt of [2, 3, 4]) {
      world.it.jump(2 * minute)
      await act(frame, 'not-reached').filter({ hasText: `попытка ${attempt}` }).click()
      await untilItSays(frame, new RegExp(`Дозвониться не удалось: попытка ${attempt}`))
    }
    await close(frame)
    await eventually('the lead is refused', () => lead.stageId === 'JUNK')
    await untilItSays(frame, 'завершён')
  })

  it('that was written past the tab with too few attempts is explained there (S3-27)', async () => {
    const { lead, managerId } = await newLead(world.it)
    const option = (code: string, title: string): number => [...world.it.portal.state.userFields.values()].find(({ fieldName }) => fieldName === `UF_CRM_LR_DG_${code}`)?.list.find(({ value }) => value.startsWith(title))?.id ?? 0
    world.it.portal.act.updateLead(lead.id, { UF_CRM_LR_DG_RESULT: option('RESULT', 'Отказ'), UF_CRM_LR_DG_REASON: option('REASON', 'Переносит') })
    const { frame } = await openAs(world.it, managerId, lead.id)
    await untilItSays(frame, 'Отказ ещё не оформлен, лид остаётся в работе.')
    expect(await frame.locator('[data-attempts-lack]').innerText()).toContain('нужно 4 попытки дозвониться, сделано 0')
    expect(lead.stageId).toBe('IN_PROCESS')
  })

  it.for([
    ['Другое (подробно в комментарии)', /: для этой причины он обязателен$/, 'Ищет подрядчика на стройку.'],
    ['Плохая репутация компании или заказчика', /: подтверждение «Ссылка на отзывы», ссылка или не меньше 10 знаков$/, 'https://example.com/reviews'],
  ] as const)('«%s» leads to its comment, and closes the lead with it (S3-27)', async ([reason, lack, comment]) => {
    const { lead, managerId } = await newLead(world.it)
    const { frame } = await openAs(world.it, managerId, lead.id)
    await frame.locator('#card-_result').getByLabel('Некачественный').check()
    await atRest(frame)
    await act(frame, 'refuse').click()
    await lacks(frame).first().waitFor()
    expect(await lacks(frame).allInnerTexts()).toEqual(['Причина отказа лида'])
    await focusIn(frame, 'card-_reason')
    await choose(frame, reason)
    await atRest(frame)
    await act(frame, 'refuse').click()
    await lacks(frame).filter({ hasText: lack }).waitFor()
    await focusIn(frame, 'card-_comment')
    expect(lead.stageId).toBe('IN_PROCESS')
    await frame.locator('#card-_comment').getByRole('textbox').fill(comment)
    await close(frame)
    await eventually('the lead is refused', () => lead.stageId === 'JUNK')
    await untilItSays(frame, 'завершён')
  })

  it('the only number is called wrong after a question, taken back, called wrong again, and the lead refused (S0-18, S3-27)', async () => {
    const { lead, managerId } = await newLead(world.it)
    const number = `+7 900 000-61-${String(clients).padStart(2, '0')}`
    const { page, frame } = await openAs(world.it, managerId, lead.id)
    expect(await nextOf(frame)).toBe(`Позвоните клиенту: ${number}.`)
    await act(frame, 'wrong-number').click()
    expect(await form(frame).innerText()).toContain(`Номер ${number} неверный?`)
    await expectGoodState(frame, 'tab-wrong-number')
    await page.keyboard.press('Escape')
    await expect.poll(() => form(frame).count()).toBe(0)
    await act(frame, 'wrong-number').press('Enter')
    await page.keyboard.press('Enter')
    await note(frame).filter({ hasText: `Записано: номер ${number} неверный.` }).waitFor()
    expect(await nextOf(frame)).toBe('Найдите верный номер клиента или закройте лид с причиной «Не лид».')
    expect([await act(frame, 'call').count(), await act(frame, 'not-reached').count()]).toEqual([0, 0])
    await frame.locator('[data-no-phone]').waitFor()
    await expectGoodState(frame, 'tab-no-right-number')
    await frame.locator('#lead-contact').getByRole('button', { name: `Номер верный: ${number}` }).click()
    await frame.locator('#lead-contact [data-note=done]').filter({ hasText: `номер ${number} верный` }).waitFor()
    expect(await nextOf(frame)).toBe(`Позвоните клиенту: ${number}.`)
    expect(await wordsOf(frame)).toContain(`Номер ${number} снова считается верным.`)
    await atRest(frame)
    await act(frame, 'wrong-number').click()
    await atRest(frame)
    await form(frame).getByRole('button', { name: 'Отметить неверным' }).click()
    await note(frame).getByRole('button', { name: 'Номер верный' }).waitFor()
    await expect.poll(() => form(frame).count()).toBe(0)
    await atRest(frame)
    await frame.locator('#card-_result').getByLabel('Некачественный').check()
    await choose(frame, 'Не лид')
    await eventually('the lead is refused', () => lead.stageId === 'JUNK')
  })

  it('with the only number wrong the client is written to, and a number too short is never advised (S0-18)', async () => {
    const fm = [{ typeId: 'PHONE', valueType: 'WORK', value: '8900' }, { typeId: 'PHONE', valueType: 'WORK', value: '+7 900 000-62-01' }, { typeId: 'EMAIL', valueType: 'WORK', value: 'lugova@example.com' }]
    const { lead, managerId } = await newLead(world.it, { fm, phone: undefined })
    const { frame } = await openAs(world.it, managerId, lead.id)
    expect(await nextOf(frame)).toBe('Позвоните клиенту: +7 900 000-62-01.')
    await act(frame, 'call').filter({ hasText: '+7 900 000-62-01' }).waitFor()
    await act(frame, 'wrong-number').click()
    await form(frame).getByRole('button', { name: 'Отметить неверным' }).click()
    await eventually('the e-mail is advised', async () => (await nextOf(frame)) === 'Напишите клиенту и узнайте верный номер: lugova@example.com.')
  })

  it('a lead without a phone offers no failed call, and says why', async () => {
    const { lead, managerId } = await newLead(world.it, { phone: undefined, fm: [{ typeId: 'EMAIL', valueType: 'WORK', value: 'lugova-2@example.com' }] })
    const { frame } = await openAs(world.it, managerId, lead.id)
    await frame.locator('[data-no-phone]').filter({ hasText: 'Звонить некуда' }).waitFor()
    expect([await act(frame, 'not-reached').count(), await act(frame, 'wrong-number').count()]).toEqual([0, 0])
    await expectGoodState(frame, 'tab-no-phone')
  })

  it('the head sees his own actions first, and allows a move after he was told what that means (S4-19)', async () => {
    const { lead } = await newLead(world.it)
    const { page, frame } = await openAs(world.it, headOfSales, lead.id)
    await act(frame, 'reassign').waitFor()
    expect(await act(frame, 'not-reached').count()).toBe(0)
    await frame.locator('[data-of-manager]').click()
    await act(frame, 'not-reached').waitFor()
    await expectGoodState(frame, 'tab-head')
    await act(frame, 'allow-move').click()
    expect(await form(frame).innerText()).toMatch(/Разрешить переход на «Квалификация»\s+Лид можно будет перевести дальше, хотя ещё не сделано: .+\. Сам он не переместится\./)
    await expectGoodState(frame, 'tab-head-allows-move')
    await page.keyboard.press('Enter')
    await note(frame).filter({ hasText: 'Переход разрешён.' }).waitFor()
    expect(await act(frame, 'allow-move').count()).toBe(0)
  })
})

describe('a refusal with a stage of its own or a date to come back (issue 4; document 002)', () => {
  const world = useWorld({ installed: false })
  beforeAll(async () => { await installOn(world.it.portal, world.it.app.url, administrator, 'telemarketing') })
  const manager = 4
  const calledLead = async (last: string): Promise<CrmItem> => {
    const lead = world.it.portal.act.createLead({ title: `+7900000${last}`, phone: `+7900000${last}`, sourceId: 'CALL', assignedById: manager }, manager)
    world.it.portal.act.call({ leadId: lead.id, userId: manager, direction: 'outgoing', durationSeconds: 60 })
    return lead
  }
  const openCalled = async (last: string) => {
    const lead = await calledLead(last)
    const { page, frame } = await openAs(world.it, manager, lead.id)
    await eventually('the card is there', async () => {
      await lookAgain(frame)
      return (await frame.locator('#card-_result').count()) > 0
    })
    return { lead, page, frame }
  }

  it('goes to the stage of its reason (S3-27, S2-9)', async () => {
    const { lead, frame } = await openCalled('6301')
    await frame.locator('#card-_result').getByLabel('Некачественный').check()
    await choose(frame, 'Заведение закрылось')
    await eventually('the lead is among the bad contacts', () => lead.stageId === 'LEADRAIL_TM_WRONG')
    await untilItSays(frame, 'завершён')
  })

  it('says that the date to come back is missing, and closes the lead with it (S3-28)', async () => {
    const { lead, frame } = await openCalled('6302')
    await frame.locator('#card-_result').getByLabel('Некачественный').check()
    await choose(frame, 'Не сейчас, просил вернуться')
    const before = lead.stageId
    await atRest(frame)
    await act(frame, 'refuse').click()
    await lacks(frame).first().waitFor()
    expect(await lacks(frame).count()).toBe(1)
    await focusIn(frame, 'card-_postponedUntil')
    expect(lead.stageId).toBe(before)
    await expectGoodState(frame, 'tab-refusal-lacks-date')
    await frame.locator('#card-_postponedUntil input').fill('2027-02-01')
    await close(frame)
    await eventually('the lead is refused', () => lead.stageId !== before)
    await untilItSays(frame, 'завершён')
  })
})

describe('the forms of the acts, in English (issue 4)', () => {
  const world = useWorld({ language: 'en' })

  it.for([1280, 360])('refuse empty, past and far moments at %i px, send with Enter and close with Esc', async (width) => {
    const { lead, managerId } = await world.it.newLead()
    const page = await world.it.asUser(managerId, { width, height: 900 })
    await page.goto(`${world.it.portal.baseUrl}/crm/lead/details/${lead.id}/`)
    const frame = await openLeadTab(world.it, page, lead.id)
    const refuses = async (words: string | RegExp) => form(frame).getByRole('alert').filter({ hasText: words }).waitFor()
    const focusIs = async (key: string) => expect(await frame.evaluate(() => document.activeElement?.getAttribute('data-act'))).toBe(key)
    await frame.locator('[data-act="call-declared"]').click()
    await form(frame).getByRole('button', { name: 'Record the call' }).click()
    await refuses('Write down what was agreed.')
    expect(await frame.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
    await expectGoodState(frame, 'tab-english-call')
    await page.keyboard.press('Escape')
    await focusIs('call-declared')

    await act(frame, 'call-back').press('Enter')
    const at = form(frame).locator('input[type="datetime-local"]')
    await at.fill('')
    await at.press('Enter')
    await refuses('Give a date and a time.')
    await at.fill('2020-01-01T10:00')
    await at.press('Enter')
    await refuses('Give a time in the future.')
    await page.keyboard.press('Escape')
    await focusIs('call-back')

    await act(frame, 'move-deadline').press('Enter')
    await at.fill('2099-01-01T10:00')
    await at.press('Enter')
    await refuses(/That is too late: .+ at the latest\./)
    await page.keyboard.press('Escape')

    await act(frame, 'wait').press('Enter')
    const day = form(frame).locator('input[type="date"]')
    await day.press('Enter')
    await refuses('Give a day.')
    await day.fill('2020-01-01')
    await day.press('Enter')
    await refuses('Give a day after today.')
    await day.fill('2099-01-01')
    await day.press('Enter')
    await refuses(/That is too long: .+ at the latest\./)
    await day.fill('2026-11-30')
    await day.press('Enter')
    await refuses('Write what we wait for.')
    expect(await frame.evaluate(() => document.activeElement?.getAttribute('aria-required'))).toBe('true')
    await expectGoodState(frame, 'tab-english-wait')
    await page.keyboard.type('The client is on holiday.')
    await page.keyboard.press('Enter')
    await note(frame).filter({ hasText: 'Waiting until' }).waitFor()
    await expect.poll(() => form(frame).count()).toBe(0)
  })
})
