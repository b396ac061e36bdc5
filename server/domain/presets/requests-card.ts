/** Questions, outcomes and reasons of «Обращения как в 1С:CRM» (S1-A12, B3…B7, C7, D1…D21). */
import type { PresetCard } from './preset.ts'
import { key, line, list, option, optional, qualifying, refusedBy, text } from './wording.ts'

const groups: PresetCard['groups'] = [
  {
    id: 'request',
    title: text('Обращение', 'Request'),
    questions: [
      { ...key, ...list, code: 'RQ_KIND', title: text('Что за обращение', 'What kind of request'), script: text('Чем могу помочь: хотите купить, узнать о заказе или что-то предложить?', 'How can I help: do you want to buy, ask about an order or offer something?'), hint: text('Целевое — обрабатываем; жалобы и вопросы по заказу передайте в поддержку.', 'A target request is handled here; complaints and questions about orders go to support.'), options: [option('target', 'Целевое', 'Target'), option('support', 'Вопрос в поддержку или жалоба', 'Support or complaint'), option('offer', 'Предлагают своё', 'They offer something'), option('spam', 'Спам', 'Spam')], ...refusedBy('spam', 'spam', 'offer') },
      { ...key, ...line, code: 'RQ_INTEREST', title: text('Чем интересуется', 'Interest'), script: text('Что именно вас интересует?', 'What exactly are you interested in?'), hint: text('Коротко: войдёт в название обращения.', 'Briefly: it becomes part of the title.') },
      { ...qualifying, ...list, code: 'RQ_STAGE', title: text('Насколько близок к покупке', 'How near to buying'), script: text('Вы уже выбираете поставщика или пока присматриваетесь?', 'Are you choosing a supplier already, or just looking?'), hint: text('Чем ниже в воронке, тем лид качественнее. Число прежних касаний качества не определяет.', 'The lower in the funnel, the better the lead. How often he was in touch says nothing about it.'), options: [option('top', 'Знакомится с темой', 'Learning about it'), option('middle', 'Сравнивает варианты', 'Comparing'), option('bottom', 'Готов покупать', 'Ready to buy')] },
    ],
  },
  {
    id: 'person',
    title: text('Контактное лицо', 'Person'),
    questions: [
      { ...key, ...line, code: 'RQ_PERSON', title: text('Кто обратился', 'Who has asked'), script: text('Как к вам обращаться и кем вы работаете?', 'What is your name, and what is your position?'), hint: text('Название компании и общий телефон — ещё не лид: нужен конкретный человек.', 'A company name and its switchboard are no lead yet: it takes a person.') },
      { ...key, ...list, code: 'RQ_POWERS', title: text('Вправе вести переговоры', 'May negotiate'), script: text('Вы решаете этот вопрос сами или с коллегами?', 'Do you decide this yourself or with colleagues?'), options: [option('yes', 'Да', 'Yes'), option('with-others', 'Вместе с другими', 'Together with others'), option('no', 'Нет, передаст', 'No, will pass it on')] },
      { ...optional, kind: 'phone', type: 'string', code: 'RQ_DIRECT', title: text('Прямой или добавочный номер', 'Direct number or extension'), script: text('По какому номеру можно застать именно вас?', 'Which number reaches you directly?'), hint: text('Общий номер крупной организации без добавочного нуждается в проверке.', 'A large organisation’s number without an extension has to be checked.') },
      { ...key, ...list, code: 'RQ_CONSENT', title: text('Согласие на обработку данных', 'Consent to the use of his data'), script: text('Разрешите сохранить ваши контакты, чтобы ответить по обращению?', 'May we keep your contacts to answer your request?'), options: [option('form', 'Дано на сайте', 'Given on the site'), option('spoken', 'Дано в разговоре', 'Given in the conversation'), option('paper', 'Дано на выставке, анкета', 'Given at the exhibition, on paper'), option('refused', 'Отказался', 'Refused')], ...refusedBy('no-consent', 'refused') },
    ],
  },
  {
    id: 'company',
    title: text('Компания', 'Company'),
    questions: [
      { ...optional, ...list, code: 'RQ_REGION', title: text('Регион', 'Region'), script: text('Из какого вы региона?', 'Which region are you in?'), hint: text('По региону обращения с выставок получает его дилер.', 'Requests from exhibitions go to the dealer of the region.'), options: [option('centre', 'Центральный', 'Central'), option('north-west', 'Северо-Западный', 'North-West'), option('south', 'Южный и Северный Кавказ', 'South and North Caucasus'), option('volga', 'Приволжский', 'Volga'), option('ural', 'Уральский', 'Ural'), option('siberia', 'Сибирский', 'Siberia'), option('far-east', 'Дальневосточный', 'Far East')] },
      { ...optional, kind: 'money', type: 'double', code: 'RQ_BUDGET', title: text('Бюджет', 'Budget'), script: text('Какую сумму вы закладываете?', 'What amount have you set aside?') },
      { ...optional, ...line, code: 'RQ_MISSING', title: text('Чего клиенту не хватает', 'What the client is missing'), script: text('Есть ли что-то, чего у нас пока нет, но без чего вы не начнёте?', 'Is there anything we do not have yet and you cannot begin without?'), hint: text('Не подходим — скажите прямо и запишите, когда вернуться.', 'If we do not fit, say so, and write down when to come back.') },
    ],
  },
]

