/** Repeated requests: whoever knows the client already learns of them, once (S1-D6, D8). */
import type { Duplicate, UserId } from '../lead.ts'
import type { Reason } from '../command.ts'
import type { LifeNotes } from '../watch.ts'
import { activeWatch, give, isDismissed, markOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** A name alone may be anybody's (S1-D7): shown in the tab, and nobody is told. */
export const isHint = ({ by }: Duplicate): boolean => by.every(one => one === 'name')

/** A client before a lead, a company before a contact, a tax number before a phone, a phone before a mail. */
export const byStrength = (duplicates: readonly Duplicate[]): readonly Duplicate[] => {
  const strength = ({ kind, by, id }: Duplicate): readonly number[] => [kinds.indexOf(kind), Math.min(...by.map(one => signs.indexOf(one))), id]
  return [...duplicates].sort((a, b) => {
    const second = strength(b)
    return strength(a).map((value, index) => value - (second[index] ?? 0)).find(difference => difference !== 0) ?? 0
  })
}
const kinds: readonly Duplicate['kind'][] = ['company', 'contact', 'lead']
const signs: readonly Duplicate['by'][number][] = ['inn', 'phone', 'email', 'name']

/** Somebody has said that this is another client. */
export const isNotTheSame = (turn: Turn, duplicate: Pick<Duplicate, 'kind' | 'id'>): boolean => lifeOf(turn)?.duplicatesSeen?.includes(notTheSame(duplicate)) === true

/** Responsible of a lead that was decided about earlier in the same run, before the portal could show it. */
export const ownerInRun = ({ context }: Turn, leadId: number): UserId | undefined => context.owners?.findLast(owner => owner.leadId === leadId)?.userId

/**
 * Tells of every duplicate found for the first time: the responsible of the client or of the older open lead, and the lead's own one when
 * that is somebody else, so that two people never work one company unknowingly. Each of them gets one message, with the strongest sign.
 * Of two new leads the younger one tells. A refused or finished lead is only noted.
 */
export const tellDuplicates = (turn: Turn): void => {
  const { duplicates } = turn.regulation.intake
  if (!duplicates.search) return
  const { leadId, responsibleId, chosenId } = activeWatch(turn)
  const told = new Set<UserId>()
  if (chosenId !== null) tellLater(turn, told)
  for (const duplicate of byStrength(turn.lead.duplicates ?? [])) {
    const seen = activeWatch(turn).life?.duplicatesSeen ?? []
    if (isHint(duplicate) || seen.includes(keyOf(duplicate)) || (duplicate.kind === 'lead' && duplicate.id >= leadId)) continue
    const owner = (duplicate.kind === 'lead' ? ownerInRun(turn, duplicate.id) : undefined) ?? duplicate.responsibleId
    const because: Reason = { rule: 'repeated-request', kind: duplicate.kind, id: duplicate.id, title: duplicate.title, by: duplicate.by, responsibleId: owner }
    give(turn, { kind: 'note', leadId, life: { duplicatesSeen: [...seen, keyOf(duplicate)] }, because })
    if (!duplicates.tellResponsible || (duplicate.kind === 'lead' && !duplicate.open)) continue
    const others = owner === null || isDismissed(turn.context, owner) ? [] : [owner]
    const isUntold = chosenId === null && (activeWatch(turn).life?.duplicateUntold ?? null) === null
    if (isUntold) give(turn, { kind: 'note', leadId, life: { duplicateUntold: { kind: duplicate.kind, id: duplicate.id, title: duplicate.title, by: duplicate.by, responsibleId: owner } }, because })
    for (const userId of new Set([...others, ...(chosenId === null ? [] : [responsibleId])])) {
      if (told.has(userId)) continue
      told.add(userId)
      give(turn, { kind: 'notify', leadId, userId, mark: markOf(turn, `repeated-${keyOf(duplicate)}-${userId}`), about: 'repeated-request', incidentId: null, because })
    }
  }
}

/** What was found while nobody was there is told to whoever is chosen since; the client's own responsible knows of it already. */
const tellLater = (turn: Turn, told: Set<UserId>): void => {
  const { leadId, responsibleId, life } = activeWatch(turn)
  const untold = life?.duplicateUntold ?? null
  if (untold === null) return
  const because: Reason = { rule: 'repeated-request', ...untold }
  give(turn, { kind: 'note', leadId, life: { duplicateUntold: null }, because })
  if (untold.responsibleId === responsibleId || isNotTheSame(turn, untold)) return
  told.add(responsibleId)
  give(turn, { kind: 'notify', leadId, userId: responsibleId, mark: markOf(turn, `repeated-later-${untold.kind}:${untold.id}-${responsibleId}`), about: 'repeated-request', incidentId: null, because })
}

/** Remembers that it is another client: nobody is told of it any more, and its responsible has no claim to the lead. */
export const noteNotTheSame = (turn: Turn, duplicate: Pick<Duplicate, 'kind' | 'id'>): void => {
  if (isNotTheSame(turn, duplicate)) return
  const title = turn.lead.duplicates?.find(({ kind, id }) => kind === duplicate.kind && id === duplicate.id)?.title ?? `№ ${duplicate.id}`
  const keys = new Set([...(lifeOf(turn)?.duplicatesSeen ?? []), `${duplicate.kind}:${duplicate.id}`, notTheSame(duplicate)])
  give(turn, { kind: 'note', leadId: turn.lead.id, life: { duplicatesSeen: [...keys] }, because: { rule: 'not-the-same', title } })
}

/** What is known of a lead over its whole life, closed or not. */
const lifeOf = ({ watch }: Turn): LifeNotes | undefined => (watch.status === 'unseen' ? undefined : watch.life)

const notTheSame = ({ kind, id }: Pick<Duplicate, 'kind' | 'id'>): string => `not:${kind}:${id}`

/** A closed lead that is opened again is news. */
const keyOf = ({ kind, id, open }: Duplicate): string => `${kind === 'lead' && !open ? 'closed-' : ''}${kind}:${id}`
