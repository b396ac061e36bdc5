import type { IntakeReason } from '../../reasons/intake.ts'
import type { Sayings } from '../sayings.ts'
import { foundBy, kinds, othersOf } from './parts.ts'
import { inQuotes } from '../quotes.ts'

export const russianIntake: Sayings<IntakeReason> = {
  'taken-over': ({ name }) => `Лид открыт до установки, за него по-прежнему отвечает ${name}.`,
  channel: ({ name }) => `Канал — «${name}».`,
  'no-channel': ({ sourceId }) => (sourceId === null || sourceId === '' ? 'Источник не указан, канала у лида нет.' : 'Источник лида не относится ни к одному каналу.'),
  'not-a-lead-source': ({ name }) => `Обращения из канала «${name}» лидами не считаются.`,
  'source-missing': () => 'Источник лида не указан.',
  'source-detail-missing': ({ title, channel }) => `Для канала «${channel}» нужно указать: ${title}.`,
  'person-missing': ({ phone }) => `Номер ${phone} общий, а с кем говорить, не указано: это пока интерес, а не лид.`,
  'title-by-template': ({ to }) => `Название составлено по шаблону: ${inQuotes(to, 'ru')}.`,
  'repeated-request': ({ kind, title, by }) => `Похоже, клиент уже обращался: ${kinds[kind]} ${inQuotes(title, 'ru')} (${by.map(one => foundBy[one]).join(', ')}).`,
  'not-the-same': ({ title }) => `${inQuotes(title, 'ru')} — другой клиент.`,
  'distribution-caller': ({ name, at }, words) => `${name} говорит с клиентом: звонок ${words.moment(at)}, поэтому лид остаётся за этим сотрудником.`,
  'distribution-client': ({ name, client }) => `${name} отвечает за клиента ${inQuotes(client, 'ru')}, поэтому получает и этот лид.`,
  'distribution-person': ({ name, channel }) => `Лиды канала «${channel}» получает ${name}.`,
  'distribution-least-loaded': ({ chosen, candidates }) => `Меньше всего открытых лидов: ${chosen.name}.${othersOf(candidates)}`,
  'distribution-weighted': ({ chosen, candidates }) => `Распределение по долям: ${chosen.name}.${othersOf(candidates)}`,
  'nobody-named': ({ name, since }, words) => `Ответственного нет с ${words.moment(since)}: назначить его должен сотрудник ${name}.`,
  'taken-by-member': ({ name }) => `Лид взят в работу: ${name}.`,
  'not-taken': ({ name, takeBy }, words) => `До ${words.moment(takeBy)} лид не взят в работу (${name}), поэтому он передан следующему.`,
  'take-by': ({ takeBy }, words) => `Лид нужно взять в работу до ${words.moment(takeBy)}: открыть карточку или связаться с клиентом.`,
  begun: ({ how, at }, words) => (how === 'opened' ? `Лид открыт ответственным ${words.moment(at)}.` : `Работа с лидом начата ${words.moment(at)}.`),
}
