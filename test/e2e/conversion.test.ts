import { describe, expect, it } from 'vitest'
import type { Frame, Page } from 'playwright-core'
import type { CrmItem } from '../fake-portal/rows.ts'
import { fillByLabels } from '../fake-portal/scenario/fill-card.ts'
import { expectGoodState } from './state.ts'
import { appFrame, eventually, openLeadTab, sliderOf, untilItSays, useWorld, wordsOf, type World } from './support.ts'

const manager = 4

/** The frame of the conversion, opened as the tab opens it: in a slider of the application with the lead's number. */
const openConversion = async ({ portal }: World, page: Page, leadId: number): Promise<Frame> => {
  const options = JSON.stringify({ view: 'conversion', leadId: String(leadId) })
  await page.goto(`${portal.baseUrl}/marketplace/app/${portal.app.code}/?${new URLSearchParams({ IFRAME: 'Y', options })}`)
  const frame = await (await page.waitForSelector('iframe.app-frame')).contentFrame()
  if (frame === null) throw new Error('no frame')
  await frame.waitForSelector('h1:not([data-loading])')
  return frame
}
const saysSoon = (frame: Frame, text: string | RegExp) => eventually(`the frame says ${String(text)}`, async () => {
  const words = await wordsOf(frame)
  return (typeof text === 'string' ? words.includes(text) : text.test(words)) && words
})
const convert = (frame: Frame) => frame.getByRole('button', { name: 'Сконвертировать' })
const dealsOf = ({ portal }: World, lead: CrmItem): CrmItem[] => [...portal.state.deals.values()].filter(deal => deal['leadId'] === lead.id)

