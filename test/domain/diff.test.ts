import { describe, expect, it } from 'vitest'
import { diffRegulations } from '../../server/domain/regulation/diff.ts'
import { changeSentence } from '../../server/domain/sentences/changes.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { regulation, withStep } from './support.ts'

const deadline = regulation.steps[1]?.deadline
if (deadline === null || deadline === undefined) throw new Error('the step has no deadline')
const say = (after: Regulation, language: 'ru' | 'en' = 'ru') => diffRegulations(regulation, after).map(change => changeSentence(change, { before: regulation, after }, language))

describe('the difference of two regulations', () => {
  it('is nothing when both say the same, whatever the order of their keys', () => {
    expect(diffRegulations(regulation, Object.fromEntries(Object.entries(regulation).reverse()) as unknown as Regulation)).toEqual([])
  })

  it('is told with the step, the old and the new value', () => {
    const after = withStep({ deadline: { ...deadline, firstContact: { ...deadline.firstContact, phone: 'PT1H' } } })
    expect(say(after)).toEqual(['Срок первого контакта по телефону («Взят в работу»): было 30 минут, стало 1 час.'])
    expect(say(after, 'en')).toEqual(['Term of the first contact by phone (“Taken into work”): was 30 minutes, now 1 hour.'])
  })

  it('names what was added and removed', () => {
    const [first, ...groups] = regulation.card.groups
    const after = { ...regulation, card: { ...regulation.card, groups: groups.map(group => ({ ...group, questions: group.questions.slice(1) })) } }
    expect(say(after)).toContain(`Удалено: группа вопросов «${first?.title.ru ?? ''}».`)
    expect(say(after).some(line => line.startsWith('Удалено: вопрос «'))).toBe(true)
  })

  it('has words for a setting and its yes or no', () => {
    expect(say({ ...regulation, waiting: { ...regulation.waiting, allowed: false } })).toEqual(['Ожидание разрешено: было да, стало нет.'])
  })

  it('tells another order as such', () => {
    expect(say({ ...regulation, steps: [...regulation.steps].reverse() })).toEqual(['Шаги: другой порядок.'])
  })
})
