/** Demands that no other test holds, by their numbers; `docs/demands.md` says where each of them stands. */
import { describe, expect, it } from 'vitest'
import { fieldName } from '../../server/domain/lead.ts'
import type { Lead } from '../../server/domain/lead.ts'
import { presets } from '../../server/domain/presets/all.ts'
import { digital } from '../../server/domain/presets/digital.ts'
import { passes } from '../../server/domain/presets/passes.ts'
import { requests } from '../../server/domain/presets/requests.ts'
import { telemarketing } from '../../server/domain/presets/telemarketing.ts'
import type { Question, Regulation } from '../../server/domain/regulation.ts'
import { bindingOf, boundOf, questionsOf, stepOf } from './presets/support.ts'
import { active, anna, boris, call, fill, inWork, later, lead, look, lookAndCarryOut, moment, only, regulation, stages, vera, withStep, world } from './support.ts'

const work = regulation.steps[1]!
const withQuestions = (change: (question: Question) => Question, base: Regulation = regulation): Regulation => ({ ...base, card: { ...base.card, groups: base.card.groups.map(group => ({ ...group, questions: group.questions.map(change) })) } })

describe('the task of a step', () => {
  it('says what to do on every step of every preset on which people work (S0-3)', () => {
    for (const preset of presets) {
      const rules = boundOf(preset)
      for (const step of rules.steps.filter(({ kind }) => kind === 'work')) {
        const begun = look(world({ regulation: rules, lead: lead({ stageId: step.stageId, responsibleId: anna }) }))
        const [task] = only(begun.commands, 'set-follow-up')
        expect(task?.text, `${preset.id} ${step.id}`).toContain(step.followUp?.text.ru.replaceAll('{client}', 'Мария'))
        expect(task?.text, `${preset.id} ${step.id}`).toContain('Чтобы перейти дальше')
      }
    }
  })

  it('brings the link to the video of its step (S0-6)', () => {
    const videoUrl = 'https://video.example.com/first-call'
    expect(only(look(world({ regulation: withStep({ videoUrl }) })).commands, 'set-follow-up')).toMatchObject([{ videoUrl }])
    expect(only(look(world()).commands, 'set-follow-up')).toMatchObject([{ videoUrl: null }])
  })

  it('follows what the administrator writes into the document: its time, its fields, its questions (S0-10)', () => {
    const changed = withQuestions(question => (question.code === 'color' ? { ...question, required: true, title: { ru: 'Оттенок' } } : question), withStep({ deadline: { ...work.deadline!, firstContact: { ...work.deadline!.firstContact, phone: 'PT5M' } } }))
    const [task] = only(look(world({ regulation: changed })).commands, 'set-follow-up')
    expect(task).toMatchObject({ deadlineAt: moment('10:05') })
    expect(task?.checklist).toContain('Оттенок (обязательно)')
    expect(task?.checklist).not.toContain('Цвет')
  })

  it('of «Квалификация пройдена» is to prepare the letter and the offer and to send them (S0-21)', () => {
    const rules = boundOf(passes)
    const [task] = only(look(world({ regulation: rules, lead: lead({ stageId: stepOf(rules, 'qualified').stageId, responsibleId: anna }) })).commands, 'set-follow-up')
    expect(task).toMatchObject({ title: 'Подготовить и отправить КП: Мария' })
    expect(task?.text).toContain('Подготовьте письмо и коммерческое предложение и отправьте их клиенту (Мария)')
  })

  it('asks every client the same questions, whoever talks to him and wherever he comes from (S4-3)', () => {
    const asked = (change: Partial<Lead>) => only(look(world({ lead: lead({ stageId: stages['in-work'], ...change }) })).commands, 'set-follow-up')[0]?.checklist
    expect(asked({ responsibleId: anna, sourceId: 'CALL' })).toHaveLength(questionsOf(regulation).length + 1)
    expect(asked({ responsibleId: boris, sourceId: 'WEB' })).toEqual(asked({ responsibleId: anna, sourceId: 'CALL' }))
  })
})

