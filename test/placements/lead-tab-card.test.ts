import { describe, expect, it, vi } from 'vitest'
import { cardView, leadView, question } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { button, choice, field, leave, openTab, stateOf, type } from './open-tab.ts'

describe('filling the card', () => {
  it('saves an answer when its field is left, says so, and tells the host card to read again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 20 })
    const { tab, frame, saves } = await openTab(leadView())
    type(field(tab, 'NAME'), 'Мария')
    expect(saves).toEqual([])
    expect(stateOf(tab, 'NAME')).toBe('')
    leave(field(tab, 'NAME'))
    await vi.waitFor(() => expect(stateOf(tab, 'NAME')).toBe('Сохранено'))
    expect(saves).toEqual([{ answers: { NAME: 'Мария' } }])
    expect(tab.querySelector('[role=status][aria-live=polite]')?.textContent).toBe('Все ответы сохранены в лиде.')
    await vi.advanceTimersByTimeAsync(3000)
    expect(frame.reloadHost).toHaveBeenCalledTimes(1)
    vi.useRealTimers()
  })

  it('sends each kind of answer as the server speaks of it', async () => {
    const { tab, saves } = await openTab(leadView())
    choice(tab, 'Ванная').click(); await settled()
    choice(tab, 'Камень').click(); await settled()
    choice(tab, 'Нет').click(); await settled()
    type(field(tab, 'BUDGET'), '180 000,50'); leave(field(tab, 'BUDGET')); await settled()
    type(field(tab, 'WHEN'), '2026-12-20'); leave(field(tab, 'WHEN')); await settled()
    type(field(tab, 'BRAND'), 'c'); leave(field(tab, 'BRAND')); await settled()
    choice(tab, 'Качественный, сделка возможна').click(); await settled()
    expect(tab.querySelector('#card-_result')?.textContent).toContain('Сохранится вместе со следующим шагом.')
    choice(tab, 'Назначить замер').click(); await settled()
    expect(saves).toEqual([
      { answers: { PLACE: 'bath' } }, { answers: { MATERIAL: ['stone'] } }, { answers: { MEASURE: 'no' } }, { answers: { BUDGET: 180000.5 } },
      { answers: { WHEN: '2026-12-20' } }, { answers: { BRAND: 'c' } }, { result: 'qualified', nextStep: 'measure' },
    ])
  })

  it('Enter saves and reloads nothing', async () => {
    const { tab, saves } = await openTab(leadView())
    type(field(tab, 'NAME'), 'Мария')
    const submit = new Event('submit', { bubbles: true, cancelable: true })
    tab.querySelector('form')?.dispatchEvent(submit)
    await settled()
    expect(submit.defaultPrevented).toBe(true)
    expect(saves).toEqual([{ answers: { NAME: 'Мария' } }])
  })

  it('takes «не знает / отказался» as the answer and empties the field', async () => {
    const { tab, saves } = await openTab(leadView({ card: cardView({ groups: [{ id: 'one', title: 'Одна', questions: [question('SIZE', 'Размеры', { kind: 'number', value: 3.2 })] }] }) }))
    expect(field(tab, 'SIZE').value).toBe('3,2')
    const unknown = tab.querySelector<HTMLInputElement>('#card-SIZE input[type=checkbox]')
    unknown?.click()
    await settled()
    expect(saves).toEqual([{ answers: { SIZE: null }, unknownAdd: ['SIZE'] }])
  })

  it('does not send what is no number, and says what is wanted', async () => {
    const { tab, saves } = await openTab(leadView())
    type(field(tab, 'SIZE'), 'метра три'); leave(field(tab, 'SIZE'))
    await settled()
    expect(saves).toEqual([])
    expect(field(tab, 'SIZE').value).toBe('метра три')
    expect(tab.querySelector('#card-SIZE')?.textContent).toContain('Нужно число')
    expect(field(tab, 'SIZE').getAttribute('aria-invalid')).toBe('true')
  })

  it('asks which number is meant where a point may be either', async () => {
    const { tab, saves } = await openTab(leadView())
    type(field(tab, 'BUDGET'), '12.500'); leave(field(tab, 'BUDGET'))
    await settled()
    expect(saves).toEqual([])
    expect(tab.querySelector('#card-BUDGET')?.textContent).toContain('«12.500» можно прочитать по-разному')
  })

  it('takes a choice back by the keyboard, and the focus stays at the question', async () => {
    const place = question('PLACE', 'Место', { kind: 'list', options: [{ code: 'kitchen', title: 'Кухня' }], value: 'kitchen' })
    const { tab, saves } = await openTab(leadView({ card: cardView({ groups: [{ id: 'one', title: 'Одна', questions: [place, question('MEASURE', 'Замер', { kind: 'yesno' })] }] }) }))
    expect(tab.querySelectorAll('#card-MEASURE button')).toHaveLength(0)
    const clear = [...tab.querySelectorAll<HTMLButtonElement>('#card-PLACE button')].find(each => each.textContent === 'очистить')
    clear?.focus()
    expect(document.activeElement).toBe(clear)
    clear?.click()
    await settled()
    expect(saves).toEqual([{ answers: { PLACE: null }, unknownRemove: ['PLACE'] }])
    expect(document.activeElement).toBe(tab.querySelector('#card-PLACE input[type=radio]'))
    expect(await accessFaults(tab)).toEqual([])
  })

  it('asks for the next step of a qualified lead, and for the reason of the other', async () => {
    const { tab } = await openTab(leadView(), answers => leadView({ card: cardView({ result: { ...cardView().result, value: answers.result ?? null } }) }))
    choice(tab, 'Качественный, сделка возможна').click()
    await settled()
    expect(tab.querySelector('#card-_nextStep')).not.toBeNull()
    choice(tab, 'Некачественный, работать дальше нецелесообразно').click()
    await settled()
    expect(tab.querySelector('#card-_nextStep')).toBeNull()
    expect(tab.querySelector('#card-_reason')).not.toBeNull()
  })
})

describe('obligatory answers that are missing (S4-16)', () => {
  it('are named, counted, and lead to their field', async () => {
    const { tab } = await openTab(leadView({ card: cardView({ result: { ...cardView().result, value: 'qualified' } }) }))
    expect(tab.textContent).toContain('не хватает 6 обязательных ответов')
    const named = [...tab.querySelectorAll('ul button')].map(each => each.textContent)
    expect(named).toEqual(['Место применения', 'Материал', 'Размеры', 'Бюджет', 'Желаемый срок', 'Комментарий'])
    button(tab, 'Бюджет').click()
    expect(document.activeElement).toBe(field(tab, 'BUDGET'))
  })

  it('do not call a lead qualified that nobody has called so, when they are asked for again', async () => {
    const { tab } = await openTab(leadView({ deadline: { ...leadView().deadline!, kind: 'again' } }))
    expect(tab.textContent).toContain('Не хватает 6 обязательных ответов:')
    expect(tab.textContent).not.toContain('отмечен качественным')
  })

  it('leave the list as soon as they are typed', async () => {
    const { tab } = await openTab(leadView())
    expect(tab.textContent).toContain('Осталось 6 обязательных вопросов')
    type(field(tab, 'BUDGET'), '5')
    await settled(1)
    expect(tab.textContent).toContain('Осталось 5 обязательных вопросов')
  })
})
