/** What people do with a lead besides its card: checked, remembered, obeyed by the review that follows. */
import { Temporal } from 'temporal-polyfill'
import type { ActRequest } from '../contract/act.ts'
import type { Language } from '../contract/session.ts'
import { type Act, type ActRight, type Lead, userId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { whyNotMovable } from '../domain/rules/move-deadline.ts'
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
export const toAct = async (session: Session, given: Exclude<ActRequest, { kind: 'reassign' }>, opened: Opened, { memory, sessions }: ActChecks, now: Temporal.Instant): Promise<NewAct> => {
  if (opened.watch.status === 'closed' && !afterTheEnd.has(given.kind)) throw new Refused('lead-closed')
  const byRight = await requireRight(session, given.kind, opened, memory, sessions)
  if (given.kind === 'take') await requireFree(session, opened, memory, now)
  if (given.kind === 'call-declared' && given.comment === '' && opened.regulation.contact.declaredCallNeedsComment) throw new Refused('comment-needed', { fields: [{ field: 'comment', message: agreed[session.language] }] })
  const by = { at: now, byUserId: userId(session.userId), ...(byRight === null ? {} : { byRight }) }
  if (given.kind !== 'call-back' && given.kind !== 'wait' && given.kind !== 'move-deadline') return { ...given, ...by }
  const until = Temporal.Instant.from(given.until)
  if (Temporal.Instant.compare(until, now) <= 0) throw new Refused('malformed', { fields: [{ field: 'until', message: future[session.language] }] })
  if (given.kind === 'move-deadline') await requireMovable(session, opened, until, memory, now)
  if (given.kind === 'wait') requireWaitable(session, opened, until, now)
  return { ...given, ...by, until }
}

/** Whether this person may give the lead to that one; he may not be dismissed. Throws `Refused`. */
export const requireReassigner = async (session: Session, to: number, opened: Pick<Opened, 'lead' | 'regulation'>, checks: ActChecks): Promise<void> => {
  if (await ownRightOver(session, opened, checks.memory) !== 'above') {
    if (!session.isAdmin) throw new Refused('heads-only')
    await checks.sessions.requireAdministrator(session)
  }
  const people = (await checks.memory.company(session.memberId))?.people ?? []
  if (people.find(({ id }) => id === to)?.active !== true) throw new Refused('malformed', { fields: [{ field: 'userId', message: gone[session.language] }] })
}

const gone: Readonly<Record<Language, string>> = { ru: 'Этот сотрудник здесь больше не работает.', en: 'This person does not work here any more.' }

const requireMovable = async (session: Session, { lead, watch, regulation }: Opened, until: Temporal.Instant, memory: Pick<Memory, 'company'>, now: Temporal.Instant): Promise<void> => {
  const company = watch.status === 'active' ? await memory.company(session.memberId) : null
  const step = watch.status === 'active' ? regulation.steps.find(({ id }) => id === watch.stepId) : undefined
  if (watch.status !== 'active' || company === null || step === undefined) return
  const why = whyNotMovable({ watch, lead, regulation, context: company, now }, step, until.epochMilliseconds)
  if (why !== null) throw new Refused('deadline-stays', { detail: unmovable[why][session.language] })
}

const unmovable: Readonly<Record<'not-allowed' | 'too-many' | 'too-far', Readonly<Record<Language, string>>>> = {
  'not-allowed': { ru: 'На этом шаге переносить срок нельзя.', en: 'On this step the deadline cannot be moved.' },
  'too-many': { ru: 'Срок переносили уже столько раз, сколько разрешает регламент. Дальше его может изменить руководитель.', en: 'The deadline has been moved as often as the regulation allows. A head can still change it.' },
  'too-far': { ru: 'Так далеко переносить срок регламент не разрешает. Выберите более раннее время.', en: 'The regulation does not let the deadline be moved so far. Choose an earlier time.' },
}

const requireWaitable = (session: Session, { watch, regulation: { waiting } }: Opened, until: Temporal.Instant, now: Temporal.Instant): void => {
  if (!waiting.allowed) throw new Refused('wait-refused', { detail: unwaitable.never[session.language] })
  const used = watch.status === 'active' ? watch.life?.waitedDays ?? 0 : 0
  const since = watch.status === 'active' && watch.step?.waiting ? Temporal.Instant.from(watch.step.waiting.since) : now
  if (until.since(since).total('hours') / 24 > waiting.maxDays - used) throw new Refused('wait-refused', { detail: unwaitable.long[session.language](Math.max(0, Math.floor(waiting.maxDays - used))) })
}

const unwaitable = {
  never: { ru: 'Ожидание регламентом не предусмотрено. Запланируйте звонок.', en: 'The regulation knows no waiting. Plan a call.' },
  long: {
    ru: (days: number) => `Так долго ждать нельзя: по регламенту осталось дней — ${days}. Выберите дату раньше или закройте лид с датой возврата.`,
    en: (days: number) => `That is too long to wait: ${days} days are left under the regulation. Choose an earlier date, or close the lead with a date of return.`,
  },
} as const

const future: Readonly<Record<Language, string>> = { ru: 'Укажите момент в будущем.', en: 'Give a moment in the future.' }

const agreed: Readonly<Record<Language, string>> = { ru: 'Запишите, о чём договорились.', en: 'Write what was agreed.' }

/** The rules say who may take a lead; while the company is not known, the review that follows decides alone. */
const requireFree = async (session: Session, { lead, watch, regulation }: Opened, memory: Pick<Memory, 'company'>, now: Temporal.Instant): Promise<void> => {
  const company = watch.status === 'active' ? await memory.company(session.memberId) : null
  // Pressed twice, it is his already.
  if (watch.status !== 'active' || company === null || watch.chosenId === session.userId) return
  if (!mayTakeLead({ watch, lead, regulation, ...company, now }, userId(session.userId))) throw new Refused('not-to-be-taken')
}

/** What an act may lead to depends on its right: whoever has several acts by the first of these. */
const byStrength: readonly ActRight[] = ['above', 'admin', 'fallback', 'responsible', 'deputy']

/** This person's rights over the lead, the strongest first, his being an administrator left aside. */
const ownRightsOver = async (session: Session, { lead, regulation }: Pick<Opened, 'lead' | 'regulation'>, memory: Pick<Memory, 'company'>): Promise<readonly ActRight[]> => {
  const people = (await memory.company(session.memberId))?.people ?? []
  return rightsOver({ regulation, context: { people } }, userId(session.userId), lead.responsibleId).toSorted((a, b) => byStrength.indexOf(a) - byStrength.indexOf(b))
}

/** The strongest right by which this person works on the lead, his being an administrator left aside; null: by none. */
export const ownRightOver = async (session: Session, opened: Pick<Opened, 'lead' | 'regulation'>, memory: Pick<Memory, 'company'>): Promise<ActRight | null> =>
  (await ownRightsOver(session, opened, memory))[0] ?? null

/** By what right this person works on the lead; null: by none. */
export const rightOver = async (session: Session, opened: Pick<Opened, 'lead' | 'regulation'>, { memory, sessions }: ActChecks): Promise<ActRight | null> => {
  const held = await ownRightOver(session, opened, memory)
  if (held !== null || !session.isAdmin) return held
  await sessions.requireAdministrator(session)
  return 'admin'
}

/** The right by which this is done, null where none is needed. Whether he is an administrator the portal is asked anew: a session says only what was when it was opened. */
const requireRight = async (session: Session, kind: Act['kind'], opened: Opened, memory: Pick<Memory, 'company'>, sessions: Pick<Sessions, 'requireAdministrator'>): Promise<ActRight | null> => {
  const rights = rightsFor(kind)
  if (rights === null) return null
  const held = (await ownRightsOver(session, opened, memory)).find(right => rights.includes(right))
  if (held !== undefined && (kind !== 'acknowledge' || !session.isAdmin || isHeads(held))) return held
  if (!session.isAdmin || !rights.includes('admin')) throw new Refused(kind === 'allow-move' ? 'heads-only' : 'not-your-lead')
  try {
    await sessions.requireAdministrator(session)
    return 'admin'
  } catch (error) {
    if (held === undefined || !(error instanceof Refused) || error.refusal !== 'administrators-only') throw error
    return held
  }
}

/** What he acknowledges may be settled by it; the responsible's own word settles nothing. */
const isHeads = (right: ActRight): boolean => right === 'above' || right === 'fallback'

/** The responsible has opened the card for the first time since he got it on this step: an act and its mark; null otherwise. */
export const openingOf = (session: Session, { lead, watch }: { readonly lead: Lead; readonly watch: Watch }, now: Temporal.Instant): { readonly act: NewAct; readonly mark: string } | null => {
  if (watch.status !== 'active' || lead.responsibleId !== session.userId || watch.step?.takenAt !== undefined) return null
  return { act: { kind: 'opened', at: now, byUserId: userId(session.userId), byRight: 'responsible' }, mark: `opened ${lead.id} ${session.userId} ${watch.enteredAt} ${watch.round}` }
}
