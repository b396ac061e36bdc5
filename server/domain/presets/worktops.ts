/** «Столешницы на заказ»: the regulation of document 004. */
import type { Regulation } from '../regulation.ts'
import { boundField, boundOptions, boundQuestion, boundValue, fieldOf } from './preset.ts'
import type { Binding, Preset } from './preset.ts'
import { comment, groups, nextStep, reason, result, unknown } from './worktops-card.ts'

export { bindPreset } from './preset.ts'

const list = { type: 'enumeration', mandatory: false } as const

export const worktops: Preset = {
  id: 'worktops',
  name: { ru: 'Столешницы на заказ', en: 'Custom worktops' },
  stages: [
    { role: 'new', name: { ru: 'Новый лид', en: 'New lead' }, semantic: 'processing' },
    { role: 'in-work', name: { ru: 'Взят в работу', en: 'Taken into work' }, semantic: 'processing' },
    { role: 'qualified', name: { ru: 'Квалификация пройдена', en: 'Qualified' }, semantic: 'processing' },
    { role: 'not-qualified', name: { ru: 'Некачественный лид', en: 'Not qualified' }, semantic: 'failure' },
  ],
  fields: [
    ...groups.flatMap(group => group.questions.map(fieldOf)),
    { code: comment.code, name: comment.title, type: 'text', options: [], mandatory: false },
    { ...list, code: result.code, name: result.title, options: result.options },
    { ...list, code: nextStep.code, name: nextStep.title, options: nextStep.options },
    { ...list, code: reason.code, name: reason.title, options: reason.options },
    { code: unknown.code, name: unknown.title, type: 'strings', options: [], mandatory: false },
  ],
  regulation: binding => regulationFor(binding),
}

const regulationFor = (binding: Binding): Regulation => ({
  schema: 1,
  name: worktops.name,
  distribution: {
    pool: { kind: 'department', departmentId: binding.departmentId, withHead: binding.withHead },
    order: 'in-turn',
    fallbackUserId: binding.fallbackUserId,
    keepPoolMember: true,
  },
  steps: [
    {
      id: 'new',
      name: { ru: 'Ответственный назначен', en: 'Responsible person assigned' },
      stageId: binding.stages.new,
      kind: 'intake',
      exit: { ru: 'У лида есть ответственный, который сейчас на работе.', en: 'The lead has a responsible person who is at work.' },
      guidance: { ru: 'Лид распределяется автоматически по очереди.', en: 'The lead is assigned automatically, in turn.' },
      videoUrl: null,
      followUp: null,
      deadline: null,
      card: false,
      leave: { done: { stageId: binding.stages['in-work'], by: 'automatic' }, notQualified: null },
    },
    {
      id: 'in-work',
      name: { ru: 'Взят в работу', en: 'Taken into work' },
      stageId: binding.stages['in-work'],
      kind: 'work',
      exit: {
        ru: 'Получены ответы на обязательные вопросы, записаны пожелания клиента, выбран результат и следующий шаг.',
        en: 'The required questions are answered, the client’s wishes are written down, and the result and the next step are chosen.',
      },
      guidance,
      videoUrl: null,
      followUp: {
        form: 'task',
        title: { ru: 'Квалифицировать лид: {client}', en: 'Qualify the lead: {client}' },
        text: { ru: `Свяжитесь с клиентом ({client}) и заполните карточку квалификации.\n\n${guidance.ru}`, en: `Contact the client ({client}) and fill in the qualification card.\n\n${guidance.en}` },
        remindBeforeMinutes: 15,
        deadlineMayMove: true,
      },
      deadline: {
        firstContact: { phone: 'PT30M', messenger: 'PT1H', email: 'PT4H', nothing: 'PT8H' },
        finish: 'PT2H',
        // An hour: the client has waited already, and it is enough for another call and a few answers.
        again: 'PT1H',
      },
      card: true,
      leave: {
        done: { stageId: binding.stages.qualified, by: 'automatic' },
        notQualified: { stageId: binding.stages['not-qualified'], by: 'automatic' },
      },
    },
  ],
  card: {
    groups: groups.map(group => ({ ...group, questions: group.questions.map(question => boundQuestion(binding, question)) })),
    comment: { field: boundField(binding, comment.code), required: true, title: comment.title },
    result: {
      field: boundField(binding, result.code),
      title: result.title,
      values: { qualified: boundValue(binding, result.code, 'qualified'), notQualified: boundValue(binding, result.code, 'not-qualified') },
    },
    nextStep: { field: boundField(binding, nextStep.code), title: nextStep.title, options: boundOptions(binding, nextStep) },
    reason: { field: boundField(binding, reason.code), title: reason.title, options: boundOptions(binding, reason) },
    unknown: { field: boundField(binding, unknown.code) },
  },
  contact: { reachedCallSeconds: 20 },
  incidents: { misses: 3, windowDays: 30 },
  calendar: { kind: 'portal' },
})

const guidance = {
  ru: [
    'Как действовать:',
    '• Клиент ответил: задайте вопросы карточки по порядку, сначала размеры и материал. Задавать все вопросы необязательно: достаточно отмеченных.',
    '• Клиент не берёт трубку: отправьте короткое сообщение, оно считается первым контактом, и звоните ещё до срока задачи. После четвёртой попытки выберите причину «Не берёт трубку».',
    '• Указан только e-mail: напишите, задайте обязательные вопросы и попросите телефон.',
    '• Клиент не может назвать бюджет: предложите два варианта по цене и отметьте «не знает / отказался».',
    '• Клиент выбирает материал: предложите образцы или посещение выставки — это и будет следующий шаг.',
    '• Нужен не наш товар или номер неверный: выберите «Некачественный» и причину.',
  ].join('\n'),
  en: [
    'What to do:',
    '• The client answers: go through the card in order, size and material first. Only the marked questions are required.',
    '• No answer: send a short message, it counts as the first contact, and call again before the task is due. After the fourth attempt choose the reason “No answer”.',
    '• Only an e-mail address: write, ask the required questions and ask for a phone number.',
    '• The client cannot name a budget: offer two price levels and mark “does not know / refused”.',
    '• The client is choosing a material: offer samples or a visit to the showroom; that is the next step.',
    '• Not our product, or a wrong number: choose “Not qualified” and a reason.',
  ].join('\n'),
}
