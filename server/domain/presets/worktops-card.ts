/** Questions of «Столешницы на заказ», in the groups of the source document. */
import type { PresetCard } from './preset.ts'

const option = (code: string, ru: string, en: string) => ({ code, title: { ru, en } })

const yesNoLater = [option('yes', 'Да', 'Yes'), option('no', 'Нет', 'No'), option('later', 'Решит позже', 'Will decide later')]

const optional = { class: 'auxiliary', required: false, unknownAllowed: true, options: [] } as const

const groups: PresetCard['groups'] = [
  {
    id: 'product',
    title: { ru: 'Продукт', en: 'Product' },
    questions: [
      {
        ...optional,
        code: 'PLACE',
        title: { ru: 'Место применения', en: 'Where it is used' },
        script: { ru: 'Расскажите, пожалуйста, где будет стоять столешница?', en: 'Could you tell me where the worktop will be installed?' },
        hint: { ru: 'От места зависит стойкость материала к воде и нагреву.', en: 'The place decides how well the material must resist water and heat.' },
        kind: 'list',
        type: 'enumeration',
        options: [option('kitchen', 'Кухня', 'Kitchen'), option('bathroom', 'Ванная', 'Bathroom'), option('office', 'Офис или ресепшн', 'Office or reception'), option('bar', 'Кафе, бар', 'Café or bar'), option('other', 'Другое', 'Other')],
      },
      {
        code: 'SIZE',
        title: { ru: 'Размеры изделия', en: 'Size of the product' },
        script: { ru: 'Какие нужны размеры: длина, глубина, толщина? Можно примерно, точные снимет замерщик.', en: 'What size do you need: length, depth, thickness? A rough idea is enough, our surveyor will measure exactly.' },
        hint: { ru: 'Запишите в миллиметрах. Для угловой столешницы — обе стороны.', en: 'In millimetres. For a corner worktop, both sides.' },
        kind: 'text',
        type: 'string',
        class: 'key',
        required: true,
        unknownAllowed: false,
        options: [],
      },
      {
        code: 'MATERIAL',
        title: { ru: 'Материал', en: 'Material' },
        script: { ru: 'Какой материал вы рассматриваете: камень, дерево, пластик?', en: 'Which material do you have in mind: stone, wood, laminate?' },
        hint: { ru: 'Вместе с размером определяет цену. Если клиент выбирает, предложите образцы.', en: 'Sets the price together with the size. If the client is undecided, offer samples.' },
        kind: 'list',
        type: 'enumeration',
        class: 'key',
        required: true,
        unknownAllowed: false,
        options: [
          option('acrylic', 'Акриловый камень', 'Acrylic stone'),
          option('quartz', 'Кварцевый агломерат', 'Quartz'),
          option('natural', 'Натуральный камень', 'Natural stone'),
          option('wood', 'Массив дерева', 'Solid wood'),
          option('laminate', 'ДСП с пластиком', 'Laminate'),
          option('choosing', 'Ещё выбирает', 'Still choosing'),
        ],
      },
      {
        ...optional,
        code: 'MAKER',
        title: { ru: 'Производитель материала', en: 'Maker of the material' },
        script: { ru: 'Есть ли производитель, который вам нравится?', en: 'Is there a maker you prefer?' },
        kind: 'text',
        type: 'string',
      },
      {
        ...optional,
        code: 'COLOR',
        title: { ru: 'Цвет', en: 'Colour' },
        script: { ru: 'Какой цвет вы представляете? К чему его нужно подобрать?', en: 'Which colour do you imagine? What should it match?' },
        kind: 'text',
        type: 'string',
      },
      {
        ...optional,
        code: 'TEXTURE',
        title: { ru: 'Фактура поверхности', en: 'Surface texture' },
        script: { ru: 'Поверхность лучше матовая или глянцевая?', en: 'Should the surface be matt or glossy?' },
        kind: 'list',
        type: 'enumeration',
        options: [option('matt', 'Матовая', 'Matt'), option('gloss', 'Глянцевая', 'Glossy'), option('satin', 'Полуматовая', 'Satin'), option('structured', 'Рельефная', 'Structured')],
      },
    ],
  },
  {
    id: 'services',
    title: { ru: 'Услуги', en: 'Services' },
    questions: [
      { ...optional, code: 'MEASURE', title: { ru: 'Замер', en: 'Measuring' }, script: { ru: 'Нужен ли выезд замерщика?', en: 'Would you like our surveyor to visit?' }, kind: 'list', type: 'enumeration', options: yesNoLater },
      { ...optional, code: 'MOUNT', title: { ru: 'Монтаж', en: 'Installation' }, script: { ru: 'Нужен ли монтаж?', en: 'Do you need installation?' }, kind: 'list', type: 'enumeration', options: yesNoLater },
      { ...optional, code: 'DELIVERY', title: { ru: 'Доставка', en: 'Delivery' }, script: { ru: 'Нужна ли доставка?', en: 'Do you need delivery?' }, kind: 'list', type: 'enumeration', options: yesNoLater },
      {
        ...optional,
        code: 'PROJECT',
        title: { ru: 'Проект', en: 'Design project' },
        script: { ru: 'Есть ли проект или эскиз? Можно прислать фото от руки.', en: 'Do you have a project or a sketch? A photo of a drawing is fine.' },
        kind: 'list',
        type: 'enumeration',
        options: [option('ready', 'Есть готовый', 'Ready'), option('adapt', 'Есть, нужно доработать', 'To be adapted'), option('make', 'Нужно разработать', 'To be designed'), option('none', 'Не нужен', 'Not needed')],
      },
    ],
  },
  {
    id: 'client',
    title: { ru: 'Клиент', en: 'Client' },
    questions: [
      {
        code: 'BUDGET',
        title: { ru: 'Бюджет', en: 'Budget' },
        script: { ru: 'На какую сумму вы рассчитываете? Подберём материал под неё.', en: 'What amount do you have in mind? We will choose the material to match.' },
        hint: { ru: 'В рублях. Если клиент не называет сумму, отметьте «не знает / отказался».', en: 'In roubles. If the client does not name an amount, mark “does not know / refused”.' },
        kind: 'money',
        type: 'double',
        class: 'qualifying',
        required: true,
        unknownAllowed: true,
        options: [],
      },
      {
        code: 'URGENCY',
        title: { ru: 'Срочность', en: 'Urgency' },
        script: { ru: 'К какому сроку столешница должна быть готова?', en: 'When do you need the worktop?' },
        hint: { ru: 'Наш обычный срок — три недели после замера.', en: 'We usually need three weeks after measuring.' },
        kind: 'list',
        type: 'enumeration',
        class: 'qualifying',
        required: true,
        unknownAllowed: false,
        options: [option('two-weeks', 'До двух недель', 'Within two weeks'), option('month', 'В течение месяца', 'Within a month'), option('quarter', 'Один–три месяца', 'One to three months'), option('later', 'Позже, пока выбирает', 'Later, still looking')],
      },
      {
        ...optional,
        code: 'PAYMENT',
        title: { ru: 'Формат оплаты', en: 'Way of payment' },
        script: { ru: 'Как вам удобнее оплатить?', en: 'How would you like to pay?' },
        kind: 'list',
        type: 'enumeration',
        options: [option('card', 'Картой', 'Card'), option('cash', 'Наличными', 'Cash'), option('invoice', 'По счёту', 'Invoice'), option('instalments', 'В рассрочку', 'Instalments')],
      },
      { ...optional, code: 'ADDRESS', title: { ru: 'Адрес объекта', en: 'Address' }, script: { ru: 'По какому адресу будем устанавливать?', en: 'At which address will it be installed?' }, kind: 'address', type: 'string' },
      { ...optional, code: 'CONTACTS2', title: { ru: 'Дополнительные контакты', en: 'Other contacts' }, script: { ru: 'Кто ещё участвует в решении и как с ним связаться?', en: 'Who else takes part in the decision, and how can we reach them?' }, kind: 'text', type: 'string' },
    ],
  },
]

