import { http, HttpResponse } from 'msw'
import { describe, expect, it } from 'vitest'
import type { CardView, LeadView } from '../../server/contract/lead-view.ts'
import { actionsView, cardView, leadView, question, reason } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import { refuse } from '../client/server-double.ts'
import { actButton, announced, button, choice, field, kept, leave, openTab, playActs, server, type } from './open-tab.ts'

const asking = (value: string | null = null) => cardView({ closing: false, groups: [{ id: 'g', title: 'Клиент', questions: [question('BUDGET', 'Бюджет', { value }), question('NAME', 'Имя', { required: false })] }] })
const forward = (missing: string[], over: Partial<LeadView> = {}, isConversion = false) => leadView({ card: asking(), actions: actionsView({ goOn: { stage: 'Согласие', missing, isConversion } }), ...over })

describe('the step forward', () => {
  it('is never grey: pressed too early it says what is missing and leads to the first answer (S0-19)', async () => {
    const { tab } = await openTab(forward(['Бюджет', 'отправить письмо']))
    const acts = playActs(() => leadView())
    expect(actButton(tab, 'go-on').disabled).toBe(false)
    expect(tab.querySelector('[data-lacks]')).toBeNull()
    actButton(tab, 'go-on').click()
    await settled()
    expect([...tab.querySelectorAll('[data-lacks] li')].map(each => each.textContent)).toEqual(['Бюджет', 'отправить письмо'])
    expect(document.activeElement).toBe(field(tab, 'BUDGET'))
    expect(announced(tab)).toContain('Перевести лид пока нельзя.')
    expect(acts).toEqual([])
    expect(await accessFaults(tab)).toEqual([])
  })

  it('goes when nothing is missing any more, once', async () => {
    const { tab } = await openTab(forward([], { card: asking('100') }))
    const acts = playActs(() => leadView())
    actButton(tab, 'go-on').click()
    actButton(tab, 'go-on').click()
    await settled()
    expect(acts).toEqual([{ kind: 'go-on' }])
  })

  it('saves what is typed first, and goes by what the server then says', async () => {
    const { tab, saves } = await openTab(forward(['Бюджет']), () => forward([], { card: asking('500') }))
    const acts = playActs(() => leadView())
    type(field(tab, 'BUDGET'), '500')
    actButton(tab, 'go-on').click()
    await settled()
    expect(saves).toEqual([{ answers: { BUDGET: '500' } }])
    expect(acts).toEqual([{ kind: 'go-on' }])
  })

  it('does not go over answers that could not be saved', async () => {
    const { tab } = await openTab(forward([], { card: asking('100') }), () => refuse(503))
    const acts = playActs(() => leadView())
    type(field(tab, 'NAME'), 'Мария')
    actButton(tab, 'go-on').click()
    await settled()
    expect(acts).toEqual([])
    expect(tab.querySelector('[data-lacks]')?.textContent).toContain('сохранить ответы')
  })

  it('asks for the result where the step ends with one', async () => {
    const { tab } = await openTab(forward([], { card: cardView({ groups: [] }) }))
    const acts = playActs(() => leadView())
    actButton(tab, 'go-on').click()
    await settled()
    expect(acts).toEqual([])
    expect(document.activeElement?.closest('#card-_result')).not.toBeNull()
  })

  it('refused tells the server’s words', async () => {
    const { tab } = await openTab(forward([], { card: asking('100') }))
    playActs(() => refuse(422, { title: 'Портал не принял переход', detail: 'Заполните поле «Адрес доставки».' }))
    actButton(tab, 'go-on').click()
    await settled()
    expect(tab.querySelector('[data-note=refused]')?.textContent).toContain('Заполните поле «Адрес доставки».')
  })
})

