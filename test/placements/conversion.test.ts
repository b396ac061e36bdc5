import { afterEach, describe, expect, it, vi } from 'vitest'
import { conversionView, lackingView, plannedField } from '../client/conversion-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { button } from './open-tab.ts'
import { openConversion, pick, press, radio, replanned, row } from './open-conversion.ts'

const clientTitle = 'Кто этот клиент'
const enter = (input: HTMLInputElement, text: string) => {
  input.value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
}
const complete = (input: HTMLInputElement) => input.dispatchEvent(new Event('change', { bubbles: true }))
const inputIn = (place: Element): HTMLInputElement => {
  const found = place.querySelector('input')
  if (found === null) throw new Error('no field')
  return found
}

afterEach(() => { vi.unstubAllGlobals() })

const withPerson = () => {
  const view = conversionView()
  return { ...view, variant: 'client' as const, objects: view.objects.map(object => (object.kind === 'contact' ? { ...object, action: 'create' as const, id: null, optional: true, candidates: [], fields: [] } : object)) }
}

describe('the plan of a conversion as a screen', () => {
  it('offers nobody of a company that is the client, and says whom else', async () => {
    const { page, asked } = await openConversion({ plan: () => withPerson() })
    expect(page.textContent).toContain('Кто из неё обратился?')
    expect(radio(page, 'Контакт', 'Создать контакт из лида и связать его с компанией').checked).toBe(true)
    pick(radio(page, 'Контакт', 'Никого: сделка только на компанию'))
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ use: { contact: 'none' } })
    expect(radio(page, 'Контакт', 'Никого: сделка только на компанию').checked).toBe(true)
    expect(await accessFaults(page)).toEqual([])
  })

  it('warns at once that a phone for nobody stays in the lead only (S0-32)', async () => {
    const { page } = await openConversion()
    expect(page.textContent).not.toContain('останется только в лиде')
    pick(radio(page, 'Кому записать: +7 900 000-00-01', 'Никому'))
    await settled()
    expect(page.querySelector('[data-left]')?.textContent).toBe('Номер останется только в лиде: ни у контакта, ни у компании его не будет.')
  })

  it('folds the answers that stay in the lead only, with how they would go along (S0-30)', async () => {
    const { page } = await openConversion({ plan: () => conversionView({ staying: [{ title: 'Материал', value: 'Кварц' }, { title: 'Цвет', value: 'Белый' }] }) })
    const fold = page.querySelector<HTMLDetailsElement>('[data-staying]')
    expect([fold?.open, fold?.querySelector('summary')?.textContent]).toEqual([false, 'Останется только в лиде: 2 ответа'])
    expect([...fold?.querySelectorAll('dt, dd') ?? []].map(one => one.textContent)).toEqual(['Материал', 'Кварц', 'Цвет', 'Белый'])
    expect(fold?.textContent).toContain('с тем же названием и типом')
    expect(await accessFaults(page)).toEqual([])
  })

  it('counts what is missing in one line on a phone, and folds it', async () => {
    vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }))
    const { page } = await openConversion({ plan: lackingView })
    const bar = page.querySelector('.lr-bar')
    expect([bar?.querySelectorAll('details').length, bar?.querySelector('details')?.open, bar?.querySelector('summary')?.textContent]).toEqual([1, false, 'Осталось решить 1 вопрос'])
    expect(bar?.querySelectorAll(':scope li').length).toBe(1)
    expect([...bar?.querySelectorAll('button[aria-label]') ?? []].map(one => one.getAttribute('aria-label'))).toEqual(['Сконвертировать', 'Закрыть'])
    expect(await accessFaults(page)).toEqual([])
  })

  it('says who the client is thought to be, why, and what would be made (S0-29)', async () => {
    const { page, frame } = await openConversion()
    expect(page.querySelector('h1')?.textContent).toBe('Конвертация лида «Столешница для кофейни»')
    expect(radio(page, clientTitle, 'Организация или ИП').checked).toBe(true)
    for (const words of ['В лиде указана организация', 'Сделка, контакт и компания', 'Компания: ООО Ромашка', 'Контакт: Нина Перова', 'совпал телефон', 'Столешница кварцевая', 'Сумма: 90 000 ₽', 'Задачи: 1', 'Найдено в реестре: ООО «Ромашка».'])
      expect(page.textContent).toContain(words)
    expect(frame.setTitle).toHaveBeenCalledWith('Конвертация лида')
    expect(await accessFaults(page)).toEqual([])
  })

  it('speaks English where the user does', async () => {
    const { page } = await openConversion({ language: 'en' })
    expect(page.textContent).toContain('Convert')
    expect(page.textContent).not.toMatch(/Сконвертировать|Почему/)
    expect(await accessFaults(page)).toEqual([])
  })

  it('names the lead’s field that each value comes from, and folds what nobody has to decide (S0-30)', async () => {
    const { page } = await openConversion()
    expect([...row(page, 'Сумма').querySelectorAll('[role]')].map(cell => cell.textContent.replace(/\s+/g, ' ').trim()).slice(0, 3)).toEqual(['Из лида: Бюджет', 'Сумма', expect.stringContaining('90 000 ₽')])
    const folded = row(page, 'Материал').closest('details')
    expect([folded?.open, folded?.querySelector('summary')?.textContent]).toEqual([false, 'Ещё 3 поля'])
  })

  it('lets a conflict be decided between what is there and what the lead says (S0-35)', async () => {
    const { page, asked } = await openConversion()
    const group = 'Поле «Должность»: что оставить'
    expect(radio(page, group, 'Оставить: Управляющая').checked).toBe(true)
    pick(radio(page, group, 'Взять из лида: Директор'))
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ fields: { 'contact.post': { take: true } } })
  })

  it('lets an existing contact be used, another one, or a new one, and opens them', async () => {
    const { page, asked, frame } = await openConversion()
    expect(radio(page, 'Контакт', 'Использовать: Нина Перова').checked).toBe(true)
    page.querySelector<HTMLAnchorElement>('a[href$="/contact/details/32/"]')?.click()
    expect(frame.openPath).toHaveBeenCalledWith('https://portal.example.com/crm/contact/details/32/')
    pick(radio(page, 'Контакт', 'Создать новый контакт'))
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ use: { contact: 'new' } })
  })

  it('shows nothing as chosen where somebody has to choose', async () => {
    const view = conversionView({ lacks: [{ key: 'contact', text: 'Нашлось несколько контактов (2).', mendable: true }, { key: 'phone +7 900 000-00-01', text: 'Решите, чей это номер.', mendable: true }, { key: 'deal.pipeline', text: 'Выберите воронку сделки.', mendable: true }] })
    const { page } = await openConversion({ plan: () => ({
      ...view,
      objects: view.objects.map(object => (object.kind === 'contact' ? { ...object, id: null, undecided: true, fields: [] } : object)),
      means: view.means.map((one, index) => (index === 0 ? { ...one, problem: 'Решите, чей это номер.' } : one)),
    }) })
    expect(page.querySelectorAll('[role=radiogroup][aria-label="Контакт"] input:checked').length).toBe(0)
    expect(page.querySelectorAll('[role=radiogroup][aria-label="Кому записать: +7 900 000-00-01"] input:checked').length).toBe(0)
    const pipeline = [...page.querySelectorAll('select')].find(select => select.labels[0]?.textContent === 'Воронка')
    expect(pipeline?.selectedOptions[0]?.textContent).toBe('Не выбрано')
    expect(await accessFaults(page)).toEqual([])
  })

  it('asks phone by phone whose it is, with a reason (S0-32)', async () => {
    const { page, asked } = await openConversion()
    expect(radio(page, 'Кому записать: +7 900 000-00-01', 'Контакту').checked).toBe(true)
    expect(page.textContent).toContain('Мобильный: скорее всего, личный номер контакта.')
    pick(radio(page, 'Кому записать: info@example.org', 'Обоим'))
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ means: { 'email info@example.org': 'both' } })
  })

  it('lets the deal have another pipeline and another responsible (S1-D15)', async () => {
    const { page, asked } = await openConversion()
    const select = (label: string) => [...page.querySelectorAll('select')].find(each => each.labels[0]?.textContent === label)
    const choose = (label: string, value: string) => { const found = select(label); if (found) { found.value = value; found.dispatchEvent(new Event('change', { bubbles: true })) } }
    choose('Воронка', '3')
    choose('Ответственный за сделку', '8')
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ pipelineId: 3, responsibleId: 8 })
  })

  it('asks the registry for the number that is typed (S0-33)', async () => {
    const { page, asked } = await openConversion()
    const inn = page.querySelector<HTMLInputElement>('#conversion-inn input')
    if (inn === null) throw new Error('no INN')
    enter(inn, '500100732259')
    press('Enter', inn)
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ inn: '500100732259' })
    expect(asked.begun).toEqual([])
  })
})

