import type { Candidate } from '../../command.ts'
import type { LadderRung } from '../../regulation.ts'

export const verdicts = {
  'not-his-turn': 'further down the queue',
  dismissed: 'no longer works here',
  absent: 'absent',
  'not-at-work': 'not at work',
  'open-limit': 'has enough open leads',
  'day-limit': 'has had enough leads today',
  'other-region': 'serves another region',
  'had-it': 'has had the lead before',
  'no-share': 'has no part in the distribution by shares',
} as const satisfies Record<Exclude<Candidate['verdict'], 'chosen'>, string>

export const othersOf = (candidates: readonly Candidate[], heading = 'Others'): string => {
  const others = candidates.flatMap(({ name, verdict }) => (verdict === 'chosen' ? [] : [`${name}: ${verdicts[verdict]}`]))
  return others.length === 0 ? '' : ` ${heading}: ${others.join('; ')}.`
}

/** Without an article. */
export const rungs = { responsible: 'responsible', deputy: 'deputy', head: 'head of department', director: 'director' } as const satisfies Record<LadderRung, string>

export const kinds = { lead: 'lead', contact: 'contact', company: 'company' } as const
export const foundBy = { phone: 'same phone', email: 'same e-mail', inn: 'same taxpayer number', name: 'similar name' } as const