describe('an answer that says «не наш клиент»', () => {
  const rules = withQuestions(question => (question.code === 'budget' ? { ...question, disqualifies: { when: { is: 'less', than: 20_000 }, reason: 'budget' } } : question))
  const answered = (budget: number) => lookAndCarryOut(fill(later(inWork({ regulation: rules }), '10:10'), { UF_CRM_LR_BUDGET: budget }))
  const proposals = ({ commands }: ReturnType<typeof look>) => only(commands, 'notify').filter(({ about }) => about === 'refusal-proposed')

  it('proposes its reason to the manager, once, and leaves the decision to him (S0-13)', () => {
    const { commands, world: after } = answered(5_000)
    expect(proposals({ commands, world: after })).toMatchObject([{ userId: anna, because: { rule: 'disqualified', question: 'Бюджет', title: 'Бюджет ниже минимального' } }])
    expect(only(commands, 'move-stage')).toEqual([])
    expect(proposals(look(fill(later(after, '10:20'), { UF_CRM_LR_BUDGET: 6_000 })))).toEqual([])
  })

  it('is not seen in any other answer', () => {
    expect(proposals(answered(50_000))).toEqual([])
    expect(answered(50_000).world.watch.status).toBe('active')
  })

  it('proposes to refuse whoever does not let his data be used, in «Обращения как в 1С:CRM» (S1-D19)', () => {
    const { stages: bound, fields } = bindingOf(requests)
    const state = world({ regulation: boundOf(requests), lead: lead({ stageId: bound['in-work']!, responsibleId: anna, sourceId: 'CALL' }) })
    const refusing = fill(later(lookAndCarryOut(state).world, '10:10'), { UF_CRM_LR_RQ_CONSENT: fields['RQ_CONSENT']!.values['refused']! })
    expect(proposals(look(refusing))).toMatchObject([{ because: { title: 'Не дал согласия на обработку данных' } }])
  })
})

describe('a request in «Обращения как в 1С:CRM»', () => {
  const rules = boundOf(requests)
  const { sources } = bindingOf(requests)
  const from = (source: string, change: Partial<Lead> = {}, base = rules) => lookAndCarryOut(world({ regulation: base, lead: lead({ sourceId: sources[source] ?? null, ...change }) }))

  it.each([['visit', 'S1-A5, S1-B10'], ['webform', 'S1-A5'], ['call', 'S1-A6']])('from %s is a lead, with a responsible at once (%s)', (source) => {
    const { commands, world: after } = from(source)
    expect(only(commands, 'assign')).toMatchObject([{ userId: anna }])
    expect(after.watch).toMatchObject({ status: 'active', stepId: 'in-work' })
  })

  it('of somebody who came in person is a lead without any contact data (S1-B1)', () => {
    const { commands, world: after } = from('visit', { clientName: '', contact: { phones: [], emails: [], messengers: [] } })
    expect(only(commands, 'notify').map(({ about }) => about)).not.toContain('person-needed')
    expect(active(after)).toMatchObject({ stepId: 'in-work', clock: { kind: 'first-contact' } })
  })

  it('to support goes the same way once its channel is made a source of leads (S1-A21)', () => {
    expect(from('support').world.watch.status).toBe('closed')
    const open = { ...rules, channels: rules.channels.map(channel => (channel.id === 'support' ? { ...channel, isLeadSource: true } : channel)) }
    expect(only(from('support', {}, open).commands, 'assign')).toMatchObject([{ userId: anna, poolId: 'managers' }])
  })

  it('is rejected with a reason of the directory, and with no other word (S1-A12)', () => {
    const { fields, stages: bound } = bindingOf(requests)
    const running = later(from('webform').world, '10:10')
    const rejected = (reason: string) => look(fill(running, { UF_CRM_LR_RQ_RESULT: fields['RQ_RESULT']!.values['not-qualified']!, UF_CRM_LR_RQ_REASON: reason }))
    expect(only(rejected(fields['RQ_REASON']!.values['region']!).commands, 'move-stage')).toMatchObject([{ to: bound['refused'], because: { rule: 'not-qualified', title: 'Регион не обслуживаем' } }])
    expect(only(rejected('просто так').commands, 'move-stage')).toEqual([])
    expect(only(rejected('просто так').commands, 'ask-again')).toMatchObject([{ questions: ['reason'] }])
  })

  it('of a region goes to the dealer who serves it (S1-D18)', () => {
    const dealers = { ...rules, distribution: { ...rules.distribution, pools: rules.distribution.pools.map(pool => (pool.id === 'dealers' ? { ...pool, regions: { [anna]: ['Север'], [boris]: ['Север'], [vera]: ['Юг'] } } : pool)) } }
    expect(only(from('exhibition', { fields: { [fieldName('UF_CRM_LR_RQ_REGION')]: 'Юг' } }, dealers).commands, 'assign')).toMatchObject([{ userId: vera, poolId: 'dealers' }])
  })
})