describe('the conversion', () => {
  it('opens over the page, and the lead is looked at again when it closes (S0-27)', async () => {
    const { tab, frame } = await openTab(forward([], { card: asking('100'), conversion: { why: null, status: null } }, true))
    expect(actButton(tab, 'go-on').textContent).toContain('Сконвертировать')
    actButton(tab, 'go-on').click()
    await settled()
    actButton(tab, 'go-on').click()
    await settled()
    expect(frame.openConversion).toHaveBeenCalledTimes(1)
    expect(frame.openConversion.mock.calls[0]?.slice(0, 2)).toEqual([42, false])
    server.use(http.get('*/api/leads/42', () => HttpResponse.json(leadView({ conversion: { why: 'Лид уже сконвертирован.', status: 'done' }, actions: actionsView() }))))
    frame.openConversion.mock.calls[0]?.[2]()
    await settled()
    expect(tab.querySelector('[data-conversion=done]')?.textContent).toContain('Лид сконвертирован.')
    expect(tab.querySelector('[data-act=go-on]')).toBeNull()
    button(tab, 'Открыть конвертацию').click()
    await settled()
    expect(frame.openConversion.mock.calls[1]?.slice(0, 2)).toEqual([42, true])
  })

  it('that may not begin yet says why', async () => {
    const { tab, frame } = await openTab(leadView({ card: asking('100'), actions: actionsView(), conversion: { why: 'Лид конвертируют с шага «Согласие».', status: null } }))
    actButton(tab, 'go-on').click()
    await settled()
    expect(tab.querySelector('[data-lacks]')?.textContent).toContain('Лид конвертируют с шага «Согласие».')
    expect(frame.openConversion).not.toHaveBeenCalled()
  })

  it('may be begun beside an ordinary step forward', async () => {
    const { tab, frame } = await openTab(forward(['отправить письмо'], { conversion: { why: null, status: 'undone' } }))
    expect(tab.querySelector('[data-conversion=undone]')?.textContent).toContain('Конвертация отменена.')
    actButton(tab, 'convert').click()
    await settled()
    expect(frame.openConversion).toHaveBeenCalledTimes(1)
  })

  it('that gave way to another one is not offered again once the lead is closed', async () => {
    const { tab } = await openTab(leadView({ status: 'closed', outcome: 'Лид сконвертирован.', deadline: null, step: null, conversion: { why: 'Лид уже сконвертирован.', status: 'taken-back' }, actions: actionsView() }))
    expect(tab.querySelector('[data-conversion=taken-back]')?.textContent).toContain('Конвертация не состоялась.')
    expect(tab.querySelector('[data-act=go-on]')).toBeNull()
  })

  it.each(['running', 'held', 'done', 'taking-back', 'taken-back', 'undoing', 'undone'] as const)('axe finds no fault while it is %s', async (status) => {
    const { tab } = await openTab(leadView({ conversion: { why: null, status }, actions: actionsView() }))
    expect(tab.querySelector(`[data-conversion=${status}]`)).not.toBeNull()
    expect(await accessFaults(tab)).toEqual([])
  })
})

/** The card on a server that keeps reason and comment. */
const openKept = async (first: CardView) => {
  let card = first
  return openTab(leadView({ card }), (given) => {
    card = { ...card, reason: { ...card.reason, value: given.reason === undefined ? card.reason.value : given.reason }, comment: { ...card.comment, value: given.comment ?? card.comment.value } }
    return leadView({ card })
  })
}

