/** «Обращения как в 1С:CRM»: the regulation of document 001. */
import { fieldName } from '../lead.ts'
import { currentSchema } from '../regulation.ts'
import type { Channel, Regulation, Step, Text } from '../regulation.ts'
import { boundCard, boundField, boundSources, boundStage, cardFields } from './preset.ts'
import type { Binding, Preset } from './preset.ts'
import { card } from './requests-card.ts'
import { anyContact, baseOf, departmentPool, ladderOf, lines, movesWithinWeek, situation, stepDefaults, text } from './wording.ts'

export const requests: Preset = {
  id: 'requests',
  name: text('Обращения как в 1С:CRM', 'Requests as in 1C:CRM'),
  description: text(
    'Каналы со своими ролями и правилами: что считать лидом, кто обрабатывает, когда обязательна причина; отказы хранятся и возвращаются.',
    'Channels with roles and rules of their own: what is a lead, who handles it, when a reason is required; refusals are kept and come back.',
  ),
  stages: [
    { role: 'new', name: text('Не обработано', 'Not handled'), semantic: 'processing', ownId: 'LEADRAIL_RQ_NEW', usualId: 'NEW', likely: /^нов|^не обработ|^new|^unassigned/i, otherwise: 'first' },
    { role: 'in-work', name: text('В обработке', 'Being handled'), semantic: 'processing', ownId: 'LEADRAIL_RQ_WORK', usualId: 'IN_PROCESS', likely: /в обработке|в работ|in progress/i },
    { role: 'confirmed', name: text('Интерес подтверждён', 'Interest confirmed'), semantic: 'processing', ownId: 'LEADRAIL_RQ_CONFIRM' },
    { role: 'converted', name: text('Принято в продажи', 'Accepted by sales'), semantic: 'success', ownId: 'LEADRAIL_RQ_CONV', usualId: 'CONVERTED', otherwise: 'first' },
    { role: 'refused', name: text('Отказ', 'Refusal'), semantic: 'failure', ownId: 'LEADRAIL_RQ_REFUSED', usualId: 'JUNK', otherwise: 'first' },
    { role: 'spam', name: text('Спам', 'Spam'), semantic: 'failure', ownId: 'LEADRAIL_RQ_SPAM', likely: /^спам$|^spam$/i },
  ],
  sources: [
    { code: 'call', name: text('Звонок', 'Call'), usualId: 'CALL' },
    { code: 'callback', name: text('Обратный звонок', 'Callback'), usualId: 'CALLBACK' },
    { code: 'email', name: text('Электронная почта', 'E-mail'), usualId: 'EMAIL' },
    { code: 'site', name: text('Сайт', 'Site'), usualId: 'WEB' },
    { code: 'webform', name: text('CRM-форма', 'CRM form'), usualId: 'WEBFORM' },
    { code: 'messenger', name: text('Сообщение в мессенджере', 'Messenger') },
    { code: 'social', name: text('Соцсети', 'Social networks') },
    { code: 'visit', name: text('Личное обращение в офис', 'Visit to the office') },
    { code: 'exhibition', name: text('Выставка', 'Exhibition'), usualId: 'TRADE_SHOW' },
    { code: 'recommendation', name: text('По рекомендации', 'By recommendation'), usualId: 'RECOMMENDATION' },
    { code: 'cold-base', name: text('Обзвон базы', 'Calls through a list') },
    { code: 'support', name: text('Обращение в поддержку', 'Support request') },
    { code: 'private-mail', name: text('Личная почта сотрудника', 'Employee’s private mail') },
  ],
  fields: cardFields(card),
  regulation: binding => regulationFor(binding),
}

