import { describe, expect, it } from 'vitest'
import type { Candidate, Command, Reason } from '../../server/domain/command.ts'
import { commandSentence, nothingDoneSentence, notificationText, sentence } from '../../server/domain/sentences.ts'
import { plural } from '../../server/domain/sentences/words.ts'
import { add, anna, answers, at, boris, call, changeFollowUps, changeLead, context, elsewhere, fill, inWork, later, look, moment, moveTo, notQualified, passUntil, peopleWith, qualified, stages, timeZone, vera, withStep, won, world } from './support.ts'

const candidates: readonly Candidate[] = [
  { userId: anna, name: 'Анна Петрова', debt: 0, verdict: 'chosen' },
  { userId: boris, name: 'Борис Ким', debt: 0.5, verdict: 'not-his-turn' },
  { userId: vera, name: 'Вера Лис', debt: 0, verdict: 'absent' },
]
const due = moment('14:30')

/** One reason of every kind: the type makes sure that none is left out. */
const reasons: { readonly [R in Reason['rule']]: Extract<Reason, { rule: R }> } = {
  'new-lead': { rule: 'new-lead', stageName: 'Новый лид' },
  'distribution-in-turn': { rule: 'distribution-in-turn', chosen: candidates[0]!, candidates },
  'taken-over': { rule: 'taken-over', userId: anna, name: 'Анна Петрова' },
  'distribution-kept': { rule: 'distribution-kept', userId: anna, name: 'Анна Петрова' },
  'distribution-nobody': { rule: 'distribution-nobody', fallbackUserId: anna, name: 'Дина Ветрова', candidates: candidates.slice(2) },
  'responsible-dismissed': { rule: 'responsible-dismissed', userId: anna, name: 'Анна Петрова' },
  'responsible-changed': { rule: 'responsible-changed', from: anna, to: boris, name: 'Борис Ким' },
  'step-entered': { rule: 'step-entered', stepName: 'Взят в работу' },
  'step-left-elsewhere': { rule: 'step-left-elsewhere', stepName: 'Взят в работу', stageId: elsewhere, stageName: 'Пауза' },
  'step-begins': { rule: 'step-begins', stepName: 'Взят в работу' },
  deadline: { rule: 'deadline', about: 'first-contact', basis: 'phone', span: 'PT30M', startedAt: moment('14:00'), dueAt: due, timeZone, pieces: [{ from: moment('14:00'), to: due }] },
  'deadline-moved': { rule: 'deadline-moved', from: moment('14:00'), to: due },
  'deadline-not-due': { rule: 'deadline-not-due', dueAt: due },
  'contact-made': { rule: 'contact-made', by: 'call', at: due, durationSeconds: 125 },
  'reminder-due': { rule: 'reminder-due', dueAt: due, minutes: 15 },
  'deadline-missed': { rule: 'deadline-missed', about: 'first-contact', dueAt: due, noticedAt: due },
  'answers-missing': { rule: 'answers-missing', questions: ['size', 'material'], titles: ['Размеры изделия', 'Материал'] },
  'follow-up-closed': { rule: 'follow-up-closed' },
  'task-done': { rule: 'task-done' },
  'follow-up-deleted': { rule: 'follow-up-deleted' },
  'card-complete': { rule: 'card-complete', nextStep: 'measure', title: 'Замер' },
  'not-qualified': { rule: 'not-qualified', reason: 'region', title: 'Не наш регион' },
  'misses-repeated': { rule: 'misses-repeated', count: 3, windowDays: 30, name: 'Анна Петрова' },
  'no-head': { rule: 'no-head', userId: anna },
  'incident-answered': { rule: 'incident-answered', how: 'contact' },
  'lead-finished': { rule: 'lead-finished', semantic: 'success' },
  'lead-gone': { rule: 'lead-gone' },
  'conversion-ended': { rule: 'conversion-ended', ended: 'held', why: 'refused', words: 'Не заполнено поле «Сумма»', left: null },
  'responsible-away': { rule: 'responsible-away', userId: anna, name: 'Анна Петрова', dueAt: due },
  refused: { rule: 'refused', what: 'move-stage', words: 'Не заполнено поле «Сумма».' },
  'returned-again': { rule: 'returned-again', count: 3, stepName: 'Взят в работу', stageName: 'Новый лид' },
  'no-working-time': { rule: 'no-working-time' },
  'daily-look': { rule: 'daily-look' },
  channel: { rule: 'channel', channelId: 'site', name: 'Сайт', sourceId: 'WEB' },
  'no-channel': { rule: 'no-channel', sourceId: null },
  'not-a-lead-source': { rule: 'not-a-lead-source', name: 'Поддержка' },
  'source-missing': { rule: 'source-missing' },
  'source-detail-missing': { rule: 'source-detail-missing', title: 'от кого', channel: 'Рекомендация' },
  'person-missing': { rule: 'person-missing', phone: '+79000000000' },
  'title-by-template': { rule: 'title-by-template', from: 'Лид № 7', to: 'аптека Здоровье – витрина' },
  'repeated-request': { rule: 'repeated-request', kind: 'company', id: 3, title: 'Аптека «Здоровье»', by: ['phone', 'inn'], responsibleId: anna },
  'not-the-same': { rule: 'not-the-same', title: 'Аптека' },
  'distribution-caller': { rule: 'distribution-caller', userId: anna, name: 'Анна Петрова', at: due },
  'distribution-client': { rule: 'distribution-client', userId: anna, name: 'Анна Петрова', client: 'Аптека «Здоровье»' },
  'distribution-person': { rule: 'distribution-person', userId: anna, name: 'Анна Петрова', channel: 'Сайт' },
  'distribution-least-loaded': { rule: 'distribution-least-loaded', chosen: candidates[0]!, candidates },
  'distribution-weighted': { rule: 'distribution-weighted', chosen: candidates[0]!, candidates },
  'nobody-named': { rule: 'nobody-named', userId: anna, name: 'Анна Петрова', since: due },
  'taken-by-member': { rule: 'taken-by-member', userId: anna, name: 'Анна Петрова' },
  'not-taken': { rule: 'not-taken', userId: anna, name: 'Анна Петрова', takeBy: due },
  'take-by': { rule: 'take-by', takeBy: due, span: 'PT10M' },
  begun: { rule: 'begun', how: 'opened', at: due },
  'attempt-failed': { rule: 'attempt-failed', count: 2, limit: 3, at: due },
  'attempts-spent': { rule: 'attempts-spent', count: 4, limit: 3, reason: 'no-answer', title: 'Не берёт трубку' },
  'wrong-number': { rule: 'wrong-number', phone: '+79000000000' },
  'right-number': { rule: 'right-number', phone: '+79000000000' },
  'call-declared': { rule: 'call-declared', at: due },
  waiting: { rule: 'waiting', until: due, comment: 'Просит перезвонить', usedDays: 0, maxDays: 31 },
  'waiting-too-long': { rule: 'waiting-too-long', wanted: due, until: due, maxDays: 31 },
  'waiting-spent': { rule: 'waiting-spent', maxDays: 31 },
  'waiting-not-allowed': { rule: 'waiting-not-allowed' },
  'waiting-over': { rule: 'waiting-over', since: due },
  'waiting-stopped': { rule: 'waiting-stopped', how: 'contact' },
  'waiting-share': { rule: 'waiting-share', userId: anna, name: 'Анна Петрова', waiting: 4, open: 10, share: 0.4 },
  'gate-unmet': { rule: 'gate-unmet', needs: ['отправить письмо'], stepName: 'Взят в работу' },
  'gate-unheard': { rule: 'gate-unheard', needs: ['заполнить реквизиты'], stepName: 'Взят в работу' },
  'gate-unchecked': { rule: 'gate-unchecked', needs: ['заполнить реквизиты'], stepName: 'Взят в работу', since: due },
  'gate-skipped': { rule: 'gate-skipped', stepName: 'Взят в работу', stageName: 'Согласие' },
  'move-allowed': { rule: 'move-allowed', byUserId: anna },
  'reason-missing': { rule: 'reason-missing', stageName: 'Отказ' },
  'reason-comment-missing': { rule: 'reason-comment-missing', title: 'Другое' },
  'attempts-missing': { rule: 'attempts-missing', title: 'Не берёт трубку', needed: 4, made: 1 },
  'refusal-unanswered': { rule: 'refusal-unanswered', userId: anna, name: 'Анна Петрова', times: 4 },
  'return-date-missing': { rule: 'return-date-missing', title: 'Отложено' },
  'refusal-controlled': { rule: 'refusal-controlled', share: 0.1, title: 'Дорого' },
  'returned-on-date': { rule: 'returned-on-date', refusedAt: due, title: 'Подготовка КП отложена' },
  'step-confirmed': { rule: 'step-confirmed' },
  'refusal-confirmed': { rule: 'refusal-confirmed' },
  act: { rule: 'act', what: 'go-on', byUserId: anna },
  'outcome-noted': { rule: 'outcome-noted', title: '«Перезвоните»' },
  'summary-missing': { rule: 'summary-missing' },
  'no-next-action': { rule: 'no-next-action' },
  'deadline-move-refused': { rule: 'deadline-move-refused', why: 'too-far', wanted: due, dueAt: due },
  postponed: { rule: 'postponed', until: due },
  disqualified: { rule: 'disqualified', question: 'Бюджет', title: 'Маленький бюджет' },
  robot: { rule: 'robot', robot: 'check-card' },
  'next-step': { rule: 'next-step', title: 'Замер', stageId: elsewhere },
  rung: { rule: 'rung', rung: 'deputy', userId: anna, name: 'Анна Петрова', dueAt: due },
  'rung-skipped': { rule: 'rung-skipped', rung: 'deputy', why: 'told', userId: anna, incidentId: '7-in-work-2' },
  acknowledged: { rule: 'acknowledged', byUserId: anna },
  'version-adopted': { rule: 'version-adopted', from: 1, to: 2 },
  'step-on-other-stage': { rule: 'step-on-other-stage', stepName: 'Взят в работу', stageName: 'В работе', standsOn: 'Взят в работу' },
  'converted-past': { rule: 'converted-past', byUserId: anna, at: '2026-07-24T08:00:00Z', titles: ['Размер'] },
  'past-conversion-settled': { rule: 'past-conversion-settled', how: 'complete' },
  'past-conversion-noted': { rule: 'past-conversion-noted', byUserId: anna },
  'step-lost': { rule: 'step-lost', stepId: 'in-work', stageId: elsewhere },
}

