import { describe, expect, it } from 'vitest'
import { expectGoodState } from './state.ts'
import { appFrame, eventually, headOfSales, messagesTo, minute, openLeadTab, taskOf, untilItSays, useWorld, wordsOf } from './support.ts'

describe('a new lead (issue 2, parts 6 and 7)', () => {
  const world = useWorld()

  it('made with «Быстрый лид» gets a responsible in turn, a stage, a task with a deadline and a message', async () => {
    const { portal } = world.it
    const page = await world.it.asUser(headOfSales)
    await page.goto(`${portal.baseUrl}/crm/lead/kanban/`)
    await page.getByRole('button', { name: 'Быстрый лид' }).click()
    const form = page.getByRole('dialog', { name: 'Быстрый лид' })
    await form.getByLabel('Название').fill('Столешница из кварца')
    await form.getByLabel('Имя', { exact: true }).fill('Тамара')
    await form.getByLabel('Телефон').fill('+7 900 000-40-77')
    await form.getByRole('button', { name: 'Сохранить' }).click()
    const card = page.getByRole('region', { name: /Взят в работу/ }).getByRole('article').filter({ hasText: 'Столешница из кварца' })
    await card.waitFor()

    const lead = [...portal.state.leads.values()].find(({ title }) => title === 'Столешница из кварца')
    if (lead === undefined) throw new Error('the form made no lead')
    const task = await eventually('a task', () => taskOf(world.it, lead.id))
    expect([4, 5, 6, 7, 8]).toContain(lead.assignedById)
    expect(task.responsibleId).toBe(lead.assignedById)
    expect(task.title).toContain('Тамара')
    expect(Date.parse(task.deadline ?? '') - Date.parse(lead.createdTime)).toBeLessThanOrEqual(31 * minute)
    expect(Date.parse(task.deadline ?? '') - Date.parse(lead.createdTime)).toBeGreaterThanOrEqual(29 * minute)
    await eventually('a message', () => messagesTo(world.it, lead.assignedById ?? 0).find(text => text.includes('Столешница из кварца')))

    await card.getByRole('link', { name: 'Столешница из кварца' }).click()
    const slider = page.frameLocator('.slider iframe')
    await slider.getByText('Распределение по очереди').first().waitFor()
    const stream = (await slider.getByRole('region', { name: 'Лента' }).innerText()).replace(/\u00a0/g, ' ')
    expect(stream).toContain('Распределение по очереди')
    expect(stream).toContain('Квалифицировать лид')
    expect(stream).toMatch(/Поставлена задача «Квалифицировать лид: Тамара» со сроком пн 23 ноября, 09:3\d/)
  })

  it('shows its manager the step, a running countdown, why the deadline is so, and the questions with the obligatory ones marked', async () => {
    const { lead, managerId } = await world.it.newLead()
    const page = await world.it.asUser(managerId)
    const frame = await openLeadTab(world.it, page, lead.id)
    expect(await frame.getByRole('heading', { level: 1 }).innerText()).toBe('Взят в работу')
    const first = await frame.getByRole('timer').innerText()
    expect(first).toMatch(/^Осталось (29|30)/)
    await eventually('the countdown runs', async () => (await frame.getByRole('timer').innerText()) !== first)
    await frame.getByText('Почему такой срок').click()
    const words = await wordsOf(frame)
    expect(words).toContain('у клиента указан телефон')
    expect(words).toContain('Распределение по очереди')
    expect(words).toMatch(/Если ничего не сделать/)
    const marked = await frame.locator('.lr-field').filter({ hasText: 'обязательно' }).locator('.font-semibold').allInnerTexts()
    expect(marked).toEqual(expect.arrayContaining(['Размеры изделия', 'Материал', 'Бюджет', 'Срочность']))
    await expectGoodState(frame, 'tab-first-contact')
  })

  it('stops the clock of the first contact with a call of two minutes, and follows a deadline moved in the task', async () => {
    const { lead, managerId, taskId } = await world.it.newLead()
    const page = await world.it.asUser(managerId)
    const frame = await openLeadTab(world.it, page, lead.id)
    expect(await wordsOf(frame)).toContain('Первый контакт с клиентом')
    world.it.jump(5 * minute)
    world.it.portal.act.call({ leadId: lead.id, userId: managerId, direction: 'outgoing', durationSeconds: 120 })
    await untilItSays(frame, 'Карточка и результат')
    expect(await frame.getByRole('timer').innerText()).toMatch(/^Осталось 1 ч 5\d|^Осталось 2 ч/)

    await eventually('the task has the new deadline', () => Date.parse(taskOf(world.it, lead.id)?.deadline ?? '') > world.it.now() + 90 * minute)
    world.it.portal.act.moveTaskDeadline(taskId, world.it.now() + 200 * minute, managerId)
    await untilItSays(frame, 'Срок перенесён в задаче')
    expect(await frame.getByRole('timer').innerText()).toMatch(/^Осталось 3 ч (19|20)/)
  })

  it('leaves its step when its card is moved on the board', async () => {
    const { portal } = world.it
    const { lead, taskId } = await world.it.newLead({ title: 'Подоконник в детскую' })
    const page = await world.it.asUser(headOfSales)
    await page.goto(`${portal.baseUrl}/crm/lead/kanban/`)
    await page.getByLabel('Стадия лида «Подоконник в детскую»').selectOption({ label: 'Квалификация пройдена' })
    await eventually('the task is closed', () => portal.state.tasks.get(taskId)?.status === 5)
    const frame = await openLeadTab(world.it, page, lead.id)
       expect(await wordsOf(frame)).toContain('завершён')
    await expectGoodState(frame, 'tab-moved-on-the-board')
  })

  it('is refused in clear words to an employee without rights to it, in the tab and over the API', async () => {
    world.expectComplaint(/status of 40[34]/)
    const [foreign, own] = [await world.it.newLead({ lastName: 'Чужова' }), await world.it.newLead({ lastName: 'Своева' })]
    expect(own.managerId).not.toBe(foreign.managerId)
    const page = await world.it.asUser(own.managerId)
    // The number of the lead comes from the browser: anybody may put another there.
    await page.route('**/emulator/frame', route => route.continue({ postData: (route.request().postData() ?? '').replace(`"ID":"${own.lead.id}"`, `"ID":"${foreign.lead.id}"`) }))
    const frame = await openLeadTab(world.it, page, own.lead.id)
    const words = await wordsOf(frame)
    expect(words).toMatch(/Лид не найден|Недостаточно прав/)
    expect(words).not.toContain('Чужова')
    await expectGoodState(frame, 'tab-no-right')
    const { portal, app } = world.it
    const opened = await fetch(`${app.url}/api/session`, {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ domain: portal.domain, memberId: portal.memberId, accessToken: portal.tokensFor(own.managerId).accessToken }),
    })
    const { token } = await opened.json() as { token: string }
    for (const [method, path, body] of [['GET', '', null], ['PATCH', '/card', '{"comment":"чужое"}'], ['POST', '/review', null]] as const) {
      const answer = await fetch(`${app.url}/api/leads/${foreign.lead.id}${path}`, { method, headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' }, body })
      expect([403, 404]).toContain(answer.status)
      expect(await answer.text()).not.toContain('Чужова')
    }
  })

  it('is shown with the others on the main page', async () => {
    const page = await world.it.asUser(headOfSales)
    await page.goto(`${world.it.portal.baseUrl}/marketplace/app/${world.it.portal.app.code}/`)
    const frame = await appFrame(page)
    await frame.getByText('Лиды в работе').first().waitFor()
    expect(await wordsOf(frame)).toContain('Столешница на кухню')
    await expectGoodState(frame, 'overview')
  })
})
