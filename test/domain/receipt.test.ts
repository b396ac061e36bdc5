/** Issue 3, 9: every decision explains itself in full, in both languages. */
import { describe, expect, it } from 'vitest'
import type { Command } from '../../server/domain/command.ts'
import { gateReceipt, receiptOf } from '../../server/domain/receipt.ts'
import type { Reader, Receipt } from '../../server/domain/receipt.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { verdicts } from '../../server/domain/sentences/russian/parts.ts'
import { notificationText, sentence } from '../../server/domain/sentences.ts'
import { anna, answers, at, boris, call, changeFollowUps, changeLead, context, fill, inWork, kindsOf, later, lead, look, lookAndCarryOut, moment, notQualified, only, passUntil, peopleWith, qualified, regulation, stages, timeZone, vera, withStep, world } from './support.ts'
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
    const given = gateReceipt({ stepName: 'Взят в работу', all: 3, needs: [{ title: 'отправить письмо', state: 'unmet' }], version: 4, at: moment('10:00') }, reader)
    expect(given).toMatchObject({ about: 'gate', version: 4, rejected: [{ rule: 'отправить письмо', why: 'не выполнено' }] })
    expect(valueOf(given, 'Выполнено')).toBe('2')
    expect(gateReceipt({ stepName: 'Взят в работу', all: 3, needs: [], version: 4, at: moment('10:00') }, reader)).toMatchObject({ because: 'Всё, что нужно для выхода с шага «Взят в работу», есть.', rejected: [], changes: [] })
  })

  it('tells what the portal has not told from what is not met', () => {
    const silent = gateReceipt({ stepName: 'Взят в работу', all: 2, needs: [{ title: 'заполнить реквизиты', state: 'unheard' }, { title: 'отправить предложение', state: 'denied' }], version: 4, at: moment('10:00') }, reader)
    expect(silent).toMatchObject({
      rule: 'gate-unheard',
      rejected: [{ rule: 'заполнить реквизиты', why: 'портал не сообщил, никому не засчитано' }, { rule: 'отправить предложение', why: 'портал этого не сообщает, не проверяется' }],
      changes: [expect.stringContaining('спрошен снова')],
    })
    const passed = receipt({ kind: 'note', leadId: lead().id, because: { rule: 'gate-unchecked', needs: ['заполнить реквизиты'], stepName: 'Взят в работу', since: moment('10:00') } })
    expect(passed).toMatchObject({ about: 'gate', because: 'Условия шага «Взят в работу» не проверены и никому не засчитаны: заполнить реквизиты. Портал не сообщает об этом с пт 24 июля, 10:00.', rejected: [{ rule: 'заполнить реквизиты' }], changes: [] })
  })
})

