/** Questions, next steps and reasons of «Оформление пропусков». */
import type { PresetCard } from './preset.ts'
import { key, line, list, option, optional, qualifying, refusedBy, text } from './wording.ts'

const groups: PresetCard['groups'] = [
  {
    id: 'ours',
    title: text('Клиент наш?', 'Is the client ours?'),
    questions: [
      {
        ...key,
        ...list,
        code: 'PS_ADDRESSED',
        title: text('Обратился по адресу', 'Came to the right place'),
        script: text('Вы обращаетесь по поводу пропуска для грузового автомобиля, верно?', 'You are calling about a pass for a lorry, is that right?'),
        hint: text('Если человек ошибся номером или ищет другую компанию, разговор можно вежливо закончить.', 'If the caller has the wrong number or looks for another company, end the conversation politely.'),
        options: [option('yes', 'Да', 'Yes'), option('no', 'Нет, случайно', 'No, by chance')],
        ...refusedBy('by-mistake', 'no'),
      },
      {
        ...key,
        ...list,
        code: 'PS_SERVICE',
        title: text('Какой пропуск нужен', 'Which pass is needed'),
        script: text('Куда нужен въезд: в пределы МКАД, Третьего кольца или Садового?', 'Where do you need to drive: inside the MKAD, the Third Ring or the Garden Ring?'),
        hint: text('Зона определяет цену и срок. Пропуск во внутреннюю зону действует и во внешних.', 'The zone sets price and time. A pass for an inner zone is valid in the outer ones too.'),
        options: [option('mkad', 'МКАД', 'MKAD'), option('ttk', 'Третье транспортное кольцо', 'Third Ring'), option('garden', 'Садовое кольцо', 'Garden Ring'), option('renewal', 'Продление действующего', 'Renewal'), option('cancelled', 'Восстановление аннулированного', 'Restoring a cancelled one'), option('other', 'Другая услуга, не оказываем', 'Another service, not ours')],
        ...refusedBy('other-service', 'other'),
      },
      {
        ...key,
        ...list,
        code: 'PS_VEHICLE',
        title: text('Тип машины', 'Type of vehicle'),
        script: text('Какая у вас машина: разрешённая масса до 12 тонн или больше, какой экологический класс?', 'What is your vehicle: a permitted mass of up to 12 tonnes or more, and which emission class?'),
        hint: text('Смотрите СТС: масса и экологический класс указаны там.', 'See the registration certificate: mass and emission class stand there.'),
        options: [option('light', '3,5–12 тонн', '3.5–12 t'), option('heavy', 'Больше 12 тонн', 'Over 12 t'), option('train', 'Автопоезд', 'Articulated'), option('special', 'Спецтехника', 'Special vehicle'), option('unserved', 'Не обслуживаем', 'Not served')],
        ...refusedBy('vehicle', 'unserved'),
      },
      {
        ...qualifying,
        ...list,
        code: 'PS_PERIOD',
        title: text('Временной период', 'Period'),
        script: text('На какой период нужен пропуск и когда первый выезд?', 'For which period do you need the pass, and when is the first trip?'),
        hint: text('Годовой готовим около десяти рабочих дней, разовый — за день. Скажите срок прямо и спросите, устраивает ли он.', 'An annual pass takes about ten working days, a single one a day. Say so and ask whether that suits.'),
        options: [option('year', 'Годовой, срок устраивает', 'Annual, the time suits'), option('single', 'Разовый, срок устраивает', 'Single, the time suits'), option('both', 'Разовый на время оформления годового', 'Single until the annual one is ready'), option('unsuitable', 'Срок не устраивает', 'The time does not suit')],
        ...refusedBy('period', 'unsuitable'),
      },
      {
        ...qualifying,
        ...list,
        code: 'PS_PRICE',
        title: text('Стоимость', 'Price'),
        script: text('Стоимость для вашей машины и зоны такая. Вас это устраивает?', 'This is the price for your vehicle and zone. Does it suit you?'),
        hint: text('Назовите цену из прайса. «Дорого» ещё не отказ: предложите скидку за несколько машин.', 'Name the list price. “Expensive” is not a refusal yet: offer the discount for several vehicles.'),
        options: [option('yes', 'Устраивает', 'It does'), option('compares', 'Сравнивает предложения', 'Comparing offers'), option('no', 'Не устраивает', 'It does not')],
        ...refusedBy('price', 'no'),
      },
    ],
  },
  {
    id: 'details',
    title: text('Для предложения и договора', 'For the offer and the contract'),
    questions: [
      {
        ...qualifying,
        ...list,
        code: 'PS_WHO',
        title: text('Кто заказчик', 'Who is the client'),
        script: text('Оформляем на организацию или на вас как на частное лицо? Раньше с нами работали?', 'Shall we draw it up for a company or for you in person? Have you worked with us before?'),
        hint: text('От ответа зависит конвертация: физлицо — сделка и контакт, юрлицо — ещё и компания, старый клиент — только сделка.', 'It decides the conversion: a person becomes a deal and a contact, an organisation a company as well, a known client only a deal.'),
        options: [option('person', 'Физическое лицо', 'Private person'), option('company', 'Юридическое лицо или ИП', 'Company or sole trader'), option('known', 'Старый клиент', 'Known client')],
      },
      { ...optional, code: 'PS_COUNT', title: text('Сколько машин', 'Number of vehicles'), script: text('На сколько машин нужны пропуска?', 'For how many vehicles do you need passes?'), kind: 'number', type: 'double' },
      { ...optional, ...list, code: 'PS_SEND', title: text('Куда отправить предложение', 'Where to send the offer'), script: text('На какой адрес почты отправить предложение? Если почты нет — можно в WhatsApp.', 'To which e-mail address shall I send the offer? Without one, WhatsApp will do.'), hint: text('Запишите e-mail в карточку лида сразу: без него кнопка отправки письма недоступна.', 'Enter the e-mail address in the lead at once: without it the send button is not available.'), options: [option('email', 'Электронная почта', 'E-mail'), option('whatsapp', 'WhatsApp', 'WhatsApp'), option('sms', 'Мини-КП по SMS', 'Short offer by SMS')] },
      { ...optional, ...list, code: 'PS_PAPERS', title: text('Документы готовы', 'Papers at hand'), script: text('СТС, диагностическая карта и полис у вас под рукой?', 'Do you have the registration, the inspection card and the insurance at hand?'), options: [option('all', 'Все', 'All'), option('some', 'Часть', 'Some'), option('none', 'Нет', 'None')] },
      { ...optional, ...line, code: 'PS_ROUTE', title: text('Маршрут и груз', 'Route and cargo'), script: text('Что и куда возите?', 'What do you carry, and where to?') },
    ],
  },
]

