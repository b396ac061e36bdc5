import type { Present } from './script.ts'

/** Twelve leads that a newly opened portal already holds: eight wait since Sunday, four are further on. */
export const presentLeads: readonly Present[] = [
  {
    key: 'weekend-kitchen', minutesAgo: 1400, channel: 'form',
    lead: { title: 'Столешница на угловую кухню', name: 'Алла', lastName: 'Дубравина', phone: '+7 900 000-21-01', email: 'dubravina@example.com', sourceId: 'WEBFORM', comments: 'Кухня угловая, 2,4 × 1,8 м. Хочу светлый кварц под дерево. Нужен замер.', utmSource: 'yandex', utmMedium: 'cpc', utmCampaign: 'stoleshnicy-kvarc' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня', size: '2400 × 1800 × 600 мм', material: 'кварцевый агломерат', colour: 'светлый, под дерево', services: ['замер', 'монтаж', 'доставка'], payment: 'наличные', budget: 145000, withinDays: 30, address: 'посёлок Речной, дом 4', wishes: 'Мойка снизу, без швов у варочной панели.' } },
  },
  {
    key: 'weekend-telegram', minutesAgo: 1350, channel: 'messenger',
    lead: { title: 'Вопрос из Telegram: остров', name: 'Рената', im: 'imol|telegrambot|1|101|501', sourceId: 'MESSENGER', comments: 'Сколько будет остров 1,2 × 2 метра из мрамора?' },
    client: { outcome: 'qualified', nextStep: 'предложение', answers: { place: 'кухня, остров', size: '2000 × 1200 × 40 мм', material: 'натуральный камень, мрамор', colour: 'белый с серой жилкой', services: ['замер', 'монтаж', 'доставка'], payment: 'карта', budget: 310000, withinDays: 60, wishes: 'Скруглить углы: в доме дети.' } },
  },
  {
    key: 'weekend-mail-long', minutesAgo: 1290, channel: 'mail',
    lead: {
      title: 'Запрос: столешницы для кофейни', name: 'Эльдар', lastName: 'Максудов', companyTitle: 'Кофейня «Зерно и Пар»', email: 'zerno-par@example.com', sourceId: 'EMAIL',
      comments: 'Добрый день! Мы открываем кофейню и подбираем подрядчика на барную стойку и восемь столиков. Стойка 4,6 м с двумя изгибами, толщина не меньше 30 мм, столики круглые, диаметр 600 мм. Важно, чтобы поверхность не боялась кофе, лимонной кислоты и горячих турок. Цвет тёмный, ближе к графиту, фактура матовая. Просим сообщить сроки, гарантию, возможен ли выезд на объект в вечернее время, работаете ли вы с НДС и как происходит оплата. Чертежи пришлём после ответа.',
    },
    client: { outcome: 'qualified', nextStep: 'проект', answers: { place: 'барная стойка и столики', size: '4600 × 700 мм и 8 столиков ⌀600 мм', material: 'керамогранит', colour: 'графит', services: ['замер', 'монтаж', 'доставка', 'проект'], payment: 'счёт с НДС', budget: 520000, withinDays: 40, address: 'улица Причальная, 12', wishes: 'Стойка не должна бояться кофе и кислоты.' } },
  },
  {
    key: 'weekend-phone-only', minutesAgo: 1230, channel: 'form',
    lead: { title: 'Заявка с сайта', phone: '+7 900 000-21-02', sourceId: 'WEB' },
    client: { outcome: 'qualified', nextStep: 'предварительный расчёт', missedCalls: 1, answers: { place: 'ванная', size: '1200 × 500 мм', material: 'акриловый камень', services: ['монтаж'], payment: 'карта', budget: 48000, withinDays: 45, wishes: 'Раковина в одном куске со столешницей.' } },
  },
  {
    key: 'weekend-spam', minutesAgo: 1150, channel: 'form',
    lead: { title: 'Продвижение вашего сайта в ТОП-10', name: 'Seo Master', phone: '+7 900 000-21-05', email: 'promo@example.org', sourceId: 'WEBFORM', comments: 'Выведем сайт в топ за 3 дня! Первая неделя бесплатно. Пишите.' },
    client: { outcome: 'not-qualified', reason: 'спам', answers: { wishes: 'Реклама чужих услуг.' } },
  },
  {
    key: 'weekend-windowsills', minutesAgo: 960, channel: 'form',
    lead: { title: 'Подоконники из камня, 5 штук', name: 'Глеб', lastName: 'Осинин', phone: '+7 (900) 000-21-06', sourceId: 'ADVERTISING', comments: 'Подоконники 1,5 м, дом с эркером.', utmSource: 'vk', utmMedium: 'cpm', utmCampaign: 'podokonniki-osen' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'подоконники', size: '5 шт. по 1500 × 350 мм', material: 'натуральный камень, гранит', colour: 'тёмно-серый', services: ['замер', 'монтаж'], payment: 'наличные', budget: 98000, withinDays: 35, address: 'деревня Сосновая, 17', wishes: 'Один подоконник полукруглый.' } },
  },
  {
    key: 'weekend-nothing', minutesAgo: 700, channel: 'by-hand', by: 3,
    lead: { title: 'Сосед Петра, хочет такую же столешницу', sourceId: 'RECOMMENDATION', comments: 'Пётр из дома 9 просил связаться с соседом. Телефон обещал прислать.' },
    client: { outcome: 'not-qualified', reason: 'нет контактных данных', answers: { wishes: 'Контакт так и не прислали.' } },
  },
  {
    key: 'early-morning-call', minutesAgo: 22, channel: 'call',
    lead: { title: 'Пропущенный звонок', phone: '+79000002108', sourceId: 'CALL' },
    client: { outcome: 'qualified', nextStep: 'посещение выставки', missedCalls: 1, answers: { place: 'кухня', size: '3000 × 600 мм', material: 'кварцевый агломерат', services: ['доставка'], payment: 'карта', budget: 87000, withinDays: 21, wishes: 'Хочет посмотреть образцы вживую.' } },
  },
  {
    key: 'older-in-work', minutesAgo: 4300, channel: 'form', stageId: 'IN_PROCESS', responsibleId: 5,
    lead: { title: 'Столешница и фартук, квартира-студия', name: 'Камилла', lastName: 'Яровая', phone: '+7 900 000-21-09', email: 'yarovaya@example.com', sourceId: 'WEBFORM', comments: 'Фартук до потолка, 2,1 м.' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня и фартук', size: '2100 × 600 мм, фартук 2100 × 900 мм', material: 'керамогранит', colour: 'бежевый', services: ['замер', 'монтаж', 'доставка'], payment: 'рассрочка', budget: 190000, withinDays: 25, wishes: 'Рисунок столешницы должен переходить на фартук.' } },
  },
  {
    key: 'older-qualified', minutesAgo: 5600, channel: 'call', stageId: 'PROCESSED', responsibleId: 4,
    lead: { title: 'Лестница и подступенки', name: 'Вадим', lastName: 'Стрельцов', phone: '+7 900 000-21-10', sourceId: 'CALL' },
    client: { outcome: 'qualified', nextStep: 'проект', answers: { place: 'лестница', size: '14 ступеней по 1100 × 300 мм', material: 'натуральный камень, гранит', services: ['замер', 'монтаж'], payment: 'наличные', budget: 260000, withinDays: 70 } },
  },
  {
    key: 'older-won', minutesAgo: 10200, channel: 'form', stageId: 'CONVERTED', responsibleId: 7,
    lead: { title: 'Ресепшен для стоматологии', name: 'Инесса', lastName: 'Вересова', companyTitle: 'Стоматология «Белый риф»', phone: '+7 900 000-21-11', email: 'reception@example.org', sourceId: 'PARTNER' },
    client: { outcome: 'qualified', nextStep: 'предложение', answers: { budget: 340000 } },
  },
  {
    key: 'older-junk', minutesAgo: 9100, channel: 'call', stageId: 'JUNK', responsibleId: 6,
    lead: { title: 'Ошиблись номером', phone: '+7 900 000-21-12', sourceId: 'CALL' },
    client: { outcome: 'not-qualified', reason: 'неверный номер', answers: {} },
  },
]
