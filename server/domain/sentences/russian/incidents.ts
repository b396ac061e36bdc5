import type { IncidentReason } from '../../reasons/incidents.ts'
import type { Sayings } from '../sayings.ts'

const rungs = { responsible: 'ответственный', deputy: 'заместитель', head: 'руководитель', director: 'директор' } as const

export const russianIncidents: Sayings<IncidentReason> = {
  rung: ({ rung, name, dueAt }, words) => `Пропуск срока (${words.moment(dueAt)}) всё ещё открыт, о нём узнаёт ${rungs[rung]}: ${name}.`,
  'rung-skipped': ({ rung, why, userId }, words) => `Ступень «${rungs[rung]}» пропущена: ${why === 'nobody' || userId === null ? 'никто не указан' : `${words.name(userId)} ${why === 'told' ? 'уже знает о пропуске' : 'больше не работает'}`}.`,
  acknowledged: ({ byUserId }, words) => `Пропуск принят к сведению${byUserId === null ? '' : `: ${words.name(byUserId)}`}.`,
  'version-adopted': ({ from, to }) => `Лид продолжается по версии ${to} регламента (была ${from}).`,
  'step-lost': () => 'Шага, на котором стоял лид, в регламенте больше нет.',
}