describe('the conversion of a lead (issue 4; S1-C9, S1-C11)', () => {
  const world = useWorld()
  let clients = 0
  const newLead = (draft: Record<string, unknown> = {}): CrmItem =>
    world.it.portal.act.createLead({ title: 'Столешница на кухню', name: 'Нина', lastName: 'Перова', phone: `+7 900 000-5${String(clients += 1).padStart(3, '0').replace(/^(.)/, '$1-')}`, sourceId: 'WEBFORM', stageId: 'PROCESSED', assignedById: manager, ...draft })

  it('makes a deal and a contact of a person, pressed twice, once; and everything is linked (S0-27, S0-29)', async () => {
    const lead = newLead()
    world.it.portal.act.setProducts(1, lead.id, [{ name: 'Дуб', price: 1500, quantity: 2 }])
    const page = await world.it.asUser(manager)
    const frame = await openConversion(world.it, page, lead.id)
    await saysSoon(frame, 'Всё готово.')
    expect(await frame.getByRole('radio', { name: /Физическое лицо/ }).isChecked()).toBe(true)
    await expectGoodState(frame, 'conversion-person')
    await convert(frame).dblclick()
    await saysSoon(frame, 'Лид сконвертирован.')
    await expectGoodState(frame, 'conversion-done')
    expect(await frame.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    const [deal, second] = dealsOf(world.it, lead)
    expect(second).toBeUndefined()
    expect(deal?.['contactIds']).toHaveLength(1)
    expect(lead.stageId).toBe('CONVERTED')
    await frame.getByRole('link', { name: /^Сделка:/ }).click()
    expect(await (await sliderOf(page)).locator('body').innerText()).toContain('Столешница на кухню')
  })

  it('opens over the lead’s card from its tab; closed again, the tab knows what has become of it', async () => {
    const { lead, managerId } = await world.it.newLead()
    const client = { outcome: 'qualified', nextStep: 'предложение', answers: { place: 'кухня', size: '2500 × 600 мм', material: 'кварцевый агломерат', colour: 'светлый', services: ['замер'], payment: 'карта', budget: 90_000, withinDays: 30, address: 'уточнит позже', wishes: 'Просит перезвонить с расчётом.' } } as const
    await fillByLabels(world.it.portal)(lead.id, { client, complete: true }, managerId)
    await eventually('the lead is qualified', () => lead.stageId === 'PROCESSED')
    const page = await world.it.asUser(managerId)
    const tab = await openLeadTab(world.it, page, lead.id)
    await convert(tab).click()
    const frame = await appFrame(await sliderOf(page))
    await saysSoon(frame, 'Всё готово.')
    await convert(frame).click()
    await saysSoon(frame, 'Лид сконвертирован.')
    await frame.getByRole('button', { name: 'Закрыть' }).click()
    await page.waitForSelector('.slider iframe', { state: 'detached' })
    await untilItSays(tab, 'сконвертирован')
    expect(dealsOf(world.it, lead)).toHaveLength(1)
  })

  it('makes a company of an organisation, with its requisites', async () => {
    const lead = newLead({ title: 'Столешницы для кофейни', companyTitle: 'ООО «Ромашка»' })
    const page = await world.it.asUser(manager)
    const frame = await openConversion(world.it, page, lead.id)
    expect(await frame.getByRole('radio', { name: /Организация или ИП/ }).isChecked()).toBe(true)
    await frame.getByLabel('ИНН').fill('7707083894')
    await frame.getByLabel('ИНН').press('Enter')
    await saysSoon(frame, 'контрольная цифра не сходится')
    await expectGoodState(frame, 'conversion-requisites')
    await frame.getByLabel('ИНН').fill('7707083893')
    await frame.getByLabel('ИНН').press('Enter')
    await saysSoon(frame, 'Всё готово.')
    expect(dealsOf(world.it, lead)).toEqual([])
    await convert(frame).click()
    await saysSoon(frame, 'Лид сконвертирован.')
    const [deal] = dealsOf(world.it, lead)
    const company = world.it.portal.state.companies.get(Number(deal?.companyId))
    expect(company?.title).toContain('Ромашка')
    expect([...world.it.portal.state.requisites.values()].find(one => one.entityTypeId === 4 && one.entityId === company?.id)?.fields['RQ_INN']).toBe('7707083893')
  })

  it('uses the company that has the number that was typed, and lets it be mended (S0-34)', async () => {
    const known = world.it.portal.act.createCompany({ title: 'ООО «Кедр»', assignedById: manager })
    world.it.portal.act.addRequisite(4, known.id, '7700000009')
    const lead = newLead({ title: 'Столешницы для пекарни', companyTitle: 'Пекарня ООО «Кедр»' })
    const page = await world.it.asUser(manager)
    const frame = await openConversion(world.it, page, lead.id)
    await frame.getByLabel('ИНН').fill('7700000009')
    await frame.getByLabel('ИНН').press('Enter')
    await saysSoon(frame, 'Совпал ИНН.')
    expect(await frame.getByRole('textbox', { name: 'ИНН' }).inputValue()).toBe('7700000009')
    expect(await frame.getByRole('radio', { name: 'ИП', exact: true }).count()).toBe(0)
    await saysSoon(frame, 'Всё готово.')
    await convert(frame).click()
    await saysSoon(frame, 'Лид сконвертирован.')
    expect(dealsOf(world.it, lead).map(deal => deal['companyId'])).toEqual([known.id])
    expect([...world.it.portal.state.requisites.values()].filter(({ fields }) => fields['RQ_INN'] === '7700000009')).toHaveLength(1)
  })

  it('uses the client whose phone is spelled differently (S2-20)', async () => {
    const known = world.it.portal.act.createContact({ name: 'Мария', lastName: 'Орлова', phone: '8 (900) 000-59-01', assignedById: manager })
    const lead = newLead({ name: 'Мария', lastName: 'Орлова', phone: '+79000005901' })
    const page = await world.it.asUser(manager)
    const frame = await openConversion(world.it, page, lead.id)
    await saysSoon(frame, 'Использовать: ')
    expect(await frame.getByRole('radio', { name: /Использовать: .*Орлова/ }).isChecked()).toBe(true)
    await expectGoodState(frame, 'conversion-known-client')
    await convert(frame).click()
    await saysSoon(frame, 'Лид сконвертирован.')
    expect(dealsOf(world.it, lead).map(deal => deal.contactIds)).toEqual([[known.id]])
    expect([...world.it.portal.state.contacts.values()].filter(({ lastName }) => lastName === 'Орлова').length).toBe(1)
  })

  it('asks for an obligatory field of the deal: the button leads to it, and it is typed there', async () => {
    const field = world.it.portal.act.addUserField(2, { fieldName: 'DELIVERY', label: 'Способ доставки', mandatory: true })
    const lead = newLead()
    const page = await world.it.asUser(manager)
    const frame = await openConversion(world.it, page, lead.id)
    await saysSoon(frame, 'Осталось решить 1 вопрос:')
    await convert(frame).click()
    await eventually('the focus is in the field', () => frame.evaluate(() => document.activeElement?.tagName === 'INPUT' && document.activeElement.closest('[role=row]') !== null))
    await expectGoodState(frame, 'conversion-field-missing')
    await page.keyboard.type('Самовывоз')
    await page.keyboard.press('Enter')
    await saysSoon(frame, 'Всё готово.')
    expect(dealsOf(world.it, lead)).toEqual([])
    await convert(frame).click()
    await saysSoon(frame, 'Лид сконвертирован.')
    expect(dealsOf(world.it, lead)[0]?.['ufCrmDelivery'] ?? dealsOf(world.it, lead)[0]?.[field.fieldName]).toBe('Самовывоз')
    world.it.portal.state.userFields.delete(field.id)
  })

  it('is undone cleanly: nothing of it stays, and the lead is where it was', async () => {
    const lead = newLead()
    const contacts = world.it.portal.state.contacts.size
    const page = await world.it.asUser(manager)
    const frame = await openConversion(world.it, page, lead.id)
    await saysSoon(frame, 'Всё готово.')
    await convert(frame).click()
    await saysSoon(frame, 'Лид сконвертирован.')
    expect(world.it.portal.state.contacts.size).toBe(contacts + 1)
    await frame.getByRole('button', { name: 'Отменить конвертацию' }).click()
    await saysSoon(frame, 'Будет сделано:')
    expect(await wordsOf(frame)).not.toContain('Не будет отменено:')
    await expectGoodState(frame, 'conversion-undo')
    await frame.getByRole('button', { name: 'Да, отменить' }).click()
    await saysSoon(frame, 'Конвертация отменена')
    await expectGoodState(frame, 'conversion-undone')
    expect([dealsOf(world.it, lead).length, world.it.portal.state.contacts.size, lead.stageId]).toEqual([0, contacts, 'PROCESSED'])
    await frame.getByRole('button', { name: 'Вернуться к плану' }).click()
    await saysSoon(frame, 'Всё готово.')
  })

  it('leaves what somebody has changed since, and says why', async () => {
    const lead = newLead()
    const page = await world.it.asUser(manager)
    const frame = await openConversion(world.it, page, lead.id)
    await saysSoon(frame, 'Всё готово.')
    await convert(frame).click()
    await saysSoon(frame, 'Лид сконвертирован.')
    const [deal] = dealsOf(world.it, lead)
    world.it.jump(60_000)
    world.it.portal.act.updateItem(2, deal?.id ?? 0, { title: 'Столешница, согласовано' }, 3)
    await frame.getByRole('button', { name: 'Отменить конвертацию' }).click()
    await saysSoon(frame, 'Не будет отменено:')
    await expectGoodState(frame, 'conversion-undo-changed')
    await frame.getByRole('button', { name: 'Да, отменить' }).click()
    await saysSoon(frame, 'Конвертация отменена')
    expect(world.it.portal.state.deals.get(deal?.id ?? 0)?.title).toBe('Столешница, согласовано')
  })

  it('keeps what was chosen through a reload, and asks before it is lost', async () => {
    const lead = newLead()
    const page = await world.it.asUser(manager, { keeps: true })
    const frame = await openConversion(world.it, page, lead.id)
    await frame.getByRole('radio', { name: /Организация или ИП/ }).check()
    await saysSoon(frame, 'Компания:')
    const again = await openConversion(world.it, page, lead.id)
    await saysSoon(again, 'Показан ваш прежний выбор.')
    await again.locator('h1').focus()
    await page.keyboard.press('Escape')
    await saysSoon(again, 'Закрыть без конвертации?')
    await expectGoodState(again, 'conversion-restored')
    await page.keyboard.press('Escape')
    expect(await wordsOf(again)).not.toContain('Закрыть без конвертации?')
  })
})
