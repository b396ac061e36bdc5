import type { IncidentReason } from '../../reasons/incidents.ts'
import type { Sayings } from '../sayings.ts'
import { rungs } from './parts.ts'

export const russianIncidents: Sayings<IncidentReason> = {
  rung: ({ rung, name, dueAt }, words) => `Пропуск срока (${words.moment(dueAt)}) всё ещё открыт, о нём узнаёт ${rungs[rung]}: ${name}.`,
  'rung-skipped': ({ rung, why, userId }, words) => `Ступень «${rungs[rung]}» пропущена: ${why === 'nobody' || userId === null ? 'никто не указан' : `${words.name(userId)} ${why === 'told' ? 'уже знает о пропуске' : 'больше не работает'}`}.`,
  acknowledged: ({ byUserId }, words) => `Пропуск принят к сведению${byUserId === null ? '' : `: ${words.name(byUserId)}`}.`,
  'version-adopted': ({ from, to }) => `Лид продолжается по версии ${to} регламента (была ${from}).`,
  'step-on-other-stage': ({ stepName, stageName, standsOn }) => `Шаг «${stepName}» теперь на стадии «${stageName}»; лид остаётся на этом шаге на стадии «${standsOn}», пока его не переведут.`,
  'step-lost': () => 'Шага, на котором стоял лид, в регламенте больше нет.',
}
