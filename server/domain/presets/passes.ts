/** «Оформление пропусков»: the regulation of document 000. */
import { currentSchema } from '../regulation.ts'
import type { Regulation, Step } from '../regulation.ts'
import { card } from './passes-card.ts'
import { boundCard, boundSources, boundStage, cardFields } from './preset.ts'
import type { Binding, Preset } from './preset.ts'
import { anyContact, baseOf, ladderOf, lines, movesWithinWeek, situation, stepDefaults, text } from './wording.ts'

export const passes: Preset = {
  id: 'passes',
  name: text('Оформление пропусков', 'Vehicle passes'),
  description: text(
    'Короткая воронка услуги: квалификация в первую минуту, коммерческое предложение письмом, согласие, реквизиты и конвертация.',
    'A short funnel of a service: qualification within a minute, an offer by e-mail, consent, requisites and conversion.',
  ),
  stages: [
    { role: 'new', name: text('Лид получен', 'Lead received'), semantic: 'processing', ownId: 'LEADRAIL_PS_NEW', usualId: 'NEW', likely: /^нов|^new/i, otherwise: 'first' },
    { role: 'assigned', name: text('Ответственный назначен', 'Responsible person assigned'), semantic: 'processing', ownId: 'LEADRAIL_PS_ASSIGNED' },
    { role: 'qualified', name: text('Квалификация пройдена', 'Qualification passed'), semantic: 'processing', ownId: 'LEADRAIL_PS_QUALIF' },
    { role: 'offer-sent', name: text('Коммерческое предложение отправлено', 'Offer sent'), semantic: 'processing', ownId: 'LEADRAIL_PS_OFFER' },
    { role: 'agreed', name: text('Согласие получено', 'Consent received'), semantic: 'processing', ownId: 'LEADRAIL_PS_AGREED' },
    { role: 'papers', name: text('Реквизиты получены', 'Requisites received'), semantic: 'processing', ownId: 'LEADRAIL_PS_PAPERS' },
    { role: 'converted', name: text('Лид сконвертирован', 'Lead converted'), semantic: 'success', ownId: 'LEADRAIL_PS_CONV', usualId: 'CONVERTED', otherwise: 'first' },
    { role: 'closed', name: text('Лид закрыт с причиной', 'Lead closed with a reason'), semantic: 'failure', ownId: 'LEADRAIL_PS_CLOSED', usualId: 'JUNK', otherwise: 'first' },
  ],
  sources: [
    { code: 'call', name: text('Звонок', 'Call'), usualId: 'CALL' },
    { code: 'email', name: text('Электронная почта', 'E-mail'), usualId: 'EMAIL' },
    { code: 'web', name: text('Веб-сайт', 'Website'), usualId: 'WEB' },
    { code: 'webform', name: text('CRM-форма', 'CRM form'), usualId: 'WEBFORM' },
    { code: 'messenger', name: text('Сообщение в мессенджере', 'Messenger') },
  ],
  fields: cardFields(card),
  regulation: binding => regulationFor(binding),
}

const channel = (binding: Binding, id: string, name: Regulation['channels'][number]['name'], ...sources: readonly string[]): Regulation['channels'][number] => ({
  id, name, sources: boundSources(binding, ...sources), isLeadSource: true, handledBy: null, detail: null, reasonRequired: true, deadlineClass: null,
})

const regulationFor = (binding: Binding): Regulation => ({
  ...baseOf(binding),
  schema: currentSchema,
  name: passes.name,
  channels: [
    channel(binding, 'calls', text('Входящие и исходящие звонки', 'Incoming and outgoing calls'), 'call'),
    channel(binding, 'mail', text('Почтовые сообщения', 'E-mails'), 'email'),
    channel(binding, 'messengers', text('Мессенджеры', 'Messengers'), 'messenger'),
    channel(binding, 'forms', text('Формы обратной связи', 'Feedback forms'), 'web', 'webform'),
  ],
  steps: stepsFor(binding),
  card: boundCard(binding, card),
  attempts: { limit: 3, reason: 'no-answer', wrongNumberReason: 'wrong-number', retryAfter: 'PT1H' },
  waiting: { allowed: true, maxDays: 90, shareLimit: null },
  incidents: { misses: 3, windowDays: 30, ladder: ladderOf(binding, 'PT30M', 'PT4H') },
  conversion: { ...baseOf(binding).conversion, fromStepId: 'papers', personGetsCompany: false, variantBy: { question: 'ps_who', person: ['person'], organisation: ['company'], client: ['known'] } },
})

