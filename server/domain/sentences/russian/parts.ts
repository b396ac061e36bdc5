import type { Candidate } from '../../command.ts'
import type { LadderRung } from '../../regulation.ts'

export const verdicts = {
  'not-his-turn': 'дальше в очереди',
  dismissed: 'больше не работает',
  absent: 'отсутствует',
  'not-at-work': 'не на работе',
  'open-limit': 'открытых лидов уже достаточно',
  'day-limit': 'на сегодня лидов достаточно',
  'other-region': 'работает с другим регионом',
  'had-it': 'лид у него уже был',
  'no-share': 'в распределении по долям не участвует',
} as const satisfies Record<Exclude<Candidate['verdict'], 'chosen'>, string>

export const othersOf = (candidates: readonly Candidate[], heading = 'Остальные'): string => {
  const others = candidates.flatMap(({ name, verdict }) => (verdict === 'chosen' ? [] : [`${name} — ${verdicts[verdict]}`]))
  return others.length === 0 ? '' : ` ${heading}: ${others.join('; ')}.`
}

export const rungs = { responsible: 'ответственный', deputy: 'заместитель', head: 'руководитель', director: 'директор' } as const satisfies Record<LadderRung, string>

export const kinds = { lead: 'лид', contact: 'контакт', company: 'компания' } as const
export const foundBy = { phone: 'тот же телефон', email: 'тот же e-mail', inn: 'тот же ИНН', name: 'похожее название' } as const
