/** Who is above whom. */
import type { Context } from '../command.ts'
import type { UserId } from '../lead.ts'
import type { Regulation } from '../regulation.ts'
import { fallbackOf, headsOf } from './distribution.ts'
import { isDismissed, personOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** The person's head of department, one who is there before one who is away; else the fallback person; undefined when nobody but himself is left. */
export const headFor = ({ context, regulation: { distribution } }: Turn, userId: UserId): UserId | undefined => {
  const heads = (personOf(context, userId)?.headIds ?? []).filter(id => !isDismissed(context, id))
  const present = heads.filter(id => personOf(context, id)?.absent !== true)
  return [...present, ...heads, fallbackOf(distribution, context), ...headsOf(distribution, context)].find(id => id !== userId && !isDismissed(context, id))
}

/** Whoever works here, and who is named in the regulation. */
export interface Company {
  readonly regulation: Pick<Regulation, 'roles' | 'distribution'>
  readonly context: Pick<Context, 'people'>
}

/** May this person decide over the responsible's lead: a head of his, the director or the controller. */
export const isAbove = ({ context, regulation: { roles } }: Company, byUserId: UserId, responsibleId: UserId | null): boolean =>
  [...(responsibleId === null ? [] : personOf(context, responsibleId)?.headIds ?? []), roles.directorId, roles.controllerId].includes(byUserId)
