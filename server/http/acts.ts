/** What people do with a lead besides its card: checked, remembered, obeyed by the review that follows. */
import { Temporal } from 'temporal-polyfill'
import type { ActRequest } from '../contract/act.ts'
import type { Language } from '../contract/session.ts'
import { type Act, type ActRight, type Lead, userId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { rightsFor, rightsOver } from '../domain/rules/rights.ts'
import { mayTakeLead } from '../domain/rules/take.ts'
import type { Watch } from '../domain/watch.ts'
import type { Memory, NewAct } from './ports.ts'
import { Refused } from './problem.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'

/** What may still be done when the work on the lead is over. */
const afterTheEnd: ReadonlySet<Act['kind']> = new Set(['opened', 'not-duplicate', 'acknowledge', 'take', 'go-on'])

interface Opened { readonly lead: Lead; readonly watch: Watch; readonly regulation: Regulation }

export interface ActChecks {
  readonly memory: Pick<Memory, 'company'>
  readonly sessions: Pick<Sessions, 'requireAdministrator'>
}

/** Of a checked request. Throws `Refused` for a moment that is over, a lead that is closed or not to be taken, a comment that is missing, or a person who may not. */
export const toAct = async (session: Session, given: ActRequest, opened: Opened, { memory, sessions }: ActChecks, now: Temporal.Instant): Promise<NewAct> => {
  if (opened.watch.status === 'closed' && !afterTheEnd.has(given.kind)) throw new Refused('lead-closed')
  const byRight = await requireRight(session, given.kind, opened, memory, sessions)
  if (given.kind === 'take') await requireFree(session, opened, memory, now)
  if (given.kind === 'call-declared' && given.comment === '' && opened.regulation.contact.declaredCallNeedsComment) throw new Refused('comment-needed', { fields: [{ field: 'comment', message: agreed[session.language] }] })
  const by = { at: now, byUserId: userId(session.userId), ...(byRight === null ? {} : { byRight }) }
  if (given.kind !== 'call-back' && given.kind !== 'wait') return { ...given, ...by }
  const until = Temporal.Instant.from(given.until)
  if (Temporal.Instant.compare(until, now) <= 0) throw new Refused('malformed', { fields: [{ field: 'until', message: future[session.language] }] })
  return { ...given, ...by, until }
}

const future: Readonly<Record<Language, string>> = { ru: 'Укажите момент в будущем.', en: 'Give a moment in the future.' }

const agreed: Readonly<Record<Language, string>> = { ru: 'Запишите, о чём договорились.', en: 'Write what was agreed.' }

/** The rules say who may take a lead; while the company is not known, the review that follows decides alone. */
const requireFree = async (session: Session, { lead, watch, regulation }: Opened, memory: Pick<Memory, 'company'>, now: Temporal.Instant): Promise<void> => {
  const company = watch.status === 'active' ? await memory.company(session.memberId) : null
  // Pressed twice, it is his already.
  if (watch.status !== 'active' || company === null || watch.chosenId === session.userId) return
  if (!mayTakeLead({ watch, lead, regulation, ...company, now }, userId(session.userId))) throw new Refused('not-to-be-taken')
}

/** The right by which this is done, null where none is needed. Whether he is an administrator the portal is asked anew: a session says only what was when it was opened. */
const requireRight = async (session: Session, kind: Act['kind'], { lead, regulation }: Opened, memory: Pick<Memory, 'company'>, sessions: Pick<Sessions, 'requireAdministrator'>): Promise<ActRight | null> => {
  const rights = rightsFor(kind)
  if (rights === null) return null
  const people = (await memory.company(session.memberId))?.people ?? []
  const held = rightsOver({ regulation, context: { people } }, userId(session.userId), lead.responsibleId).find(right => rights.includes(right))
  if (held !== undefined) return held
  if (!session.isAdmin || !rights.includes('admin')) throw new Refused(kind === 'allow-move' ? 'heads-only' : 'not-your-lead')
  await sessions.requireAdministrator(session)
  return 'admin'
}

/** The responsible has opened the card for the first time since he got it on this step: an act and its mark; null otherwise. */
export const openingOf = (session: Session, { lead, watch }: { readonly lead: Lead; readonly watch: Watch }, now: Temporal.Instant): { readonly act: NewAct; readonly mark: string } | null => {
  if (watch.status !== 'active' || lead.responsibleId !== session.userId || watch.step?.takenAt !== undefined) return null
  return { act: { kind: 'opened', at: now, byUserId: userId(session.userId), byRight: 'responsible' }, mark: `opened ${lead.id} ${session.userId} ${watch.enteredAt} ${watch.round}` }
}
