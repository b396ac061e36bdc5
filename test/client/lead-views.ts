import type { ActionsView, CardView, DuplicateView, LeadView, QuestionView, ReasonOptionView } from '../../server/contract/lead-view.ts'

/** A question as the server shows it; `over` says what is special about it. */
export const question = (code: string, title: string, over: Partial<QuestionView> = {}): QuestionView => ({
  code, title, script: `Расскажите: ${title}?`, hint: null, kind: 'text', class: 'key', required: true, unknownAllowed: true, options: [], value: null, unknown: false, onlyIf: null, disqualifies: null, ...over,
})

const option = (code: string, title: string) => ({ code, title })
export const reason = (code: string, title: string, over: Partial<ReasonOptionView> = {}): ReasonOptionView => ({ code, title, guidance: null, evidence: null, commentRequired: false, dateAsked: false, ...over })

/** Every kind of question stands in it once. */
export const cardView = (over: Partial<CardView> = {}): CardView => ({
  groups: [
    { id: 'product', title: 'Продукт', questions: [
      question('PLACE', 'Место применения', { kind: 'list', options: [option('kitchen', 'Кухня'), option('bath', 'Ванная')] }),
      question('MATERIAL', 'Материал', { kind: 'multilist', options: [option('stone', 'Камень'), option('wood', 'Дерево')], hint: 'Можно отметить несколько вариантов.' }),
      question('SIZE', 'Размеры', { kind: 'number' }),
      question('BRAND', 'Производитель', { kind: 'list', required: false, class: 'auxiliary', options: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(code => option(code, `Марка ${code}`)) }),
    ] },
    { id: 'services', title: 'Услуги', questions: [
      question('MEASURE', 'Нужен замер', { kind: 'yesno', required: false, class: 'qualifying' }),
      question('WISHES', 'Пожелания по монтажу', { kind: 'longtext', required: false }),
      question('PROJECT', 'Ссылка на проект', { kind: 'link', required: false, unknownAllowed: false }),
    ] },
    { id: 'client', title: 'Клиент', questions: [
      question('BUDGET', 'Бюджет', { kind: 'money' }),
      question('WHEN', 'Желаемый срок', { kind: 'date' }),
      question('ADDRESS', 'Адрес', { kind: 'address', required: false }),
      question('PHONE', 'Дополнительный телефон', { kind: 'phone', required: false }),
      question('MAIL', 'Почта', { kind: 'email', required: false }),
      question('NAME', 'Как обращаться', { required: false }),
    ] },
  ],
  comment: { title: 'Комментарий', required: true, value: '' },
  closing: true,
  result: { title: 'Результат', options: ['qualified', 'not-qualified'], value: null },
  postponedUntil: null,
  nextStep: { title: 'Следующий шаг', options: [option('measure', 'Назначить замер'), option('offer', 'Подготовить расчёт')], value: null },
  reason: { title: 'Причина', options: [reason('spam', 'Спам'), reason('budget', 'Нет бюджета')], value: null },
  missing: [],
  elsewhere: {},
  editable: true,
  ...over,
})

/** Nothing is offered but what `over` says. */
export const actionsView = (over: Partial<ActionsView> = {}): ActionsView => ({
  take: null, notReached: null, callBack: null, wrongNumber: null, declareCall: null, wait: null, stopWaiting: null, moveDeadline: null, goOn: null, allowMove: null, reassign: null, acknowledge: [], ...over,
})

export const duplicateView = (over: Partial<DuplicateView> = {}): DuplicateView => ({
  kind: 'contact', id: 15, title: 'Мария Соколова', because: 'Тот же телефон', isHint: false, responsible: { id: 9, name: 'Глеб Орлов' }, open: true, url: '/crm/contact/details/15/', attachable: true, ...over,
})

export const leadView = (over: Partial<LeadView> = {}): LeadView => ({
  leadId: 42,
  title: 'Столешница для кухни',
  clientName: 'Мария Соколова',
  stage: { id: 'IN_PROCESS', name: 'Взят в работу', semantic: 'processing' },
  responsible: { id: 7, name: 'Анна Петрова' },
  responsibleBecause: 'Выбрана по очереди среди троих.',
  status: 'active',
  outcome: null,
  now: '2026-11-23T06:52:00Z',
  timeZone: 'Europe/Moscow',
  clockSpeed: 1,
  step: { id: 'work', name: 'Взят в работу', exit: 'связаться с клиентом и указать результат.', guidance: 'Позвоните клиенту.', situations: [{ title: 'Не берёт трубку', advice: 'Отметьте «не дозвонился».' }], videoUrl: 'https://example.com/video' },
  deadline: {
    kind: 'first-contact', startedAt: '2026-11-20T14:45:00Z', dueAt: '2026-11-23T07:15:00Z', movedFrom: null, overdue: false,
    because: 'У лида есть телефон: 30 минут рабочего времени.',
    receipt: { pieces: [{ from: '2026-11-20T14:45:00Z', to: '2026-11-20T15:00:00Z' }, { from: '2026-11-23T07:00:00Z', to: '2026-11-23T07:15:00Z' }], basis: 'phone', span: 'PT30M' },
  },
  nothingDone: 'Leadrail запишет пропуск в 10:15.',
  waiting: null,
  gateNeeds: [],
  onward: null,
  attempts: null,
  nextTold: null,
  followUp: { form: 'task', id: 318, url: '/company/personal/user/7/tasks/task/view/318/' },
  card: cardView(),
  incidents: [],
  journal: [1, 2, 3, 4, 5, 6, 7].map(id => ({ id: String(id), at: '2026-11-20T14:45:04Z', text: `Решение ${id}.`, kind: 'notify', rule: 'deadline', by: 'leadrail' as const })),
  reasons: [],
  ...over,
})
