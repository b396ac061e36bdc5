import type { IncidentReason } from '../../reasons/incidents.ts'
import type { Sayings } from '../sayings.ts'
import { rungs } from './parts.ts'

export const russianIncidents: Sayings<IncidentReason> = {
  rung: ({ rung, name, dueAt }, words) => `Пропуск срока (${words.moment(dueAt)}) всё ещё открыт, о нём узнаёт ${rungs[rung]}: ${name}.`,
  'rung-skipped': ({ rung, why, userId }, words) => `Ступень «${rungs[rung]}» пропущена: ${why === 'nobody' || userId === null ? 'никто не указан' : `${words.name(userId)} ${why === 'told' ? 'уже знает о пропуске' : 'больше не работает'}`}.`,
  acknowledged: ({ byUserId }, words) => `Пропуск принят к сведению${byUserId === null ? '' : `: ${words.name(byUserId)}`}.`,
  'converted-past': ({ byUserId, at, titles }, words) => `Лид переведён в успех в самом Битрикс24, в обход Leadrail${at === null ? '' : `, ${words.moment(at)}`}${byUserId === null ? '' : ` (${words.name(byUserId)})`}.${titles.length === 0 ? '' : ` Нет обязательных ответов: ${titles.map(title => `«${title}»`).join(', ')}.`}`,
  'past-conversion-settled': ({ how }) => settled[how],
  'past-conversion-noted': ({ byUserId }, words) => `Конвертация в обход Leadrail принята к сведению${byUserId === null ? '' : `: ${words.name(byUserId)}`}.`,
  'version-adopted': ({ from, to }) => `Лид продолжается по версии ${to} регламента (была ${from}).`,
  'step-on-other-stage': ({ stepName, stageName, standsOn }) => `Шаг «${stepName}» теперь на стадии «${stageName}»; лид остаётся на этом шаге на стадии «${standsOn}», пока его не переведут.`,
  'step-lost': () => 'Шага, на котором стоял лид, в регламенте больше нет.',
}

const settled = {
  complete: 'Всё, чего не хватало после конвертации, на месте.',
  back: 'Лид больше не на стадии успеха.',
  converted: 'Лид сконвертирован и через Leadrail.',
  gone: 'Лид удалён или больше не доступен.',
} as const
