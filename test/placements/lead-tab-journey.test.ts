import { describe, expect, it } from 'vitest'
import { cardView, leadView, question, reason } from '../client/lead-views.ts'
import { accessFaults, settled } from '../client/mount-page.ts'
import type { CardAnswersInput } from '../../server/contract/card.ts'
import type { CardView } from '../../server/contract/lead-view.ts'
import { choice, field, leave, openTab, type } from './open-tab.ts'

/** The tab on a server that remembers what it is sent. */
const openKeeping = (first: CardView) => {
  let card = first
  return openTab(leadView({ card }), (given: CardAnswersInput) => {
    card = {
      ...card,
      groups: card.groups.map(group => ({ ...group, questions: group.questions.map(each => ({ ...each, value: given.answers?.[each.code] ?? each.value })) })),
      comment: { ...card.comment, value: given.comment ?? card.comment.value },
      reason: { ...card.reason, value: given.reason ?? card.reason.value },
      postponedUntil: card.postponedUntil === null ? null : { ...card.postponedUntil, value: given.postponedUntil ?? card.postponedUntil.value },
    }
    return leadView({ card })
  })
}

const option = (code: string, title: string) => ({ code, title })
const place = question('PLACE', 'Место применения', { kind: 'list', options: [option('kitchen', 'Кухня'), option('street', 'Улица')], disqualifies: { when: { is: 'one-of', values: ['street'] }, reason: 'Не наш профиль' } })
const edge = question('EDGE', 'Кромка', { onlyIf: { question: 'PLACE', answer: { is: 'one-of', values: ['kitchen'] } } })
const conditional = () => cardView({ groups: [{ id: 'g', title: 'Продукт', questions: [place] }, { id: 'more', title: 'Кромка и вырезы', questions: [edge] }], postponedUntil: { title: 'Отложен до', value: null }, result: { ...cardView().result, options: ['qualified', 'not-qualified', 'postponed'] } })

describe('a question with a condition (S0-13)', () => {
  it('appears and is missed as soon as its condition holds with what is typed', async () => {
    const { tab } = await openKeeping(conditional())
    expect(tab.querySelector('#card-EDGE')).toBeNull()
    expect(tab.textContent).not.toContain('Кромка и вырезы')
    expect(tab.textContent).toContain('Осталось 2 обязательных вопроса')
    choice(tab, 'Кухня').click(); await settled()
    expect(tab.querySelector('#card-EDGE')).not.toBeNull()
    choice(tab, 'Улица').click(); await settled()
    expect(tab.querySelector('#card-EDGE')).toBeNull()
  })

  it('an answer that means a refusal is marked, with the reason', async () => {
    const { tab } = await openKeeping(conditional())
    expect(tab.querySelector('[data-disqualifies]')).toBeNull()
    choice(tab, 'Улица').click(); await settled()
    expect(tab.querySelector('#card-PLACE [data-disqualifies]')?.textContent).toContain('Причина: «Не наш профиль»')
    expect(await accessFaults(tab)).toEqual([])
  })
})

describe('the result', () => {
  it('«отложен до» goes with its date (S3-24)', async () => {
    const { tab, saves } = await openKeeping(conditional())
    choice(tab, 'Отложен до даты').click(); await settled()
    expect(saves).toEqual([])
    expect(tab.querySelector('#card-_result')?.textContent).toContain('Сохранится вместе с датой.')
    type(field(tab, '_postponedUntil'), '2026-12-20'); leave(field(tab, '_postponedUntil')); await settled()
    expect(saves).toEqual([{ result: 'postponed', postponedUntil: '2026-12-20' }])
    expect(await accessFaults(tab)).toEqual([])
  })

  it('is not offered as postponed where the regulation has no such result', async () => {
    const { tab } = await openTab(leadView())
    expect(tab.textContent).not.toContain('Отложен до даты')
  })

  it('of a refusal asks for what its reason wants, and shows what to do first (S3-27)', async () => {
    const card = conditional()
    const { tab, saves } = await openKeeping({ ...card, reason: { ...card.reason, options: [reason('bad', 'Плохая репутация', { guidance: 'Посмотрите отзывы.', evidence: 'Ссылка на отзывы', commentRequired: true, dateAsked: true })] } })
    choice(tab, 'Некачественный, работать дальше нецелесообразно').click(); await settled()
    choice(tab, 'Плохая репутация').click(); await settled()
    expect(tab.querySelector('[data-guidance]')?.textContent).toMatch(/Посмотрите отзывы\..*Ссылка на отзывы/s)
    type(field(tab, '_comment'), 'да'); leave(field(tab, '_comment')); await settled()
    expect(tab.querySelector('#card-_result')?.textContent).toContain('подтверждение')
    type(field(tab, '_comment'), 'https://example.com/reviews'); leave(field(tab, '_comment')); await settled()
    expect(tab.querySelector('#card-_result')?.textContent).toContain('вместе с датой')
    expect(saves.some(save => save.result !== undefined)).toBe(false)
    type(field(tab, '_postponedUntil'), '2027-02-01'); leave(field(tab, '_postponedUntil')); await settled()
    expect(saves.at(-1)).toMatchObject({ result: 'not-qualified', postponedUntil: '2027-02-01' })
    expect(await accessFaults(tab)).toEqual([])
  })

  it('is not asked for on a step that asks questions only (S4-8)', async () => {
    const { tab } = await openTab(leadView({ card: { ...conditional(), closing: false } }))
    expect(tab.querySelector('#card-_result')).toBeNull()
    expect(tab.textContent).toContain('Остался 1 обязательный вопрос')
  })
})

describe('what holds the lead on its step', () => {
  it('is said: the wait, the gate, the attempts, the move and who is told next', async () => {
    const { tab } = await openTab(leadView({
      deadline: null, waiting: { since: '2026-11-23T06:00:00Z', until: '2026-12-01T06:00:00Z' }, gateNeeds: ['связаться с клиентом', 'отправить письмо'], onward: 'Согласие',
      attempts: { count: 2, limit: 3 }, nextTold: { name: 'Глеб Орлов', at: '2026-11-23T09:00:00Z' },
    }))
    expect(tab.querySelector('[data-waiting]')?.textContent).toMatch(/Ждём до вт 1 декабря/)
    expect([...tab.querySelectorAll('[data-gate] li')].map(each => each.textContent)).toEqual(['связаться с клиентом', 'отправить письмо'])
    expect(tab.querySelector('[data-onward]')?.textContent).toContain('«Согласие»')
    expect(tab.querySelector('[data-attempts]')?.textContent).toContain('попытка 2 из 4')
    expect(tab.querySelector('[data-next-told]')?.textContent).toContain('Глеб Орлов')
    expect(await accessFaults(tab)).toEqual([])
  })

  it('is not spoken of where nothing does', async () => {
    const { tab } = await openTab(leadView())
    expect(tab.querySelectorAll('[data-waiting], [data-gate], [data-onward], [data-attempts], [data-next-told]')).toHaveLength(0)
  })
})
