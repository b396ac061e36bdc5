/** Issue 3, 9: every decision explains itself in full, in both languages. */
import { describe, expect, it } from 'vitest'
import type { Command } from '../../server/domain/command.ts'
import { gateReceipt, receiptOf } from '../../server/domain/receipt.ts'
import type { Reader, Receipt } from '../../server/domain/receipt.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { verdicts } from '../../server/domain/sentences/russian/parts.ts'
import { anna, at, boris, changeLead, context, inWork, later, lead, look, moment, only, passUntil, peopleWith, regulation, timeZone, vera, world } from './support.ts'
import type { World } from './support.ts'

const reader: Reader = { language: 'ru', timeZone, names: id => (id === anna ? 'Анна Петрова' : `№ ${id}`) }
const receipt = (command: Command | undefined, rule: Regulation = regulation, who = reader): Receipt => {
  if (command === undefined) throw new Error('it was decided')
  return receiptOf({ command, version: 4, at: moment('10:00') }, rule, who)
}
const valueOf = ({ inputs }: Receipt, name: string) => inputs.find(one => one.name === name)?.value

const climbing: Regulation = { ...regulation, roles: { directorId: null, deputies: {}, controllerId: null }, incidents: { ...regulation.incidents, ladder: [{ rung: 'deputy', after: 'PT1H' }, { rung: 'head', after: 'PT2H' }] } }
const silent = (rule: Regulation): World => passUntil(inWork({ regulation: rule, context: context({ people: peopleWith({ 2: { absent: true }, 3: { absent: true } }) }) }), at('16:00'))

describe('the receipt of a deadline', () => {
  const given = receipt(only(inWork().journal, 'set-clock')[0])

  it('names its inputs, version and counted working time (S4-14)', () => {
    expect(given).toMatchObject({ about: 'deadline', rule: 'deadline', version: 4, at: moment('10:00'), pieces: [{ from: moment('10:00'), to: moment('10:30') }] })
    expect(valueOf(given, 'Контактные данные')).toBe('телефон')
    expect(valueOf(given, 'Рабочее время')).toBe('30 минут')
    expect(valueOf(given, 'Календарь')).toBe('общий (Europe/Moscow)')
  })

  it('says what did not apply, and why', () => {
    expect(given.rejected).toContainEqual({ rule: 'только e-mail', why: 'есть более быстрый способ связи: телефон' })
    const byMail = receipt(only(look(world({ lead: lead({ contact: { phones: [], emails: ['maria@example.com'], messengers: [] } }) })).commands, 'set-clock').at(-1) ?? only(inWork({ lead: lead({ contact: { phones: [], emails: ['maria@example.com'], messengers: [] } }) }).journal, 'set-clock')[0])
    expect(byMail.rejected).toContainEqual({ rule: 'телефон', why: 'не указан' })
  })

  it('says what would change it: other contact data have other spans', () => {
    const spans = regulation.steps.find(({ id }) => id === 'in-work')?.deadline?.firstContact
    expect(spans?.email).not.toBe(spans?.phone)
    expect(given.changes.some(text => text.startsWith('При других контактных данных (только e-mail)'))).toBe(true)
    expect(given.changes.some(text => text.includes('(телефон)'))).toBe(false)
  })

  it('names a person’s own calendar', () => {
    const rule: Regulation = { ...regulation, calendars: [{ id: 'shop', userIds: [anna, boris, vera], departmentIds: [], calendar: context().calendar }] }
    expect(valueOf(receipt(only(inWork({ regulation: rule }).journal, 'set-clock')[0], rule), 'Календарь')).toBe('свой календарь «shop» (Europe/Moscow)')
    expect(given.rejected.map(({ rule: name }) => name)).not.toContain('Свои календари')
  })
})

