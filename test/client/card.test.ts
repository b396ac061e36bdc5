import { effectScope, nextTick, shallowRef } from 'vue'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ApiError } from '../../client/api/api-error.ts'
import { readNumber } from '../../client/composables/card-keys.ts'
import { openDraftStore, type DraftStore } from '../../client/composables/draft-store.ts'
import { useCard } from '../../client/composables/useCard.ts'
import type { CardAnswersInput } from '../../server/contract/card.ts'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { cardView, leadView, question } from './lead-views.ts'

/** The lead with these values in its two questions. */
const lead = (name: string | null, mail: string | null = null): LeadView =>
  leadView({ card: cardView({ groups: [{ id: 'g', title: 'Клиент', questions: [question('NAME', 'Имя', { value: name }), question('MAIL', 'Почта', { value: mail }), question('SIZE', 'Размер', { kind: 'number' })] }] }) })

const place = { memberId: 'member', userId: 7, leadId: 42 }

/** A card on a server whose answers the test gives by hand. */
const openCard = (first: LeadView | null = lead(null), store: DraftStore = openDraftStore(place)) => {
  const view = shallowRef<LeadView | null>(first)
  const saves: { readonly answers: CardAnswersInput; readonly answer: (view: LeadView) => Promise<void>; readonly refuse: (error: ApiError) => Promise<void> }[] = []
  const scope = effectScope()
  onTestFinished(() => scope.stop())
  const card = scope.run(() => useCard({
    view: () => view.value,
    save: answers => new Promise((resolve, reject) => {
      saves.push({
        answers,
        answer: async (next) => { resolve(next); await vi.waitFor(() => expect(card?.summary.value.status).not.toBe('nobody')); await turn() },
        refuse: async (error) => { reject(error); await turn() },
      })
    }),
    saved: (next) => { view.value = next },
    store,
    language: 'ru',
  }))
  if (card === undefined) throw new Error('the scope is closed')
  return { card, view, saves }
}
const turn = async () => { for (let times = 0; times < 5; times++) await nextTick() }

describe('an answer that is being typed', () => {
  it('is sent only when it is complete', async () => {
    const { card, saves } = openCard()
    card.edit('NAME', { value: 'Ма' })
    card.edit('NAME', { value: 'Мария' })
    await turn()
    expect(saves).toEqual([])
    expect(card.summary.value).toMatchObject({ status: 'unsaved', unsaved: 1 })
    void card.commit()
    expect(saves.map(save => save.answers)).toEqual([{ answers: { NAME: 'Мария' } }])
  })

  it('is nothing to send when it is again what the server has', async () => {
    const { card, saves } = openCard(lead('Мария'))
    card.edit('NAME', { value: 'Марина' })
    card.edit('NAME', { value: 'Мария' })
    await card.commit()
    expect(saves).toEqual([])
    expect(card.summary.value.status).toBe('idle')
  })

  it('is kept through a reload, for the same lead and the same user only', () => {
    openCard().card.edit('NAME', { value: 'Мария' })
    expect(openCard(null).card.heldOf('NAME').value).toBe('Мария')
    expect(openCard(null, openDraftStore({ ...place, leadId: 43 })).card.heldOf('NAME').value).toBeNull()
    expect(openCard(null, openDraftStore({ ...place, userId: 8 })).card.heldOf('NAME').value).toBeNull()
  })

  it('survives a spoilt storage', () => {
    window.sessionStorage.setItem('leadrail:draft:member:7:42', '{"NAME":')
    expect(openCard().card.heldOf('NAME').value).toBeNull()
  })

  it('is kept in memory where the browser forbids storage', () => {
    vi.spyOn(window, 'sessionStorage', 'get').mockImplementation(() => { throw new DOMException('blocked', 'SecurityError') })
    const { card } = openCard()
    card.edit('NAME', { value: 'Мария' })
    expect(card.heldOf('NAME').value).toBe('Мария')
  })
})