export const card: PresetCard = {
  groups,
  comment: { code: 'PS_COMMENT', title: text('Комментарий менеджера', 'Manager’s comment'), required: false },
  result: { code: 'PS_RESULT', title: text('Результат квалификации', 'Result of the qualification'), options: [option('qualified', 'Клиент наш', 'The client is ours'), option('not-qualified', 'Не прошёл квалификацию', 'Not qualified')] },
  nextStep: {
    code: 'PS_NEXT',
    title: text('Как отправляем предложение', 'How the offer is sent'),
    options: [option('email', 'КП на электронную почту', 'Offer by e-mail'), option('whatsapp', 'КП в WhatsApp', 'Offer by WhatsApp'), option('sms', 'Мини-КП по SMS', 'Short offer by SMS')],
  },
  reason: {
    code: 'PS_REASON',
    title: text('Причина закрытия', 'Reason of closing'),
    options: [
      { ...option('no-answer', 'Не удалось переговорить, больше трёх попыток', 'Could not be reached after more than three attempts'), guidance: text('Попробуйте в разное время дня и оставьте сообщение в мессенджере.', 'Try at different hours and leave a message in a messenger.'), attemptsNeeded: 4, fault: 'client' },
      { ...option('wrong-number', 'Неправильно указан номер телефона', 'Wrong phone number'), guidance: text('Проверьте номер в записи звонка или в форме сайта; если есть e-mail, напишите.', 'Check the number in the recording or the web form; write if there is an e-mail address.'), fault: 'client' },
      { ...option('by-mistake', 'Обратился случайно, по ошибке', 'Came by mistake'), fault: 'nobody' },
      { ...option('other-service', 'Не оказываем нужную услугу', 'We do not offer the service'), fault: 'nobody' },
      { ...option('vehicle', 'Не обслуживаем тип машины', 'Type of vehicle not served'), fault: 'nobody' },
      { ...option('period', 'Не устраивает период или срок', 'Period or time does not suit'), guidance: text('Предложите разовый пропуск на время оформления годового.', 'Offer single passes until the annual one is ready.'), fault: 'client' },
      { ...option('price', 'Не устраивает стоимость', 'Price does not suit'), guidance: text('Прежде чем закрыть, назовите скидку за несколько машин.', 'Name the discount for several vehicles before you close it.'), fault: 'client' },
      { ...option('refused-offer', 'Категорический отказ по КП', 'Flat refusal of the offer'), commentRequired: true, guidance: text('Запишите в комментарии, что именно не подошло.', 'Write in the comment what exactly did not suit.'), fault: 'client' },
      { ...option('no-papers', 'Не прислал реквизиты и документы', 'Sent no details or papers'), guidance: text('Напомните дважды с перерывом в день, затем закрывайте.', 'Remind twice, a day apart, then close it.'), fault: 'client', returnAfterDays: 30 },
      { ...option('duplicate', 'Повторное обращение', 'Repeated request'), fault: 'nobody' },
      { ...option('spam', 'Спам или реклама', 'Spam or advertising'), fault: 'nobody' },
      { ...option('other', 'Другое, подробно в комментарии', 'Other, see the comment'), commentRequired: true },
    ],
  },
  unknown: { code: 'PS_UNKNOWN', title: text('Вопросы без ответа клиента', 'Questions the client did not answer') },
}