/** Everything that one long and varied history gives. */
const history = (): readonly Command[] => {
  const asked = look(fill(later(look(add(later(inWork(), '10:10'), call(at('10:10')))).world, '11:50'), qualified)).world
  return [
    ...passUntil(inWork({ context: context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) }) }), at('13:00', '2026-07-27')).journal,
    ...look(add(later(inWork(), '10:10'), call(at('10:10')))).commands,
    ...look(add(later(inWork(), '10:40'), call(at('10:35')))).commands,
    ...asked.journal,
    ...look(fill(asked, { ...answers, ...qualified })).commands,
    ...look(fill(later(inWork(), '10:10'), notQualified)).commands,
    ...look(changeFollowUps(later(inWork(), '10:10'), { open: false })).commands,
    ...look(changeFollowUps(later(inWork(), '10:10'), { deadlineAt: at('15:00') })).commands,
    ...look(changeLead(later(inWork(), '10:10'), { responsibleId: vera })).commands,
    ...look({ ...later(inWork(), '10:10'), context: context({ people: peopleWith({ 1: { active: false } }) }) }).commands,
    ...look(moveTo(later(inWork(), '10:10'), elsewhere)).commands,
    ...look(moveTo(later(inWork(), '10:10'), won)).commands,
    ...look({ ...inWork(), lead: null }).commands,
    ...look(world({ context: context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) }) })).commands,
    ...look(fill(later(inWork({ regulation: withStep({ leave: { done: { stageId: stages.qualified, by: 'hand' }, notQualified: null } }) }), '10:10'), { ...answers, ...qualified })).commands,
  ]
}