const stepsFor = (binding: Binding): readonly Step[] => {
  const to = (role: string, by: 'automatic' | 'proposed' | 'hand') => ({ stageId: boundStage(binding, role), by })
  const closed = to('closed', 'hand')
  return [
    {
      ...stepDefaults,
      id: 'new',
      kind: 'intake',
      stageId: boundStage(binding, 'new'),
      name: text('Лид получен', 'Lead received'),
      exit: text('Назначен ответственный: тот, кто взял трубку или позвонил сам, иначе следующий по очереди.', 'There is a responsible person: whoever took the call or called himself, else the next in turn.'),
      guidance: text('Ответственный назначается автоматически.', 'The responsible person is assigned automatically.'),
      leave: { done: to('assigned', 'automatic'), notQualified: null },
    },
    {
      ...stepDefaults,
      id: 'assigned',
      stageId: boundStage(binding, 'assigned'),
      name: text('Ответственный назначен', 'Responsible person assigned'),
      exit: text('Проведён опрос по ключевым и квалификационным вопросам, заполнены обязательные поля и выбран результат. Решение принимает менеджер.', 'The key and qualifying questions have been asked, the required fields are filled in and the result is chosen. The manager decides.'),
      guidance: calling,
      situations: callingSituations,
      followUp: {
        form: 'task',
        title: text('Связаться и провести квалификацию: {client}', 'Call and qualify: {client}'),
        text: text(`Свяжитесь с абонентом ({client}), проведите квалификацию и заполните обязательные поля карточки лида.\n\n${calling.ru}`, `Call the client ({client}), qualify him and fill in the required fields of the lead.\n\n${calling.en}`),
        remindBeforeMinutes: 0,
        deadlineMayMove: true,
        moves: movesWithinWeek,
      },
      deadline: { firstContact: { phone: 'PT1M', messenger: 'PT1M', email: 'PT15M', nothing: 'PT15M' }, finish: 'PT15M', again: 'PT30M' },
      card: { groups: [], closing: true },
      gate: { needs: [{ kind: 'answers' }, { kind: 'contact' }], sendBack: true, noSkipping: true },
      leave: { done: to('qualified', 'proposed'), notQualified: to('closed', 'proposed') },
    },
    {
      ...stepDefaults,
      id: 'qualified',
      stageId: boundStage(binding, 'qualified'),
      name: text('Квалификация пройдена', 'Qualification passed'),
      exit: text('Коммерческое предложение отправлено письмом, а без адреса — сообщением в мессенджере; задача по его отправке выполнена.', 'The offer has been sent by e-mail, or by messenger where there is no address, and the task of sending it is done.'),
      guidance: offering,
      situations: [
        situation(['Нет адреса почты', 'No e-mail address'], ['Позвоните и уточните его: без адреса кнопка отправки недоступна. Пока ждёте, отправьте предложение в WhatsApp.', 'Call and ask for it: without an address the send button is not available. Meanwhile send the offer by WhatsApp.']),
        situation(['Клиент просит только цену', 'The client asks for the price only'], ['Отправьте мини-КП по SMS, а следом полное — письмом.', 'Send the short offer by SMS and the full one by e-mail after it.']),
      ],
      followUp: {
        form: 'task',
        title: text('Подготовить и отправить КП: {client}', 'Prepare and send the offer: {client}'),
        text: text(`Подготовьте письмо и коммерческое предложение и отправьте их клиенту ({client}).\n\n${offering.ru}`, `Prepare the letter and the offer and send them to the client ({client}).\n\n${offering.en}`),
        remindBeforeMinutes: 15,
        deadlineMayMove: true,
        moves: movesWithinWeek,
      },
      deadline: { firstContact: anyContact('PT2H'), finish: 'PT1H', again: 'PT1H' },
      gate: { needs: [{ kind: 'offer-sent' }, { kind: 'task-done' }], sendBack: true, noSkipping: true },
      leave: { done: to('offer-sent', 'proposed'), notQualified: closed },
    },
    {
      ...stepDefaults,
      id: 'offer-sent',
      stageId: boundStage(binding, 'offer-sent'),
      name: text('Коммерческое предложение отправлено', 'Offer sent'),
      exit: text('Клиент дал согласие по предложению либо категорически отказался.', 'The client has agreed to the offer, or has flatly refused it.'),
      guidance: convincing,
      situations: convincingSituations,
      followUp: {
        form: 'task',
        title: text('Получить согласие по КП: {client}', 'Get the consent to the offer: {client}'),
        text: text(`Свяжитесь с клиентом ({client}), ответьте на вопросы, дайте разъяснения, обработайте возражения и получите согласие по КП либо категорический отказ.\n\n${convincing.ru}`, `Call the client ({client}), answer the questions, explain, handle the objections and get the consent to the offer or a flat refusal.\n\n${convincing.en}`),
        remindBeforeMinutes: 15,
        deadlineMayMove: true,
        moves: movesWithinWeek,
      },
      deadline: { firstContact: anyContact('PT8H'), finish: 'PT8H', again: 'PT4H' },
      gate: { needs: [{ kind: 'contact' }], sendBack: true, noSkipping: true },
      leave: { done: to('agreed', 'hand'), notQualified: closed },
    },
    {
      ...stepDefaults,
      id: 'agreed',
      stageId: boundStage(binding, 'agreed'),
      name: text('Согласие получено', 'Consent received'),
      exit: text('Получены первичные документы и реквизиты для договора, они внесены в карточку.', 'The primary documents and the requisites for the contract are received and entered.'),
      guidance: lines(
        ['• Запросите карточку предприятия, СТС и доверенность на подписанта.', '• Найдите компанию по ИНН и сверьте название, адрес и статус с государственным реестром.', '• У физического лица достаточно паспортных данных и СТС.'],
        ['• Ask for the company card, the vehicle registration and the signatory’s authority.', '• Find the company by its INN and compare name, address and status with the state registry.', '• For a private person passport data and the vehicle registration are enough.'],
      ),
      situations: [situation(['Клиент тянет с документами', 'The client delays the papers'], ['Договоритесь о дате и переставьте срок задачи на неё.', 'Agree on a date and move the deadline of the task to it.'])],
      followUp: {
        form: 'task',
        title: text('Получить реквизиты и документы: {client}', 'Get the requisites and papers: {client}'),
        text: text('Запросите и получите от клиента ({client}) первичные документы — реквизиты для заполнения договора.', 'Ask the client ({client}) for the primary documents, the requisites for the contract.'),
        remindBeforeMinutes: 15,
        deadlineMayMove: true,
        moves: movesWithinWeek,
      },
      deadline: { firstContact: anyContact('PT8H'), finish: 'PT16H', again: 'PT8H' },
      gate: { needs: [{ kind: 'task-done' }], sendBack: true, noSkipping: true },
      leave: { done: to('papers', 'proposed'), notQualified: closed },
    },
    {
      ...stepDefaults,
      id: 'papers',
      stageId: boundStage(binding, 'papers'),
      name: text('Реквизиты получены', 'Requisites received'),
      exit: text('Лид сконвертирован, перенос данных проверен.', 'The lead is converted, and the data that went along have been checked.'),
      guidance: converting,
      situations: [
        situation(['Портал просит заполнить поля', 'The portal asks for fields'], ['Заполните названные обязательные поля и повторите: до этого конвертация не начнётся.', 'Fill in the required fields it names and try again: the conversion does not begin before.']),
        situation(['Телефон личный или служебный?', 'A private or an office number?'], ['Личный оставьте контакту, служебный — компании, из другой карточки номер удалите.', 'Leave a private number with the contact and an office number with the company, and delete it from the other one.']),
      ],
      followUp: {
        form: 'task',
        title: text('Сконвертировать лид: {client}', 'Convert the lead: {client}'),
        text: text(`Проведите конвертацию лида ({client}).\n\n${converting.ru}`, `Convert the lead ({client}).\n\n${converting.en}`),
        remindBeforeMinutes: 15,
        deadlineMayMove: true,
        moves: movesWithinWeek,
      },
      deadline: { firstContact: anyContact('PT4H'), finish: 'PT4H', again: 'PT4H' },
      gate: { needs: [{ kind: 'requisites' }], sendBack: false, noSkipping: false },
      leave: { done: to('converted', 'hand'), notQualified: closed },
    },
  ]
}

