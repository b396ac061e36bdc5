import type { TargetKind } from '../../conversion/facts.ts'
import type { Lack, VariantBecause } from '../../conversion/plan.ts'
import type { ConversionStep } from '../../conversion/step.ts'
import type { UndoStep } from '../../conversion/undo.ts'
import type { ConversionWords } from '../conversion.ts'
import { plural } from '../words.ts'
import { inQuotes } from '../quotes.ts'
import { hasUsedDeal, keptFields, leftBehind, productNames, valueOfKey } from './parts.ts'

const named = (name: string): string => inQuotes(name, 'ru')
const of: Readonly<Record<TargetKind, string>> = { deal: 'сделки', contact: 'контакта', company: 'компании' }
const several: Readonly<Record<TargetKind, (count: number) => string>> = {
  deal: count => `Нашлось несколько сделок (${count}): выберите нужную или создайте новую.`,
  contact: count => `Нашлось несколько контактов (${count}): выберите нужный или создайте новый.`,
  company: count => `Нашлось несколько компаний (${count}): выберите нужную или создайте новую.`,
}
const sameName: Readonly<Record<Exclude<TargetKind, 'deal'>, string>> = {
  contact: 'По имени нашёлся контакт, но больше ничего не совпало: выберите его, если это тот же клиент, или создайте новый.',
  company: 'По названию нашлась компания, но больше ничего не совпало: выберите её, если это тот же клиент, или создайте новую.',
}
const sameNames: typeof sameName = {
  contact: 'По имени нашлось несколько контактов, но больше ничего не совпало: выберите тот, что относится к этому клиенту, или создайте новый.',
  company: 'По названию нашлось несколько компаний, но больше ничего не совпало: выберите ту, что относится к этому клиенту, или создайте новую.',
}
const choice = ({ object, count, byName }: Extract<Lack, { kind: 'choice' }>): string => {
  if (byName !== true || object === 'deal') return several[object](count)
  return (count === 1 ? sameName : sameNames)[object]
}
const wrongValue = { 'not-a-number': 'нужно число', 'not-a-date': 'нужна дата', 'not-an-option': 'такого значения в списке нет' } as const
const wrongInn = {
  length: 'Проверьте ИНН: в нём неверное число цифр.',
  digits: 'Проверьте ИНН: в нём есть лишние знаки.',
  checksum: 'Проверьте ИНН: контрольная цифра не сходится, в номере опечатка.',
} as const

const blocked = ({ why, detail }: Extract<Lack, { kind: 'blocked' }>): string => {
  switch (why) {
    case 'not-allowed': return 'Регламент не разрешает конвертацию.'
    case 'wrong-step': return detail === null ? 'На этом шаге конвертировать ещё рано.' : `Конвертировать можно с шага ${named(detail)}.`
    case 'gate': return `Сначала нужно: ${detail ?? 'выполнить условия перехода'}.`
    case 'already-converted': return 'Лид уже сконвертирован.'
    case 'lead-closed': return 'Лид закрыт отказом. Чтобы сконвертировать его, верните лид в работу.'
    case 'no-success-stage': return 'На портале нет стадии успеха для лидов, конвертировать некуда.'
  }
}

const lack = (one: Lack): string => {
  switch (one.kind) {
    case 'field': return `Заполните обязательное поле ${named(one.title)} в карточке ${of[one.object]}.`
    case 'value': return `Исправьте поле ${named(one.title)} в карточке ${of[one.object]}: ${wrongValue[one.why]}.`
    case 'choice': return choice(one)
    case 'inn': return wrongInn[one.why]
    case 'means': return `Решите, чей это номер: ${valueOfKey(one.key)}.`
    case 'pipeline': return 'Выберите воронку сделки: указанной в регламенте воронки на портале нет.'
    case 'stage': return 'Выберите стадию сделки.'
    case 'responsible': return 'Выберите ответственного за сделку: он не указан или уже не работает.'
    case 'blocked': return blocked(one)
  }
}

const made: Readonly<Record<TargetKind, string>> = { deal: 'Создание сделки', contact: 'Создание контакта', company: 'Создание компании' }
const changed: Readonly<Record<TargetKind, string>> = { deal: 'Изменения в сделке', contact: 'Изменения в контакте', company: 'Изменения в компании' }

const matching = { inn: 'ИНН', phone: 'телефон', email: 'e-mail' } as const
const sameWords = (by: Extract<VariantBecause, { why: 'found-client' }>['by']): string => {
  const same = by.flatMap(one => (one === 'made' ? [] : [matching[one]]))
  const list = same.length < 2 ? same.join('') : `${same.slice(0, -1).join(', ')} и ${same.at(-1) ?? ''}`
  return `${by.includes('made') ? ' Создан из этого же лида.' : ''}${same.length === 0 ? '' : ` ${same.length === 1 ? 'Совпал' : 'Совпали'} ${list}.`}`
}

