/** «Столешницы на заказ»: the regulation of document 004. */
import { currentSchema } from '../regulation.ts'
import type { Regulation } from '../regulation.ts'
import { boundCard, boundStage, cardFields } from './preset.ts'
import type { Binding, Preset } from './preset.ts'
import { baseOf, ladderOf, movesWithinWeek } from './wording.ts'
import { card } from './worktops-card.ts'

export { bindPreset } from './preset.ts'

export const worktops: Preset = {
  id: 'worktops',
  name: { ru: 'Столешницы на заказ', en: 'Custom worktops' },
  description: {
    ru: 'Изделия по индивидуальным параметрам: единая карточка квалификации, срок по контактным данным, журнал пропусков.',
    en: 'Products made to measure: one qualification card, a deadline that follows the contact data, a journal of misses.',
  },
  stages: [
    { role: 'new', name: { ru: 'Новый лид', en: 'New lead' }, semantic: 'processing', ownId: 'LEADRAIL_NEW', usualId: 'NEW', likely: /^нов|^new/i, otherwise: 'first' },
    { role: 'in-work', name: { ru: 'Взят в работу', en: 'Taken into work' }, semantic: 'processing', ownId: 'LEADRAIL_IN_WORK', usualId: 'IN_PROCESS', likely: /в работ|взят|in work|in progress/i },
    { role: 'qualified', name: { ru: 'Квалификация пройдена', en: 'Qualified' }, semantic: 'processing', ownId: 'LEADRAIL_QUALIFIED', usualId: 'PROCESSED', likely: /квалиф|обработан|qualif|processed/i, otherwise: { after: 'in-work' } },
    { role: 'not-qualified', name: { ru: 'Некачественный лид', en: 'Not qualified' }, semantic: 'failure', ownId: 'LEADRAIL_FAILED', usualId: 'JUNK', likely: /некачеств|не квалиф|junk|not qualif/i, otherwise: 'first' },
  ],
  sources: [],
  fields: cardFields(card),
  regulation: binding => regulationFor(binding),
}

const regulationFor = (binding: Binding): Regulation => ({
  ...baseOf(binding),
  schema: currentSchema,
  name: worktops.name,
  steps: [
    {
      id: 'new',
      name: { ru: 'Ответственный назначен', en: 'Responsible person assigned' },
      stageId: boundStage(binding, 'new'),
      kind: 'intake',
      exit: { ru: 'У лида есть ответственный, который сейчас на работе.', en: 'The lead has a responsible person who is at work.' },
      guidance: { ru: 'Лид распределяется автоматически по очереди.', en: 'The lead is assigned automatically, in turn.' },
      videoUrl: null,
      followUp: null,
      deadline: null,
      situations: [],
      card: null,
      gate: null,
      leave: { done: { stageId: boundStage(binding, 'in-work'), by: 'automatic' }, notQualified: null },
    },
    {
      id: 'in-work',
      name: { ru: 'Взят в работу', en: 'Taken into work' },
      stageId: boundStage(binding, 'in-work'),
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
        moves: movesWithinWeek,
      },
      deadline: {
        firstContact: { phone: 'PT30M', messenger: 'PT1H', email: 'PT4H', nothing: 'PT8H' },
        finish: 'PT2H',
        // An hour: the client has waited already, and it is enough for another call and a few answers.
        again: 'PT1H',
      },
      situations: [],
      card: { groups: [], closing: true },
      // Whoever moves the lead on by hand is told what is still missing (S4-16).
      gate: { needs: [{ kind: 'answers' }], sendBack: false, noSkipping: false },
      leave: {
        done: { stageId: boundStage(binding, 'qualified'), by: 'automatic' },
        notQualified: { stageId: boundStage(binding, 'not-qualified'), by: 'automatic' },
      },
    },
  ],
  card: boundCard(binding, card),
  // The document brings in the head after repeated misses and praises the same for any stage (S4-19, S4-20).
  incidents: { ...baseOf(binding).incidents, misses: 3, windowDays: 30, ladder: ladderOf(binding, 'PT4H', 'PT16H') },
  // The quality control of refusals that the document announces (S4-17).
  rejection: { reasonRequired: true, controlledShare: 0.2, returnTo: 'first-step' },
  attempts: { ...baseOf(binding).attempts, limit: 3, reason: 'no-answer', wrongNumberReason: 'wrong-number' },
})

const guidance = {
  ru: [
    'Как действовать:',
    '• Клиент ответил: задайте вопросы карточки по порядку, сначала размеры и материал. Задавать все вопросы не нужно: достаточно обязательных.',
    '• Клиент не берёт трубку: отправьте короткое сообщение, оно считается первым контактом, и звоните ещё до срока задачи. После четвёртой попытки выберите причину «Не берёт трубку».',
    '• Указан только e-mail: напишите, задайте обязательные вопросы и попросите телефон.',
    '• Клиент не может назвать бюджет: предложите два варианта по цене и отметьте «не знает / отказался».',
    '• Клиент выбирает материал: предложите образцы или приезд в выставочный зал — это и будет следующий шаг.',
    '• Нужен не наш товар или номер неверный: выберите «Некачественный» и причину.',
  ].join('\n'),
  en: [
    'What to do:',
    '• The client answers: go through the card in order, size and material first. Not all have to be asked: the required ones are enough.',
    '• No answer: send a short message, it counts as the first contact, and call again before the task is due. After the fourth attempt choose the reason “No answer”.',
    '• Only an e-mail address: write, ask the required questions and ask for a phone number.',
    '• The client cannot name a budget: offer two price levels and mark “does not know / refused”.',
    '• The client is choosing a material: offer samples or a visit to the showroom; that is the next step.',
    '• Not our product, or a wrong number: choose “Not qualified” and a reason.',
  ].join('\n'),
}
