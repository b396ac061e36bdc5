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

  it('names the closing fields and only the marks «не знает» that were changed', () => {
    const { card, saves } = openCard()
    card.edit('NAME', { value: null, unknown: true })
    card.edit('@comment', { value: 'Ждёт образцы.' })
    card.edit('@result', { value: 'not-qualified' })
    card.edit('@reason', { value: 'spam' })
    void card.commit()
    expect(saves[0]?.answers).toEqual({ answers: { NAME: null }, unknownAdd: ['NAME'], comment: 'Ждёт образцы.', result: 'not-qualified', reason: 'spam' })
  })
})

describe('a mark «не знает»', () => {
  it('that is taken back goes as a change of that mark alone', () => {
    const first = leadView({ card: cardView({ groups: [{ id: 'g', title: 'Клиент', questions: [question('NAME', 'Имя', { unknown: true }), question('MAIL', 'Почта', { unknown: true })] }] }) })
    const { card, saves } = openCard(first)
    card.edit('NAME', { unknown: false })
    void card.commit()
    expect(saves[0]?.answers).toEqual({ answers: { NAME: null }, unknownRemove: ['NAME'] })
  })
})

describe('a newer answer of the server', () => {
  it('is shown where nothing is unsaved', async () => {
    const { card, view } = openCard(lead('Мария'))
    card.edit('MAIL', { value: 'm@example.com' })
    view.value = lead('Маргарита')
    await turn()
    expect(card.heldOf('NAME').value).toBe('Маргарита')
  })

  it('does not take the place of a draft: both stand side by side until the person chooses', async () => {
    const { card, view, saves } = openCard(lead('Мария'))
    card.edit('NAME', { value: 'Марина' })
    view.value = lead('Маргарита')
    await turn()
    await card.commit()
    expect(card.heldOf('NAME').value).toBe('Марина')
    expect(card.stateOf('NAME')).toMatchObject({ status: 'conflict', theirs: { value: 'Маргарита', unknown: false } })
    expect(card.summary.value).toMatchObject({ status: 'failed', unsaved: 1, conflicts: 1 })
    expect(saves).toEqual([])
  })

  it('stays when the person takes it', async () => {
    const { card, view, saves } = openCard(lead('Мария'))
    card.edit('NAME', { value: 'Марина' })
    view.value = lead('Маргарита')
    await turn()
    await card.settle('NAME', 'theirs')
    expect(card.heldOf('NAME').value).toBe('Маргарита')
    expect(card.summary.value.unsaved).toBe(0)
    expect(saves).toEqual([])
  })

  it('is written over when the person keeps his own', async () => {
    const { card, view, saves } = openCard(lead('Мария'))
    card.edit('NAME', { value: 'Марина' })
    view.value = lead('Маргарита')
    await turn()
    void card.settle('NAME', 'mine')
    expect(saves.map(save => save.answers)).toEqual([{ answers: { NAME: 'Марина' } }])
    await saves[0]?.answer(lead('Марина'))
    expect(card.stateOf('NAME')).toMatchObject({ status: 'saved', theirs: null })
  })

  it('leaves a draft kept from before a reload to the same choice, and a second reload too', async () => {
    openCard(lead('Мария')).card.edit('NAME', { value: 'Марина' })
    for (const times of [1, 2]) {
      const { card, saves } = openCard(lead('Маргарита'))
      await turn()
      expect(card.stateOf('NAME').status, String(times)).toBe('conflict')
      expect(card.heldOf('NAME').value).toBe('Марина')
      expect(saves).toEqual([])
    }
  })

  it('after a save that failed leaves no failure without an answer that failed', async () => {
    const { card, view, saves } = openCard(lead('Мария'))
    card.edit('NAME', { value: 'Марина' })
    void card.commit()
    await saves[0]?.refuse(new ApiError('offline'))
    view.value = lead('Маргарита')
    await turn()
    expect(card.stateOf('NAME').status).toBe('conflict')
    await card.settle('NAME', 'theirs')
    expect(card.summary.value).toMatchObject({ unsaved: 0, error: null })
    expect(card.summary.value.status).not.toBe('failed')
  })

  it('that is the draft itself, written by a save whose answer was lost, is the end of it', async () => {
    const { card, view, saves } = openCard()
    card.edit('SIZE', { value: '3,20' })
    void card.commit()
    await saves[0]?.refuse(new ApiError('timeout'))
    const written = lead(null)
    view.value = { ...written, card: { ...written.card!, groups: written.card!.groups.map(group => ({ ...group, questions: group.questions.map(each => (each.code === 'SIZE' ? { ...each, value: 3.2 } : each)) })) } }
    await turn()
    expect(card.heldOf('SIZE').value).toBe(3.2)
    expect(card.stateOf('SIZE').status).toBe('saved')
    expect(card.summary.value).toMatchObject({ status: 'saved', unsaved: 0, error: null })
  })

  it('that a save without an answer has written does not take away what was typed on', async () => {
    const { card, view, saves } = openCard(lead('A'))
    card.edit('NAME', { value: 'A2' })
    void card.commit()
    card.edit('NAME', { value: 'A2, and 600 deep' })
    await saves[0]?.refuse(new ApiError('timeout'))
    view.value = lead('A2')
    await turn()
    expect(card.heldOf('NAME').value).toBe('A2, and 600 deep')
    expect(card.stateOf('NAME').theirs).toBeNull()
    void card.commit()
    expect(saves[1]?.answers).toEqual({ answers: { NAME: 'A2, and 600 deep' } })
    await saves[1]?.answer(lead('A2, and 600 deep'))
    expect(card.summary.value).toMatchObject({ status: 'saved', unsaved: 0, error: null })
  })
})