const calling = lines(
  ['Что нужно, чтобы перейти дальше: убедиться, что «клиент наш».', '• Задайте вопросы карточки: услуга, тип машины, период, стоимость.', '• Уточните e-mail и сразу внесите его в карточку: без него предложение не отправить.', '• Клиент наш — выберите «Клиент наш» и переведите лид дальше. Нет — закройте его с причиной.'],
  ['To go on, make sure that the client is ours.', '• Ask the questions of the card: service, type of vehicle, period, price.', '• Ask for the e-mail address and enter it at once: without it no offer can be sent.', '• The client is ours: choose so and move the lead on. He is not: close it with a reason.'],
)

const callingSituations = [
  situation(['Абонент не ответил', 'No answer'], ['Отметьте «не дозвонился»: срок задачи переставится, система напомнит. После четвёртой неудачной попытки предложим закрыть лид.', 'Mark “not reached”: the deadline moves and you are reminded. After the fourth failed attempt closing is proposed.']),
  situation(['Номер неправильный', 'Wrong number'], ['Отметьте номер неверным. Если есть e-mail, напишите, иначе закройте лид с этой причиной.', 'Mark the number as wrong. Write if there is an e-mail address, else close the lead with this reason.']),
  situation(['«Перезвоните позже»', '“Call me later”'], ['Спросите, когда удобно, и переставьте срок задачи на это время.', 'Ask when it suits and move the deadline of the task to that time.']),
]

