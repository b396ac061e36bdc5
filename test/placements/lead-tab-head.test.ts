import { describe, expect, it } from 'vitest'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { leadView } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { actButton, button, callBack, choice, form, labelled, offered, openTab, playActs, submit, type } from './open-tab.ts'

const press = (at: Element | null | undefined, key: string) => at?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

describe('a wrong number', () => {
  it('is asked about by name where there is one phone, and a choice where there are several', async () => {
    const one = await openTab(offered({ wrongNumber: { phones: ['+7 900 000-00-01'] } }))
    const acts = playActs(() => leadView())
    actButton(one.tab, 'wrong-number').click()
    await settled()
    expect(form(one.tab)?.textContent).toContain('Номер +7 900 000-00-01 неверный?')
    expect(document.activeElement?.textContent.trim()).toBe('Отметить неверным')
    expect(await accessFaults(one.tab)).toEqual([])
    press(document.activeElement, 'Escape'); await settled(1)
    expect([form(one.tab), document.activeElement]).toEqual([null, actButton(one.tab, 'wrong-number')])
    expect(acts).toEqual([])
    actButton(one.tab, 'wrong-number').click(); await settled(1)
    submit(form(one.tab)); await settled()
    const two = await openTab(offered({ wrongNumber: { phones: ['+7 900 000-00-01', '+7 900 000-00-02'] } }))
    const more = playActs(() => leadView())
    actButton(two.tab, 'wrong-number').click()
    await settled(1)
    expect(more).toEqual([])
    button(two.tab, '+7 900 000-00-02').click()
    await settled()
    expect(acts).toEqual([{ kind: 'wrong-number', phone: '+7 900 000-00-01' }])
    expect(more).toEqual([{ kind: 'wrong-number', phone: '+7 900 000-00-02' }])
  })
})

describe('a number marked wrong', () => {
  const phone = { value: '+7 900 000-00-01', e164: '+79000000001', extension: null, verdict: 'ok' as const, problem: null }
  const marked = (more: Partial<LeadView> = {}) => offered({ callBack, rightNumber: { phones: [phone.value] } }, { contact: { phones: [{ ...phone, isWrong: true }], emails: [] }, ...more })

  it('may be taken back at once, where it was told', async () => {
    const { tab } = await openTab(offered({ callBack, wrongNumber: { phones: [phone.value] } }, { contact: { phones: [phone], emails: [] } }))
    const acts = playActs(() => marked())
    actButton(tab, 'wrong-number').click(); await settled(1)
    submit(form(tab)); await settled()
    tab.querySelector<HTMLButtonElement>('[data-now] [data-note] p button')?.click(); await settled()
    expect(acts).toEqual([{ kind: 'wrong-number', phone: phone.value }, { kind: 'right-number', phone: phone.value }])
  })

  it('is neither called nor hidden, and is right again in one click', async () => {
    const { tab } = await openTab(marked())
    const shown = tab.querySelector('[data-phone]')
    expect(shown?.textContent).toContain('Отмечен как неверный.')
    expect([...shown?.querySelectorAll('button') ?? []].map(each => each.getAttribute('aria-label'))).toEqual(['Номер верный: +7 900 000-00-01'])
    expect(tab.querySelector('[data-act=call]')).toBeNull()
    expect(tab.querySelector('[data-no-phone]')?.textContent).toContain('Звонить некуда')
    expect(await accessFaults(tab)).toEqual([])
    const acts = playActs(() => offered({ callBack, notReached: { count: 0, limit: 4, nextAt: null } }, { contact: { phones: [phone], emails: [] } }))
    button(tab, 'Номер верный').click(); await settled()
    expect(acts).toEqual([{ kind: 'right-number', phone: phone.value }])
    expect(tab.querySelector('#lead-contact [data-note=done]')?.textContent).toContain('номер +7 900 000-00-01 верный')
    expect(tab.querySelector('[data-no-phone]')).toBeNull()
  })
})