describe('a refusal on a step that ends with no result', () => {
  const reasons = cardView({ closing: false, groups: [], postponedUntil: { title: 'Вернуться', value: null }, reason: { title: 'Причина', value: null, options: [reason('spam', 'Спам'), reason('later', 'Вернёмся позже', { dateAsked: true }), reason('bad', 'Плохая репутация', { commentRequired: true, evidence: 'Ссылка на отзывы' })] } })

  it('is offered even where nothing is asked, and sent when its reason is chosen (S3-27)', async () => {
    const { tab, saves } = await openTab(leadView({ card: reasons }))
    expect(tab.querySelector('#card-_reason')).toBeNull()
    expect(tab.textContent).toContain('На этом шаге вопросов нет.')
    button(tab, 'Отказать').click()
    await settled()
    expect(tab.querySelector('#card-_reason')?.contains(document.activeElement)).toBe(true)
    expect(saves).toEqual([])
    expect(await accessFaults(tab)).toEqual([])
    choice(tab, 'Спам').click()
    await settled()
    expect(saves).toEqual([{ result: 'not-qualified', reason: 'spam' }])
  })

  it('asks for what its reason wants: evidence, or a date to come back', async () => {
    const { tab, saves } = await openKept(reasons)
    button(tab, 'Отказать').click(); await settled()
    choice(tab, 'Плохая репутация').click(); await settled()
    expect(tab.querySelector('[data-refusal]')?.textContent).toContain('подтверждение')
    type(field(tab, '_comment'), 'https://example.com/reviews'); leave(field(tab, '_comment')); await settled()
    expect(saves.at(-1)).toMatchObject({ result: 'not-qualified', comment: 'https://example.com/reviews' })
    const second = await openKept(reasons)
    button(second.tab, 'Отказать').click(); await settled()
    choice(second.tab, 'Вернёмся позже').click(); await settled()
    expect(second.saves.some(save => save.result !== undefined)).toBe(false)
    type(field(second.tab, '_postponedUntil'), '2027-02-01'); leave(field(second.tab, '_postponedUntil')); await settled()
    expect(second.saves.at(-1)).toMatchObject({ result: 'not-qualified', postponedUntil: '2027-02-01' })
  })

  it('is taken back before its reason is chosen, and leaves nothing', async () => {
    const { tab, saves } = await openTab(leadView({ card: reasons }))
    button(tab, 'Отказать').click(); await settled()
    button(tab, 'Не отказывать').click(); await settled()
    expect(tab.querySelector('#card-_reason')).toBeNull()
    expect(saves).toEqual([])
    expect(kept()).toBe('')
    expect(document.activeElement).toBe(button(tab, 'Отказать'))
  })

  it('does not take the reason of an earlier refusal for its own', async () => {
    const { tab, saves } = await openKept({ ...reasons, reason: { ...reasons.reason, value: 'spam' } })
    button(tab, 'Отказать').click(); await settled()
    leave(field(tab, '_reason')); await settled()
    expect(saves).toEqual([{ reason: null }])
    choice(tab, 'Спам').click(); await settled()
    expect(saves.at(-1)).toEqual({ result: 'not-qualified', reason: 'spam' })
  })

  it('goes through its reasons by the arrow keys without choosing each', async () => {
    const { tab, saves } = await openTab(leadView({ card: reasons }))
    button(tab, 'Отказать').click(); await settled()
    const spam = choice(tab, 'Спам')
    spam.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))
    spam.click(); await settled()
    expect(saves).toEqual([])
    spam.dispatchEvent(new FocusEvent('focusout', { bubbles: true, relatedTarget: choice(tab, 'Плохая репутация') })); await settled()
    expect(saves).toEqual([])
    spam.dispatchEvent(new FocusEvent('focusout', { bubbles: true, relatedTarget: button(tab, 'Не отказывать') })); await settled()
    expect(saves).toEqual([{ result: 'not-qualified', reason: 'spam' }])
  })
})