const reasons = boundOf(digital).card.reason.options

describe('the reasons of refusal of «Digital-агентство», in the order of the document', () => {
  it.each<[string, number, string, string]>([
    ['S3-27.1', 1, 'Не лид', 'Ошибка телефонии'],
    ['S3-27.2', 2, 'Не устраивает минимальный бюджет', 'назовите самую малую услугу'],
    ['S3-27.7', 7, 'Категорически не хочет работать с сайтом', 'не хочет аудита'],
    ['S3-27.8', 8, 'Ошибочно входящий клиент', 'наружная реклама'],
    ['S3-27.9', 9, 'Услуга нам не интересна', 'Только баннеры, доработки или хостинг'],
    ['S3-27.11', 11, 'Очень маленький клиент', 'ремонт стиральных машин'],
    ['S3-27.12', 12, 'Сайт на конструкторе или языке, с которым не работаем', 'укажите это в комментарии'],
    ['S3-27.13', 13, 'Не готов делегировать', 'Настаивает на своём ТЗ'],
    ['S3-27.14', 14, 'Ложные представления об эффективности', 'Хочет быть только на первых местах'],
    ['S3-27.15', 15, 'Неадекватный клиент', 'лучше отказать'],
  ])('%s: number %i is «%s», with its explanation', (_demand, place, title, words) => {
    expect(reasons[place - 1]?.title.ru).toBe(title)
    expect(reasons[place - 1]?.guidance?.ru).toContain(words)
  })

  it('end with a private person, which says all by itself, and «Другое» (S3-27.18)', () => {
    expect(reasons.slice(17).map(({ title }) => title.ru)).toEqual(['Физическое лицо', 'Другое (подробно в комментарии)'])
  })
})

describe('the stages of «Digital-агентство»', () => {
  it('end with two that the kanban does not show: success and failure (S3-26)', () => {
    expect(digital.stages.slice(-2).map(({ name, semantic }) => [name.ru, semantic])).toEqual([['Лид сконвертирован', 'success'], ['Отказ лида', 'failure']])
    expect(digital.stages.slice(0, -2).every(({ semantic }) => semantic === 'processing')).toBe(true)
  })

  it('lead on to the qualification with Zoom or Skype as with a meeting (S3-22)', () => {
    const rules = boundOf(digital)
    const { nextStep } = rules.card
    for (const way of ['meeting', 'zoom']) expect(nextStep.options.find(({ code }) => code === way)?.stageId, way).toBe(stepOf(rules, 'qualification').stageId)
  })
})

describe('every preset', () => {
  it.each(presets.map(preset => [preset.id, boundOf(preset)] as const))('has a deadline on each step on which people work, and somebody above who learns of a miss: %s (S4-20)', (_id, rules) => {
    for (const step of rules.steps.filter(({ kind }) => kind === 'work')) {
      const silent = look(world({ regulation: rules, lead: lead({ stageId: step.stageId, responsibleId: anna }) })).world
      expect(active(silent).clock, step.id).toMatchObject({ kind: 'first-contact' })
    }
    expect(rules.incidents.ladder.length).toBeGreaterThan(0)
  })

  it('takes phone and e-mail of a lead for given, and asks for none of them as an obligatory question (S4-9)', () => {
    for (const preset of presets) expect(questionsOf(boundOf(preset)).filter(({ kind, required }) => required && (kind === 'phone' || kind === 'email')), preset.id).toEqual([])
  })
})

describe('a call of telemarketing', () => {
  it('is a lead of whoever called, whether or not there was a talk, with the next call planned (S2-1, S2-3)', () => {
    const rules = boundOf(telemarketing)
    for (const seconds of [0, 60]) {
      const { world: after } = lookAndCarryOut(world({ regulation: rules, lead: lead({ stageId: stepOf(rules, 'contact').stageId, sourceId: 'CALL', responsibleId: vera, activities: [call(lead().createdAt, seconds, { responsibleId: vera })] }) }))
      expect(active(after)).toMatchObject({ stepId: 'contact', responsibleId: vera })
      expect(after.lead?.followUps).toMatchObject([{ open: true, responsibleId: vera }])
    }
  })
})
