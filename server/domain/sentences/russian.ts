/** The Russian sentences: one per reason, command and message. */
import type { Command, ContactBasis, CoreReason, Reason } from '../command.ts'
import type { IncidentReason } from '../reasons/incidents.ts'
import type { IntakeReason } from '../reasons/intake.ts'
import type { JourneyReason } from '../reasons/journey.ts'
import { russianIncidents } from './russian/incidents.ts'
import { russianIntake } from './russian/intake.ts'
import { russianJourney } from './russian/journey.ts'
import { laterMessages, messageNames } from './russian/messages.ts'
import { othersOf } from './russian/parts.ts'
import { say } from './sayings.ts'
import { plural, quoted } from './words.ts'
import type { MessageFacts, Notify, Words } from './words.ts'
import { inQuotes } from './quotes.ts'

export const russianReason = (reason: Reason, words: Words): string => {
  if (reason.rule in russianIntake) return say(russianIntake, reason as IntakeReason, words)
  if (reason.rule in russianJourney) return say(russianJourney, reason as JourneyReason, words)
  if (reason.rule in russianIncidents) return say(russianIncidents, reason as IncidentReason, words)
  return core(reason as CoreReason, words)
}

const core = (reason: CoreReason, words: Words): string => {
  switch (reason.rule) {
    case 'new-lead':
      return `Новый лид на стадии «${reason.stageName}».`
    case 'distribution-in-turn':
      return `Распределение по очереди: ${reason.chosen.name}.${othersOf(reason.candidates)}`
    case 'distribution-kept':
      return `${reason.name} уже отвечает за лид и входит в группу распределения, поэтому ответственный не меняется.`
    case 'distribution-nobody':
      return `Распределить лид некому, пока за него отвечает ${reason.name}.${othersOf(reason.candidates, 'В отделе')}`
    case 'responsible-dismissed':
      return `${reason.name} больше не работает в компании, поэтому лид передан дальше.`
    case 'responsible-away':
      return `Срок истёк ${words.moment(reason.dueAt)}, но ${reason.name} сейчас не на работе, поэтому лид передан дальше.`
    case 'responsible-changed':
      return `За лид теперь отвечает ${reason.name}.`
    case 'step-entered':
      return `Лид перешёл на шаг «${reason.stepName}».`
    case 'step-left-elsewhere':
      return `Лид переведён ${reason.stageName === undefined ? 'на другую стадию' : `на стадию «${reason.stageName}»`}, шаг «${reason.stepName}» окончен.`
    case 'step-begins':
      return `Начинается шаг «${reason.stepName}».`
    case 'deadline':
      return deadline(reason, words)
    case 'deadline-moved':
      return `Срок перенесён в задаче: было ${words.moment(reason.from)}, стало ${words.moment(reason.to, reason.from)}.`
    case 'deadline-not-due':
      return `Срок — ${words.moment(reason.dueAt)}.`
    case 'contact-made':
      return `${contacts[reason.by]} ${words.moment(reason.at)}${talk(reason.by, reason.durationSeconds)}.`
    case 'reminder-due':
      return `До срока (${words.moment(reason.dueAt)}) осталось не больше ${plural(reason.minutes, ['минуты', 'минут', 'минут'])}.`
    case 'deadline-missed':
      return `Срок истёк ${words.moment(reason.dueAt)}, ${reason.titles === undefined || reason.titles.length === 0 ? undone[reason.about] : `а обязательных ответов нет: ${reason.titles.map(lower).join(', ')}`}.`
    case 'answers-missing':
      return reason.questions.length === 0 ? 'Обязательные ответы есть.' : `Не хватает обязательных ответов: ${listed(reason)}.`
    case 'follow-up-closed':
      return 'Задача закрыта, а результата в карточке нет.'
    case 'task-done':
      return 'Задача шага закрыта.'
    case 'follow-up-deleted':
      return 'Прежнюю задачу удалили, а работа по лиду не закончена.'
    case 'card-complete':
      return `Карточка заполнена, лид качественный.${reason.title === undefined ? '' : ` Следующий шаг: ${lower(reason.title)}.`}`
    case 'not-qualified':
      return `Лид признан некачественным${reason.title === undefined ? '' : `: ${lower(reason.title)}`}.`
    case 'misses-repeated':
      return `${reason.name}: ${plural(reason.count, ['пропущенный срок', 'пропущенных срока', 'пропущенных сроков'])} за ${plural(reason.windowDays, ['день', 'дня', 'дней'])}.`
    case 'no-head':
      return `Руководитель не найден (${words.name(reason.userId)}), поэтому сообщение получает запасной ответственный.`
    case 'incident-answered':
      return answered[reason.how]
    case 'lead-finished':
      return reason.semantic === 'success' ? 'Лид успешно завершён.' : 'Лид закрыт как неуспешный.'
    case 'lead-gone':
      return 'Лид удалён или больше не доступен.'
    case 'refused':
      return `${refusals[reason.what]}${quoted(reason.words, ['«', '»'])}.`
    case 'returned-again':
      return `Лид возвращён на стадию «${reason.stageName}» ${reason.count}-й раз за сутки. Шаг «${reason.stepName}» продолжается, а стадия больше не меняется автоматически.`
    case 'no-working-time':
      return 'В календаре нет рабочего времени, поэтому срок не поставлен.'
    case 'daily-look':
      return 'Очередная проверка лида.'
  }
}

