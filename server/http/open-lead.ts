/** A lead as the routes open it. */
import type { Context } from 'hono'
import { leadId, type Lead, type LeadId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { fieldsOf } from '../domain/regulation/references.ts'
import type { Watch } from '../domain/watch.ts'
import { needsOfGate } from '../portal/needs.ts'
import { leadCurrency } from './card-view.ts'
import type { PortalReads } from './portal-reads.ts'
import type { Memory } from './ports.ts'
import { Refused } from './problem.ts'
import type { Session } from './seal-session.ts'

export interface OpenedLead {
  readonly lead: Lead
  /** It was read just now, not kept from before. */
  readonly anew: boolean
  readonly watch: Watch
  /** Null: nothing is published. */
  readonly published: { readonly version: number; readonly regulation: Regulation } | null
}

export interface OpeningManner {
  /** Milliseconds; 0: the portal is asked, however lately it was. */
  readonly acceptMs?: number
  /** A closed lead keeps the version that it was closed under; without it, the one in force. */
  readonly asClosed?: boolean
  /** What the gate of its step needs is read along. */
  readonly withGate?: boolean
}

/** Reads the lead with the opening user's own token: an id from a page proves nothing. */
export const openLead = async ({ memory, reads }: { readonly memory: Memory; readonly reads: PortalReads }, session: Session, id: LeadId, { acceptMs = 0, asClosed = false, withGate = false }: OpeningManner = {}): Promise<OpenedLead> => {
  const watch = await memory.watch(session.memberId, id)
  const isKept = watch.status === 'active' || (asClosed && watch.status !== 'unseen')
  const published = await memory.regulation(session.memberId, isKept ? watch.regulationVersion : undefined)
  const gate = withGate && watch.status === 'active' ? published?.regulation.steps.find(step => step.id === watch.stepId)?.gate : null
  const { lead, anew } = await reads.lead(session, id, published === null ? [] : [...fieldsOf(published.regulation), leadCurrency], acceptMs, needsOfGate(gate))
  return { lead, anew, watch, published }
}

/** As `openLead`, where nothing can be done without a regulation. */
export const openRegulatedLead = async (...args: Parameters<typeof openLead>): Promise<Omit<OpenedLead, 'published'> & NonNullable<OpenedLead['published']>> => {
  const { published, ...opened } = await openLead(...args)
  if (published === null) throw new Refused('card-not-here')
  return { ...opened, ...published }
}

/** The id in the path; what cannot be one is a lead that is not there. */
export const leadIdOf = (c: Context): LeadId => {
  const text = c.req.param('id') ?? ''
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Refused('lead-not-visible')
  return leadId(Number(text))
}
