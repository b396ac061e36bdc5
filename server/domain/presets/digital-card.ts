/** Questions of «Digital-агентство»: the lead, its contact, its company, and its needs (S3-9, 11, 14, 25). */
import { reason } from './digital-reasons.ts'
import type { PresetCard } from './preset.ts'
import { key, line, list, option, optional, qualifying, refusedBy, text } from './wording.ts'

/** What the agency sells (S3-33). */
const products = [
  option('tilda', 'Сайт на Tilda', 'Site on Tilda'), option('template', 'Сайт на шаблоне', 'Site on a template'), option('custom', 'Индивидуальная разработка сайта', 'Custom site'), option('content', 'Контент', 'Content'),
  option('audit', 'Аудит', 'Audit'), option('smm', 'SMM', 'SMM'), option('target', 'Таргет', 'Targeted advertising'), option('context', 'Контекст', 'Paid search'), option('training', 'Обучение', 'Training'), option('seo', 'SEO', 'SEO'), option('special', 'Нестандарт', 'Something special'),
]

const groups: PresetCard['groups'] = [
  {
    id: 'lead',
    title: text('Лид', 'Lead'),
    questions: [
      { ...key, ...list, code: 'DG_CITY', title: text('Город', 'City'), script: text('Из какого вы города? На какие города работаете?', 'Which city are you in? Which cities do you serve?'), hint: text('Выберите из списка; остальные города пишите в комментарий.', 'Choose from the list; write other cities in the comment.'), options: [option('moscow', 'Москва', 'Moscow'), option('spb', 'Санкт-Петербург', 'Saint Petersburg'), option('million', 'Другой город-миллионник', 'Another large city'), option('region', 'Другой город', 'Another city'), option('country', 'Вся страна', 'The whole country'), option('abroad', 'За рубежом', 'Abroad')] },
      { ...qualifying, kind: 'multilist', type: 'enumerations', code: 'DG_PRODUCTS', title: text('Что интересует', 'What is of interest'), script: text('Что для вас сейчас важнее: сайт, реклама, продвижение?', 'What matters most to you now: a site, advertising, search positions?'), hint: text('Из этого списка потом берутся товары сделки.', 'The products of the deal are taken from this list.'), options: products },
      { ...optional, kind: 'link', type: 'string', code: 'DG_SITE', title: text('Сайт', 'Site'), script: text('Какой у вас сайт? Открою его, пока говорим.', 'What is your site? I will open it while we talk.'), hint: text('Посмотрите, на чём он сделан: с конструкторами и незнакомыми нам языками программирования не работаем.', 'See what it is made with: we do not work with builders or with languages that are not ours.') },
    ],
  },
  {
    id: 'contact',
    title: text('Контакт', 'Contact'),
    questions: [
      { ...key, ...line, code: 'DG_POSITION', title: text('Должность', 'Position'), script: text('Подскажите, пожалуйста, вашу должность?', 'May I ask what your position is?'), hint: text('Обязательно. Если сразу непонятно, переспросите.', 'Required. Ask again if it is not clear at once.') },
      { ...key, ...list, code: 'DG_LPR', title: text('ЛПР', 'Decision maker'), script: text('Решение о подрядчике принимаете вы? Кого ещё позвать на встречу?', 'Is it you who chooses the contractor? Who else should join the meeting?'), hint: text('ЛПР — тот, кто принимает решение. Если это другой человек, узнайте, кто он, и добавьте его участником.', 'If not, learn who it is and add the participant.'), options: [option('yes', 'Да, решает сам', 'Yes, decides alone'), option('together', 'Решают вместе', 'They decide together'), option('no', 'Нет', 'No')] },
      { ...optional, ...line, code: 'DG_MEMBERS', title: text('Кто ещё участвует', 'Who else takes part'), script: text('Кто ещё участвует в проекте с вашей стороны?', 'Who else takes part on your side?'), hint: text('Каждого добавьте в карточку через «Добавить участника».', 'Add each of them with “Add participant”.') },
    ],
  },
  {
    id: 'company',
    title: text('Компания', 'Company'),
    questions: [
      { ...key, ...line, code: 'DG_ACTIVITY', title: text('Вид деятельности', 'Line of business'), script: text('Чем занимается компания и чем вы лучше конкурентов?', 'What does the company do, and what makes you better than others?'), hint: text('Сначала проверьте, нет ли компании в базе.', 'First check whether the company is in the CRM.') },
      { ...qualifying, ...list, code: 'DG_SIZE', title: text('Какой это клиент', 'What kind of client'), script: text('Давно ли работает компания и сколько в ней человек?', 'How long has the company existed, and how many people work there?'), options: [option('company', 'Действующая компания', 'Working company'), option('branch', 'Дочерняя организация крупной фирмы', 'Subsidiary of a large firm'), option('startup', 'Стартап', 'Start-up'), option('small', 'Очень маленький бизнес', 'Very small business'), option('person', 'Физическое лицо', 'Private person')], ...refusedBy('startup', 'startup') },
      { ...qualifying, kind: 'money', type: 'double', unknownAllowed: true, code: 'DG_BUDGET', title: text('Бюджет в месяц', 'Monthly budget'), script: text('На какой бюджет в месяц рассчитываете? Скажу, что за него реально.', 'What monthly budget do you have in mind? I will say what it can do.'), hint: text('В рублях. Пять тысяч нам точно мало: меньше 10 000 — ниже нашего минимального бюджета. Порог меняется в регламенте.', 'In roubles. Five thousand is too little for us: below 10,000 it is under our minimum. The regulation sets the limit.'), disqualifies: { when: { is: 'less', than: 10_000 }, reason: 'min-budget' } },
      { ...optional, ...list, code: 'DG_REVIEWS', title: text('Отзывы о компании', 'Reviews of the company'), script: text('Посмотрю, что о вас пишут, это тоже влияет на заявки.', 'I will look at what is written about you, it matters for sales too.'), options: [option('good', 'Хорошие', 'Good'), option('mixed', 'Разные', 'Mixed'), option('bad', 'Плохие', 'Bad'), option('none', 'Не нашлись', 'None found')], ...refusedBy('reputation', 'bad') },
    ],
  },
  {
    id: 'needs',
    title: text('Квалификация', 'Qualification'),
    questions: [
      { ...qualifying, kind: 'longtext', type: 'text', code: 'DG_GOAL', title: text('Задача клиента', 'The client’s task'), script: text('Что должно измениться через полгода, чтобы вы сказали: получилось?', 'What should have changed in half a year for you to call it a success?') },
      { ...optional, kind: 'longtext', type: 'text', code: 'DG_HISTORY', title: text('Что уже пробовали', 'What has been tried'), script: text('Что уже делали и что не устроило?', 'What has been done before, and what did not work?') },
      { ...key, ...list, code: 'DG_OFFER', title: text('Запросил КП', 'Has asked for an offer'), script: text('Подготовить для вас коммерческое предложение?', 'Shall I prepare an offer for you?'), hint: text('Запросил — лид конвертируется, сделка создаётся автоматически.', 'If so, the lead is converted and a deal is made.'), options: [option('yes', 'Да', 'Yes'), option('no', 'Пока нет', 'Not yet')] },
      { ...optional, kind: 'date', type: 'date', code: 'DG_START', title: text('Когда начать', 'When to begin'), script: text('Когда хотите начать?', 'When would you like to begin?') },
    ],
  },
]

