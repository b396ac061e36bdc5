import { describe, expect, it } from 'vitest'
import { expectGoodState } from './state.ts'
import { appFrame, eventually, headOfSales, messagesTo, minute, openLeadTab, untilItSays, useWorld, wordsOf } from './support.ts'

describe('a missed deadline (issue 2, part 6)', () => {
  const world = useWorld()

  it('is an incident in the tab and on the main page, and a message to the responsible; the third goes to the head of department', async () => {
    // Two hours of the portal's time outlive the page's tokens: the page renews them.
    world.expectComplaint(/status of 401/)
    const { lead, managerId } = await world.it.newLead()
    const page = await world.it.asUser(managerId)
    const frame = await openLeadTab(world.it, page, lead.id)
    const misses = () => messagesTo(world.it, managerId).filter(text => text.includes('срок пропущен'))
    world.it.jump(31 * minute)
    await eventually('a message about the miss', () => misses().length === 1)
    await untilItSays(frame, 'Нет первого контакта в срок')
    await untilItSays(frame, 'Ответственный уведомлён')
    expect(await wordsOf(frame)).toContain('Повторный срок')
    await expectGoodState(frame, 'tab-missed-deadline')

    const head = await world.it.asUser(headOfSales)
    await head.goto(`${world.it.portal.baseUrl}/marketplace/app/${world.it.portal.app.code}/`)
    const overview = await appFrame(head)
    await overview.getByText('Нет первого контакта в срок').waitFor()
    await expectGoodState(overview, 'overview-missed')

    expect(messagesTo(world.it, headOfSales).filter(text => text.includes('внимание'))).toEqual([])
    world.it.jump(61 * minute)
    await eventually('the second message', () => misses().length === 2)
    // A miss counts once its message is with the person.
    await untilItSays(frame, /Ответственный уведомлён[^]*Ответственный уведомлён/)
    expect(messagesTo(world.it, headOfSales).filter(text => text.includes('внимание'))).toEqual([])
    world.it.jump(61 * minute)
    await eventually('the third message', () => misses().length === 3)
    const escalated = await eventually('a message to the head', () => messagesTo(world.it, headOfSales).find(text => text.includes('Нужно ваше внимание')))
    expect(escalated).toMatch(/3 пропущенных срока за 30 дней/)
    expect(escalated).toContain(lead.title)
    await untilItSays(frame, 'Подключён руководитель')
  })

  it('is not one when the client was called in time', async () => {
    const { lead, managerId } = await world.it.newLead({ title: 'Барная стойка' })
    world.it.jump(5 * minute)
    world.it.portal.act.call({ leadId: lead.id, userId: managerId, direction: 'outgoing', durationSeconds: 120 })
    const frame = await openLeadTab(world.it, await world.it.asUser(managerId), lead.id)
    await untilItSays(frame, 'Карточка и результат')
    world.it.jump(30 * minute)
    await untilItSays(frame, /Осталось 1 ч 2\d/)
    expect(await wordsOf(frame)).not.toContain('Пропуски сроков')
    expect(messagesTo(world.it, managerId).filter(text => text.includes('Барная стойка') && text.includes('пропущен'))).toEqual([])
  })
})