describe('a head of sales', () => {
  it('hands the lead over and allows a move (S4-19)', async () => {
    const { tab } = await openTab(offered({ reassign: { people: [{ id: 9, name: 'Глеб Орлов' }] }, allowMove: { stage: 'Согласие', missing: ['Бюджет', 'отправить письмо'] } }))
    const acts = playActs(() => offered({ reassign: { people: [{ id: 9, name: 'Глеб Орлов' }] } }))
    actButton(tab, 'allow-move').click()
    await settled()
    expect(form(tab)?.textContent).toContain('Разрешить переход на «Согласие»')
    expect(form(tab)?.textContent).toContain('хотя ещё не сделано: Бюджет; отправить письмо.')
    expect(acts).toEqual([])
    submit(form(tab)); await settled()
    actButton(tab, 'reassign').click()
    await settled(1)
    submit(form(tab)); await settled(1)
    expect(form(tab)?.querySelector('[role=alert]')?.textContent).toBe('Выберите, кому передать.')
    choice(tab, 'Глеб Орлов').click(); await settled(1)
    expect(form(tab)?.querySelector('[role=alert]')).toBeNull()
    submit(form(tab)); await settled()
    expect(acts).toEqual([{ kind: 'allow-move' }, { kind: 'reassign', userId: 9 }])
  })

  const actions = { notReached: { count: 0, limit: 4, nextAt: null }, callBack, reassign: { people: [{ id: 9, name: 'Глеб Орлов' }] }, allowMove: { stage: 'Согласие' }, acknowledge: ['i1'] }
  const keys = (tab: Element) => [...tab.querySelectorAll('[data-now] [data-act]')].map(each => each.getAttribute('data-act'))

  it('who works on the lead himself sees what the manager sees, and his own', async () => {
    expect(keys((await openTab(offered(actions))).tab)).toEqual(['not-reached', 'call-back', 'reassign', 'allow-move'])
  })

  it('sees his own actions first, and those of the manager when he asks for them (S4-19)', async () => {
    const { tab } = await openTab(offered(actions, { responsible: { id: 9, name: 'Глеб Орлов' }, next: { text: 'Позвоните клиенту.', because: 'Срок.' } }))
    expect(keys(tab)).toEqual(['acknowledge', 'reassign', 'allow-move'])
    expect(tab.querySelector('[data-now]')?.textContent).toContain('Для ответственного: Глеб Орлов')
    button(tab, 'Действия менеджера').click(); await settled(1)
    expect(keys(tab)).toEqual(['acknowledge', 'reassign', 'allow-move', 'not-reached', 'call-back'])
    expect(await accessFaults(tab)).toEqual([])
    const acts = playActs(() => offered(actions))
    actButton(tab, 'acknowledge').click(); await settled()
    expect(acts).toEqual([{ kind: 'acknowledge', incidentId: 'i1' }])
  })

  const dueAt = '2026-11-23T07:15:00Z'
  const gleb = { id: 9, name: 'Глеб Орлов', isOfPool: true, open: 2, presence: 'at-work' as const, dueAt: '2026-11-23T07:15:40Z' }
  const nina = { id: 10, name: 'Нина Белова', isOfPool: false, open: 0, presence: 'absent' as const, dueAt: '2026-11-23T09:00:00Z' }

  it('sees who is best asked: what he has to do, whether he is there, and what becomes of the deadline', async () => {
    const { tab } = await openTab(offered({ reassign: { people: [gleb, nina], dueAt } }))
    actButton(tab, 'reassign').click()
    await settled(1)
    expect([...form(tab)?.querySelectorAll('legend') ?? []].map(each => each.textContent)).toEqual(['Кому по регламенту дают такие лиды', 'Остальные сотрудники'])
    expect(form(tab)?.querySelector('input[type=search]')).toBeNull()
    expect(form(tab)?.querySelector('[data-term]')).toBeNull()
    choice(tab, 'Глеб Орловна работе · 2 лида в работе').click(); await settled(1)
    expect(form(tab)?.querySelector('[data-term]')?.textContent).toBe('Срок останется: до пн 23 ноября, 10:15.')
    choice(tab, 'Нина Беловаотсутствует · 0 лидов в работе').click(); await settled(1)
    expect(form(tab)?.querySelector('[data-term]')?.textContent).toBe('Срок пересчитается: до пн 23 ноября, 12:00.')
    expect(await accessFaults(tab)).toEqual([])
  })

  it('finds somebody among more than eight people by typing', async () => {
    const many = Array.from({ length: 12 }, (_, place) => ({ id: 20 + place, name: `Сотрудник ${place}` }))
    const { tab } = await openTab(offered({ reassign: { people: [...many, { id: 9, name: 'Глеб Орлов' }] } }))
    actButton(tab, 'reassign').click()
    await settled(1)
    expect(form(tab)?.querySelectorAll('input[type=radio]')).toHaveLength(8)
    expect(form(tab)?.textContent).toContain('И ещё 5 сотрудников: найдите по имени.')
    type(labelled(tab, 'Найти по имени'), 'орлов')
    await settled(1)
    expect([...form(tab)?.querySelectorAll('fieldset label') ?? []].map(each => each.textContent.trim())).toEqual(['Глеб Орлов'])
    type(labelled(tab, 'Найти по имени'), 'нет такого')
    await settled(1)
    expect(form(tab)?.textContent).toContain('Никого с таким именем нет.')
    expect(await accessFaults(tab)).toEqual([])
  })
})
