/** «Телемаркетинг»: the regulation of document 002. */
import { currentSchema } from '../regulation.ts'
import type { Regulation, Step, Text } from '../regulation.ts'
import { boundCard, boundField, boundSources, boundStage, cardFields } from './preset.ts'
import type { Binding, Preset } from './preset.ts'
import { card } from './telemarketing-card.ts'
import { anyContact, baseOf, ladderOf, lines, movesWithinWeek, situation, stepDefaults, text } from './wording.ts'

export const telemarketing: Preset = {
  id: 'telemarketing',
  name: text('Телемаркетинг', 'Telemarketing'),
  description: text(
    'Холодный обзвон: лид создаёт звонок на неизвестный номер, статусы повторяют этапы разговора, результат звонка задаёт следующий шаг.',
    'Cold calls: a call to an unknown number makes the lead, the statuses follow the talk, and the outcome of a call sets the next step.',
  ),
  stages: [
    { role: 'contact', name: text('Установление контакта', 'Making contact'), semantic: 'processing', ownId: 'LEADRAIL_TM_CONTACT', usualId: 'NEW', otherwise: 'first' },
    { role: 'needs', name: text('Выявление потребностей', 'Finding out the needs'), semantic: 'processing', ownId: 'LEADRAIL_TM_NEEDS' },
    { role: 'presentation', name: text('Презентация', 'Presentation'), semantic: 'processing', ownId: 'LEADRAIL_TM_PRESENT' },
    { role: 'objections', name: text('Работа с возражениями', 'Handling objections'), semantic: 'processing', ownId: 'LEADRAIL_TM_OBJECT' },
    { role: 'converted', name: text('Лид сконвертирован', 'Lead converted'), semantic: 'success', ownId: 'LEADRAIL_TM_CONV', usualId: 'CONVERTED', otherwise: 'first' },
    { role: 'bad-contact', name: text('Некорректный контакт', 'Wrong contact'), semantic: 'failure', ownId: 'LEADRAIL_TM_WRONG' },
    { role: 'not-relevant', name: text('Предложение неактуально', 'Offer not relevant'), semantic: 'failure', ownId: 'LEADRAIL_TM_NONEED' },
  ],
  sources: [
    { code: 'call', name: text('Звонок', 'Call'), usualId: 'CALL' },
    { code: 'base', name: text('Открытые источники, база обзвона', 'Open sources, call list') },
  ],
  fields: cardFields(card),
  regulation: binding => regulationFor(binding),
}

const regulationFor = (binding: Binding): Regulation => ({
  ...baseOf(binding),
  schema: currentSchema,
  name: telemarketing.name,
  channels: [
    { id: 'cold', name: text('Холодные звонки', 'Cold calls'), sources: boundSources(binding, 'base', 'call'), isLeadSource: true, handledBy: null, detail: null, reasonRequired: true, deadlineClass: null },
  ],
  // The caller is the responsible, a client who calls back comes to his own (S2-2, S2-6).
  distribution: { ...baseOf(binding).distribution, keepCaller: true, keepClientResponsible: true },
  intake: { ...baseOf(binding).intake, titleTemplate: '{company} – {interest}', interestField: boundField(binding, 'TM_INTEREST') },
  steps: stepsFor(binding),
  card: boundCard(binding, card),
  // Twenty calls until the decision maker is reached are all right (S2-11): no limit, only the next call.
  attempts: { limit: null, reason: 'no-answer', wrongNumberReason: 'wrong-number', retryAfter: 'PT4H' },
  waiting: { allowed: true, maxDays: 92, shareLimit: 0.5 },
  rejection: { reasonRequired: true, controlledShare: 0.05, returnTo: 'first-step' },
  incidents: { misses: 3, windowDays: 30, ladder: ladderOf(binding, 'PT4H', 'PT16H') },
  // At consent, with enough data, or at once on the first call: from any step (S2-10, S2-11); company, contact and deal together (S2-14).
  conversion: { ...baseOf(binding).conversion, fromStepId: null, personGetsCompany: true },
})