const stepTitles: Readonly<Record<Exclude<ConversionStep['kind'], 'create' | 'change' | 'check'>, string>> = {
  'link-company': 'Связь контакта с компанией',
  requisites: 'Реквизиты компании',
  products: 'Товары в сделке',
  'link-requisites': 'Реквизиты в сделке',
  'bind-activities': 'Звонки, письма и другие дела',
  'bind-tasks': 'Задачи',
  'bind-comments': 'Комментарии из ленты',
  'bind-quotes': 'Предложения',
  'link-lead': 'Связь лида с клиентом',
  tell: 'Запись в ленте сделки и лида',
  'finish-lead': 'Перевод лида на стадию успеха',
}

const undo = (step: UndoStep): string => {
  switch (step.kind) {
    case 'reopen-lead': return 'Вернуть лид на прежнюю стадию'
    case 'unlink-lead': return 'Отвязать лид от клиента'
    case 'delete-entries': return 'Удалить записи из ленты'
    case 'unbind-activities': return 'Отвязать звонки, письма и другие дела'
    case 'unbind-tasks': return 'Отвязать задачи'
    case 'unbind-comments': return 'Отвязать комментарии'
    case 'unbind-quotes': return 'Отвязать предложения'
    case 'unlink-requisites': return 'Убрать реквизиты из сделки'
    case 'remove-products': return 'Убрать добавленные товары из сделки'
    case 'delete-requisites': return 'Удалить реквизиты'
    case 'unlink-company': return 'Разорвать связь контакта с компанией'
    case 'restore': return { deal: 'Вернуть прежние данные сделки', contact: 'Вернуть прежние данные контакта', company: 'Вернуть прежние данные компании' }[step.object]
    case 'delete': return { deal: 'Удалить сделку', contact: 'Удалить контакт', company: 'Удалить компанию' }[step.object]
  }
}