describe('the number of an organisation', () => {
  it('may be typed where the lead has none', async () => {
    const { page, asked } = await openConversion({ plan: choices => conversionView(choices.inn === undefined ? { requisites: null } : {}) })
    const inn = page.querySelector<HTMLInputElement>('#conversion-inn input')
    expect(page.querySelector('#conversion-inn')?.textContent).toContain('Без ИНН реквизиты не создаются.')
    if (inn !== null) { enter(inn, ' 7707083893 '); complete(inn) }
    await replanned()
    expect([asked.plans.at(-1), page.textContent.includes('Найдено в реестре')]).toEqual([{ inn: '7707083893' }, true])
  })

  it('is not asked for where the client is known by it', async () => {
    const view = conversionView({ requisites: null })
    const { page } = await openConversion({ plan: () => ({ ...view, objects: view.objects.map(object => (object.kind === 'company' ? { ...object, action: 'use', id: 9 } : object)) }) })
    expect(page.querySelector('#conversion-inn')).toBeNull()
  })
})

describe('what is missing in a plan', () => {
  it('is said at the button, and leads to its field', async () => {
    const { page, asked } = await openConversion({ plan: lackingView })
    expect(page.textContent).toContain('Осталось решить 1 вопрос:')
    button(page, 'Заполните обязательное поле «Способ доставки» в карточке сделки.').click()
    await settled(1)
    expect(document.activeElement?.closest('[role=row]')).toBe(row(page, 'Способ доставки'))
    expect(document.activeElement?.tagName).toBe('INPUT')
    expect(asked.begun).toEqual([])
    expect(await accessFaults(page)).toEqual([])
  })

  it('is shown by the button itself, which is never grey', async () => {
    const { page, asked } = await openConversion({ plan: lackingView })
    const convert = button(page, 'Сконвертировать')
    expect(convert.disabled).toBe(false)
    convert.click()
    await settled()
    expect(document.activeElement?.closest('[role=row]')).toBe(row(page, 'Способ доставки'))
    expect(page.querySelector('[role=status]')?.textContent).toContain('Способ доставки')
    expect(asked.begun).toEqual([])
  })

  it('is typed in its place, stays there while the plan is made, and begins nothing by Enter', async () => {
    const { page, asked } = await openConversion({ plan: choices => (choices.fields === undefined ? lackingView() : conversionView()) })
    const input = inputIn(row(page, 'Способ доставки'))
    press('Enter', input)
    await replanned()
    expect(asked.plans).toEqual([{}])
    enter(input, 'Самовывоз')
    press('Enter', input)
    await settled(1)
    expect(input.value).toBe('Самовывоз')
    await replanned()
    expect(asked.plans.length).toBe(2)
    complete(input)
    await replanned()
    expect(asked.plans).toEqual([{}, { fields: { 'deal.UF_DELIVERY': { value: 'Самовывоз' } } }])
    expect(page.textContent).toContain('Всё готово.')
    expect(asked.begun).toEqual([])
  })

  it('that nothing here mends is said first', async () => {
    const { page, asked } = await openConversion({ plan: () => conversionView({ lacks: [{ key: null, text: 'Регламент не разрешает конвертацию.', mendable: false }] }) })
    expect(page.querySelector('[data-blocked]')?.textContent).toContain('Регламент не разрешает конвертацию.')
    button(page, 'Сконвертировать').click()
    await settled()
    expect([asked.begun.length, document.activeElement?.hasAttribute('data-blocked')]).toEqual([0, true])
    expect(await accessFaults(page)).toEqual([])
  })

  it.each([
    ['date', null, 'date'], ['datetime', null, 'datetime-local'], ['number', null, 'text'], ['link', null, 'url'],
  ] as const)('is asked with the field of its kind: %s', async (kind, value, type) => {
    const view = conversionView()
    const { page } = await openConversion({ plan: () => ({ ...view, objects: view.objects.map(object => (object.kind === 'deal' ? { ...object, fields: [plannedField({ key: 'deal.UF_X', title: 'Поле', kind, value, valueText: '', required: true, problem: 'Заполните.' })] } : object)) }) })
    expect(inputIn(row(page, 'Поле')).type).toBe(type)
  })

  it('of a list is chosen from it', async () => {
    const view = conversionView()
    const field = plannedField({ key: 'deal.UF_L', title: 'Откуда', kind: 'list', value: null, valueText: '', required: true, problem: 'Заполните.', options: [{ value: '11', title: 'Сайт' }, { value: '12', title: 'Выставка' }] })
    const { page, asked } = await openConversion({ plan: () => ({ ...view, objects: view.objects.map(object => (object.kind === 'deal' ? { ...object, fields: [field] } : object)) }) })
    const select = row(page, 'Откуда').querySelector('select')
    if (select === null) throw new Error('no list')
    select.value = '12'
    select.dispatchEvent(new Event('change', { bubbles: true }))
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ fields: { 'deal.UF_L': { value: '12' } } })
  })
})

describe('a value of the plan', () => {
  it('is changed in its place, and what was proposed comes back', async () => {
    const { page, asked } = await openConversion()
    row(page, 'Сумма').querySelector('button')?.click()
    await settled(1)
    const input = row(page, 'Сумма').querySelector<HTMLInputElement>('.typing input')
    expect([document.activeElement === input, input?.value]).toEqual([true, '90000'])
    if (input !== null) { enter(input, '120 000'); complete(input) }
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ fields: { 'deal.opportunity': { value: '120 000|RUB' } } })
    ;[...row(page, 'Сумма').querySelectorAll('button')].find(each => each.textContent.startsWith('Вернуть предложенное'))?.click()
    await replanned()
    expect(asked.plans.at(-1)).toEqual({})
  })

  it('is left in the lead when its tick is taken off', async () => {
    const { page, asked } = await openConversion()
    const tick = inputIn(row(page, 'Материал'))
    tick.click()
    await replanned()
    expect(asked.plans.at(-1)).toEqual({ fields: { 'deal.UF_A': { take: false } } })
  })
})
