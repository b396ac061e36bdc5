/** Who may act on a lead: its responsible, those above him, the fallback person, and administrators. Reading a lead is no right to work on it. */
import type { Act, ActRight, UserId } from '../lead.ts'
import { isAbove, type Company } from './heads.ts'

const ofTheWork: readonly ActRight[] = ['responsible', 'above', 'fallback', 'admin']
/** Rights of which each act needs one. `take` has rules of its own; what is not named here asks nothing but the lead being visible. */
const needed: Partial<Readonly<Record<Act['kind'], readonly ActRight[]>>> = {
  'opened': ['responsible'],
  'not-reached': ofTheWork,
  'wrong-number': ofTheWork,
  'right-number': ofTheWork,
  'call-declared': ofTheWork,
  'call-back': ofTheWork,
  'wait': ofTheWork,
  'stop-waiting': ofTheWork,
  'move-deadline': ofTheWork,
  'go-on': ofTheWork,
  'refuse': ofTheWork,
  'acknowledge': [...ofTheWork, 'deputy'],
  'allow-move': ['above', 'admin'],
}

/** Null: the act needs none. */
export const rightsFor = (kind: Act['kind']): readonly ActRight[] | null => needed[kind] ?? null

/** The person's rights over a lead of this responsible as far as the company tells them; who is an administrator the portal alone knows. */
export const rightsOver = (company: Company, byUserId: UserId, responsibleId: UserId | null): readonly ActRight[] => [
  ...(byUserId === responsibleId ? ['responsible' as const] : []),
  ...(isAbove(company, byUserId, responsibleId) ? ['above' as const] : []),
  ...(byUserId === company.regulation.distribution.fallbackUserId ? ['fallback' as const] : []),
  ...(responsibleId !== null && company.regulation.roles.deputies[responsibleId] === byUserId ? ['deputy' as const] : []),
]

/** Whether the act may be obeyed: by the right that was proved when it was done; acts without one are judged by the company as it is. */
export const mayBeObeyed = (company: Company, { kind, byUserId, byRight }: Act, responsibleId: UserId | null): boolean => {
  const rights = rightsFor(kind)
  if (rights === null) return true
  const held = byRight !== undefined ? [byRight] : byUserId === null ? [] : rightsOver(company, byUserId, responsibleId)
  return held.some(right => rights.includes(right))
}