describe('the step forward of a lead that is refused', () => {
  const options = [reason('spam', 'Спам'), reason('hiding', 'Не берёт трубку', { attemptsNeeded: 4 }), reason('other', 'Другое', { commentRequired: true }), reason('bad', 'Репутация', { commentRequired: true, evidence: 'Ссылка на отзывы' }), reason('later', 'Вернёмся позже', { dateAsked: true })]
  const refusing = (value: string | null, over: Partial<CardView> = {}) => cardView({ postponedUntil: { title: 'Вернуться', value: null }, reason: { title: 'Причина', options, value }, result: { title: 'Результат', options: ['qualified', 'not-qualified'], value: 'not-qualified' }, attemptsMade: 1, ...over })
  const lacks = (tab: Element) => [...tab.querySelectorAll('[data-lacks] li')].map(each => each.textContent)

  it.each([
    [null, 'Причина', '_reason'],
    ['hiding', 'Для причины «Не берёт трубку» нужно 4 попытки дозвониться, сделано 1. Отметьте попытки или выберите другую причину.', '_reason'],
    ['other', 'Комментарий: для этой причины он обязателен', '_comment'],
    ['bad', 'Комментарий: подтверждение «Ссылка на отзывы», ссылка или не меньше 10 знаков', '_comment'],
    ['later', 'Вернуться', '_postponedUntil'],
  ] as const)('closes it, and says what the reason %s still wants with the way there (S3-27)', async (chosen, lack, key) => {
    const { tab } = await openTab(forward(['Бюджет'], { card: refusing(chosen) }))
    const acts = playActs(() => leadView())
    expect(tab.querySelector('[data-act=go-on]')).toBeNull()
    expect(actButton(tab, 'refuse').textContent).toContain('Закрыть лид как некачественный')
    actButton(tab, 'refuse').click(); await settled()
    expect(tab.querySelector('[data-lacks]')?.textContent).toContain('Закрыть лид пока нельзя. Не хватает:')
    expect(lacks(tab)).toEqual([lack])
    expect(document.activeElement?.closest(`#card-${key}`)).not.toBeNull()
    expect(acts).toEqual([])
    expect(await accessFaults(tab)).toEqual([])
  })

  it('says how many attempts are missing as soon as the reason is chosen, and saves the result not before (S3-27)', async () => {
    const { tab, saves } = await openKept(refusing(null, { result: { title: 'Результат', options: ['qualified', 'not-qualified'], value: null } }))
    choice(tab, 'Некачественный, работать дальше нецелесообразно').click(); await settled()
    choice(tab, 'Не берёт трубку').click(); await settled()
    expect(tab.querySelector('#card-_reason [data-attempts-lack]')?.textContent).toContain('нужно 4 попытки дозвониться, сделано 1')
    expect(tab.querySelector('#card-_result')?.textContent).toContain('Сохранится, когда попыток дозвониться будет достаточно.')
    expect(saves).toEqual([{ reason: 'hiding' }])
    choice(tab, 'Спам').click(); await settled()
    expect(saves.at(-1)).toMatchObject({ result: 'not-qualified', reason: 'spam' })
    expect(tab.querySelector('[data-attempts-lack]')).toBeNull()
  })

  it('says what a held result waits for when it is to be saved, and that it may be saved once there are attempts enough (S3-27)', async () => {
    const held = { result: { title: 'Результат', options: ['qualified' as const, 'not-qualified' as const], value: null } }
    const made = (count: number) => leadView({ actions: actionsView({ notReached: { count, limit: 4, nextAt: null } }), card: refusing('hiding', { attemptsMade: count, ...held }) })
    const { tab, saves } = await openTab(made(3), () => leadView({ card: refusing('hiding', { attemptsMade: 4 }) }))
    playActs(() => made(4))
    choice(tab, 'Некачественный, работать дальше нецелесообразно').click(); await settled()
    const bar = () => tab.querySelector('[data-save]')?.textContent ?? ''
    const ofResult = () => tab.querySelector('#card-_result')?.textContent ?? ''
    expect(bar()).not.toContain('Сохранится')
    button(tab, 'Сохранить').click(); await settled()
    expect(bar()).toContain('Сохранится, когда попыток дозвониться будет достаточно.')
    expect([announced(tab), saves]).toEqual(['Сохранится, когда попыток дозвониться будет достаточно.', []])
    actButton(tab, 'not-reached').click(); await settled()
    expect(ofResult()).toContain('Попыток теперь достаточно: результат можно сохранить.')
    expect(bar()).not.toContain('Сохранится')
    button(tab, 'Сохранить').click(); await settled()
    expect(saves).toMatchObject([{ result: 'not-qualified' }])
    expect(ofResult()).not.toContain('Попыток теперь достаточно')
  })

  it('closes it by an act when the card alone does not, and tells what became of it', async () => {
    const { tab } = await openTab(forward(['Бюджет'], { card: refusing('hiding', { attemptsMade: 4 }), refusal: { needs: [], isOld: false } }))
    const acts = playActs(() => leadView({ status: 'closed', outcome: 'Не квалифицирован', deadline: null, card: refusing('hiding', { editable: false }), actions: actionsView() }))
    actButton(tab, 'refuse').click(); await settled()
    expect(acts).toEqual([{ kind: 'refuse' }])
    expect(tab.querySelector('[data-forward] [data-note=done]')?.textContent).toContain('Лид закрыт как некачественный.')
  })

  it('is closed after the act that was pressed before, which is not forgotten meanwhile', async () => {
    const { tab } = await openTab(leadView({ card: refusing('hiding', { attemptsMade: 4 }), refusal: { needs: [], isOld: false }, actions: actionsView({ notReached: { count: 3, limit: 4, nextAt: null } }) }))
    const slow = Promise.withResolvers<LeadView>()
    const acts = playActs(act => (act.kind === 'not-reached' ? slow.promise : leadView({ status: 'closed', outcome: 'Не квалифицирован', deadline: null, actions: actionsView() })))
    actButton(tab, 'not-reached').click(); await settled()
    actButton(tab, 'refuse').click(); await settled()
    expect(acts).toEqual([{ kind: 'not-reached' }])
    slow.resolve(leadView({ card: refusing('hiding', { attemptsMade: 4 }), refusal: { needs: [], isOld: false }, actions: actionsView() })); await settled(8)
    expect(acts).toEqual([{ kind: 'not-reached' }, { kind: 'refuse' }])
  })

  it('tells what only the server knows to be missing', async () => {
    const { tab } = await openTab(forward([], { card: refusing('spam'), refusal: { needs: ['Комментарий к причине «Спам»'], isOld: false } }))
    const acts = playActs(() => leadView())
    actButton(tab, 'refuse').click(); await settled()
    expect([lacks(tab), acts]).toEqual([['Комментарий к причине «Спам»'], []])
  })

  it('takes a refusal from before the lead came back for none, unless the person means it again (S3-28)', async () => {
    const { tab } = await openTab(forward([], { card: refusing('spam'), refusal: { needs: [], isOld: true } }))
    const acts = playActs(() => leadView())
    expect(actButton(tab, 'go-on').textContent).toContain('Перевести дальше')
    actButton(tab, 'refuse-again').click(); await settled()
    expect(acts).toEqual([{ kind: 'refuse' }])
  })
})

