import type { ConversionState, ConversionView, PlannedFieldView, UndoView } from '../../server/contract/conversion.ts'

export const plannedField = (over: Partial<PlannedFieldView> & Pick<PlannedFieldView, 'key' | 'title'>): PlannedFieldView => ({
  kind: 'text', options: [], from: 'Поле лида', value: 'Значение', valueText: String(over.value ?? 'Значение'), currentText: null,
  take: true, conflict: false, required: false, problem: null, editable: true, ...over,
})

const url = (kind: string, id: number) => `https://portal.example.com/crm/${kind}/details/${id}/`

/** An organisation whose contact is known already: something to decide in every part of the screen. */
export const conversionView = (over: Partial<ConversionView> = {}): ConversionView => ({
  leadId: 42,
  leadTitle: 'Столешница для кофейни',
  seen: 'plan-1',
  variant: 'organisation',
  because: 'В лиде указана организация: «ООО Ромашка».',
  variants: [
    { code: 'person', title: 'Физическое лицо', makes: 'Сделка и контакт' },
    { code: 'organisation', title: 'Организация или ИП', makes: 'Сделка, контакт и компания' },
    { code: 'client', title: 'Старый клиент', makes: 'Сделка существующего клиента' },
  ],
  objects: [
    { kind: 'company', action: 'create', optional: false, id: null, title: 'ООО Ромашка', url: null, candidates: [], undecided: false, fields: [plannedField({ key: 'company.title', title: 'Название', from: 'Название компании', value: 'ООО Ромашка', required: true })] },
    {
      kind: 'contact', action: 'use', optional: false, id: 31, title: 'Нина Перова', url: url('contact', 31), undecided: false,
      candidates: [{ id: 31, title: 'Нина Перова', because: 'совпал телефон', url: url('contact', 31) }, { id: 32, title: 'Нина П.', because: 'похожее название или имя', url: url('contact', 32) }],
      fields: [plannedField({ key: 'contact.post', title: 'Должность', from: 'Должность', value: 'Директор', currentText: 'Управляющая', take: false, conflict: true })],
    },
    {
      kind: 'deal', action: 'create', optional: false, id: null, title: 'Столешница для кофейни', url: null, candidates: [], undecided: false,
      fields: [
        plannedField({ key: 'deal.title', title: 'Название', from: 'Название лида', value: 'Столешница для кофейни', required: true }),
        plannedField({ key: 'deal.opportunity', title: 'Сумма', kind: 'money', from: 'Бюджет', value: '90000|RUB', valueText: '90 000 ₽' }),
        plannedField({ key: 'deal.UF_A', title: 'Материал', value: 'Кварц' }),
        plannedField({ key: 'deal.UF_B', title: 'Размер', value: '2400 × 600' }),
        plannedField({ key: 'deal.UF_C', title: 'Срочность', value: 'Две недели' }),
      ],
    },
  ],
  means: [
    { key: 'phone +7 900 000-00-01', kind: 'phone', value: '+7 900 000-00-01', to: 'contact', options: ['contact', 'company', 'both', 'none'], hint: 'Мобильный: скорее всего, личный номер контакта.', onlyInLead: true, problem: null },
    { key: 'email info@example.org', kind: 'email', value: 'info@example.org', to: 'company', options: ['contact', 'company', 'both', 'none'], hint: 'Общий ящик: это адрес компании.', onlyInLead: true, problem: null },
  ],
  staying: [],
  deal: {
    pipelineId: 0, stageId: 'NEW', responsibleId: 7,
    pipelines: [{ id: 0, name: 'Общая', stages: [{ id: 'NEW', name: 'Новая' }, { id: 'PREPARE', name: 'Подготовка' }] }, { id: 3, name: 'Опт', stages: [{ id: 'C3:NEW', name: 'Новая заявка' }] }],
    people: [{ id: 7, name: 'Анна Петрова' }, { id: 8, name: 'Илья Волков' }],
  },
  requisites: { form: 'company', inn: '7707083893', problem: null, registry: { verdict: 'found', sentence: 'Найдено в реестре: ООО «Ромашка».' } },
  products: { rows: [{ name: 'Столешница кварцевая', quantity: 2, price: '45 000 ₽' }], sum: '90 000 ₽' },
  along: ['Звонки, письма и другие дела: 4', 'Задачи: 1'],
  lacks: [],
  ...over,
})

