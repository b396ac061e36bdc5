/** Questions, outcomes of a call and reasons of «Телемаркетинг» (S2-3, S2-9, S2-15, S2-16). */
import type { PresetCard } from './preset.ts'
import { key, line, list, option, optional, qualifying, text } from './wording.ts'

const groups: PresetCard['groups'] = [
  {
    id: 'contact',
    title: text('Контакт', 'Contact'),
    questions: [
      { ...key, ...line, code: 'TM_OBJECT', title: text('Кому звоним', 'Whom we call'), script: text('Здравствуйте! Правильно ли я понимаю, что это… (вид заведения и название)? Подскажите, кто у вас занимается оборудованием?', 'Hello! Am I right that this is … (kind of place and name)? Who is in charge of the equipment?'), hint: text('Вид заведения и название: они войдут в название лида, например «аптека Здоровье – витрина».', 'Kind and name: they become the lead’s title, e.g. “pharmacy Health – display case”.') },
      { ...key, ...list, code: 'TM_WHO', title: text('С кем говорили', 'Who was on the phone'), script: text('С кем я могу обсудить закупку: с вами или с руководителем?', 'With whom may I discuss the purchase: with you or with the manager?'), options: [option('lpr', 'ЛПР', 'Decision maker'), option('admin', 'Администратор', 'Administrator'), option('staff', 'Сотрудник', 'Employee'), option('nobody', 'Трубку не взяли', 'Nobody answered')] },
      { ...optional, ...line, code: 'TM_LPR', title: text('Имя и контакты ЛПР', 'Decision maker’s name and contacts'), script: text('Как зовут руководителя и когда его лучше застать?', 'What is the manager’s name, and when is a good time to call?'), hint: text('Личный номер и время, когда ЛПР на месте.', 'A direct number and the hours when he is there.') },
    ],
  },
  {
    id: 'needs',
    title: text('Потребность', 'Needs'),
    questions: [
      { ...key, ...list, code: 'TM_INTEREST', title: text('Интерес', 'Interest'), script: text('Какое оборудование сейчас стоит и что хотелось бы обновить?', 'What equipment do you have now, and what would you like to renew?'), options: [option('display', 'Витрина', 'Display case'), option('fridge', 'Холодильный шкаф', 'Refrigerator'), option('counter', 'Прилавок', 'Counter'), option('icemaker', 'Льдогенератор', 'Ice maker'), option('freezer', 'Морозильная камера', 'Freezer'), option('set', 'Комплект для нового заведения', 'A set for a new place'), option('none', 'Интереса нет', 'No interest')] },
      { ...optional, kind: 'longtext', type: 'text', code: 'TM_DEMANDS', title: text('Требования', 'Demands'), script: text('Какие размеры, мощность и сроки вам нужны?', 'Which size, power and dates do you need?') },
      { ...qualifying, kind: 'money', type: 'double', unknownAllowed: true, code: 'TM_AMOUNT', title: text('Возможная сумма', 'Possible amount'), script: text('На какую сумму вы рассчитываете?', 'What amount do you have in mind?') },
      { ...optional, ...list, code: 'TM_WHEN', title: text('Когда планируют покупку', 'When they plan to buy'), script: text('Когда планируете покупку?', 'When do you plan to buy?'), options: [option('now', 'Ищут поставщика сейчас', 'Looking for a supplier now'), option('quarter', 'В ближайшие три месяца', 'Within three months'), option('season', 'К сезону', 'For the season'), option('later', 'Позже', 'Later')] },
    ],
  },
  {
    id: 'terms',
    title: text('Условия', 'Terms'),
    questions: [
      { ...optional, ...list, code: 'TM_ASKED', title: text('О чём спрашивали', 'What they asked about'), script: text('Что ещё рассказать: марки, цены, поставка, скидки?', 'What else shall I tell you: makes, prices, delivery, discounts?'), kind: 'multilist', type: 'enumerations', options: [option('brands', 'Торговые марки', 'Makes'), option('prices', 'Цены', 'Prices'), option('delivery', 'Условия поставки', 'Delivery'), option('discounts', 'Скидки', 'Discounts'), option('service', 'Сервис и гарантия', 'Service and warranty')] },
      { ...optional, ...list, code: 'TM_LEGAL', title: text('Форма работы', 'Legal form'), script: text('Как вам удобнее платить: как предприниматель на едином налоге или от компании с НДС?', 'How would you rather pay: as a sole trader on the single tax, or as a company with VAT?'), hint: text('Клиенту на едином налоге удобнее работать с ФОП: укажите это в счёте.', 'A client on the single tax prefers to work with a sole trader: note it for the invoice.'), options: [option('sole-single-tax', 'ФОП (ИП) на едином налоге', 'Sole trader on the single tax'), option('company-vat', 'Компания с НДС', 'Company with VAT'), option('company', 'Компания без НДС', 'Company without VAT'), option('person', 'Частное лицо', 'Private person')] },
      { ...optional, kind: 'address', type: 'string', code: 'TM_ADDRESS', title: text('Адрес поставки', 'Delivery address'), script: text('По какому адресу везти оборудование?', 'To which address shall we deliver?') },
    ],
  },
]

