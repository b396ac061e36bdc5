import { beforeAll, describe, expect, it } from 'vitest'
import type { Frame } from 'playwright-core'
import { installOn } from '../../scripts/install-on.ts'
import type { CrmItem } from '../fake-portal/rows.ts'
import { expectGoodState } from './state.ts'
import { administrator, atRest, eventually, fitter, headOfSales, lookAgain, minute, openLeadTab, untilItSays, useWorld, wordsOf } from './support.ts'

const field = (code: string): string => `UF_CRM_LR_DG_${code}`
const act = (frame: Frame, key: string) => frame.locator(`[data-act="${key}"]`)
const answer = (frame: Frame, code: string) => frame.locator(`#card-dg_${code}`)
const note = (frame: Frame) => frame.locator('[data-note]')

describe('a talk with the client from the lead tab (issue 4; document 003)', () => {
  const world = useWorld({ installed: false })
  beforeAll(async () => { await installOn(world.it.portal, world.it.app.url, administrator, 'digital') })

  let clients = 0
  const newLead = async (draft: Record<string, unknown> = {}): Promise<{ lead: CrmItem; managerId: number }> => {
    clients += 1
    const lead = world.it.portal.act.createLead({ title: 'Продвижение сайта', name: 'Нина', lastName: `Перова-${clients}`, companyTitle: `ООО «Ромашка ${clients}»`, phone: `+7 900 000-51-${String(clients).padStart(2, '0')}`, sourceId: 'WEBFORM', ...draft })
    await eventually(`lead ${lead.id} in work`, () => lead.stageId === 'IN_PROCESS' && (lead.assignedById ?? 0) > 0)
    return { lead, managerId: lead.assignedById ?? 0 }
  }
  const openAs = async (managerId: number, leadId: number) => {
    const page = await world.it.asUser(managerId)
    const frame = await openLeadTab(world.it, page, leadId)
    return { page, frame }
  }
  const titleOf = (code: string, value: unknown): string | undefined =>
    [...world.it.portal.state.userFields.values()].find(({ fieldName }) => fieldName === field(code))?.list.find(({ id }) => String(id) === String(value))?.value

  it('takes down twelve answers of a call, each saved by itself, and moves the lead on in one click', async () => {
    const { lead, managerId } = await newLead()
    const { frame } = await openAs(managerId, lead.id)
    expect(await wordsOf(frame)).toContain('Позвоните клиенту: +7 900 000-51-')
    world.it.portal.act.call({ leadId: lead.id, userId: managerId, direction: 'outgoing', durationSeconds: 300 })
    await answer(frame, 'city').getByLabel('Москва').check()
    await answer(frame, 'products').getByLabel('SEO').check()
    await answer(frame, 'products').getByLabel('Аудит').check()
    await answer(frame, 'site').getByRole('textbox').fill('https://example.com')
    await answer(frame, 'position').getByRole('textbox').fill('Коммерческий директор')
    await answer(frame, 'lpr').getByLabel('Да, решает сам').check()
    await answer(frame, 'members').getByRole('textbox').fill('Маркетолог')
    await answer(frame, 'activity').getByRole('textbox').fill('Окна и двери')
    await answer(frame, 'size').getByLabel('Действующая компания').check()
    await answer(frame, 'budget').getByRole('textbox').fill('150 000')
    await answer(frame, 'reviews').getByLabel('Хорошие').check()
    await frame.locator('#card-_comment').getByRole('textbox').fill('Аудит в среду, участвует маркетолог.')
    await act(frame, 'go-on').click()
    await frame.locator('[data-lacks]').waitFor()
    expect(await frame.locator('[data-lacks] li').allInnerTexts()).toEqual(['Результат'])
    expect(await frame.evaluate(() => document.activeElement?.closest('[id^=card-]')?.id)).toBe('card-_result')
    await eventually('eleven answers and the comment are in the lead', () => lead[field('BUDGET')] && lead[field('REVIEWS')] && lead[field('COMMENT')])
    expect(lead).toMatchObject({ [field('SITE')]: 'https://example.com', [field('POSITION')]: 'Коммерческий директор', [field('MEMBERS')]: 'Маркетолог', [field('ACTIVITY')]: 'Окна и двери', [field('COMMENT')]: 'Аудит в среду, участвует маркетолог.' })
    expect(Number(lead[field('BUDGET')])).toBe(150_000)
    expect(titleOf('CITY', lead[field('CITY')])).toBe('Москва')
    expect((lead[field('PRODUCTS')] as unknown[]).map(value => titleOf('PRODUCTS', value)).sort()).toEqual(['SEO', 'Аудит'].sort())
    await frame.locator('#card-_result').getByLabel('Качественный, сделка возможна').check()
    await atRest(frame)
    await frame.locator('#card-_nextStep').getByLabel('Аудит').check()
    await untilItSays(frame, /Шаг закончен|Переведите лид на стадию/)
    await act(frame, 'go-on').click()
    await eventually('the lead is on the next step', () => lead.stageId === 'LEADRAIL_DG_QUALIF')
    await untilItSays(frame, 'Клиент запросил коммерческое предложение.')
    await expectGoodState(frame, 'tab-next-step')
  })

  it('counts four failed attempts, proposes the next call each time, and then the refusal (S2-11)', async () => {
    const { lead, managerId } = await newLead()
    const { frame } = await openAs(managerId, lead.id)
    for (const attempt of [1, 2, 3, 4]) {
      await act(frame, 'not-reached').filter({ hasText: `попытка ${attempt}` }).click()
      await untilItSays(frame, new RegExp(`Дозвониться не удалось: попытка ${attempt}`))
      await note(frame).waitFor()
      expect(await note(frame).getAttribute('data-note')).toBe('done')
      expect(await note(frame).innerText()).toContain('Следующий звонок')
      // What is pressed again within the same minute is the same attempt.
      if (attempt === 1) {
        await act(frame, 'not-reached').click()
        await note(frame).filter({ hasText: 'Эта попытка уже записана.' }).waitFor()
      }
      world.it.jump(2 * minute)
    }
    await frame.locator('[data-attempts-spent]').waitFor()
    await expectGoodState(frame, 'tab-attempts-spent')
    await frame.getByRole('button', { name: 'Оформить отказ' }).click()
    await frame.locator('#card-_reason').getByRole('combobox').selectOption({ label: 'Переносит встречу, не берёт трубку, скрывается' })
    await eventually('the lead is refused', () => lead.stageId === 'JUNK')
    expect(titleOf('REASON', lead[field('REASON')])).toBe('Переносит встречу, не берёт трубку, скрывается')
  })

  it('marks a wrong number, and proposes the other one', async () => {
    const { lead, managerId } = await newLead({ fm: [{ typeId: 'PHONE', valueType: 'WORK', value: '+7 900 000-52-01' }, { typeId: 'PHONE', valueType: 'MOBILE', value: '+7 900 000-52-02' }], phone: undefined })
    const { frame } = await openAs(managerId, lead.id)
    await act(frame, 'call').filter({ hasText: '52-01' }).waitFor()
    await act(frame, 'wrong-number').click()
    await frame.locator('[data-now] form').getByRole('button', { name: '+7 900 000-52-01' }).click()
    await note(frame).filter({ hasText: '+7 900 000-52-01 неверный' }).waitFor()
    await act(frame, 'call').filter({ hasText: '52-02' }).waitFor()
    expect(await act(frame, 'wrong-number').innerText()).toContain('Неверный номер: +7 900 000-52-02')
    await expectGoodState(frame, 'tab-other-number')
  })

  it('waits no longer than the regulation allows, pauses the deadline, and goes on when told (S3-24)', async () => {
    const { lead, managerId } = await newLead()
    const { page, frame } = await openAs(managerId, lead.id)
    await act(frame, 'wait').focus()
    await page.keyboard.press('Enter')
    const form = frame.locator('[data-now] form')
    expect(await form.innerText()).toContain('остался 31 день ожидания')
    await form.getByLabel('День').fill('2027-02-01')
    await form.getByLabel('Чего ждём').fill('Клиент вернётся из отпуска.')
    await page.keyboard.press('Enter')
    await form.getByRole('alert').filter({ hasText: 'Так долго ждать нельзя: не дольше чем до чт 24 декабря.' }).waitFor()
    await expectGoodState(frame, 'tab-wait')
    await form.getByLabel('День').fill('2026-12-01')
    await form.getByRole('button', { name: 'Ждать' }).click()
    await frame.locator('[data-waiting]').filter({ hasText: 'вт 1 декабря, 09:00' }).waitFor()
    expect(await form.count()).toBe(0)
    await act(frame, 'stop-waiting').click()
    await frame.getByRole('timer').waitFor()
  })

  it('shows two people what the other has written: the newer answer, or the choice between both', async () => {
    const { lead, managerId } = await newLead()
    const mine = await openAs(managerId, lead.id)
    const theirs = await openAs(headOfSales, lead.id)
    await answer(theirs.frame, 'activity').getByRole('textbox').fill('Окна')
    await answer(theirs.frame, 'position').getByRole('textbox').focus()
    await eventually('the head’s answer is in the lead', () => lead[field('ACTIVITY')] === 'Окна')
    await lookAgain(mine.frame)
    await eventually('the manager sees it', async () => (await answer(mine.frame, 'activity').getByRole('textbox').inputValue()) === 'Окна')

    await answer(mine.frame, 'position').getByRole('textbox').fill('Директор')
    await answer(theirs.frame, 'position').getByRole('textbox').fill('Маркетолог')
    await answer(theirs.frame, 'site').getByRole('textbox').focus()
    await eventually('the head’s answer is in the lead', () => lead[field('POSITION')] === 'Маркетолог')
    await lookAgain(mine.frame)
    await answer(mine.frame, 'position').locator('[data-conflict]').filter({ hasText: 'Маркетолог' }).waitFor()
    await expectGoodState(mine.frame, 'tab-two-people')
    await answer(mine.frame, 'position').getByRole('button', { name: 'Оставить моё' }).click()
    await eventually('the manager’s answer is in the lead', () => lead[field('POSITION')] === 'Директор')
  })

  it('tells the portal’s own words when it does not let the lead move for a required field', async () => {
    world.it.portal.state.requiredByStage.set('LEADRAIL_DG_QUALIF', ['post'])
    const { lead, managerId } = await newLead()
    world.it.portal.act.call({ leadId: lead.id, userId: managerId, direction: 'outgoing', durationSeconds: 120 })
    const { frame } = await openAs(managerId, lead.id)
    for (const [code, label] of [['city', 'Москва'], ['products', 'SEO'], ['lpr', 'Да, решает сам'], ['size', 'Действующая компания']] as const) await answer(frame, code).getByLabel(label).check()
    for (const [code, text] of [['position', 'Директор'], ['activity', 'Окна'], ['budget', '90000']] as const) await answer(frame, code).getByRole('textbox').fill(text)
    await frame.locator('#card-_comment').getByRole('textbox').fill('Аудит в среду.')
    await frame.locator('#card-_result').getByLabel('Качественный, сделка возможна').check()
    await atRest(frame)
    await frame.locator('#card-_nextStep').getByLabel('Аудит').check()
    await untilItSays(frame, /Шаг закончен|Переведите лид на стадию/)
    await act(frame, 'go-on').click()
    await untilItSays(frame, /Портал .*не принял|обязательн\S+ пол/i)
    expect(lead.stageId).toBe('IN_PROCESS')
    world.it.portal.state.requiredByStage.clear()
  })

  it.for([
    ['a reason that asks for nothing', 'Физическое лицо', null],
    ['a reason that asks for a comment', 'Другое (подробно в комментарии)', 'Ищет подрядчика на стройку.'],
    ['a reason that asks for evidence', 'Плохая репутация компании или заказчика', 'https://example.com/reviews'],
  ] as const)('refuses with %s, and not before it is all there (S3-27)', async ([, reason, comment]) => {
    const { lead, managerId } = await newLead()
    const { frame } = await openAs(managerId, lead.id)
    await frame.locator('#card-_result').getByLabel('Некачественный').check()
    await frame.locator('#card-_reason').getByRole('combobox').selectOption({ label: reason })
    if (comment !== null) {
      await frame.locator('#card-_result').filter({ hasText: /вместе с комментарием|подтверждение/ }).waitFor()
      expect(lead.stageId).toBe('IN_PROCESS')
      await frame.locator('#card-_comment').getByRole('textbox').fill(comment)
      await frame.locator('#card-_reason').getByRole('combobox').focus()
    }
    await eventually('the lead is refused', () => lead.stageId === 'JUNK')
    expect(titleOf('REASON', lead[field('REASON')])).toBe(reason)
    await untilItSays(frame, 'завершён')
  })

  it('postpones the lead to a date, and not before it is given (S3-24)', async () => {
    const { lead, managerId } = await newLead()
    const { frame } = await openAs(managerId, lead.id)
    await frame.locator('#card-_result').getByLabel('Отложен до даты').check()
    await frame.locator('#card-_result').filter({ hasText: 'вместе с датой' }).waitFor()
    await frame.locator('#card-_postponedUntil input').fill('2026-12-10')
    await frame.locator('#card-_comment').getByRole('textbox').focus()
    await untilItSays(frame, /Ждём до чт 10 декабря/)
    expect(lead.stageId).toBe('IN_PROCESS')
  })

  it('refuses on a step that ends with no result, and takes a refusal back before its reason is chosen', async () => {
    const lead = world.it.portal.act.createLead({ title: 'Аудит', name: 'Олег', phone: '+7 900 000-53-01', sourceId: 'WEBFORM', stageId: 'LEADRAIL_DG_QUALIF', assignedById: 4 })
    const { frame } = await openAs(4, lead.id)
    await untilItSays(frame, 'Задача клиента')
    await frame.getByRole('button', { name: 'Отказать', exact: true }).press('Enter')
    await atRest(frame)
    await frame.getByRole('button', { name: 'Не отказывать' }).click()
    await expect.poll(() => frame.locator('#card-_reason').count()).toBe(0)
    await frame.getByRole('button', { name: 'Отказать', exact: true }).press('Enter')
    await frame.locator('#card-_reason').getByRole('combobox').waitFor()
    await expectGoodState(frame, 'tab-refusal-begun')
    expect(lead.stageId).toBe('LEADRAIL_DG_QUALIF')
    await frame.locator('#card-_reason').getByRole('combobox').selectOption({ label: 'Физическое лицо' })
    await eventually('the lead is refused', () => lead.stageId === 'JUNK')
  })

  it('is refused in words to a person without the right to the lead, over the API too', async () => {
    const { lead } = await newLead()
    const html = await (await world.it.portal.openPage('CRM_LEAD_DETAIL_TAB', fitter, { ID: String(lead.id) })).text()
    const token = /"token":"([^"]+)"/.exec(html)?.[1] ?? ''
    for (const [method, path, body] of [['GET', '', null], ['POST', '/acts', { kind: 'not-reached' }], ['POST', '/clients', { kind: 'contact', id: 1 }], ['PATCH', '/card', { comment: 'чужое' }], ['GET', '/why', null]] as const) {
      const answer = await fetch(`${world.it.app.url}/api/leads/${lead.id}${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body === null ? {} : { body: JSON.stringify(body) }) })
      expect([403, 404], `${method} ${path}`).toContain(answer.status)
      expect(((await answer.json()) as { title: string }).title, `${method} ${path}`).toMatch(/доступ|прав|найден/i)
    }
    expect(lead[field('COMMENT')] ?? null).toBeNull()
  })
})