const looksRight = (text: string, language: 'ru' | 'en'): void => {
  expect(text).not.toMatch(/undefined|null|NaN|\[object|\{|PT\d| {2}|\.\.|,\./)
  expect(text.trim()).toMatch(/[.?!]$/)
  if (language === 'ru') expect(text).toMatch(/[а-яё]/i)
}

describe('every reason', () => {
  it.each(Object.values(reasons))('$rule has a sentence in both languages', (reason) => {
    looksRight(sentence(reason, 'ru', timeZone), 'ru')
    looksRight(sentence(reason, 'en', timeZone), 'en')
    expect(sentence(reason, 'ru', timeZone)).not.toBe(sentence(reason, 'en', timeZone))
  })
})

describe('every command', () => {
  const given = history()

  it('of the whole vocabulary is there', () => {
    expect([...new Set(given.map(({ kind }) => kind))].sort()).toEqual(['ask-again', 'assign', 'change-follow-up', 'close-follow-up', 'close-watch', 'comment', 'enter-step', 'escalate', 'fire-trigger', 'move-stage', 'note', 'note-contact', 'note-reminded', 'note-responsible', 'notify', 'open-incident', 'resolve-incident', 'set-clock', 'set-follow-up', 'start-watch', 'wake-at'])
  })

  it('has a line for the timeline in both languages', () => {
    for (const command of given) for (const language of ['ru', 'en'] as const) looksRight(commandSentence(command, language, timeZone), language)
  })

  it('has a message where a person is told', () => {
    const told = given.filter(command => command.kind === 'notify')
    expect([...new Set(told.map(({ about }) => about))].sort()).toEqual(['answers-needed', 'assigned', 'converted-past', 'escalated', 'missed', 'nobody-available', 'reminder'])
    for (const command of told) for (const language of ['ru', 'en'] as const) looksRight(notificationText(command, { leadTitle: 'Столешница', leadUrl: null, dueAt: due }, language, timeZone), language)
  })
})

describe('the Russian sentences', () => {
  it('explain a deadline with its basis, span and moment', () => {
    expect(sentence(reasons.deadline, 'ru', timeZone)).toBe('Первый контакт — до пт 24 июля, 14:30: у клиента указан телефон (30 минут рабочего времени, отсчёт с пт 24 июля, 14:00).')
  })

  it('say that hours off were not counted', () => {
    expect(sentence({ ...reasons.deadline, startedAt: moment('13:10') }, 'ru', timeZone)).toContain('нерабочие часы не считаются')
  })

  it('name everybody of a distribution and why not he', () => {
    expect(sentence(reasons['distribution-in-turn'], 'ru', timeZone)).toBe('Распределение по очереди: Анна Петрова. Остальные: Борис Ким — дальше в очереди; Вера Лис — отсутствует.')
  })

  it('name the missing answers', () => {
    expect(sentence(reasons['answers-missing'], 'ru', timeZone)).toBe('Не хватает обязательных ответов: размеры изделия, материал.')
  })

  it('speak in the reader’s time zone', () => {
    expect(sentence(reasons['deadline-not-due'], 'ru', 'Asia/Vladivostok')).toBe('Срок — пт 24 июля, 21:30.')
  })

  it('use names where they are known', () => {
    expect(sentence(reasons['no-head'], 'ru', timeZone, () => 'Анна Петрова')).toContain('Анна Петрова')
  })

  it('agree with numbers', () => {
    const forms = ['минута', 'минуты', 'минут'] as const
    expect([1, 2, 5, 11, 12, 21, 22, 25, 111].map(count => plural(count, forms))).toEqual(['1 минута', '2 минуты', '5 минут', '11 минут', '12 минут', '21 минута', '22 минуты', '25 минут', '111 минут'])
  })

  it('tell what happens if nothing is done', () => {
    const say = (changes: Partial<Parameters<typeof nothingDoneSentence>[0]> = {}, language: 'ru' | 'en' = 'ru') => nothingDoneSentence({ dueAt: due, hasMissed: false, told: null, repeated: true, ...changes }, language, timeZone)
    const told = (hours: number) => ({ name: 'Глеб Орлов', at: new Date(Date.parse(due) + hours * 3_600_000).toISOString() })
    expect(say()).toBe('В 14:30 будет записан пропуск: ответственный получит сообщение и новый срок. О повторных пропусках узнает руководитель.')
    expect(say({ repeated: false })).not.toContain('руководитель')
    expect(say({ told: told(1) })).toBe('В 14:30 будет записан пропуск: ответственный получит сообщение и новый срок. Если и тогда ничего не изменится, о пропуске узнает Глеб Орлов: пт 24 июля, 15:30.')
    expect(say({ hasMissed: true, told: told(-1) })).toBe('Об уже пропущенном сроке узнает Глеб Орлов: пт 24 июля, 13:30. В 14:30 будет записан ещё один пропуск: ответственный получит сообщение и новый срок.')
    expect(say({ hasMissed: true, told: told(1) })).toMatch(/^В 14:30 будет записан ещё один пропуск: .* Об уже пропущенном сроке узнает/)
    expect(say({ hasMissed: true, told: told(-1) }, 'en')).toMatch(/^Глеб Орлов is told of the deadline missed already: .* another missed deadline is recorded/)
  })
})

describe('the English sentences', () => {
  it('name a rung of the ladder as its receipt does', () => {
    expect(sentence(reasons.rung, 'en', timeZone)).toContain('so the deputy is told')
    expect(sentence({ ...reasons.rung, rung: 'head' }, 'en', timeZone)).toContain('so the head of department is told')
  })

  it('ask plainly for somebody to handle a lead', () => {
    const [command] = look(world({ context: context({ people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) }) })).commands.filter(one => one.kind === 'notify')
    if (command === undefined) throw new Error('somebody is told')
    expect(notificationText(command, { leadTitle: 'Worktop', leadUrl: null, dueAt: null }, 'en', timeZone)).toBe('Nobody in the group can take the lead “Worktop” now. Please choose who is to handle it.')
  })
})

describe('a message', () => {
  it('ends with the lead’s address when it has one', () => {
    const [command] = look(world()).commands.filter(one => one.kind === 'notify')
    if (command === undefined) throw new Error('the responsible is told')
    expect(notificationText(command, { leadTitle: 'Столешница', leadUrl: 'https://example.com/lead/7', dueAt: due }, 'ru', timeZone)).toBe('Лид «Столешница» теперь ваш. Свяжитесь с клиентом и заполните карточку. Срок — пт 24 июля, 14:30.\nhttps://example.com/lead/7')
  })
})