export const card: PresetCard = {
  groups,
  comment: { code: 'RQ_COMMENT', title: text('Содержание обращения', 'Content of the request'), required: false },
  result: {
    code: 'RQ_RESULT',
    title: text('Решение по обращению', 'Decision'),
    options: [option('qualified', 'Принять: интерес подтверждён', 'Accept: interest confirmed'), option('not-qualified', 'Отклонить', 'Reject'), option('postponed', 'Отложить, поддерживать контакт', 'Put off, keep in touch')],
  },
  postponedUntil: { code: 'RQ_UNTIL', title: text('Вернуться к обращению', 'Come back on') },
  nextStep: {
    code: 'RQ_NEXT',
    title: text('Что делаем дальше', 'What comes next'),
    options: [option('call', 'Звонок', 'Call'), option('mail', 'Ответ по электронной почте', 'Answer by e-mail'), option('consultation', 'Бесплатная консультация', 'Free consultation'), option('offer', 'Коммерческое предложение', 'Offer'), option('meeting', 'Встреча', 'Meeting'), option('process', 'Запуск бизнес-процесса', 'Start of a business process')],
  },
  reason: {
    code: 'RQ_REASON',
    title: text('Причина отклонения', 'Reason of rejection'),
    options: [
      { ...option('spam', 'Спам или встречное предложение', 'Spam or an offer to us'), stage: 'spam', fault: 'nobody' },
      { ...option('no-person', 'Нет контактного лица, только интерес', 'No person, only an interest'), guidance: text('Сначала позвоните по общему номеру и узнайте, кто этим занимается.', 'First call the general number and ask who is in charge.'), fault: 'nobody', returnAfterDays: 30 },
      { ...option('no-consent', 'Не дал согласия на обработку данных', 'No consent to the use of his data'), fault: 'client' },
      { ...option('no-answer', 'Не удалось связаться', 'Could not be reached'), guidance: text('Больше трёх попыток разными способами: звонок, письмо, мессенджер.', 'More than three attempts by different ways: call, e-mail, messenger.'), fault: 'client', returnAfterDays: 30 },
      { ...option('wrong-number', 'Неверные контактные данные', 'Wrong contact data'), fault: 'client' },
      { ...option('no-function', 'Нет нужной функции или товара', 'The function or product is missing'), guidance: text('Скажите прямо, что пока не подходим, и спросите, можно ли написать, когда появится.', 'Say that we do not fit yet, and ask whether you may write when we do.'), commentRequired: true, fault: 'company', returnDateAsked: true },
      { ...option('not-now', 'Не готов сейчас', 'Not ready now'), guidance: text('Предложите рассылку с новостями и акции, например ко дню рождения: контакт не теряем.', 'Offer the newsletter and special offers, for a birthday for example: we keep in touch.'), fault: 'client', returnAfterDays: 90 },
      { ...option('competitor', 'Выбрал другого поставщика', 'Chose another supplier'), commentRequired: true, fault: 'sales', returnAfterDays: 180 },
      { ...option('price', 'Не устроила цена', 'The price did not suit'), fault: 'client', returnAfterDays: 90 },
      { ...option('region', 'Регион не обслуживаем', 'Region not served'), fault: 'marketing' },
      { ...option('support', 'Вопрос поддержки или жалоба', 'Support or complaint'), guidance: text('Передайте обращение в поддержку и напишите клиенту, кто ответит.', 'Pass it on to support, and tell the client who will answer.'), fault: 'nobody' },
      { ...option('repeated', 'Повторное обращение', 'Repeated request'), guidance: text('Прикрепите его к карточке клиента: ответственный уже оповещён.', 'Attach it to the client’s card: the responsible person has been told.'), fault: 'nobody' },
      { ...option('other', 'Другое, подробно в комментарии', 'Other, see the comment'), commentRequired: true },
    ],
  },
  unknown: { code: 'RQ_UNKNOWN', title: text('Вопросы без ответа клиента', 'Questions the client did not answer') },
}