describe('the receipt of a miss and of its escalation', () => {
  it('says whose it is, how it counts, and who will learn of it (S4-18)', () => {
    const given = receipt(only(silent(climbing).journal, 'open-incident')[0], climbing)
    expect(valueOf(given, 'Чей пропуск')).toBe('Анна Петрова')
    expect(given.changes.some(text => text.includes('заместитель — 1 час, руководитель — 2 часа'))).toBe(true)
  })

  it('says on which rung, to whom, and why a rung was passed over (S4-20)', () => {
    const { journal } = silent(climbing)
    const rung = receipt(only(journal, 'notify').find(({ because }) => because.rule === 'rung'), climbing)
    expect(rung).toMatchObject({ about: 'escalation', rule: 'rung' })
    expect(valueOf(rung, 'Ступень')).toBe('руководитель')
    const skipped = receipt(journal.find(({ because }) => because.rule === 'rung-skipped'), climbing)
    expect(skipped.rejected).toEqual([{ rule: 'заместитель', why: 'никто не указан' }])
  })

  it('says whose acknowledgement stops the ladder (S4-19)', () => {
    const { journal } = silent(climbing)
    const english = receiptOf({ command: only(journal, 'open-incident')[0]!, version: 4, at: moment('10:00') }, climbing, { ...reader, language: 'en' })
    expect(english.changes).toContain('Once somebody above the responsible acknowledges the miss, nobody else is told of it; his own acknowledgement does not stop that.')
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

describe('a receipt tells nothing untrue', () => {
  const rulesIn = (given: Receipt) => given.rejected.map(({ rule }) => rule)
  const kept = 'уже назначенный сотрудник группы'

  it('of the order of claims: whoever talked to the client goes before whoever has the lead (S0-4)', () => {
    const called = call(at('09:59'), 100, { direction: 'incoming' })
    const byCaller = receipt(only(look(world({ lead: lead({ responsibleId: boris, activities: [called], createdAt: at('09:58') }) })).commands, 'assign')[0])
    expect(byCaller.rule).toBe('distribution-caller')
    expect(rulesIn(byCaller)).not.toContain(kept)
    const byKeeping = receipt(only(look(world({ lead: lead({ responsibleId: boris }) })).commands, 'note-responsible')[0])
    expect(byKeeping.rule).toBe('distribution-kept')
    expect(rulesIn(byKeeping)).toEqual(expect.arrayContaining(['сотрудник, который говорил с клиентом', 'ответственный за клиента', 'ответственный за канал']))
    expect(rulesIn(receipt(only(inWork().journal, 'assign')[0]))).toContain(kept)
  })

  it('of a lead that has come back: its own member goes first, before any claim', () => {
    const back = look(changeLead(later(inWork(), '10:10'), { stageId: regulation.steps[0]!.stageId, movedAt: at('10:09'), activities: [call(at('10:05'), 100, { responsibleId: boris })] }))
    const given = receipt(only(back.commands, 'note-responsible')[0])
    expect(given.rule).toBe('distribution-kept')
    expect(rulesIn(given)).not.toContain('сотрудник, который говорил с клиентом')
  })

  it('of a shared number: it is given, but leads to nobody (S1-D5)', () => {
    const rule: Regulation = { ...regulation, intake: { ...regulation.intake, interests: 'ask-person' } }
    const shared = inWork({ regulation: rule, lead: lead({ clientName: '', contact: { phones: ['+74950000000'], emails: [], messengers: [], shared: ['+74950000000'] } }) })
    const given = receipt(only(shared.journal, 'set-clock')[0], rule)
    expect(given.rejected).toContainEqual({ rule: 'телефон', why: 'номер общий, а с кем говорить, не указано' })
    expect(given.rejected).toContainEqual({ rule: 'мессенджер', why: 'не указан' })
  })

  it('of a test lead: its miss never counts (S0-2)', () => {
    const rule: Regulation = { ...regulation, channels: [{ id: 'test', name: { ru: 'Проверка' }, sources: ['WEB'], isLeadSource: true, isTest: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null }] }
    const missed = passUntil(inWork({ regulation: rule }), at('10:35'))
    expect(valueOf(receipt(only(missed.journal, 'open-incident')[0], rule), 'Учёт')).toBe('лид проверочный, никому не засчитывается')
    expect(valueOf(receipt(only(passUntil(inWork(), at('10:35')).journal, 'open-incident')[0]), 'Учёт')).toBe('засчитывается, когда доставлено сообщение')
  })
})

describe('a message tells nothing untrue', () => {
  it('of a step without a card, whose task is its work (S3-18)', () => {
    const { leave } = regulation.steps[1]!
    const rule = withStep({ card: null, leave: { ...leave, done: { stageId: leave.done!.stageId, by: 'proposed' } } })
    const { commands } = lookAndCarryOut(changeFollowUps(later(inWork({ regulation: rule }), '10:10'), { open: false }))
    const [proposed] = only(commands, 'notify').filter(({ about }) => about === 'move-proposed')
    expect(notificationText(proposed!, { leadTitle: 'Кухня', leadUrl: null, dueAt: null }, 'ru', timeZone)).toBe('Лид «Кухня» можно переводить дальше. Задача шага закрыта.')
  })

  it('of the attempts that a limit allows: the fourth is one of four (S3-27.6)', () => {
    const said = (count: number, limit: number | null, language: 'ru' | 'en' = 'ru') => sentence({ rule: 'attempt-failed', count, limit, at: moment('10:00') }, language, timeZone)
    expect([1, 4, 5].map(count => said(count, 3).split(': ')[1])).toEqual(['попытка 1 из 4.', 'попытка 4 из 4.', 'попытка 5.'])
    expect(said(2, null)).toMatch(/: попытка 2\.$/)
    expect(said(4, 3, 'en')).toMatch(/attempt 4 of 4\.$/)
  })

  it('of whoever keeps a lead: neither he nor she (S0-4)', () => {
    expect(sentence({ rule: 'distribution-caller', userId: anna, name: 'Анна Петрова', at: moment('09:59') }, 'ru', timeZone)).toMatch(/поэтому лид остаётся за этим сотрудником\.$/)
  })

  it('of a proposed refusal: its task is to move the lead to the refusal, not on (S4-13)', () => {
    const rule = withStep({ leave: { done: { stageId: stages.qualified, by: 'proposed' }, notQualified: { stageId: stages['not-qualified'], by: 'proposed' } } })
    const { commands, world: after } = lookAndCarryOut(fill(later(inWork({ regulation: rule }), '10:10'), notQualified))
    const [task] = only(commands, 'set-follow-up')
    expect(task?.title).toBe('Завершить лид отказом: Столешница на кухню')
    expect(task?.text).not.toContain('следующую стадию')
    const [proposed] = only(commands, 'notify').filter(({ about }) => about === 'move-proposed')
    expect(notificationText(proposed!, { leadTitle: 'Кухня', leadUrl: null, dueAt: null }, 'ru', timeZone)).not.toContain('дальше')
    expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
    const again = lookAndCarryOut(fill(later(after, '10:20'), { ...answers, ...qualified, UF_CRM_LR_REASON: '' }))
    expect(only(again.commands, 'set-follow-up').map(({ title }) => title)).toEqual(['Перевести лид дальше: Столешница на кухню'])
  })
})