export const russianConversion: ConversionWords = {
  objects: { deal: 'Сделка', contact: 'Контакт', company: 'Компания' },
  variants: {
    person: { title: 'Физическое лицо', makes: 'Сделка и контакт' },
    organisation: { title: 'Организация или ИП', makes: 'Сделка, контакт и компания' },
    client: { title: 'Старый клиент', makes: 'Сделка того клиента, что уже есть' },
  },
  because: (because) => {
    switch (because.why) {
      case 'chosen': return 'Этот вариант выбрали вы.'
      case 'bound-client': return `Лид связан с клиентом ${named(because.title)}.`
      case 'found-client': return `Такой клиент уже есть: ${named(because.title)}.${sameWords(because.by)}`
      case 'answer': return `Ответ на вопрос ${named(because.question)} — ${named(because.answer)}.`
      case 'entrepreneur': return `${named(because.title)} — индивидуальный предприниматель: он оформляется как организация, но со своим шаблоном реквизитов.`
      case 'organisation-name': return `В лиде указана организация: ${named(because.title)}.`
      case 'inn': return `Указан ИНН ${because.inn}.`
      case 'setting': return 'По регламенту компания создаётся и для частного лица.'
      case 'nothing-of-organisation': return 'В лиде нет ни названия организации, ни ИНН.'
    }
  },
  candidates: { bound: 'связан с лидом', phone: 'совпал телефон', email: 'совпал e-mail', inn: 'совпал ИНН', name: 'похожее название или имя', 'made-from-lead': 'из этого же лида', 'open-deal': 'открытая сделка клиента' },
  hints: {
    mobile: 'Мобильный: скорее всего, личный номер контакта.',
    city: 'Городской: скорее всего, номер компании.',
    'toll-free': 'Бесплатный номер 8-800: это номер компании.',
    'has-extension': 'Есть добавочный: по нему отвечает сам контакт.',
    registry: 'Есть в реестре: это номер или адрес компании.',
    'used-by-several': 'Есть у нескольких клиентов: похоже на общий номер или адрес.',
    'already-there': 'Уже есть в карточке, второй раз не нужен.',
    'at-company': 'Уже есть у компании. Если это личный номер или адрес, выберите «Контакту».',
    wrong: 'Записан с ошибкой, в карточки не переносится. В лиде он останется.',
    'shared-mail': 'Общий ящик: это адрес компании.',
    'corporate-mail': 'Личный адрес на домене компании: это адрес контакта.',
    'free-mail': 'Бесплатная почта: скорее всего, личный адрес контакта.',
    'no-company': 'Компании в плане нет, поэтому номер или адрес получит контакт.',
    'no-contact': 'Контакта в плане нет, поэтому номер или адрес получит компания.',
    none: '',
  },
  lack,
  step: ({ kind, key, object = 'deal' }) => {
    if (kind === 'check') return key === 'check-after' ? 'Проверка, что сделка одна' : key === 'check-finish' ? 'Проверка перед переводом лида' : key === 'check-end' ? 'Проверка, что второй сделки не появилось' : key === 'check' ? 'Проверка лида' : 'Повторная проверка лида'
    return kind === 'create' ? made[object] : kind === 'change' ? changed[object] : stepTitles[kind]
  },
  undo,
  registry: (answer) => {
    switch (answer?.kind) {
      case 'found': return `Найдено в реестре: ${answer.fullName ?? answer.name}.`
      case 'not-found': return answer.why === 'nobody' ? 'В реестре такого номера нет.' : wrongInn[answer.why]
      default: return answer?.why === 'no-answer' ? 'Реестр не ответил: проверить номер сейчас нельзя, это не значит, что он неверный.' : 'Реестр не подключён: проверены только сами цифры номера.'
    }
  },
  along: ({ activities, tasks, comments, quotes }) => [
    ...(activities === 0 ? [] : [`Звонки, письма и другие дела: ${activities}`]),
    ...(tasks === 0 ? [] : [`Задачи: ${tasks}`]),
    ...(comments === 0 ? [] : [`Комментарии: ${comments}`]),
    ...(quotes === 0 ? [] : [`Предложения: ${quotes}`]),
  ],
  productsThere: rows => `Уже есть в сделке и второй раз не добавляются: ${productNames(rows).map(named).join(', ')}. Цена и количество остаются такими, как в сделке.`,
  checklist: (plan, refused = new Set<string>()) => {
    const { staying = [], productsThere = [] } = plan
    const has = (kind: TargetKind): boolean => plan.objects.some(object => object.kind === kind)
    const [left, kept] = [leftBehind(plan), keptFields(plan)]
    return [
      ...(has('company') ? ['Название компании — такое же, как в документах.'] : []),
      ...(has('contact') ? ['У контакта верны имя, фамилия и должность.'] : []),
      ...(plan.means.length === 0 || !has('company') || !has('contact') ? [] : ['Личные телефоны и адреса — у контакта, служебные — у компании.']),
      ...(left.length === 0 ? [] : [`Не перенесены: ${left.join(', ')}. В лиде они остались.`]),
      ...(staying.length === 0 ? [] : [`Ответы, которые остались только в лиде: ${staying.map(({ title }) => named(title)).join(', ')}.`]),
      ...(kept.length === 0 ? [] : [`Оставлены прежние значения: ${kept.map(named).join(', ')}.`]),
      ...(plan.requisites === null || refused.has('requisites') || refused.has('link-requisites') ? [] : [plan.requisites.templateId === null ? 'Реквизиты не созданы: на портале нет подходящего шаблона. Заполните их в карточке компании.' : 'Реквизиты заполнены и выбраны в сделке.']),
      ...(plan.products.length === 0 || refused.has('products') ? [] : [`${hasUsedDeal(plan) ? 'В сделку добавлено:' : 'В сделке'} ${plural(plan.products.length, ['позиция товаров', 'позиции товаров', 'позиций товаров'])}, сумма верна.`]),
      ...(productsThere.length === 0 ? [] : [`Второй раз не добавлено то, что в сделке уже было: ${productNames(productsThere).map(named).join(', ')}. Цена и количество верны.`]),
      'В сделке верны ответственный, воронка и стадия.',
    ]
  },
  gap: (gap) => {
    switch (gap.kind) {
      case 'answer': return `Нет обязательного ответа: ${named(gap.title)}.`
      case 'phone-in-both': return `Телефон ${gap.phone} записан дважды: у контакта ${named(gap.contact.title)} и у компании ${named(gap.company.title)}. Оставьте его у одного из них.`
      case 'no-deal': return gap.withClient ? 'Сделки из лида нет.' : 'Из лида ничего не создано: нет ни сделки, ни контакта, ни компании.'
      case 'no-client': return 'Сделка есть, а клиента нет: лид и сделка не связаны ни с контактом, ни с компанией.'
    }
  },
  tell: {
    inDeal: leadTitle => `Сделка создана при конвертации лида ${named(leadTitle)}.`,
    inUsedDeal: leadTitle => `К сделке привязан лид ${named(leadTitle)}: он сконвертирован в неё.`,
    inLead: ({ deal, contact, company }) => `Лид сконвертирован. Сделка: ${named(deal)}.${contact === null ? '' : ` Контакт: ${named(contact)}.`}${company === null ? '' : ` Компания: ${named(company)}.`}`,
  },
}