export const card: PresetCard = {
  groups,
  comment: { code: 'TM_SUMMARY', title: text('Кратко о разговоре', 'The call in short'), required: true },
  result: {
    code: 'TM_RESULT',
    title: text('Результат звонка', 'Result of the call'),
    options: [option('qualified', 'Есть интерес', 'There is interest'), option('not-qualified', 'Прекратить работу', 'Stop working on it'), option('postponed', 'Вернуться через время', 'Come back later')],
  },
  postponedUntil: { code: 'TM_UNTIL', title: text('Когда вернуться', 'When to come back') },
  nextStep: {
    code: 'TM_NEXT',
    title: text('Что ответил клиент', 'What the client said'),
    options: [
      { ...option('call-lpr', '«Перезвоните, когда будет ЛПР» — статус тот же, звонок', '“Call when the decision maker is here”: same status, a call'), stay: true },
      { ...option('mail-offer', '«Сбросьте предложение на почту» — статус тот же, звонок', '“Send the offer by e-mail”: same status, a call'), stay: true },
      { ...option('told-needs', 'ЛПР рассказал о требованиях — выявление потребностей', 'The decision maker told his demands: needs'), stage: 'needs' },
      { ...option('thinks', 'Получил ответы, обещал подумать — презентация и звонок', 'Got his answers and will think: presentation and a call'), stage: 'presentation' },
      { ...option('objects', 'Возражает — работа с возражениями', 'Objects: handling of objections'), stage: 'objections' },
      { ...option('meeting', 'Готов встретиться — конвертация и встреча', 'Ready to meet: conversion and a meeting'), stage: 'converted' },
      { ...option('invoice', '«Выставляйте счёт» — конвертация сразу', '“Send the invoice”: conversion at once'), stage: 'converted' },
      { ...option('agreed', 'Принципиально согласен — конвертация', 'Agrees in principle: conversion'), stage: 'converted' },
    ],
  },
  reason: {
    code: 'TM_REASON',
    title: text('Почему прекратили', 'Why it was stopped'),
    options: [
      { ...option('wrong-number', 'Номер не существует или чужой', 'Number does not exist or is another’s'), stage: 'bad-contact', fault: 'company', guidance: text('Проверьте номер в источнике базы.', 'Check the number where the list was taken from.') },
      { ...option('closed', 'Заведение закрылось', 'The place has closed'), stage: 'bad-contact', fault: 'nobody' },
      { ...option('not-target', 'Не заведение и не магазин', 'Neither a café nor a shop'), stage: 'bad-contact', fault: 'company' },
      { ...option('no-answer', 'Не удаётся дозвониться', 'Cannot be reached'), stage: 'bad-contact', fault: 'client', returnAfterDays: 60 },
      { ...option('no-need', 'Оборудование не нужно', 'No equipment needed'), stage: 'not-relevant', fault: 'client', returnAfterDays: 180 },
      { ...option('has-supplier', 'Есть постоянный поставщик', 'Has a regular supplier'), stage: 'not-relevant', fault: 'client', guidance: text('Спросите, чем он хорош и когда заканчивается договор.', 'Ask what is good about him and when the contract ends.'), returnDateAsked: true },
      { ...option('expensive', 'Дорого', 'Too expensive'), stage: 'not-relevant', fault: 'client', guidance: text('Прежде чем закрывать, предложите бывшее в употреблении оборудование или рассрочку.', 'Offer used equipment or instalments before you close it.'), returnAfterDays: 90 },
      { ...option('not-now', 'Не сейчас, просил вернуться', 'Not now, asked to be called later'), stage: 'not-relevant', fault: 'nobody', returnDateAsked: true },
      { ...option('do-not-call', 'Просил больше не звонить', 'Asked not to be called again'), stage: 'not-relevant', fault: 'client' },
      { ...option('other', 'Другое, подробно в комментарии', 'Other, see the comment'), stage: 'not-relevant', commentRequired: true },
    ],
  },
  unknown: { code: 'TM_UNKNOWN', title: text('Вопросы без ответа клиента', 'Questions the client did not answer') },
}
