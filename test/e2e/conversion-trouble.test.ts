import { describe, expect, it } from 'vitest'
import type { Frame, Page } from 'playwright-core'
import type { CrmItem } from '../fake-portal/rows.ts'
import { expectGoodState } from './state.ts'
import { appFrame, eventually, openLeadTab, sliderOf, untilItSays, useWorld, wordsOf, type World } from './support.ts'

const manager = 4
const head = 3

/** The frame of the conversion, opened as the tab opens it: in a slider of the application with the lead's number. */
const openConversion = async ({ portal }: World, page: Page, leadId: number, begun = false): Promise<Frame> => {
  const options = JSON.stringify({ view: 'conversion', leadId: String(leadId), ...(begun ? { begun: 'Y' } : {}) })
  await page.goto(`${portal.baseUrl}/marketplace/app/${portal.app.code}/?${new URLSearchParams({ IFRAME: 'Y', options })}`)
  return appFrame(page)
}
const saysSoon = (frame: Frame, text: string) => eventually(`the frame says ${text}`, async () => (await wordsOf(frame)).includes(text))
const press = (frame: Frame, name: string) => frame.getByRole('button', { name, exact: true }).first().click()
const dealsOf = ({ portal }: World, lead: CrmItem): CrmItem[] => [...portal.state.deals.values()].filter(deal => deal['leadId'] === lead.id)

describe('a conversion that meets trouble (issue 4)', () => {
  const world = useWorld()
  let clients = 0
  const newLead = (draft: Record<string, unknown> = {}): CrmItem =>
    world.it.portal.act.createLead({ title: 'Столешница на кухню', name: 'Нина', lastName: 'Перова', phone: `+7 900 000-6${String(clients += 1).padStart(3, '0').replace(/^(.)/, '$1-')}`, sourceId: 'WEBFORM', stageId: 'PROCESSED', assignedById: manager, ...draft })
  const begin = async (lead: CrmItem): Promise<{ readonly page: Page; readonly frame: Frame }> => {
    const page = await world.it.asUser(manager)
    const frame = await openConversion(world.it, page, lead.id)
    await saysSoon(frame, 'Всё готово.')
    return { page, frame }
  }

  it('is held when the portal refuses the lead’s stage: the person mends the lead and tries again', async () => {
    world.it.portal.state.requiredByStage.set('CONVERTED', ['post'])
    const lead = newLead()
    const { frame } = await begin(lead)
    await press(frame, 'Сконвертировать')
    await saysSoon(frame, 'Конвертация остановилась')
    await expectGoodState(frame, 'conversion-held')
    expect([dealsOf(world.it, lead).length, lead.stageId]).toEqual([1, 'PROCESSED'])
    world.it.portal.act.updateLead(lead.id, { post: 'Директор' }, manager)
    await press(frame, 'Повторить')
    await saysSoon(frame, 'Лид сконвертирован.')
    expect([dealsOf(world.it, lead).length, lead.stageId]).toEqual([1, 'CONVERTED'])
    world.it.portal.state.requiredByStage.delete('CONVERTED')
  })

  it('is taken back by the person instead: what was made goes, the lead stays where it was', async () => {
    world.it.portal.state.requiredByStage.set('CONVERTED', ['post'])
    const lead = newLead()
    const contacts = world.it.portal.state.contacts.size
    const { frame } = await begin(lead)
    await press(frame, 'Сконвертировать')
    await saysSoon(frame, 'Конвертация остановилась')
    await press(frame, 'Убрать созданное')
    await saysSoon(frame, 'Не убирать')
    await expectGoodState(frame, 'conversion-take-back')
    await frame.getByRole('alertdialog').getByRole('button', { name: 'Убрать созданное' }).click()
    await saysSoon(frame, 'Конвертация не состоялась')
    expect(await wordsOf(frame)).toContain('Всё созданное убрано.')
    await expectGoodState(frame, 'conversion-taken-back')
    expect([dealsOf(world.it, lead).length, world.it.portal.state.contacts.size, lead.stageId]).toEqual([0, contacts, 'PROCESSED'])
    world.it.portal.state.requiredByStage.delete('CONVERTED')
  })

  it('makes no second deal when somebody converts the lead in the portal itself meanwhile, and leads to that deal', async () => {
    const lead = newLead()
    const { frame } = await begin(lead)
    const contacts = world.it.portal.state.contacts.size
    world.it.portal.faults.slow(300)
    await press(frame, 'Сконвертировать')
    await eventually('our contact is there', () => world.it.portal.state.contacts.size > contacts)
    const native = world.it.portal.act.convertNatively(lead.id, { deal: true, contact: true }, manager)
    world.it.portal.faults.clear()
    await saysSoon(frame, 'Этот лид тем временем сконвертировали в самом Битрикс24.')
    expect(dealsOf(world.it, lead).map(({ id }) => id)).toEqual([native.deal?.id])
    expect(world.it.portal.state.contacts.size).toBe(contacts + 1)
    await expectGoodState(frame, 'conversion-beaten')
    await frame.getByRole('link', { name: /^Сделка/ }).click()
  })

  it('undone after a change says by name what was changed, and what stays because the deal needs it', async () => {
    const lead = newLead()
    const { frame } = await begin(lead)
    await press(frame, 'Сконвертировать')
    await saysSoon(frame, 'Лид сконвертирован.')
    const [deal] = dealsOf(world.it, lead)
    world.it.jump(60_000)
    world.it.portal.act.updateItem(2, deal?.id ?? 0, { title: 'Столешница, согласовано' }, head)
    world.it.portal.act.commentOn(2, deal?.id ?? 0, 'Клиент согласен', head)
    await press(frame, 'Отменить конвертацию')
    await saysSoon(frame, 'Не будет отменено:')
    const kept = await frame.locator('[data-kept]').innerText()
    expect(kept).toMatch(/После конвертации изменено: «?название»?\./i)
    expect(kept).toContain('После конвертации добавлено: комментарий.')
    expect(kept).toContain('Указан в сделке, которая остаётся.')
    await expectGoodState(frame, 'conversion-undo-kept')
    await press(frame, 'Да, отменить')
    await saysSoon(frame, 'Конвертация отменена')
    expect([dealsOf(world.it, lead).length, lead.stageId]).toEqual([1, 'PROCESSED'])
  })

  it('is not offered to be undone when its days are over, nor to somebody without the right', async () => {
    const lead = newLead()
    const { frame } = await begin(lead)
    await press(frame, 'Сконвертировать')
    await saysSoon(frame, 'Лид сконвертирован.')
    world.it.portal.act.updateLead(lead.id, { observers: [5] }, head)
    const other = await openConversion(world.it, await world.it.asUser(5), lead.id, true)
    await saysSoon(other, 'Лид сконвертирован.')
    expect(await other.getByRole('button', { name: 'Отменить конвертацию' }).count()).toBe(0)
    world.it.jump(4 * 86_400_000)
    const late = await openConversion(world.it, await world.it.asUser(manager), lead.id, true)
    await saysSoon(late, 'Лид сконвертирован.')
    expect(await late.getByRole('button', { name: 'Отменить конвертацию' }).count()).toBe(0)
    expect([dealsOf(world.it, lead).length, lead.stageId]).toEqual([1, 'CONVERTED'])
  })
})

