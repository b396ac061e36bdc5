/** «Digital-агентство»: the regulation of document 003. */
import { fieldName } from '../lead.ts'
import { currentSchema } from '../regulation.ts'
import type { Channel, Regulation, Step, Text } from '../regulation.ts'
import { card } from './digital-card.ts'
import { boundCard, boundSources, boundStage, cardFields } from './preset.ts'
import type { Binding, Preset } from './preset.ts'
import { anyContact, baseOf, ladderOf, lines, movesWithinMonth, situation, stepDefaults, text } from './wording.ts'

export const digital: Preset = {
  id: 'digital',
  name: text('Digital-агентство', 'Digital agency'),
  description: text(
    'Отдел продаж агентства: все источники с уточнением, ни одного лида без задачи, девятнадцать причин отказа с правилами, ожидание не дольше месяца.',
    'The sales department of an agency: every source with its detail, no lead without a task, nineteen reasons of refusal with rules, waiting for a month at most.',
  ),
  stages: [
    { role: 'new', name: text('Новый', 'New'), semantic: 'processing', ownId: 'LEADRAIL_DG_NEW', usualId: 'NEW', likely: /^нов|^new/i, otherwise: 'first' },
    { role: 'in-work', name: text('В работе', 'In work'), semantic: 'processing', ownId: 'LEADRAIL_DG_WORK', usualId: 'IN_PROCESS', likely: /в работ|in work|in progress/i },
    { role: 'qualification', name: text('Квалификация', 'Qualification'), semantic: 'processing', ownId: 'LEADRAIL_DG_QUALIF', likely: /^квалификация$|^qualification$/i },
    { role: 'converted', name: text('Лид сконвертирован', 'Lead converted'), semantic: 'success', ownId: 'LEADRAIL_DG_CONV', usualId: 'CONVERTED', otherwise: 'first' },
    { role: 'refused', name: text('Отказ лида', 'Lead refused'), semantic: 'failure', ownId: 'LEADRAIL_DG_REFUSED', usualId: 'JUNK', otherwise: 'first' },
  ],
  sources: [
    { code: 'site', name: text('Сайт', 'Site'), usualId: 'WEB' },
    { code: 'webform', name: text('CRM-форма', 'CRM form'), usualId: 'WEBFORM' },
    { code: 'recommendation', name: text('По рекомендации', 'By recommendation'), usualId: 'RECOMMENDATION' },
    { code: 'former', name: text('Бывший клиент', 'Former client') },
    { code: 'outgoing', name: text('Исходящий звонок МПП', 'Manager’s own call') },
    { code: 'call-centre', name: text('Колл-центр', 'Call centre') },
    { code: 'event', name: text('Мероприятие', 'Event'), usualId: 'TRADE_SHOW' },
    { code: 'mailing', name: text('Рассылка', 'Mailing') },
    { code: 'social', name: text('Соцсети', 'Social networks') },
    { code: 'director', name: text('Лично от директора', 'From the director in person') },
    { code: 'partner', name: text('От партнёра', 'From a partner') },
  ],
  fields: cardFields(card),
  regulation: binding => regulationFor(binding),
}

const regulationFor = (binding: Binding): Regulation => ({
  ...baseOf(binding),
  schema: currentSchema,
  name: digital.name,
  channels: channelsFor(binding),
  // The head of sales gives leads in turn, or to whoever is in the office (S3-4); leads of nobody may be taken (S3-13).
  distribution: { ...baseOf(binding).distribution, poolMayTake: true, keepClientResponsible: true },
  intake: { ...baseOf(binding).intake, sourceRequired: true, titleTemplate: '{company}' },
  steps: stepsFor(binding),
  card: boundCard(binding, card),
  contact: { reachedCallSeconds: 20, declaredCallNeedsComment: true },
  attempts: { limit: 3, reason: 'hiding', wrongNumberReason: 'not-lead', retryAfter: 'PT4H' },
  waiting: { allowed: true, maxDays: 31, shareLimit: 0.3 },
  rejection: { reasonRequired: true, controlledShare: 0.1, returnTo: 'same-step' },
  incidents: { misses: 3, windowDays: 30, ladder: ladderOf(binding, 'PT2H', 'PT16H') },
  digest: { at: '09:30', toHeads: true, toManagers: true },
  conversion: { ...baseOf(binding).conversion, fromStepId: null },
})