/** What was done; empty where the reason alone says it. */
export const russianCommand = (command: Command, words: Words): string => {
  switch (command.kind) {
    case 'assign':
      return 'Назначен ответственный.'
    case 'move-stage':
      return command.because.rule === 'not-qualified' ? 'Лид переведён на другую стадию.' : 'Лид переведён на следующую стадию.'
    case 'set-follow-up':
      return `${command.form === 'task' ? 'Поставлена задача' : 'Поставлено дело'} ${inQuotes(command.title, 'ru')} со сроком ${words.moment(command.deadlineAt)}.`
    case 'change-follow-up':
      return `${command.form === 'task' ? 'Задача изменена' : 'Дело изменено'}${command.deadlineAt === null ? '' : `, новый срок — ${words.moment(command.deadlineAt)}`}.`
    case 'close-follow-up':
      return command.form === 'task' ? 'Задача закрыта.' : 'Дело закрыто.'
    case 'notify':
      return `Отправлено сообщение: ${messageNames[command.about]}.`
    case 'start-watch':
      return 'Лид взят под контроль.'
    case 'enter-step':
      return 'Начат новый шаг.'
    case 'set-clock':
      return command.clock.kind === 'none' ? 'Срока больше нет.' : command.because.rule === 'deadline' ? '' : `Срок — ${words.moment(command.clock.dueAt)}.`
    case 'note-contact':
      return ''
    case 'note-responsible':
      return ''
    case 'note-reminded':
      return 'Напоминание отправлено.'
    case 'ask-again':
      return 'Обязательные ответы запрошены снова.'
    case 'open-incident':
      if (command.about === 'converted-past') return 'Записана конвертация в обход Leadrail.'
      return command.systemDelay ? 'Записан пропуск срока; он замечен с опозданием по вине системы и сотруднику не засчитан.' : 'Записан пропуск срока.'
    case 'resolve-incident':
      if (isPast(command.because)) return 'Замечание о конвертации снято.'
      return command.inTime === true ? 'Пропуск снят.' : isAnswered(command.because) ? 'Пропуск срока отработан.' : 'Пропуск закрыт.'
    case 'acknowledge-incident':
      return isPast(command.because) ? 'О конвертации знают, напоминать о ней больше не нужно.' : 'О пропуске знают, дальше он не передаётся.'
    case 'note-refused':
      return 'Отказ портала учтён.'
    case 'stay-on-step':
      return 'Лид остаётся на своём шаге.'
    case 'escalate':
      return command.because.rule === 'no-head' ? 'О повторных пропусках сообщено.' : 'Подключён руководитель.'
    case 'set-title':
      return `Лиду дано название ${inQuotes(command.title, 'ru')}.`
    case 'comment':
      return 'В ленту лида добавлен комментарий.'
    case 'fire-trigger':
      return `Запущен триггер «${triggers[command.trigger]}».`
    case 'answer-robot':
      return 'Роботу отправлен ответ.'
    case 'note':
      return ''
    case 'adopt-version':
      return 'Версия регламента сменилась.'
    case 'wake-at':
      return `Следующая проверка — ${words.moment(command.at)}.`
    case 'close-watch':
      return outcomes[command.outcome]
  }
}