const stepsFor = (binding: Binding): readonly Step[] => {
  const step = (id: string, name: Text, next: string, exit: Text, guidance: Text, situations: Step['situations'], task: Text, deadline: NonNullable<Step['deadline']>, groups: readonly string[]): Step => ({
    ...stepDefaults,
    id,
    stageId: boundStage(binding, id),
    name,
    exit,
    guidance,
    situations,
    followUp: {
      form: 'todo',
      title: { ru: `${task.ru}: {client}`, en: `${task.en ?? task.ru}: {client}` },
      text: { ru: `${guidance.ru}`, en: guidance.en ?? guidance.ru },
      remindBeforeMinutes: 15,
      deadlineMayMove: true,
      moves: movesWithinWeek,
      summaryRequired: true,
    },
    deadline,
    card: { groups, closing: true },
    // Going straight to the conversion is allowed: «выставляйте счёт» may come with the first call.
    gate: { needs: [{ kind: 'contact' }], sendBack: false, noSkipping: false },
    leave: { done: { stageId: boundStage(binding, next), by: 'proposed' }, notQualified: { stageId: boundStage(binding, 'not-relevant'), by: 'automatic' } },
  })
  return [
    step('contact', text('Установление контакта', 'Making contact'), 'needs',
      text('Дозвонились до того, кто принимает решение, и узнали, есть ли интерес.', 'The decision maker has been reached, and it is known whether there is interest.'),
      contacting, contactingSituations, text('Позвонить', 'Call'),
      { firstContact: anyContact('PT2H'), finish: 'PT8H', again: 'PT16H', slow: 'PT40H' }, ['contact']),
    step('needs', text('Выявление потребностей', 'Finding out the needs'), 'presentation',
      text('Записаны требования клиента: какое оборудование, размеры, сроки, сумма.', 'The client’s demands are written down: which equipment, sizes, dates, amount.'),
      asking, [situation(['«Мне всё равно, дайте цены»', '“Whatever, just give me prices”'], ['Назовите вилку по двум моделям и спросите, какая ближе.', 'Name the range for two models and ask which is nearer.'])], text('Выяснить потребности', 'Find out the needs'),
      { firstContact: anyContact('PT8H'), finish: 'PT16H', again: 'PT16H' }, ['contact', 'needs']),
    step('presentation', text('Презентация', 'Presentation'), 'objections',
      text('Клиент получил ответы о марках, ценах, поставке и скидках и назвал своё решение или сомнение.', 'The client has his answers about makes, prices, delivery and discounts, and has named his decision or his doubt.'),
      presenting, [situation(['«Подумаю неделю»', '“I will think for a week”'], ['Согласуйте день и час звонка и переставьте дело на это время.', 'Agree on day and hour of the call and move the to-do to it.']), situation(['«Пришлите предложение»', '“Send me your offer”'], ['Индивидуальное предложение делайте, когда требования известны; иначе отправьте каталог и договоритесь о звонке.', 'Make an individual offer once the demands are known; otherwise send the catalogue and agree on a call.'])], text('Рассказать о предложении', 'Present the offer'),
      { firstContact: anyContact('PT16H'), finish: 'PT40H', again: 'PT16H' }, ['needs', 'terms']),
    step('objections', text('Работа с возражениями', 'Handling objections'), 'converted',
      text('Получено принципиальное согласие, и лид сконвертирован, либо названа причина отказа.', 'There is consent in principle and the lead is converted, or the reason of the refusal is known.'),
      objecting, objectingSituations, text('Снять возражения', 'Handle the objections'),
      { firstContact: anyContact('PT16H'), finish: 'PT24H', again: 'PT16H' }, ['needs', 'terms']),
  ]
}

const contacting = lines(
  ['• Представьтесь и в одном предложении скажите, с чем звоните.', '• Попросите соединить с тем, кто решает. Звонков может быть сколько угодно: статус при этом не меняется.', '• После звонка запишите суть в поле «Кратко о разговоре» и в заметке к делу: это быстрее, чем слушать запись.', '• Выберите, что ответил клиент: следующий шаг и звонок назначатся сами.'],
  ['• Introduce yourself and say in one sentence why you call.', '• Ask to be put through to whoever decides. There may be any number of calls; the status stays.', '• Write the call in short, in the card and in the note of the to-do: that is quicker than listening to the recording.', '• Choose what the client said: the next step and the call follow from it.'],
)
const contactingSituations = [
  situation(['Не берут трубку', 'No answer'], ['Отметьте «не дозвонился». Если перезвонят сами, звонок найдёт этот лид по номеру.', 'Mark “not reached”. If they call back, the call finds this lead by its number.']),
  situation(['«Сбросьте на почту»', '“Send it by e-mail”'], ['Спросите адрес и имя ЛПР, отправьте и договоритесь, когда перезвонить.', 'Ask for the address and the decision maker’s name, send it and agree when to call.']),
  situation(['«Выставляйте счёт»', '“Send the invoice”'], ['Конвертируйте сразу: компания, контакт и сделка создаются одной кнопкой.', 'Convert at once: company, contact and deal are made by one button.']),
]
const asking = lines(
  ['• Спросите, что стоит сейчас и что мешает работать.', '• Уточните размеры, мощность, дизайн, срок и сумму.', '• Контактов и данных стало много — конвертируйте, не дожидаясь согласия.'],
  ['• Ask what they have now and what is in the way.', '• Ask for size, power, design, date and amount.', '• There are many contacts and data: convert without waiting for the consent.'],
)
const presenting = lines(
  ['• Предложите две модели под названные требования.', '• Ответьте на вопросы о марках, ценах, поставке и скидках.', '• Предложение создавайте, только если оно индивидуальное: «пришлите ваше предложение» часто просто отговорка.'],
  ['• Offer two models that fit the demands.', '• Answer about makes, prices, delivery and discounts.', '• Make an offer only if it is individual: “send me your offer” is often just a way to end the call.'],
)
const objecting = lines(
  ['• Выслушайте возражение до конца и повторите его своими словами.', '• Ответьте фактом: пример, гарантия, расчёт.', '• Согласие или встреча — конвертируйте. Отказ — завершите работу с причиной и, если уместно, с датой возврата.'],
  ['• Hear the objection out and repeat it in your own words.', '• Answer with a fact: an example, a warranty, a calculation.', '• Consent or a meeting: convert. No: stop with a reason and, where it fits, a date to come back.'],
)
const objectingSituations = [
  situation(['«Дорого»', '“Too expensive”'], ['Посчитайте срок окупаемости, предложите рассрочку или бывшее в употреблении оборудование.', 'Work out the payback, offer instalments or used equipment.']),
  situation(['«У нас есть поставщик»', '“We have a supplier”'], ['Спросите, что хотелось бы улучшить, и предложите пробную поставку.', 'Ask what could be better and offer a trial delivery.']),
  situation(['«Мы на едином налоге»', '“We are on the single tax”'], ['Отметьте форму работы: счёт выставим от ФОП.', 'Note the legal form: the invoice will come from a sole trader.']),
]