const regulationFor = (binding: Binding): Regulation => ({
  ...baseOf(binding),
  schema: currentSchema,
  name: requests.name,
  channels: channelsFor(binding),
  distribution: {
    ...baseOf(binding).distribution,
    // Roles in place of persons (S1-A8). All begin with the whole department; the administrator gives each its people.
    pools: [
      departmentPool(binding, 'managers', text('Менеджеры по продажам', 'Sales managers')),
      { ...departmentPool(binding, 'inbox', text('Диспетчеры почты и сообщений', 'Dispatchers of mail and messages')), order: 'least-loaded' },
      { ...departmentPool(binding, 'dealers', text('Дилеры по регионам', 'Dealers by region')), regions: {} },
      departmentPool(binding, 'callers', text('Сотрудники обзвона', 'Callers')),
    ],
    defaultPoolId: 'managers',
    takeWithin: 'PT1H',
    poolMayTake: true,
    regionField: boundField(binding, 'RQ_REGION'),
  },
  intake: { ...baseOf(binding).intake, titleTemplate: '{company} – {interest}', interestField: boundField(binding, 'RQ_INTEREST'), sourceRequired: true, interests: 'ask-person', duplicates: { search: true, tellResponsible: true } },
  steps: stepsFor(binding),
  card: boundCard(binding, card),
  attempts: { limit: 3, reason: 'no-answer', wrongNumberReason: 'wrong-number', retryAfter: 'PT4H' },
  waiting: { allowed: true, maxDays: 92, shareLimit: 0.3 },
  // Nobody is deleted: refused with a mark, and back to work on the date of the reason (S1-B5, D21).
  rejection: { reasonRequired: true, controlledShare: 0.1, returnTo: 'first-step' },
  incidents: { misses: 3, windowDays: 30, ladder: ladderOf(binding, 'PT4H', 'PT16H') },
  digest: { at: '09:30', toHeads: true, toManagers: false },
  conversion: { ...baseOf(binding).conversion, fromStepId: 'confirmed' },
})

const channelsFor = (binding: Binding): readonly Channel[] => {
  const channel = (id: string, name: Text, sources: readonly string[], poolId: string, more: Partial<Channel> = {}): Channel => ({
    id, name, sources: boundSources(binding, ...sources), isLeadSource: true, handledBy: { kind: 'pool', poolId }, detail: null, reasonRequired: true, deadlineClass: null, ...more,
  })
  const detail = (title: Text): Partial<Channel> => ({ detail: { field: fieldName('sourceDescription'), title, required: true } })
  return [
    channel('calls', text('Телефон', 'Telephone'), ['call', 'callback'], 'managers'),
    channel('mail', text('Общий почтовый ящик', 'Common mailbox'), ['email'], 'inbox', { deadlineClass: 'mail' }),
    channel('dialogs', text('Диалоги в мессенджерах и соцсетях', 'Dialogues in messengers and social networks'), ['messenger', 'social'], 'inbox'),
    channel('forms', text('Формы обратной связи на сайте', 'Feedback forms on the site'), ['site', 'webform'], 'managers'),
    // Whoever comes in person is a lead without any contact data (S1-B1); refusing him needs no form.
    channel('visit', text('Личное обращение', 'Visit in person'), ['visit'], 'managers', { reasonRequired: false }),
    channel('exhibition', text('Выставка', 'Exhibition'), ['exhibition'], 'dealers', detail(text('Какая выставка', 'Which exhibition'))),
    channel('recommendation', text('Рекомендация', 'Recommendation'), ['recommendation'], 'managers', detail(text('Кто рекомендовал', 'Who recommended us'))),
    channel('cold-base', text('Обзвон купленной базы', 'Calls through a bought list'), ['cold-base'], 'callers', { ...detail(text('Какая база', 'Which list')), deadlineClass: 'cold' }),
    channel('support', text('Поддержка и жалобы', 'Support and complaints'), ['support'], 'managers', { isLeadSource: false, reasonRequired: false }),
    channel('private-mail', text('Личная почта сотрудников', 'Private mail of employees'), ['private-mail'], 'managers', { isLeadSource: false, reasonRequired: false }),
  ]
}