describe('the receipt of a choice', () => {
  it('answers “why not me” for everybody, and which claims did not apply (S1-D10)', () => {
    const given = receipt(only(inWork({ context: context({ people: peopleWith({ 3: { absent: true } }) }) }).journal, 'assign')[0])
    expect(given.about).toBe('responsible')
    expect(given.rejected).toContainEqual({ rule: 'Борис Ким', why: verdicts['not-his-turn'] })
    expect(given.rejected).toContainEqual({ rule: 'Вера Лис', why: verdicts.absent })
    expect(given.rejected.some(({ rule }) => rule === 'сотрудник, который говорил с клиентом')).toBe(true)
    expect(given.changes).toContain('Те, кого сейчас нет, участвуют в распределении, когда выйдут на работу.')
  })

  it('tells a claim that is switched off from one that nobody has', () => {
    const rule: Regulation = { ...regulation, distribution: { ...regulation.distribution, keepCaller: false, keepClientResponsible: true } }
    const given = receipt(only(inWork({ regulation: rule }).journal, 'assign')[0], rule)
    expect(given.rejected).toContainEqual({ rule: 'сотрудник, который говорил с клиентом', why: 'правило выключено' })
    expect(given.rejected).toContainEqual({ rule: 'ответственный за клиента', why: 'подходящего сотрудника нет' })
  })

  it('of a person says that it is his', () => {
    const given = receipt(only(look(later(changeLead(inWork(), { responsibleId: vera }), '10:10')).commands, 'note-responsible')[0])
    expect(valueOf(given, 'Правило')).toBe('ответственного выбрал человек')
  })
})

describe('the receipt of a gate', () => {
  it('lists what is not met and what would open it', () => {
    const given = gateReceipt({ stepName: 'Взят в работу', all: 3, needs: ['отправить письмо'], version: 4, at: moment('10:00') }, reader)
    expect(given).toMatchObject({ about: 'gate', version: 4, rejected: [{ rule: 'отправить письмо', why: 'не выполнено' }] })
    expect(valueOf(given, 'Выполнено')).toBe('2')
    expect(gateReceipt({ stepName: 'Взят в работу', all: 3, needs: [], version: 4, at: moment('10:00') }, reader)).toMatchObject({ because: 'Всё, что нужно для выхода с шага «Взят в работу», есть.', rejected: [], changes: [] })
  })
})

describe('the receipt of a miss and of its escalation', () => {
  it('says whose it is, how it counts, and who will learn of it (S4-18)', () => {
    const given = receipt(only(silent(climbing).journal, 'open-incident')[0], climbing)
    expect(valueOf(given, 'Чей пропуск')).toBe('Анна Петрова')
    expect(given.changes.some(text => text.includes('заместитель – 1 час, руководитель – 2 часа'))).toBe(true)
  })

  it('says on which rung, to whom, and why a rung was passed over (S4-20)', () => {
    const { journal } = silent(climbing)
    const rung = receipt(only(journal, 'notify').find(({ because }) => because.rule === 'rung'), climbing)
    expect(rung).toMatchObject({ about: 'escalation', rule: 'rung' })
    expect(valueOf(rung, 'Ступень')).toBe('руководитель')
    const skipped = receipt(journal.find(({ because }) => because.rule === 'rung-skipped'), climbing)
    expect(skipped.rejected).toEqual([{ rule: 'заместитель', why: 'никто не указан' }])
  })

  it('of repeated misses names the threshold (S4-19)', () => {
    const state = inWork()
    const misses = ['10:01', '10:02', '10:03'].map((time, index) => ({ incidentId: `m-${index}`, leadId: lead().id, deliveredAt: moment(time) }))
    const given = receipt(only(look({ ...state, now: at('10:05'), context: context({ misses: { [anna]: misses } }) }).commands, 'escalate')[0])
    expect(given).toMatchObject({ about: 'escalation', rule: 'misses-repeated' })
    expect(valueOf(given, 'Порог')).toBe(`3 пропуска за ${regulation.incidents.windowDays} дней`)
  })
})

describe('every receipt', () => {
  it('is whole in both languages', () => {
    const given = [...silent(climbing).journal, ...inWork().journal]
    for (const language of ['ru', 'en'] as const) {
      for (const command of given) {
        const text = JSON.stringify(receipt(command, climbing, { ...reader, language }))
        expect(text).not.toMatch(/undefined|NaN|\[object|PT\d/)
        if (language === 'en') expect(text.replaceAll(/"(name|value|rule|why|because)":"[^"]*"/g, '')).not.toMatch(/[а-яё]/i)
      }
    }
  })
})