const result: PresetCard['result'] = {
  code: 'RESULT',
  title: { ru: 'Результат', en: 'Result' },
  options: [option('qualified', 'Качественный, возможна сделка', 'Qualified, a deal is possible'), option('not-qualified', 'Некачественный', 'Not qualified')],
}

const nextStep: PresetCard['nextStep'] = {
  code: 'NEXT_STEP',
  title: { ru: 'Следующий шаг', en: 'Next step' },
  options: [
    option('offer', 'Подготовка предложения', 'Preparing an offer'),
    option('estimate', 'Предварительный расчёт', 'Preliminary estimate'),
    option('measure', 'Замер', 'Measuring'),
    option('project', 'Разработка или адаптация проекта', 'Design or adaptation of the project'),
    option('showroom', 'Посещение выставочного зала', 'Visit to the showroom'),
    option('samples', 'Отправка образцов', 'Sending samples'),
  ],
}

const reason: PresetCard['reason'] = {
  code: 'REASON',
  title: { ru: 'Причина отказа', en: 'Reason of refusal' },
  options: [
    { ...option('not-ours', 'Нужен не наш товар', 'Not our product'), fault: 'nobody' },
    { ...option('region', 'Не наш регион', 'Not our region'), fault: 'marketing' },
    { ...option('budget', 'Бюджет ниже минимального', 'Budget below our minimum'), guidance: { ru: 'Прежде чем отказать, посчитайте самый доступный материал: ДСП с пластиком.', en: 'Work out the price of the cheapest material, laminate, before you refuse.' }, fault: 'client' },
    { ...option('deadline', 'Не успеем к сроку клиента', 'Cannot meet the client’s date'), guidance: { ru: 'Узнайте у производства ближайший срок и предложите материал со склада.', en: 'Ask production for the nearest date, and offer a material that is in stock.' }, fault: 'company' },
    { ...option('no-answer', 'Не берёт трубку, больше трёх попыток', 'No answer after more than three attempts'), guidance: { ru: 'Звоните в разное время дня и оставьте сообщение в мессенджере.', en: 'Call at different hours and leave a message in a messenger.' }, attemptsNeeded: 4, fault: 'client' },
    { ...option('wrong-number', 'Неверный номер', 'Wrong number'), guidance: { ru: 'Сверьте номер с заявкой. Если есть e-mail, сначала напишите.', en: 'Compare the number with the request. Write first if there is an e-mail address.' }, fault: 'client' },
    { ...option('bought', 'Уже заказал в другом месте', 'Ordered elsewhere'), guidance: { ru: 'Спросите, что решило выбор, и запишите в пожеланиях клиента.', en: 'Ask what decided the choice, and write it into the client’s wishes.' }, fault: 'sales' },
    { ...option('duplicate', 'Повторное обращение', 'Repeated request'), fault: 'nobody' },
    { ...option('spam', 'Спам или реклама', 'Spam or advertising'), fault: 'nobody' },
    { ...option('other', 'Другое, подробно в комментарии', 'Other, see the comment'), commentRequired: true },
  ],
}

/** What the source document asks for, obligatory or nice to know (S4-8…S4-13). */
export const card: PresetCard = {
  groups,
  comment: { code: 'COMMENT', title: { ru: 'Пожелания клиента', en: 'Client’s wishes' }, required: true },
  result,
  nextStep,
  reason,
  unknown: { code: 'UNKNOWN', title: { ru: 'Вопросы без ответа клиента', en: 'Questions the client did not answer' } },
}