const offering = lines(
  ['• Подставьте в шаблон зону, тип машины, период и цену.', '• Отправляйте письмом из карточки лида: так оно сохранится в истории.', '• Закройте задачу, когда письмо ушло, и переведите лид дальше.'],
  ['• Fill zone, type of vehicle, period and price into the template.', '• Send the letter from the lead card, so that it stays in the history.', '• Close the task when the letter is sent, and move the lead on.'],
)

const convincing = lines(
  ['• Спросите, дошло ли письмо и всё ли понятно.', '• Ответьте на вопросы и назовите ближайший срок готовности.', '• Согласие — переведите в «Согласие получено». Категорический отказ — закройте с причиной.'],
  ['• Ask whether the letter has arrived and is clear.', '• Answer the questions and name the nearest date.', '• Consent: move the lead to “Consent received”. Flat refusal: close it with a reason.'],
)

const convincingSituations = [
  situation(['«Дорого»', '“Too expensive”'], ['Сравните с ценой одного штрафа, предложите скидку за несколько машин.', 'Compare it with a single fine, and offer the discount for several vehicles.']),
  situation(['«Мне обещают быстрее»', '“Others promise it sooner”'], ['Объясните официальные сроки и предложите разовый пропуск на время оформления.', 'Explain the official terms and offer a single pass meanwhile.']),
  situation(['«Подумаю»', '“I will think about it”'], ['Спросите, чего не хватает для решения, и договоритесь о дате звонка.', 'Ask what is missing for a decision and agree on the date of a call.']),
  situation(['Письмо не дошло', 'The letter has not arrived'], ['Проверьте адрес, отправьте ещё раз и продублируйте в WhatsApp.', 'Check the address, send it again and by WhatsApp as well.']),
]

const converting = lines(
  ['Варианты конвертации:', '• Новый клиент — физическое лицо: сделка и контакт.', '• Новый клиент — юридическое лицо: сделка, контакт и компания. Название возьмите из реестра.', '• Старый клиент: только сделка.', 'Проверьте перенос: реквизиты, поля и телефоны — личный у контакта, служебный у компании.'],
  ['Ways to convert:', '• A new private person: deal and contact.', '• A new organisation: deal, contact and company. Take the name from the registry.', '• A known client: only a deal.', 'Check what went along: requisites, fields and phones, a private one with the contact, an office one with the company.'],
)