export const card: PresetCard = {
  groups,
  comment: { code: 'DG_COMMENT', title: text('О чём договорились', 'What was agreed'), required: true },
  result: {
    code: 'DG_RESULT',
    title: text('Результат', 'Result'),
    options: [option('qualified', 'Готов к продолжительному общению', 'Ready for a long talk'), option('not-qualified', 'Отказ', 'Refusal'), option('postponed', 'Ждать', 'Wait')],
  },
  postponedUntil: { code: 'DG_UNTIL', title: text('Дата выхода из ожидания', 'Date on which waiting ends') },
  nextStep: {
    code: 'DG_NEXT',
    title: text('Следующий шаг', 'Next step'),
    options: [
      { ...option('meeting', 'Встреча', 'Meeting'), stage: 'qualification' },
      { ...option('call', 'Звонок-встреча', 'Long call'), stage: 'qualification' },
      { ...option('zoom', 'Zoom или Skype', 'Zoom or Skype'), stage: 'qualification' },
      { ...option('audit', 'Аудит', 'Audit'), stage: 'qualification' },
      { ...option('offer', 'Клиент запросил КП', 'The client asks for an offer'), stage: 'converted' },
    ],
  },
  reason,
  unknown: { code: 'DG_UNKNOWN', title: text('Вопросы без ответа клиента', 'Questions the client did not answer') },
}