describe('a lead put on success in the portal itself (issue 4; S1-A14)', () => {
  const world = useWorld()

  it('without a deal: the tab says so, it can go back to work, or gets its deal there', async () => {
    const { lead, managerId } = await world.it.newLead()
    const page = await world.it.asUser(managerId)
    world.it.portal.act.moveStage(lead.id, 'CONVERTED', managerId)
    const tab = await openLeadTab(world.it, page, lead.id)
    await untilItSays(tab, 'Лид переведён в успех без сделки')
    await untilItSays(tab, 'Из лида ничего не создано')
    await expectGoodState(tab, 'tab-success-without-deal')
    await tab.getByRole('button', { name: /^Вернуть в работу/ }).click()
    await eventually('it is back', () => lead.stageId === 'IN_PROCESS')
    await eventually('the panel is gone as the lead is back', async () => !(await wordsOf(tab)).includes('без сделки'))

    world.it.jump(60_000)
    world.it.portal.act.moveStage(lead.id, 'CONVERTED', managerId)
    await untilItSays(tab, 'Лид переведён в успех без сделки')
    await untilItSays(tab, 'Создать сделку')
    await tab.getByRole('button', { name: /^Создать сделку/ }).click()
    const frame = await appFrame(await sliderOf(page))
    await saysSoon(frame, 'Всё готово.')
    await press(frame, 'Сконвертировать')
    await saysSoon(frame, 'Лид сконвертирован.')
    await frame.getByRole('button', { name: 'Закрыть' }).click()
    await eventually('the panel is gone', async () => !(await wordsOf(tab)).includes('без сделки'))
    expect([dealsOf(world.it, lead).length, lead.stageId]).toEqual([1, 'CONVERTED'])
  })

  it('with a deal: the tab leads to it, and takes the phone that stands twice out of one place', async () => {
    const { lead, managerId } = await world.it.newLead({ companyTitle: 'ООО «Кедр»' })
    const page = await world.it.asUser(managerId)
    const { company } = world.it.portal.act.convertNatively(lead.id, { deal: true, contact: true, company: { title: 'ООО «Кедр»' } }, managerId)
    const tab = await openLeadTab(world.it, page, lead.id)
    await untilItSays(tab, 'записан дважды')
    expect(await tab.locator('[data-links] a').count()).toBe(3)
    await expectGoodState(tab, 'tab-phone-twice')
    await tab.getByRole('button', { name: /^Убрать [^:]*Кедр[^:]*:/ }).click()
    await eventually('the phone is gone', () => company?.fm.length === 0)
    await eventually('the gap is gone', async () => !(await wordsOf(tab)).includes('записан дважды'))
    await tab.locator('[data-links] a').first().click()
    expect(await (await sliderOf(page)).locator('body').innerText()).toContain('Столешница на кухню')
  })
})
