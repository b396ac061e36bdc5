import { describe, expect, it } from 'vitest'
import type { Frame, Page } from 'playwright-core'
import { expectGoodState } from './state.ts'
import { atRest, eventually, messagesTo, openLeadTab, untilItSays, useWorld, wordsOf } from './support.ts'

/** Presses Tab until the focus is where `is` says. */
const tabUntil = async (page: Page, frame: Frame, what: string, is: (focus: { card: string; text: string; value: string; type: string }) => boolean): Promise<void> => {
  for (let presses = 0; presses < 150; presses += 1) {
    const focus = await frame.evaluate(() => {
      const at = document.activeElement
      const input = at as HTMLInputElement | null
      return { card: at?.closest('[id^="card-"]')?.id.slice(5) ?? '', text: input?.textContent ?? '', value: input?.value ?? '', type: input?.type ?? '' }
    })
    if (is(focus)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never came to ${what}`)
}

const tabToAnswer = (page: Page, frame: Frame, code: string): Promise<void> => tabUntil(page, frame, code, ({ card, type }) => card === code && type !== 'checkbox')

const field = (code: string): string => `UF_CRM_LR_${code}`

/** Two seconds, about as long as a person looks for the next field: meanwhile nothing of the kind happens. */
const notBefore = async (happened: () => boolean): Promise<void> => {
  await new Promise(done => setTimeout(done, 2_000))
  expect(happened()).toBe(false)
}

describe('the qualification card (issue 2, part 7; document 004)', () => {
  const world = useWorld()
  const titleOf = (code: string, value: unknown): string | undefined =>
    [...world.it.portal.state.userFields.values()].find(({ fieldName }) => fieldName === field(code))?.list.find(({ id }) => String(id) === String(value))?.value

  it('is filled with the keyboard alone: what is missing is named, answers are in the lead, and the lead moves on', async () => {
    const { lead, managerId, taskId } = await world.it.newLead()
    const page = await world.it.asUser(managerId)
    const frame = await openLeadTab(world.it, page, lead.id)
    await page.getByRole('link', { name: 'Регламент', exact: true }).focus()
    await tabToAnswer(page, frame, '_result')
    await page.keyboard.press('Space')
    await untilItSays(frame, 'не хватает 5 обязательных ответов')
    const words = await wordsOf(frame)
    const named = words.slice(words.indexOf('не хватает 5'))
    for (const title of ['Размеры изделия', 'Материал', 'Бюджет', 'Срочность', 'Пожелания клиента']) expect(named).toContain(title)
    await tabToAnswer(page, frame, '_nextStep')
    await page.keyboard.press('Space')
    await eventually('the answers are asked for by name', () => messagesTo(world.it, managerId).find(text => text.includes('дополните карточку') && text.includes('размеры изделия')))
    expect(lead.stageId).toBe('IN_PROCESS')
    await expectGoodState(frame, 'tab-missing-answers')

    await tabUntil(page, frame, 'the name of the missing answer', ({ text }) => text === 'Размеры изделия')
    await page.keyboard.press('Enter')
    await page.keyboard.type('2400 × 600 × 38 мм')
    await tabToAnswer(page, frame, 'material')
    await page.keyboard.press('ArrowDown')
    await tabToAnswer(page, frame, 'budget')
    await page.keyboard.type('145 000')
    await tabToAnswer(page, frame, 'urgency')
    await page.keyboard.press('Space')
    await eventually('four answers are in the lead', () => lead[field('BUDGET')] && lead[field('URGENCY')])
    expect(lead[field('SIZE')]).toBe('2400 × 600 × 38 мм')
    expect(titleOf('MATERIAL', lead[field('MATERIAL')])).toBe('Кварцевый агломерат')
    expect(Number(lead[field('BUDGET')])).toBe(145_000)
    expect(titleOf('URGENCY', lead[field('URGENCY')])).toBe('До двух недель')
    expect(lead.stageId).toBe('IN_PROCESS')

    await tabToAnswer(page, frame, '_comment')
    await page.keyboard.type('Мойка снизу, без швов у варочной панели.')
    await page.keyboard.press('Tab')
    await eventually('the lead has moved on', () => lead.stageId === 'PROCESSED')
    await eventually('the task is closed', () => world.it.portal.state.tasks.get(taskId)?.status === 5)
    await untilItSays(frame, 'завершён')
    expect(titleOf('NEXT_STEP', lead[field('NEXT_STEP')])).toBe('Подготовка предложения')
    await expectGoodState(frame, 'tab-step-finished')
  })

  it('asks for the next step before a lead called qualified leaves', async () => {
    const { lead, managerId } = await world.it.newLead()
    const page = await world.it.asUser(managerId)
    const frame = await openLeadTab(world.it, page, lead.id)
    await frame.getByLabel('Размеры изделия').fill('1200 × 500 мм')
    await frame.getByLabel('Акриловый камень').check()
    await frame.getByLabel('Не знает / отказался отвечать: Бюджет').check()
    await frame.getByLabel('В течение месяца').check()
    await frame.getByLabel('Пожелания клиента').fill('Светлый цвет.')
    await frame.getByLabel('Качественный, сделка возможна').check()
    await notBefore(() => lead.stageId !== 'IN_PROCESS')
    await atRest(frame)
    await frame.locator('#card-_nextStep').getByLabel('Замер').check()
    await eventually('the lead has moved on', () => lead.stageId === 'PROCESSED')
    expect(titleOf('NEXT_STEP', lead[field('NEXT_STEP')])).toBe('Замер')
    expect(lead[field('UNKNOWN')]).toEqual(['budget'])
    await untilItSays(frame, 'Не знает / отказался отвечать')
  })

  it('closes a lead that is not qualified with its reason', async () => {
    const { lead, managerId, taskId } = await world.it.newLead({ title: 'Продвижение сайтов' })
    const page = await world.it.asUser(managerId)
    const frame = await openLeadTab(world.it, page, lead.id)
    await frame.getByLabel('Некачественный, работать дальше нецелесообразно').check()
    const reasons = frame.locator('#card-_reason')
    await notBefore(() => lead.stageId !== 'IN_PROCESS')
    await reasons.getByRole('combobox').selectOption({ label: 'Спам или реклама' })
    await eventually('the lead is closed as not qualified', () => lead.stageId === 'JUNK')
    await eventually('the task is closed', () => world.it.portal.state.tasks.get(taskId)?.status === 5)
    expect(titleOf('REASON', lead[field('REASON')])).toBe('Спам или реклама')
    await untilItSays(frame, 'завершён')
    expect(await wordsOf(frame)).toMatch(/спам/i)
    await expectGoodState(frame, 'tab-refused')
  })
})