describe('a result', () => {
  const closing = (card: ReturnType<typeof openCard>['card']) => {
    card.edit('@result', { value: 'qualified' })
    card.edit('@nextStep', { value: 'measure' })
  }

  it('goes together with its next step', async () => {
    const { card, saves } = openCard()
    card.edit('@result', { value: 'qualified' })
    await card.commit()
    expect(saves).toEqual([])
    expect(card.resultWaits.value).toBe('follow')
    card.edit('@nextStep', { value: 'measure' })
    void card.commit()
    expect(saves.map(save => save.answers)).toEqual([{ result: 'qualified', nextStep: 'measure' }])
  })

  it('waits for an answer that is no number', () => {
    const { card, saves } = openCard()
    card.edit('SIZE', { value: 'метра три' })
    closing(card)
    void card.commit()
    expect(saves.every(save => save.answers.result === undefined)).toBe(true)
    expect(card.resultWaits.value).toBe('faults')
  })

  it('waits for an answer that was refused with it, and goes when that is mended', async () => {
    const { card, saves } = openCard()
    card.edit('MAIL', { value: 'm' })
    closing(card)
    void card.commit()
    await saves[0]?.refuse(new ApiError('refused', { type: '/problems/card-invalid', title: 'Нет', status: 422, detail: 'Нет', fields: [{ field: 'MAIL', message: 'Нет адреса.' }] }))
    expect(saves[1]?.answers).toEqual({ nextStep: 'measure' })
    await saves[1]?.answer(leadView({ card: cardView({ groups: lead(null).card!.groups, nextStep: { ...cardView().nextStep, value: 'measure' } }) }))
    expect(saves.length).toBe(2)
    card.edit('MAIL', { value: 'm@example.com' })
    void card.commit()
    expect(saves[2]?.answers).toEqual({ answers: { MAIL: 'm@example.com' }, result: 'qualified' })
  })
})

describe('a card that is closed while somebody types', () => {
  it('keeps what was typed, sends nothing, and forgets it on demand', async () => {
    const { card, view, saves } = openCard(lead('Мария'))
    card.edit('NAME', { value: 'Марина' })
    const before = lead('Мария')
    view.value = { ...before, status: 'closed', card: { ...before.card!, editable: false } }
    await turn()
    await card.commit()
    expect(saves).toEqual([])
    expect(card.heldOf('NAME').value).toBe('Марина')
    expect(card.summary.value).toMatchObject({ unsaved: 1, closed: true })
    card.discard()
    expect(card.heldOf('NAME').value).toBe('Мария')
    expect(card.summary.value.unsaved).toBe(0)
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
    ['12.500', 'ru', null], ['1.250.000', 'ru', null], ['0.125', 'ru', 0.125], ['12.5', 'ru', 12.5], ['12.500', 'en', 12.5],
  ])('%j in %s is %j', (typed, language, number) => {
    expect(readNumber(typed, language)).toBe(number)
  })
})