const channelsFor = (binding: Binding): readonly Channel[] => {
  const channel = (id: string, name: Text, sources: readonly string[], detail: Text | null = null): Channel => ({
    id, name, sources: boundSources(binding, ...sources), isLeadSource: true, handledBy: null,
    // «Дополнительно об источнике» is a field that every lead has.
    detail: detail === null ? null : { field: fieldName('sourceDescription'), title: detail, required: true },
    reasonRequired: true, deadlineClass: null,
  })
  return [
    channel('site', text('Сайт (определяется автоматически)', 'Site (recognised automatically)'), ['site', 'webform']),
    channel('recommendation', text('По рекомендации', 'By recommendation'), ['recommendation'], text('От кого рекомендация: клиент, знакомый, сотрудник', 'Who recommended us: a client, an acquaintance, a colleague')),
    channel('former', text('Бывший клиент', 'Former client'), ['former']),
    channel('outgoing', text('Исходящий звонок МПП', 'Manager’s own call'), ['outgoing']),
    channel('call-centre', text('Колл-центр', 'Call centre'), ['call-centre']),
    channel('event', text('Мероприятие', 'Event'), ['event'], text('Какое мероприятие', 'Which event')),
    channel('mailing', text('Рассылка', 'Mailing'), ['mailing'], text('Тема рассылки', 'Subject of the mailing')),
    channel('social', text('Соцсети', 'Social networks'), ['social']),
    channel('director', text('Лично от директора', 'From the director in person'), ['director']),
    channel('partner', text('От партнёра', 'From a partner'), ['partner'], text('Кто передал лид', 'Who passed the lead on')),
  ]
}

const stepsFor = (binding: Binding): readonly Step[] => [
  {
    ...stepDefaults,
    id: 'new',
    kind: 'intake',
    stageId: boundStage(binding, 'new'),
    name: text('Лид создан', 'Lead created'),
    exit: text('Назначен ответственный: по очереди из тех, кто в офисе. Лид, занесённый вручную, остаётся у того, кто его занёс.', 'There is a responsible person, in turn among those in the office. A lead entered by hand stays with whoever entered it.'),
    guidance: text('Ответственный назначается автоматически; руководитель может назначить его сам.', 'The responsible person is assigned automatically; the head may choose him too.'),
    leave: { done: { stageId: boundStage(binding, 'in-work'), by: 'automatic' }, notQualified: null },
  },
  {
    ...stepDefaults,
    id: 'in-work',
    stageId: boundStage(binding, 'in-work'),
    name: text('Взят в работу', 'Taken into work'),
    exit: text('Клиент готов к продолжительному общению: встречу, звонок-встречу, Zoom или аудит. Карточка лида, контакта и компании заполнена.', 'The client is ready for a long talk: a meeting, a long call, Zoom or an audit. Lead, contact and company are filled in.'),
    guidance: working,
    situations: workingSituations,
    followUp: {
      form: 'todo',
      title: text('Звонок: {client}', 'Call: {client}'),
      text: text(`Свяжитесь с клиентом ({client}) и заполните карточку.\n\n${working.ru}`, `Call the client ({client}) and fill in the card.\n\n${working.en}`),
      remindBeforeMinutes: 15,
      deadlineMayMove: true,
      moves: movesWithinMonth,
      summaryRequired: true,
    },
    // «Текущая дата и время»: the call is due at once.
    deadline: { firstContact: { phone: 'PT15M', messenger: 'PT30M', email: 'PT2H', nothing: 'PT4H' }, finish: 'PT4H', again: 'PT4H', slow: 'PT8H' },
    card: { groups: ['lead', 'contact', 'company'], closing: true },
    gate: { needs: [{ kind: 'answers' }, { kind: 'contact' }], sendBack: true, noSkipping: false },
    leave: { done: { stageId: boundStage(binding, 'qualification'), by: 'proposed' }, notQualified: { stageId: boundStage(binding, 'refused'), by: 'automatic' } },
  },
  {
    ...stepDefaults,
    id: 'qualification',
    stageId: boundStage(binding, 'qualification'),
    name: text('Квалификация', 'Qualification'),
    exit: text('Клиент запросил коммерческое предложение. Это основание для сделки: лид конвертируется.', 'The client has asked for an offer. That is the ground for a deal: the lead is converted.'),
    guidance: qualifyingWork,
    situations: [
      situation(['Клиент перенёс встречу на известную дату', 'The meeting is put off to a known date'], ['Нажмите «Ждать» и укажите дату, но не дальше месяца. Не злоупотребляйте: чем дольше ждём, тем чаще работу приходится начинать заново.', 'Choose “Wait” and give the date, a month away at most. Do not overdo it: the longer we wait, the more often we begin anew.']),
      situation(['На встрече появился ещё один участник', 'Somebody else joined the meeting'], ['Добавьте его в карточку через «Добавить участника» и узнайте должность.', 'Add him with “Add participant” and ask for his position.']),
      situation(['КП отложено больше двух недель', 'The offer is put off by more than two weeks'], ['Выберите отказ с этой причиной: лид сам вернётся в работу.', 'Refuse with this reason: the lead returns to work by itself.']),
    ],
    followUp: {
      form: 'todo',
      title: text('Встреча или аудит: {client}', 'Meeting or audit: {client}'),
      text: text(`Проведите встречу с клиентом ({client}) и доведите его до запроса КП.\n\n${qualifyingWork.ru}`, `Meet the client ({client}) and bring him to ask for an offer.\n\n${qualifyingWork.en}`),
      remindBeforeMinutes: 15,
      deadlineMayMove: true,
      moves: movesWithinMonth,
      summaryRequired: true,
    },
    deadline: { firstContact: anyContact('PT24H'), finish: 'PT40H', again: 'PT8H' },
    card: { groups: ['needs'], closing: false },
    gate: { needs: [{ kind: 'answer', question: 'dg_offer', answer: { is: 'one-of', values: ['yes'] } }], sendBack: false, noSkipping: false },
    leave: { done: { stageId: boundStage(binding, 'converted'), by: 'hand' }, notQualified: { stageId: boundStage(binding, 'refused'), by: 'automatic' } },
  },
]

