import { on, type Arrival } from './script.ts'

/** Monday's arrivals: dense in the morning, so that two minutes at 300× show a whole working day. */
export const firstDay: readonly Arrival[] = [
  {
    key: 'mon-designer', at: on(1, '09:04'), channel: 'mail',
    lead: { title: 'Дизайнер: проект на три квартиры', name: 'Ульяна', lastName: 'Ветлугина', companyTitle: 'Студия «Тихая комната»', phone: '+7 900 000-31-01', email: 'tihaya@example.com', sourceId: 'PARTNER', sourceDescription: 'Письмо от дизайнера', comments: 'Три кухни в одном доме, нужны цены для дизайнеров и каталог фактур.' },
    client: { outcome: 'qualified', nextStep: 'образцы', answers: { place: 'кухни', size: 'три кухни по 3–4 м', material: 'кварцевый агломерат', colour: 'тёплые светлые', services: ['замер', 'монтаж', 'доставка'], payment: 'счёт без НДС', budget: 600000, withinDays: 80, wishes: 'Просит партнёрские условия и набор образцов.' } },
  },
  {
    key: 'mon-phone-1', at: on(1, '09:09'), channel: 'form',
    lead: { title: 'Рассчитать стоимость', name: 'Тимур', phone: '+7 900 000-31-02', sourceId: 'WEBFORM', comments: 'калькулятор: 3 м, кварц', utmSource: 'yandex', utmMedium: 'cpc', utmCampaign: 'kalkulyator' },
    client: { outcome: 'qualified', nextStep: 'предварительный расчёт', answers: { place: 'кухня', size: '3000 × 600 × 20 мм', material: 'кварцевый агломерат', services: ['монтаж'], payment: 'карта', budget: 92000, withinDays: 28, wishes: 'Просит три варианта цены.' } },
  },
  {
    key: 'mon-phone-2', at: on(1, '09:15'), channel: 'call', by: 4,
    lead: { title: 'Входящий звонок: барная стойка', name: 'Остап', phone: '+7 900 000-31-03', sourceId: 'CALL' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'барная стойка', size: '1800 × 400 мм', material: 'акриловый камень', services: ['замер', 'монтаж'], payment: 'наличные', budget: 64000, withinDays: 20, address: 'улица Маячная, 3, кв. 40' } },
  },
  {
    key: 'mon-builder', at: on(1, '09:21'), channel: 'mail',
    lead: { title: 'Тендер: 84 подоконника', name: 'Лев', lastName: 'Карьеров', companyTitle: 'ООО «Дом у залива»', phone: '+7 (900) 000-31-04', email: 'snab@example.org', sourceId: 'EMAIL', opportunity: 1450000, currencyId: 'RUB', comments: 'Застройщик, дом на 84 окна. Нужны коммерческое предложение, сроки и договор с отсрочкой 30 дней.' },
    client: { outcome: 'qualified', nextStep: 'предложение', answers: { place: 'подоконники', size: '84 шт. по 1600 × 300 мм', material: 'акриловый камень', colour: 'белый', services: ['монтаж', 'доставка'], payment: 'счёт с НДС, отсрочка', budget: 1450000, withinDays: 120, address: 'Набережная, 1', wishes: 'Поставка по этажам.' } },
  },
  {
    key: 'mon-phone-3', at: on(1, '09:28'), channel: 'form',
    lead: { title: 'Обратный звонок', phone: '89000003105', sourceId: 'WEB', comments: 'Перезвоните, пожалуйста, до обеда.' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня', size: '2600 × 600 мм', material: 'натуральный камень, гранит', services: ['замер', 'монтаж', 'доставка'], payment: 'наличные', budget: 118000, withinDays: 18, wishes: 'Торопится: мебель приедет через три недели.' } },
  },
  {
    key: 'mon-whatsapp', at: on(1, '09:36'), channel: 'messenger',
    lead: { title: 'WhatsApp: фото кухни', name: 'Злата', im: 'imol|wz_whatsapp|1|102|502', sourceId: 'MESSENGER', comments: 'Прислала три фотографии и план от руки.' },
    client: { outcome: 'qualified', nextStep: 'предварительный расчёт', answers: { place: 'кухня', size: '2200 × 1600 мм', material: 'акриловый камень', services: ['монтаж'], payment: 'карта', budget: 73000, withinDays: 30, wishes: 'Бортик 40 мм по стене.' } },
  },
  {
    key: 'mon-wrong-number', at: on(1, '09:44'), channel: 'form',
    lead: { title: 'Консультация по камню', name: 'Ф.', phone: '+7 900 000', sourceId: 'WEBFORM', comments: 'хочу узнать' },
    client: { outcome: 'not-qualified', reason: 'неверный номер', missedCalls: 'never', answers: { wishes: 'Номер неполный, других контактов нет.' } },
  },
  {
    key: 'mon-exhibition-1', at: on(1, '09:52'), channel: 'by-hand', by: 3,
    lead: { title: 'Выставка «Дом и камень»: визитка', name: 'Герман', lastName: 'Полозов', companyTitle: 'Мебельная фабрика «Ольха»', phone: '+7 900 000-31-08', email: 'olha@example.com', sourceId: 'TRADE_SHOW', sourceDescription: 'Стенд Б-14, взял каталог' },
    client: { outcome: 'qualified', nextStep: 'образцы', answers: { place: 'кухонная мебель серийно', size: 'от 40 пог. м в месяц', material: 'кварцевый агломерат', services: ['доставка'], payment: 'счёт с НДС', budget: 900000, withinDays: 60, wishes: 'Ищут постоянного поставщика.' } },
  },
  {
    key: 'mon-mail-only', at: on(1, '10:01'), channel: 'mail',
    lead: { title: 'Письмо: столешница под раковину', name: 'Регина', lastName: 'Холмская', email: 'holmskaya@example.com', sourceId: 'EMAIL', comments: 'Лучше писать, звонить мне неудобно.' },
    client: { outcome: 'qualified', nextStep: 'предварительный расчёт', answers: { place: 'ванная', size: '1400 × 480 мм', material: 'кварцевый агломерат', colour: 'песочный', services: ['замер', 'монтаж'], payment: 'карта', budget: 56000, withinDays: 40, wishes: 'Просит общаться только письмами.' } },
  },
  {
    key: 'mon-phone-4', at: on(1, '10:12'), channel: 'form',
    lead: { title: 'Кухня 4 метра, срочно', name: 'Роман', lastName: 'Туманов', phone: '+7 900 000-31-10', sourceId: 'ADVERTISING', utmSource: 'google', utmMedium: 'cpc', utmCampaign: 'srochno', comments: 'Старая столешница треснула, гости через две недели.' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня', size: '4000 × 600 мм', material: 'кварцевый агломерат', services: ['замер', 'монтаж', 'доставка'], payment: 'карта', budget: 130000, withinDays: 14, address: 'проспект Бакенный, 28', wishes: 'Нужно снять и вывезти старую.' } },
  },
  {
    key: 'mon-spam', at: on(1, '10:20'), channel: 'form',
    lead: { title: 'Займы бизнесу под 1 %', name: 'Финанс', phone: '+7 900 000-31-11', email: 'loan@example.org', sourceId: 'WEBFORM', comments: 'Одобрим за час, без справок!!!' },
    client: { outcome: 'not-qualified', reason: 'спам', answers: { wishes: 'Рассылка, не клиент.' } },
  },
  {
    key: 'mon-repeat', at: on(1, '10:34'), channel: 'call', by: 7,
    lead: { title: 'Повторное обращение: вторая ванная', name: 'Инесса', lastName: 'Вересова', phone: '+7 900 000-21-11', sourceId: 'REPEAT_SALE', comments: 'Уже заказывали ресепшен, теперь домой.' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'ванная', size: '1600 × 520 мм', material: 'натуральный камень, мрамор', services: ['замер', 'монтаж', 'доставка'], payment: 'карта', budget: 110000, withinDays: 45, wishes: 'Хочет того же мастера.' } },
  },
  {
    key: 'mon-phone-5', at: on(1, '10:48'), channel: 'form',
    lead: { title: 'Заявка: столешница в офис', name: 'Майя', phone: '+7 900 000-31-13 доб. 204', companyTitle: 'Агентство «Северный ветер»', sourceId: 'WEBFORM' },
    client: { outcome: 'qualified', nextStep: 'предложение', missedCalls: 1, answers: { place: 'кухня в офисе', size: '2400 × 600 мм', material: 'акриловый камень', services: ['монтаж'], payment: 'счёт без НДС', budget: 70000, withinDays: 30 } },
  },
  {
    key: 'mon-foreign', at: on(1, '11:05'), channel: 'form',
    lead: { title: 'Marble worktop for a villa', name: 'Edith', lastName: 'Marlowe', phone: '+44 20 7946 0123', email: 'marlowe@example.org', sourceId: 'WEB', comments: 'We are renovating a house and would like to discuss a marble worktop, about 5 m. English please.' },
    client: { outcome: 'qualified', nextStep: 'проект', answers: { place: 'кухня', size: '5000 × 650 мм', material: 'натуральный камень, мрамор', colour: 'серый', services: ['проект', 'доставка'], payment: 'счёт без НДС', budget: 700000, withinDays: 90, wishes: 'Переписка на английском.' } },
  },
  {
    key: 'mon-phone-6', at: on(1, '11:21'), channel: 'form',
    lead: { title: 'Замена столешницы', name: 'Савелий', lastName: 'Бережной', phone: '+7 900 000-31-15', sourceId: 'WEB' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня', size: '2000 × 600 мм', material: 'натуральный камень, гранит', services: ['замер', 'монтаж'], payment: 'наличные', budget: 81000, withinDays: 25 } },
  },
  {
    key: 'mon-retail-tile', at: on(1, '11:40'), channel: 'call', by: 5,
    lead: { title: 'Спрашивали плитку', phone: '+7 900 000-31-16', sourceId: 'CALL' },
    client: { outcome: 'not-qualified', reason: 'нужен не наш товар', answers: { wishes: 'Нужна напольная плитка, мы такой не занимаемся.' } },
  },
  {
    key: 'mon-partner-lead', at: on(1, '12:03'), channel: 'form',
    lead: { title: 'Клиент от кухонного салона', name: 'Нелли', lastName: 'Журавлёва', phone: '+7 900 000-31-17', email: 'nelli.zh@example.com', sourceId: 'PARTNER', sourceDescription: 'Салон «Кухни на холме», менеджер Олеся', comments: 'Размеры у салона, чертёж пришлют.' },
    client: { outcome: 'qualified', nextStep: 'предварительный расчёт', answers: { place: 'кухня', size: 'по чертежу салона', material: 'кварцевый агломерат', colour: 'бетон', services: ['монтаж', 'доставка'], payment: 'рассрочка', budget: 155000, withinDays: 50 } },
  },
  {
    key: 'mon-telegram-2', at: on(1, '12:31'), channel: 'messenger',
    lead: { title: 'Telegram: образцы', name: 'Платон', im: 'imol|telegrambot|1|103|503', sourceId: 'MESSENGER', comments: 'Где посмотреть образцы?' },
    client: { outcome: 'qualified', nextStep: 'посещение выставки', answers: { place: 'кухня', size: '2800 × 600 мм', material: 'керамогранит', services: ['замер'], payment: 'карта', budget: 120000, withinDays: 60 } },
  },
  {
    key: 'mon-afternoon-1', at: on(1, '13:10'), channel: 'form',
    lead: { title: 'Стол из слэба', name: 'Демьян', lastName: 'Порогов', phone: '+7 900 000-31-19', email: 'porogov@example.com', sourceId: 'ADVERTISING', utmSource: 'dzen', utmMedium: 'native', utmCampaign: 'sleb', comments: 'Обеденный стол на 8 человек.' },
    client: { outcome: 'not-qualified', reason: 'бюджет ниже минимального', answers: { place: 'стол', size: '2400 × 1000 мм', budget: 40000, wishes: 'Рассчитывал на сорок тысяч.' } },
  },
  {
    key: 'mon-afternoon-2', at: on(1, '14:22'), channel: 'form',
    lead: { title: 'Столешница для мастерской', name: 'Фаина', phone: '+7 900 000-31-20', sourceId: 'WEBFORM' },
    client: { outcome: 'qualified', nextStep: 'предварительный расчёт', missedCalls: 2, answers: { place: 'мастерская', size: '3200 × 800 мм', material: 'керамогранит', services: ['доставка'], payment: 'наличные', budget: 99000, withinDays: 33 } },
  },
  {
    key: 'mon-afternoon-3', at: on(1, '15:47'), channel: 'mail',
    lead: { title: 'Отель «Маяк»: 26 санузлов', name: 'Арсений', lastName: 'Вольский', companyTitle: 'Отель «Маяк»', phone: '+7 900 000-31-21', email: 'mayak@example.org', sourceId: 'EMAIL', opportunity: 2100000, currencyId: 'RUB' },
    client: { outcome: 'qualified', nextStep: 'проект', answers: { place: 'санузлы', size: '26 шт. по 1100 × 500 мм', material: 'кварцевый агломерат', services: ['замер', 'монтаж', 'доставка', 'проект'], payment: 'счёт с НДС', budget: 2100000, withinDays: 110, address: 'Дюнная коса, 5' } },
  },
  {
    key: 'mon-evening', at: on(1, '19:36'), channel: 'form',
    lead: { title: 'Вечерняя заявка: фартук', name: 'Лиана', phone: '+7 900 000-31-22', sourceId: 'WEB', comments: 'Пишу после работы, звоните завтра.' },
    client: { outcome: 'qualified', nextStep: 'предварительный расчёт', answers: { place: 'фартук', size: '3000 × 600 мм', material: 'керамогранит', services: ['монтаж'], payment: 'карта', budget: 58000, withinDays: 40 } },
  },
]