describe('an answer that means a refusal', () => {
  const street = (over = {}) => cardView({
    groups: [{ id: 'g', title: 'Продукт', questions: [question('PLACE', 'Место', { kind: 'list', options: [{ code: 'kitchen', title: 'Кухня' }, { code: 'street', title: 'Улица' }], disqualifies: { when: { is: 'one-of', values: ['street'] }, reason: 'Не наш профиль' } })] }],
    reason: { title: 'Причина', value: null, options: [reason('spam', 'Спам'), reason('profile', 'Не наш профиль', over)] },
  })
  const withPlace = (card: ReturnType<typeof street>) => ({ ...card, groups: card.groups.map(group => ({ ...group, questions: group.questions.map(each => ({ ...each, value: 'street' })) })) })

  it('proposes its reason, and one click takes it over', async () => {
    const { tab, saves } = await openTab(leadView({ card: street() }), () => leadView({ card: withPlace(street()) }))
    choice(tab, 'Улица').click(); await settled()
    tab.querySelector<HTMLButtonElement>('[data-disqualifies] button')?.click()
    await settled()
    expect(saves).toEqual([{ answers: { PLACE: 'street' } }, { result: 'not-qualified', reason: 'profile' }])
  })

  it('leaves to be said what its reason still wants', async () => {
    const { tab, saves } = await openKept(withPlace(street({ commentRequired: true })))
    tab.querySelector<HTMLButtonElement>('[data-disqualifies] button')?.click()
    await settled()
    expect(saves.some(save => save.result !== undefined)).toBe(false)
    expect(tab.querySelector('#card-_result')?.textContent).toContain('вместе с комментарием')
    expect(await accessFaults(tab)).toEqual([])
  })
})

describe('how far the talk has come', () => {
  it('is counted by its obligatory questions, what is typed included', async () => {
    const { tab } = await openTab(leadView())
    const progress = () => tab.querySelector('[data-progress]')
    expect(progress()?.textContent).toContain('отвечено 0 из 6')
    type(field(tab, 'BUDGET'), '5')
    await settled(1)
    expect(progress()?.textContent).toContain('отвечено 1 из 6')
    expect(progress()?.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('1')
  })
})