/** The same plan with one obligatory field empty. */
export const lackingView = (): ConversionView => {
  const view = conversionView({ lacks: [{ key: 'deal.UF_DELIVERY', text: 'Заполните обязательное поле «Способ доставки» в карточке сделки.', mendable: true }] })
  const missing = plannedField({ key: 'deal.UF_DELIVERY', title: 'Способ доставки', from: null, value: null, valueText: '', take: false, required: true, problem: 'Заполните обязательное поле «Способ доставки» в карточке сделки.' })
  return { ...view, objects: view.objects.map(object => (object.kind === 'deal' ? { ...object, fields: [...object.fields, missing] } : object)) }
}

export const conversionState = (over: Partial<ConversionState> = {}): ConversionState => ({
  id: '0b6a7c1e-0000-4000-8000-000000000001',
  leadId: 42,
  status: 'running',
  sentence: 'Конвертация идёт.',
  advice: 'Окно можно закрыть: она закончится сама.',
  startedAt: '2026-11-23T07:00:00Z',
  startedBy: 'Анна Петрова',
  endedAt: null,
  steps: [
    { key: 'check', title: 'Проверка лида', state: 'done', words: null },
    { key: 'contact', title: 'Изменения в контакте', state: 'running', words: null },
    { key: 'deal', title: 'Создание сделки', state: 'waiting', words: null },
  ],
  links: [],
  checklist: [],
  mayRetry: false,
  mayTakeBack: false,
  undo: null,
  ...over,
})

export const doneState = (over: Partial<ConversionState> = {}): ConversionState => conversionState({
  status: 'done',
  sentence: 'Лид сконвертирован.',
  advice: 'Проверьте корректность переноса.',
  endedAt: '2026-11-23T07:00:09Z',
  steps: conversionState().steps.map(step => ({ ...step, state: 'done' as const })),
  links: [{ kind: 'deal', id: 501, title: 'Сделка: Столешница для кофейни', url: url('deal', 501), made: true }, { kind: 'contact', id: 31, title: 'Контакт: Нина Перова', url: url('contact', 31), made: false }],
  checklist: ['У контакта верны имя, фамилия и должность.', 'В сделке верны ответственный, воронка и стадия.'],
  undo: { until: '2026-11-30T07:00:09Z' },
  ...over,
})

export const heldState = (over: Partial<ConversionState> = {}): ConversionState => conversionState({
  status: 'held',
  sentence: 'Всё создано, но Битрикс24 не перевёл лид на стадию успеха. Портал сообщил: Обязательное поле «Источник» не заполнено.',
  advice: 'Исправьте в лиде то, что назвал портал, и нажмите «Повторить», или уберите созданное.',
  steps: [{ key: 'deal', title: 'Создание сделки', state: 'done', words: null }, { key: 'finish-lead', title: 'Перевод лида на стадию успеха', state: 'refused', words: 'Обязательное поле «Источник» не заполнено.' }],
  links: doneState().links,
  mayRetry: true,
  mayTakeBack: true,
  ...over,
})

export const undoView = (over: Partial<UndoView> = {}): UndoView => ({
  removed: [{ title: 'Вернуть лид на прежнюю стадию', url: null }, { title: 'Удалить сделку: Столешница для кофейни', url: url('deal', 501) }],
  kept: [{ title: 'Вернуть прежние данные контакта: Нина Перова', url: url('contact', 31), why: 'После конвертации запись изменили, поэтому она остаётся.' }],
  until: '2026-11-30T07:00:09Z',
  ...over,
})