const stepsFor = (binding: Binding): readonly Step[] => [
  {
    ...stepDefaults,
    id: 'new',
    kind: 'intake',
    stageId: boundStage(binding, 'new'),
    name: text('Обращение зарегистрировано', 'Request registered'),
    exit: text('Указан источник, есть контактное лицо и ответственный за обработку.', 'The source is given, there is a person to talk to and somebody responsible.'),
    guidance: text('Ответственный назначается сразу по каналу. Компания и общий телефон без человека — это интерес, а не лид: узнайте, с кем говорить.', 'The responsible person follows from the channel at once. A company and its general number without a person is an interest and no lead: ask whom to talk to.'),
    leave: { done: { stageId: boundStage(binding, 'in-work'), by: 'automatic' }, notQualified: { stageId: boundStage(binding, 'refused'), by: 'automatic' } },
  },
  {
    ...stepDefaults,
    id: 'in-work',
    stageId: boundStage(binding, 'in-work'),
    name: text('Обращение в обработке', 'Request being handled'),
    exit: text('Обращение принято или отклонено с причиной: целевое отделено от спама, интерес и полномочия человека выяснены.', 'The request is accepted, or rejected with a reason: target requests are told from spam, interest and authority are known.'),
    guidance: handling,
    situations: [
      situation(['Обращение уже было', 'There was such a request before'], ['Не ведите клиента вдвоём: ответственный за него оповещён, договоритесь, кто продолжит.', 'Two people must not lead one client: his responsible has been told, agree who goes on.']),
      situation(['Мы не подходим', 'We do not fit'], ['Скажите об этом прямо, запишите, чего не хватает, и поставьте дату, когда вернуться.', 'Say so, write down what is missing, and set the date on which to come back.']),
      situation(['Не готов покупать', 'Not ready to buy'], ['Не удаляйте: отложите с датой, предложите новости или акцию.', 'Do not delete it: put it off with a date, offer news or a special offer.']),
    ],
    followUp: {
      form: 'todo',
      title: text('Обработать обращение: {client}', 'Handle the request: {client}'),
      text: text(`Позвоните или ответьте на обращение ({client}).\n\n${handling.ru}`, `Call or answer the request ({client}).\n\n${handling.en}`),
      remindBeforeMinutes: 15,
      deadlineMayMove: true,
      moves: movesWithinWeek,
      summaryRequired: true,
    },
    deadline: {
      firstContact: { phone: 'PT30M', messenger: 'PT30M', email: 'PT4H', nothing: 'PT8H' },
      classes: { mail: { firstContact: { phone: 'PT4H', email: 'PT8H' }, finish: 'PT8H' }, cold: { firstContact: { phone: 'PT8H' }, finish: 'PT16H' } },
      finish: 'PT4H',
      again: 'PT4H',
    },
    card: { groups: [], closing: true },
    gate: { needs: [{ kind: 'answers' }], sendBack: true, noSkipping: false },
    leave: { done: { stageId: boundStage(binding, 'confirmed'), by: 'automatic' }, notQualified: { stageId: boundStage(binding, 'refused'), by: 'automatic' } },
  },
  {
    ...stepDefaults,
    id: 'confirmed',
    stageId: boundStage(binding, 'confirmed'),
    name: text('Интерес подтверждён', 'Interest confirmed'),
    exit: text('Клиент согласен на сотрудничество, лид сконвертирован и связан с карточкой клиента.', 'The client agrees to work with us; the lead is converted and bound to the client’s card.'),
    guidance: lines(
      ['• Выясните потребность и условия, предложите решение.', '• Согласие получено — примите обращение в продажи: создаются клиент и сделка.', '• Для карточки клиента понадобятся ИНН, ОКПО и номер свидетельства о регистрации.'],
      ['• Find out needs and terms, and propose a solution.', '• With the consent, accept the request into sales: client and deal are made.', '• The client’s card will need the INN, the OKPO code and the number of the registration certificate.'],
    ),
    situations: [situation(['Нужен другой специалист', 'Another specialist is needed'], ['Поставьте ему задачу из карточки лида, ответственным за лид останьтесь сами.', 'Give him a task from the lead card and stay responsible for the lead.'])],
    followUp: {
      form: 'todo',
      title: text('Получить согласие: {client}', 'Get the consent: {client}'),
      text: text('Свяжитесь с клиентом ({client}), согласуйте условия и получите согласие на сотрудничество. Итог каждого дела записывайте в заметке к нему: следующее появится само.', 'Contact the client ({client}), agree on the terms and get his consent. Write the outcome of each to-do into its note: the next one comes by itself.'),
      remindBeforeMinutes: 15,
      deadlineMayMove: true,
      moves: movesWithinWeek,
      summaryRequired: true,
    },
    deadline: { firstContact: anyContact('PT8H'), finish: 'PT24H', again: 'PT8H' },
    gate: { needs: [{ kind: 'contact' }], sendBack: false, noSkipping: false },
    leave: { done: { stageId: boundStage(binding, 'converted'), by: 'hand' }, notQualified: { stageId: boundStage(binding, 'refused'), by: 'automatic' } },
  },
]

const handling = lines(
  ['• Проверьте, верно ли записаны телефон и почта и кому принадлежит номер.', '• Решите: целевое обращение или спам — и подтвердите решение.', '• Узнайте интерес, полномочия человека и согласие на обработку данных.', '• Итог разговора запишите в заметке к делу и закройте его.', '• Обращение нельзя оставить без итога: примите, отложите с датой или отклоните с причиной.'],
  ['• Check that phone and e-mail are right, and whose number it is.', '• Decide whether it is a target request or spam, and confirm the decision.', '• Ask for the interest, the person’s authority and the consent to use his data.', '• Write what was said into the note of the to-do, and close it.', '• No request stays without an outcome: accept it, put it off with a date or reject it with a reason.'],
)
