import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { LeadView } from '../../server/contract/lead-view.ts'
import { actionsView, cardView, leadView, question } from '../client/lead-views.ts'
import { settled } from '../client/mount-page.ts'
import { refuse } from '../client/server-double.ts'
import { actButton, announced, button, field, leave, openTab, playActs, server, type } from './open-tab.ts'

/** As in a browser: a button that becomes disabled loses the focus. */
const blurDisabled = () => {
  const of = Object.getOwnPropertyDescriptor(HTMLButtonElement.prototype, 'disabled')
  if (of === undefined) throw new Error('a button cannot be disabled')
  vi.spyOn(HTMLButtonElement.prototype, 'disabled', 'set').mockImplementation(function (this: HTMLButtonElement, isDisabled: boolean) {
    if (isDisabled && document.activeElement === this) { this.blur(); lost += 1 }
    of.set?.call(this, isDisabled)
  })
}
let lost = 0
beforeEach(() => { lost = 0; blurDisabled() })
const press = async (pressed: HTMLElement) => { pressed.focus(); pressed.click(); await settled() }
const duplicate = { kind: 'contact' as const, id: 3, title: 'Мария', because: 'Тот же телефон.', responsible: null, open: false, isHint: false, attachable: true, url: '/crm/contact/details/3/' }
const miss = (acknowledgedAt: string | null): LeadView['incidents'][number] => ({ id: 'i1', about: 'no-first-contact', dueAt: '2026-11-23T06:00:00Z', noticedAt: '2026-11-23T06:00:02Z', deliveredAt: null, resolvedAt: null, acknowledgedAt, systemDelay: false })

describe('the focus of a keyboard', () => {
  it('is back at a button that was busy, when it was refused', async () => {
    const { tab } = await openTab(leadView({ actions: actionsView(), duplicates: [duplicate] }))
    playActs(() => refuse(409, { title: 'Нельзя', detail: '' }))
    await press(button(tab, 'Это другой клиент'))
    expect([lost, document.activeElement]).toEqual([1, button(tab, 'Это другой клиент')])
  })

  it('is at what came of it when the button is gone: of a duplicate, of a miss, of a number', async () => {
    const { tab } = await openTab(leadView({ actions: actionsView({ acknowledge: ['i1'], rightNumber: { phones: ['+7 900 000-00-01'] } }), duplicates: [duplicate], incidents: [miss(null)], contact: { phones: [{ value: '+7 900 000-00-01', e164: '+79000000001', extension: null, verdict: 'ok', problem: null, isWrong: true }], emails: [] } }))
    const after = leadView({ actions: actionsView({ acknowledge: [] }), duplicates: [], incidents: [miss('2026-11-23T07:00:00Z')], contact: { phones: [], emails: [] } })
    const first = { ...after, actions: actionsView({ acknowledge: ['i1'], rightNumber: { phones: ['+7 900 000-00-01'] } }), incidents: [miss(null)], contact: { phones: [{ value: '+7 900 000-00-01', e164: '+79000000001', extension: null, verdict: 'ok' as const, problem: null, isWrong: true }], emails: [] } }
    playActs(act => (act.kind === 'not-duplicate' ? first : act.kind === 'right-number' ? { ...first, contact: { phones: [], emails: [] } } : after))
    const place = () => document.activeElement?.getAttribute('data-note-of')
    await press(button(tab, 'Это другой клиент'))
    expect(place()).toBe('duplicates')
    await press(button(tab, 'Номер верный'))
    expect(place()).toBe('contact')
    await press(button(tab, 'Принять к сведению'))
    expect(place()).toBe('incidents')
  })

  it('stays with the step forward', async () => {
    const card = cardView({ closing: false, groups: [{ id: 'g', title: 'Клиент', questions: [question('NAME', 'Имя', { required: false })] }] })
    const { tab } = await openTab(leadView({ card, actions: actionsView({ goOn: { stage: 'Согласие', missing: [], isConversion: false } }) }))
    playActs(() => refuse(422, { title: 'Портал не принял переход', detail: '' }))
    await press(actButton(tab, 'go-on'))
    expect([lost > 0, document.activeElement]).toEqual([true, actButton(tab, 'go-on')])
    playActs(() => leadView({ card, actions: actionsView() }))
    await press(actButton(tab, 'go-on'))
    expect(document.activeElement?.getAttribute('data-note-of')).toBe('forward')
  })

  it('stays at «Сохранить» while it saves, and when it is to be tried again', async () => {
    let broken = true
    const { tab } = await openTab(leadView(), () => (broken ? refuse(503) : leadView()))
    type(field(tab, 'NAME'), 'Мария'); leave(field(tab, 'NAME'))
    await press(button(tab, 'Сохранить'))
    expect([lost, document.activeElement]).toEqual([0, button(tab, 'Повторить')])
    broken = false
    await press(button(tab, 'Повторить'))
    expect([lost, document.activeElement]).toEqual([0, button(tab, 'Сохранить')])
  })

  it('is in its panel after a gap was mended, which is said', async () => {
    const gap = (id: number) => ({ text: `Телефон записан дважды: ${id}.`, repair: { kind: 'remove-phone', from: 'company', id, phone: '+7 900 000-00-01', title: `ООО «${id}»` }, otherwise: [] })
    server.use(
      http.get('*/api/leads/42/conversion/gaps', () => HttpResponse.json({ hasDeal: true, links: [], gaps: [gap(4), gap(5)] })),
      http.post('*/api/leads/42/conversion/gaps/repair', () => HttpResponse.json({ hasDeal: true, links: [], gaps: [gap(5)] })),
    )
    const { tab } = await openTab(leadView({ status: 'closed', deadline: null, step: null, stage: { id: 'CONVERTED', name: 'Качественный лид', semantic: 'success' }, incidents: [{ ...miss(null), about: 'converted-past' }] }))
    await press(button(tab, 'Убрать +7 900 000-00-01 (ООО «4»)'))
    expect(document.activeElement).toBe(tab.querySelector('[data-gaps]'))
    expect(announced(tab)).toBe('Исправлено. Остался 1 пункт.')
  })
})
