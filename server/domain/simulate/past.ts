/** What of the past is kept while a simulation goes on: only what the rules look at, as text. */
import { Temporal } from 'temporal-polyfill'
import type { Activity, ContactData, FieldValue, Lead } from '../lead.ts'
import type { Regulation } from '../regulation.ts'
import { showsEvidence } from '../rules/card.ts'
import type { OpenBefore } from './before.ts'
import type { PastLead, StageEntry } from './story.ts'

/**
 * A past lead without what no rule decides by: addresses stand for themselves by their number, a comment by its length, and names are
 * only there or not. Where the regulation has a template of titles, these are made of them, and they stay.
 */
export const reducedPast = ({ lead, stages }: PastLead, regulation: Regulation): PastLead => {
  const { field } = regulation.card.comment
  const comment = lead.fields[field]
  const named = regulation.intake.titleTemplate === null
    ? { title: '', clientName: presence(lead.clientName), companyTitle: presence(lead.companyTitle), contact: counted(lead.contact) }
    : {}
  return {
    lead: {
      ...lead,
      ...named,
      fields: comment === undefined ? lead.fields : { ...lead.fields, [field]: standIn(comment) },
      activities: lead.activities.filter(({ mark, kind }) => mark === null && kind !== 'task').map(activity => ({ ...activity, subject: '' })),
      followUps: [],
    },
    stages,
  }
}

const presence = (name: string): string => (name.trim() === '' ? '' : '…')

const counted = ({ phones, emails, messengers, shared }: ContactData): ContactData => ({
  phones: phones.map((_, index) => `phone ${index}`),
  emails: emails.map((_, index) => `e-mail ${index}`),
  messengers: messengers.map((_, index) => `messenger ${index}`),
  ...(shared === undefined ? {} : { shared: shared.map(phone => `phone ${phones.indexOf(phone)}`) }),
})

const standIn = (comment: FieldValue): FieldValue => {
  if (typeof comment !== 'string') return comment
  return showsEvidence(comment) ? 'https://example.com' : comment.replaceAll(/\S/g, 'x')
}

/** A part of the past. */
export interface PastPart {
  readonly leads: readonly PastLead[]
  readonly before: readonly OpenBefore[]
}

/** A part of the past as text; `unpackPast` gives the same one. */
export const packPast = ({ leads, before }: PastPart): string => JSON.stringify({ format, leads, before })

/** Null: another version of the program has packed it in another way. */
export const unpackPast = (text: string): PastPart | null => {
  const { format: found, ...part } = JSON.parse(text, revive) as PastPart & { readonly format: number }
  return found === format ? part : null
}

/** Changes with the shape of what is packed. */
const format = 1

/** Moments are called so, here as everywhere; names of the portal's fields are not. */
const revive = (key: string, value: unknown): unknown => (typeof value === 'string' && moments.has(key) ? Temporal.Instant.from(value) : value)

const moments: ReadonlySet<string> = new Set<keyof Lead | keyof Activity | keyof StageEntry>(['at', 'createdAt', 'updatedAt', 'movedAt', 'startedAt', 'endedAt', 'deadlineAt'])