export const russianMessage = (command: Notify, { leadTitle, dueAt }: MessageFacts, words: Words): string => {
  const because = russianReason(command.because, words)
  const until = dueAt === null ? '' : ` Срок — ${words.moment(dueAt)}.`
  switch (command.about) {
    case 'assigned':
      return `Лид «${leadTitle}» теперь ваш. Свяжитесь с клиентом и заполните карточку.${until}`
    case 'reminder':
      return command.because.rule === 'reminder-due' ? `Скоро срок по лиду «${leadTitle}»: ${words.moment(command.because.dueAt)}.` : `Скоро срок по лиду «${leadTitle}».${until}`
    case 'missed':
      return `Лид «${leadTitle}»: срок пропущен. ${because}${dueAt === null ? '' : ` Новый срок — ${words.moment(dueAt)}.`}`
    case 'escalated':
      return `Нужно ваше внимание. ${because} Последний пропуск — лид «${leadTitle}».`
    case 'answers-needed':
      return `Лид «${leadTitle}»: дополните карточку. ${because}${until}`
    case 'refused':
      return `Лид «${leadTitle}»: ${because} Внесите, пожалуйста, то, чего не хватает: после изменения лида перевод повторится.${until}`
    case 'returned':
      return `Лид «${leadTitle}» переводят туда и обратно. ${because} Проверьте роботов и правила этой стадии, пожалуйста.`
    case 'nobody-available':
      if (command.because.rule === 'nobody-named') return `Лид «${leadTitle}» всё ещё никому не назначен. ${because}`
      return `Лид «${leadTitle}» некому распределить: из группы сейчас никто не может его взять. Назначьте ответственного, пожалуйста.`
    case 'move-proposed':
      if (command.because.rule !== 'not-qualified') return laterMessages[command.about]?.(leadTitle, because, until) ?? because
      return `Лид «${leadTitle}» можно завершить отказом. ${because}`
    default:
      return laterMessages[command.about]?.(leadTitle, because, until) ?? because
  }
}

const deadline = (reason: Extract<Reason, { rule: 'deadline' }>, words: Words): string => {
  const span = `${words.span(reason.span)} рабочего времени, отсчёт с ${words.moment(reason.startedAt)}`
  const paused = reason.pieces.length > 1 || (reason.pieces[0] !== undefined && reason.pieces[0].from !== reason.startedAt) ? '; нерабочие часы не считаются' : ''
  const due = words.moment(reason.dueAt, reason.startedAt)
  if (reason.about === 'first-contact') return `Первый контакт — до ${due}${reason.basis === null ? '' : `: ${bases[reason.basis]}`} (${span}${paused}).`
  if (reason.about === 'finish') return `Карточку с результатом нужно заполнить до ${due} (${span}${paused}).`
  return `Новый срок — до ${due} (${span}${paused}).`
}

const isPast = ({ rule }: Reason): boolean => rule === 'past-conversion-settled' || rule === 'past-conversion-noted'

const isAnswered = (because: Reason): boolean => because.rule === 'incident-answered' && because.how !== 'stage'


const listed = ({ questions, titles }: Extract<Reason, { rule: 'answers-missing' }>): string =>
  titles === undefined || titles.length === 0 ? plural(questions.length, ['вопрос', 'вопроса', 'вопросов']) : titles.map(lower).join(', ')

const talk = (by: 'call' | 'email' | 'meeting' | 'message', seconds: number | null): string => {
  if (by !== 'call') return ''
  return seconds === null ? ' (звонок отмечен вручную)' : `, разговор длился ${duration(seconds)}`
}

const duration = (seconds: number): string =>
  seconds < 60 ? plural(seconds, ['секунду', 'секунды', 'секунд']) : plural(Math.round(seconds / 60), ['минуту', 'минуты', 'минут'])

/** A title in the middle of a sentence; an abbreviation such as «ИНН» stays as it is. */
const lower = (title: string): string => (/^\p{Lu}\p{Lu}/u.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1))

const contacts = { call: 'Состоялся звонок', email: 'Клиенту отправлено письмо', meeting: 'Состоялась встреча', message: 'Клиенту отправлено сообщение' } as const
const undone = { 'first-contact': 'а контакта с клиентом нет', finish: 'а результата в карточке нет', again: 'а результата всё ещё нет' } as const
const answered = { contact: 'Контакт с клиентом состоялся.', 'in-time': 'Контакт с клиентом состоялся до срока, хотя отмечен позже.', result: 'Результат получен.', stage: 'Лид переведён на другую стадию.' } as const
const refusals = { assign: 'Портал не назначил ответственного', 'move-stage': 'Портал не перевёл лид на другую стадию' } as const
const bases: Record<ContactBasis, string> = { phone: 'у клиента указан телефон', messenger: 'связаться можно в мессенджере', email: 'указан только e-mail', nothing: 'контактных данных нет' }
const triggers = { 'deadline-missed': 'Срок пропущен', 'card-complete': 'Карточка заполнена', qualified: 'Квалификация пройдена' } as const
const outcomes = {
  qualified: 'Работа окончена: лид квалифицирован.',
  'not-qualified': 'Работа окончена: лид некачественный.',
  converted: 'Работа окончена: лид сконвертирован.',
  lost: 'Работа окончена: лид закрыт как неуспешный.',
  'moved-on': 'Контроль окончен: лид ушёл дальше.',
  gone: 'Контроль окончен.',
} as const
