import type { JourneyReason } from '../../reasons/journey.ts'
import type { Sayings } from '../sayings.ts'
import { conversionEnded } from '../conversion/ended.ts'
import { plural } from '../words.ts'

const robots = { 'check-card': 'Проверить карточку квалификации', 'start-deadline': 'Запустить срок', distribute: 'Распределить лид' } as const
const acts = {
  opened: 'Карточка открыта',
  take: 'Лид взят себе',
  'not-reached': 'Отмечено, что дозвониться не удалось',
  'wrong-number': 'Отмечен неверный номер',
  'right-number': 'Отмечено, что номер верный',
  'call-declared': 'Записан разговор с мобильного',
  'call-back': 'Записано, когда перезвонить клиенту',
  wait: 'Поставлено ожидание',
  'stop-waiting': 'Ожидание прервано',
  'go-on': 'Лид отправлен дальше',
  refuse: 'Отказ подтверждён',
  'allow-move': 'Переход разрешён',
  'not-duplicate': 'Отмечено, что это другой клиент',
  acknowledge: 'Принято к сведению',
  'move-deadline': 'Запрошен перенос срока',
  reassign: 'Лид передан',
  converted: 'Начата конвертация',
  'conversion-undone': 'Конвертация отменена',
  'conversion-ended': 'Итог конвертации',
  'gaps-gone': 'После конвертации всё на месте',
  'check-card': 'Запрос робота: проверить карточку квалификации',
  'start-deadline': 'Запрос робота: запустить срок',
  distribute: 'Запрос робота: распределить лид',
} as const
const moveRefusals = { 'not-allowed': 'переносить его на этом шаге нельзя', 'too-many': 'он переносился уже столько раз, сколько разрешено', 'too-far': 'это дальше, чем разрешено' } as const
const stops = { asked: 'по просьбе сотрудника', contact: 'с клиентом удалось связаться', stage: 'лид переведён на другую стадию' } as const

export const russianJourney: Sayings<JourneyReason> = {
  'attempt-failed': ({ count, limit, at }, words) => `Дозвониться не удалось ${words.moment(at)}: попытка ${count}${limit === null || count > limit + 1 ? '' : ` из ${limit + 1}`}.`,
  'attempts-spent': ({ count, title }) => `Дозвониться не удалось ${plural(count, ['раз', 'раза', 'раз'])}.${title === null ? '' : ` Можно закрыть лид с причиной «${title}».`}`,
  'wrong-number': ({ phone, title }) => `Номер ${phone} неверный.${title === undefined || title === null ? '' : ` Других номеров нет, лид можно закрыть с причиной «${title}».`}`,
  'right-number': ({ phone }) => `Номер ${phone} снова считается верным.`,
  'call-declared': ({ at }, words) => `Разговор с мобильного ${words.moment(at)}, записан сотрудником.`,
  waiting: ({ until, comment }, words) => `Ожидание до ${words.moment(until)}${comment.trim() === '' ? '' : `: ${comment.trim()}`}.`,
  'waiting-too-long': ({ wanted, until, maxDays }, words) => `Ждать до ${words.moment(wanted)} нельзя: по регламенту не больше ${plural(maxDays, ['дня', 'дней', 'дней'])}. Ожидание — до ${words.moment(until)}.`,
  'waiting-spent': ({ maxDays }) => `Ждать больше нельзя: регламент разрешает не больше ${plural(maxDays, ['дня', 'дней', 'дней'])}, и они уже использованы.`,
  'waiting-not-allowed': () => 'Ожидание регламентом не предусмотрено.',
  'waiting-over': ({ since }, words) => `Ожидание с ${words.moment(since)} окончено.`,
  'waiting-stopped': ({ how }) => `Ожидание прервано: ${stops[how]}.`,
  'waiting-share': ({ name, waiting, open }) => `${name}: ${plural(waiting, ['лид', 'лида', 'лидов'])} из ${open} в ожидании.`,
  'gate-unmet': ({ needs, stepName }) => `Чтобы завершить шаг «${stepName}», нужно: ${needs.join('; ')}.`,
  'gate-unheard': ({ needs, stepName }) => `Портал пока не сообщил, выполнены ли условия шага «${stepName}»: ${needs.join('; ')}. Лид остаётся на шаге, портал будет спрошен снова.`,
  'gate-unchecked': ({ needs, stepName, since }, words) => `Условия шага «${stepName}» не проверены и никому не засчитаны: ${needs.join('; ')}. ${since === null ? 'Узнать об этом на портале у приложения нет права.' : `Портал не сообщает об этом с ${words.moment(since)}.`}`,
  'gate-skipped': ({ stepName, stageName }) => `На стадию «${stageName}» нельзя перейти сразу с шага «${stepName}».`,
  'move-allowed': ({ byUserId }, words) => `Переход разрешён${byUserId === null ? '' : `: ${words.name(byUserId)}`}.`,
  'reason-missing': ({ stageName }) => `Лид переведён на стадию «${stageName}» без причины отказа.`,
  'reason-comment-missing': ({ title, evidence }) => evidence === undefined
    ? `Для причины «${title}» нужен подробный комментарий.`
    : `Для причины «${title}» в комментарии нужно подтверждение «${evidence}»: ссылка или не меньше 10 знаков.`,
  'attempts-missing': ({ title, needed, made }) => `Для причины «${title}» нужно не меньше ${plural(needed, ['попытки', 'попыток', 'попыток'])} дозвониться, записано ${made}.`,
  'refusal-unanswered': ({ name, times }) => `${name}: нет ответа, хотя напоминали ${plural(times, ['раз', 'раза', 'раз'])}.`,
  'return-date-missing': ({ title }) => `Для причины «${title}» нужна дата, когда вернуться к лиду.`,
  'refusal-controlled': ({ title }) => `Отказ${title === null ? '' : ` «${title}»`} выбран для проверки качества.`,
  'returned-on-date': ({ refusedAt, title }, words) => `Лид закрыт ${words.moment(refusedAt)}${title === null ? '' : ` с причиной «${title}»`}; наступил срок вернуться к нему.`,
  'step-confirmed': () => 'Сотрудник подтвердил, что шаг закончен.',
  'refusal-confirmed': () => 'Сотрудник подтвердил отказ.',
  act: ({ what, byUserId, toUserId }, words) => `${acts[what]}${byUserId === null ? '' : `: ${words.name(byUserId)}`}.${toUserId === undefined ? '' : ` Новый ответственный: ${words.name(toUserId)}.`}`,
  'conversion-ended': reason => conversionEnded(reason, 'ru'),
  'outcome-noted': ({ title }) => `Записан итог «${title}»: лид остаётся на своей стадии, срок следующего действия новый.`,
  'summary-missing': () => 'Задача закрыта без итога.',
  'no-next-action': () => 'У лида нет следующего действия.',
  'deadline-move-refused': ({ why, wanted, dueAt }, words) => `Перенести срок на ${words.moment(wanted)} нельзя: ${moveRefusals[why]}. Срок — ${words.moment(dueAt)}.`,
  postponed: ({ until }, words) => `Клиент просит вернуться к разговору ${words.moment(until)}.`,
  disqualified: ({ question, title }) => `Ответ на вопрос «${question}» означает отказ${title === null ? '' : `: «${title}»`}.`,
  robot: ({ robot }) => `Робот «${robots[robot]}».`,
  'next-step': ({ title }) => `Следующий шаг: ${title}.`,
}
