import { on, type Arrival } from './script.ts'

/** Arrivals from Monday night to the following weekend. */
export const laterDays: readonly Arrival[] = [
  {
    key: 'tue-night', at: on(2, '02:14'), channel: 'form',
    lead: { title: 'Ночная заявка: кухня на дачу', name: 'Фома', phone: '+7 900 000-41-01', sourceId: 'WEBFORM' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня', size: '1800 × 600 мм', material: 'акриловый камень', services: ['доставка'], payment: 'наличные', budget: 39000, withinDays: 60 } },
  },
  {
    key: 'tue-phone', at: on(2, '09:25'), channel: 'call', by: 6,
    lead: { title: 'Звонок: каменная раковина', name: 'Ксения', phone: '+7 900 000-41-02', sourceId: 'CALL' },
    client: { outcome: 'qualified', nextStep: 'образцы', answers: { place: 'ванная', size: '900 × 500 мм', material: 'акриловый камень', services: ['монтаж'], payment: 'карта', budget: 42000, withinDays: 30 } },
  },
  {
    key: 'tue-nothing', at: on(2, '10:15'), channel: 'form',
    lead: { title: 'Пустая форма', sourceId: 'WEBFORM' },
    client: { outcome: 'not-qualified', reason: 'нет контактных данных', answers: { wishes: 'Форма отправлена пустой.' } },
  },
  {
    key: 'tue-company-switchboard', at: on(2, '11:40'), channel: 'form',
    lead: { title: 'Интерес: аптека «Здоровый день»', companyTitle: 'Аптека «Здоровый день»', phone: '+7 900 000-41-04', sourceId: 'WEB', comments: 'Витрина и прилавок. Общий номер, имени нет.' },
    client: { outcome: 'qualified', nextStep: 'предложение', missedCalls: 1, answers: { place: 'прилавок', size: '2500 × 500 мм', material: 'акриловый камень', services: ['замер', 'монтаж'], payment: 'счёт с НДС', budget: 125000, withinDays: 45 } },
  },
  {
    key: 'tue-vk', at: on(2, '13:55'), channel: 'messenger',
    lead: { title: 'VK: вопрос о цене', name: 'Гордей', im: 'imol|vkgroup|1|104|504', sourceId: 'MESSENGER', comments: 'Почём метр?' },
    client: { outcome: 'not-qualified', reason: 'только интересуется', answers: { wishes: 'Собирает цены для курсовой работы.' } },
  },
  {
    key: 'tue-designer-2', at: on(2, '16:20'), channel: 'mail',
    lead: { title: 'Дизайнер: смета на камин', name: 'Эмма', lastName: 'Разумова', email: 'razumova@example.com', phone: '+7 900 000-41-06', sourceId: 'PARTNER' },
    client: { outcome: 'qualified', nextStep: 'проект', answers: { place: 'камин', size: '1500 × 1200 мм', material: 'натуральный камень, мрамор', services: ['замер', 'монтаж', 'проект'], payment: 'наличные', budget: 380000, withinDays: 75 } },
  },
  {
    key: 'wed-exhibition', at: on(3, '10:05'), channel: 'by-hand', by: 3,
    lead: { title: 'Выставка: записался на замер', name: 'Никанор', lastName: 'Сухих', phone: '+7 900 000-41-07', sourceId: 'TRADE_SHOW' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня', size: '3400 × 600 мм', material: 'кварцевый агломерат', services: ['замер', 'монтаж', 'доставка'], payment: 'карта', budget: 160000, withinDays: 35 } },
  },
  {
    key: 'wed-abroad', at: on(3, '12:40'), channel: 'form',
    lead: { title: 'Worktop samples request', name: 'Walter', lastName: 'Finch', phone: '+1 202-555-0143', email: 'finch@example.com', sourceId: 'WEB', comments: 'Could you ship samples abroad?' },
    client: { outcome: 'not-qualified', reason: 'не наш регион', answers: { wishes: 'Доставка за океан невыгодна обоим.' } },
  },
  {
    key: 'wed-two-phones', at: on(3, '15:10'), channel: 'form',
    lead: { title: 'Кухня и прачечная', name: 'Агния', lastName: 'Терехова', companyTitle: 'Загородный клуб «Плёс»', fm: [{ typeId: 'PHONE', valueType: 'WORK', value: '+7 900 000-41-09' }, { typeId: 'PHONE', valueType: 'MOBILE', value: '+7 900 000-41-10' }, { typeId: 'EMAIL', valueType: 'WORK', value: 'ples@example.org' }], sourceId: 'RECOMMENDATION', comments: 'Дочь строителя, который делал у нас дом.' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня и прачечная', size: '4200 × 600 и 2000 × 600 мм', material: 'натуральный камень, гранит', services: ['замер', 'монтаж', 'доставка'], payment: 'счёт с НДС', budget: 420000, withinDays: 55 } },
  },
  {
    key: 'thu-bad-mail', at: on(4, '11:30'), channel: 'form',
    lead: { title: 'Заявка с опечаткой в почте', name: 'Ефим', email: 'efim(at)example.com', sourceId: 'WEBFORM', comments: 'Ответьте на почту.' },
    client: { outcome: 'not-qualified', reason: 'неверный адрес', answers: { wishes: 'Адрес с ошибкой, телефона нет.' } },
  },
  {
    key: 'sat-dayoff', at: on(6, '12:20'), channel: 'form',
    lead: { title: 'Субботняя заявка: столешница в дом', name: 'Юлиана', phone: '+7 900 000-41-12', sourceId: 'WEBFORM', comments: 'Звоните в понедельник с утра.' },
    client: { outcome: 'qualified', nextStep: 'замер', answers: { place: 'кухня', size: '3600 × 650 мм', material: 'кварцевый агломерат', services: ['замер', 'монтаж', 'доставка'], payment: 'карта', budget: 175000, withinDays: 30 } },
  },
]