const working = lines(
  ['• Звоните, пишите и назначайте встречи только из карточки лида.', '• Сначала поищите контакт и компанию в базе, потом создавайте.', '• Должность обязательна: важно понять, ЛПР это или нет.', '• Разговор закончен — напишите в заметке к делу, о чём говорили, и закройте его: следующее появится само. Запись звонка заметку не заменяет.', '• Лида без актуальной задачи быть не может.', '• Запросил КП сразу — выберите этот следующий шаг: лид конвертируется без промежуточных стадий.'],
  ['• Call, write and plan meetings from the lead card only.', '• Look for contact and company in the CRM before you create them.', '• The position is required: we must know whether it is the decision maker.', '• When the talk is over, write what was said into the note of the to-do and close it: the next one comes by itself. The recording is no substitute.', '• There is no lead without a current task.', '• An offer is asked for at once: choose that next step, and the lead is converted straight away.'],
)

const workingSituations = [
  situation(['Недозвон', 'No answer'], ['Отметьте «не дозвонился» или переставьте дату дела. После четвёртой неудачной попытки предложим причину отказа.', 'Mark “not reached” or move the date of the to-do. After the fourth failed attempt the reason is proposed.']),
  situation(['Просит перезвонить', 'Asks to be called back'], ['Переставьте дело на оговорённое время.', 'Move the to-do to the agreed time.']),
  situation(['Говорили по мобильному', 'You talked on a mobile phone'], ['Нажмите «Звонок был» и коротко запишите, о чём шла речь.', 'Choose “I called” and write down briefly what it was about.']),
  situation(['Клиент написал на личную почту или в мессенджер', 'The client wrote to a private address or messenger'], ['Скопируйте сообщение комментарием в ленту лида, файлы приложите.', 'Copy the message into the lead’s timeline as a comment and attach the files.']),
]

const qualifyingWork = lines(
  ['• На каждую встречу, Zoom и аудит — отдельное дело с участниками и заметкой об итогах.', '• Расчёты и аудиты коллегам ставьте задачей с ответственным и сроком.', '• Файлы — ТЗ, карточку предприятия — прикладывайте в ленту.', '• Сделка с новым клиентом создаётся только из лида.'],
  ['• Every meeting, Zoom and audit has a to-do of its own with participants and a note on the outcome.', '• Ask colleagues for estimates and audits by a task with a person and a deadline.', '• Attach files such as the specification to the timeline.', '• A deal with a new client is made from a lead only.'],
)