describe('a save', () => {
  it('goes one at a time, and what was typed meanwhile follows', async () => {
    const { card, saves } = openCard()
    card.edit('NAME', { value: 'Мария' })
    void card.commit()
    card.edit('NAME', { value: 'Марина' })
    card.edit('MAIL', { value: 'm@example.com' })
    void card.commit()
    expect(saves.length).toBe(1)
    await saves[0]?.answer(lead('Мария'))
    expect(saves[1]?.answers).toEqual({ answers: { NAME: 'Марина', MAIL: 'm@example.com' } })
    await saves[1]?.answer(lead('Марина', 'm@example.com'))
    expect(card.stateOf('NAME').status).toBe('saved')
    expect(card.summary.value.status).toBe('saved')
  })

  it('of a change that was taken back while it was under way is taken back too', async () => {
    const { card, saves } = openCard(lead('Мария'))
    card.edit('NAME', { value: 'Марина' })
    void card.commit()
    card.edit('NAME', { value: 'Мария' })
    await saves[0]?.answer(lead('Марина'))
    expect(saves[1]?.answers).toEqual({ answers: { NAME: 'Мария' } })
  })

  it('that failed is told once, kept, and sent again on demand', async () => {
    const { card, saves } = openCard()
    card.edit('NAME', { value: 'Мария' })
    void card.commit()
    await saves[0]?.refuse(new ApiError('offline'))
    expect(card.stateOf('NAME').status).toBe('failed')
    expect(card.summary.value).toMatchObject({ status: 'failed', unsaved: 1, error: { kind: 'offline' } })
    expect(saves.length).toBe(1)
    void card.commit()
    expect(saves.length).toBe(2)
  })

  it('that failed for want of a connection is sent again when the connection is back', async () => {
    const { card, saves } = openCard()
    card.edit('NAME', { value: 'Мария' })
    void card.commit()
    await saves[0]?.refuse(new ApiError('offline'))
    window.dispatchEvent(new Event('online'))
    expect(saves.length).toBe(2)
  })

  it('sends all that is unsaved when the page is hidden', () => {
    const { card, saves } = openCard()
    card.edit('NAME', { value: 'Мария' })
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(saves.map(save => save.answers)).toEqual([{ answers: { NAME: 'Мария' } }])
  })

  it('names the closing fields and the whole list of unknown answers', () => {
    const { card, saves } = openCard()
    card.edit('NAME', { value: null, unknown: true })
    card.edit('@comment', { value: 'Ждёт образцы.' })
    card.edit('@result', { value: 'not-qualified' })
    card.edit('@reason', { value: 'spam' })
    void card.commit()
    expect(saves[0]?.answers).toEqual({ answers: { NAME: null }, unknown: ['NAME'], comment: 'Ждёт образцы.', result: 'not-qualified', reason: 'spam' })
  })
})

describe('a newer answer of the server', () => {
  it('takes the place of a draft that nobody is typing', async () => {
    const { card, view } = openCard(lead('Мария'))
    card.edit('NAME', { value: 'Марина' })
    view.value = lead('Маргарита')
    await turn()
    expect(card.heldOf('NAME').value).toBe('Маргарита')
  })

  it('leaves alone what is being typed', async () => {
    const { card, view } = openCard(lead('Мария'))
    card.focus('NAME')
    card.edit('NAME', { value: 'Марина' })
    view.value = lead('Маргарита')
    await turn()
    expect(card.heldOf('NAME').value).toBe('Марина')
  })

  it('takes the place of a draft kept from before a reload', async () => {
    openCard(lead('Мария')).card.edit('NAME', { value: 'Марина' })
    const { card, saves } = openCard(lead('Маргарита'))
    await turn()
    expect(card.heldOf('NAME').value).toBe('Маргарита')
    expect(saves).toEqual([])
  })
})

describe('the missing answers', () => {
  it('are the obligatory ones without an answer, with what is typed counted', () => {
    const { card } = openCard(lead('Мария'))
    expect(card.missing.value).toEqual(['MAIL', 'SIZE', '@comment'])
    card.edit('MAIL', { value: '   ' })
    card.edit('SIZE', { unknown: true })
    card.edit('@comment', { value: 'Есть.' })
    expect(card.missing.value).toEqual(['MAIL'])
  })
})

describe('a typed number', () => {
  it.each([
    ['12 500', 'ru', 12500], ['12\u00a0500,50', 'ru', 12500.5], ['2,4', 'ru', 2.4], ['2.4', 'ru', 2.4], ['-3', 'ru', -3],
    ['12,500', 'en', 12500], ['1,250,000.75', 'en', 1250000.75], ['2.4', 'en', 2.4],
    ['', 'ru', null], ['около 3', 'ru', null], ['1,2,3', 'ru', null], ['1e5', 'ru', null], ['.5', 'ru', null],
  ])('%j in %s is %j', (typed, language, number) => {
    expect(readNumber(typed, language)).toBe(number)
  })
})
