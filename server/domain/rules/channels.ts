/** Channels: what the lead's source says of it (S1-A4…A12, S3-10), and what has to be found out about where it comes from. */
import type { Reason } from '../command.ts'
import { fieldName } from '../lead.ts'
import type { ContactData, FieldValue, Lead } from '../lead.ts'
import type { Channel, Pool, Question, Regulation } from '../regulation.ts'
import type { Watch } from '../watch.ts'
import type { CardState } from './card.ts'
import { defaultPool } from './distribution.ts'
import { activeWatch, give, inLanguage, markOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** The channel of the lead's source; undefined when the source belongs to none. */
export const channelOf = (turn: Pick<Turn, 'lead' | 'regulation'>): Channel | undefined => {
  const { sourceId } = turn.lead
  return sourceId === null || sourceId === '' ? undefined : turn.regulation.channels.find(({ sources }) => sources.includes(sourceId))
}

/** The pool that this lead is given from: its channel's, else the default one (S1-A7, A8). */
export const poolOfLead = (turn: Pick<Turn, 'lead' | 'regulation'>): Pool => {
  const { distribution } = turn.regulation
  const handledBy = channelOf(turn)?.handledBy ?? null
  return (handledBy?.kind === 'pool' ? distribution.pools.find(({ id }) => id === handledBy.poolId) : undefined) ?? defaultPool(distribution)
}

/** What comes from here is no lead (S1-A4): why, or null for a lead. */
export const whyNoLead = (turn: Turn): Extract<Reason, { rule: 'not-a-lead-source' }> | null => {
  const channel = channelOf(turn)
  return channel === undefined || channel.isLeadSource ? null : { rule: 'not-a-lead-source', name: inLanguage(channel.name, turn.context.language) }
}

/** A lead that was left alone because of its source is looked at again once it has another one, or its source counts as one of leads, wherever it was moved meanwhile. */
export const isLeftAlone = (turn: Turn, watch: Extract<Watch, { status: 'closed' }>): boolean | null => {
  const left = watch.life?.leftSource
  return left === undefined || left === null ? null : turn.lead.sourceId === left && whyNoLead(turn) !== null
}

/** Takes note of the channel, once for each change of it. */
export const noteChannel = (turn: Turn): void => {
  const channel = channelOf(turn)
  const { leadId, life } = activeWatch(turn)
  const { sourceId } = turn.lead
  const isTest = channel?.isTest === true
  if ((channel?.id ?? null) === (life?.channelId ?? null) && isTest === (life?.isTest ?? false)) return
  const because: Reason = channel === undefined || sourceId === null ? { rule: 'no-channel', sourceId } : { rule: 'channel', channelId: channel.id, name: inLanguage(channel.name, turn.context.language), sourceId }
  give(turn, { kind: 'note', leadId, life: { channelId: channel?.id ?? null, ...(isTest || life?.isTest === true ? { isTest } : {}) }, because })
}

/** Something that has to be known of where a lead comes from and whose it is, beside the card's questions. */
export interface IntakeNeed {
  readonly code: 'source' | 'source-detail' | 'person'
  /** In the portal's language: the customer's own words where he has some. */
  readonly title: string
  readonly because: Extract<Reason, { rule: 'source-missing' | 'source-detail-missing' | 'person-missing' }>
}

/**
 * What the intake's rules still lack: the source (S1-D4), its obligatory detail (S3-10), the person behind a shared number (S1-D1, D2, D5).
 * They count like obligatory answers: a lead is not qualified without them, and may be refused without.
 */
export const intakeNeeds = (lead: Lead, regulation: Regulation, language: 'ru' | 'en'): readonly IntakeNeed[] => {
  const needs: IntakeNeed[] = []
  const channel = channelOf({ lead, regulation })
  if (regulation.intake.sourceRequired && (lead.sourceId ?? '') === '') needs.push({ code: 'source', title: words[language].source, because: { rule: 'source-missing' } })
  if (channel?.isLeadSource === true && channel.detail?.required === true && isEmpty(lead.fields[channel.detail.field])) {
    const title = inLanguage(channel.detail.title, language)
    needs.push({ code: 'source-detail', title, because: { rule: 'source-detail-missing', title, channel: inLanguage(channel.name, language) } })
  }
  const phone = sharedPhone(lead, regulation)
  if (phone !== null) needs.push({ code: 'person', title: words[language].person, because: { rule: 'person-missing', phone } })
  return needs
}

/** The card's state with the intake's needs among its obligatory answers; a refusal needs none of them. */
export const withIntakeNeeds = ({ lead, regulation, context }: Turn, card: CardState): CardState => {
  const needs = card.result === 'not-qualified' || card.result === 'postponed' ? [] : intakeNeeds(lead, regulation, context.language)
  if (needs.length === 0) return card
  return { ...card, missing: [...card.missing, ...needs.map(questionOf)], toAsk: [...needs.map(({ code }) => code), ...card.toAsk] }
}

/** Titles of the needs among these codes. */
export const needTitles = ({ lead, regulation, context }: Turn, codes: readonly string[]): readonly string[] =>
  intakeNeeds(lead, regulation, context.language).flatMap(({ code, title }) => (codes.includes(code) ? [title] : []))

/** A need as a question, so that it can be asked for by name like the others. */
const questionOf = ({ code, title }: IntakeNeed): Question => ({
  code,
  field: fieldName(code),
  title: { ru: title },
  script: { ru: title },
  kind: 'text',
  class: 'auxiliary',
  required: true,
  unknownAllowed: false,
  options: [],
})

/** Asks the responsible for each of them once in the lead's life; the lead without a responsible waits with it. */
export const askForNeeds = (turn: Turn): void => {
  const { leadId, chosenId } = activeWatch(turn)
  if (chosenId === null) return
  for (const { code, because } of intakeNeeds(turn.lead, turn.regulation, turn.context.language)) {
    const asked = activeWatch(turn).life?.asked ?? []
    if (asked.includes(code)) continue
    give(turn, { kind: 'note', leadId, life: { asked: [...asked, code] }, because })
    give(turn, { kind: 'notify', leadId, userId: activeWatch(turn).responsibleId, mark: markOf(turn, code), about: `${code}-needed`, incidentId: null, because })
  }
}

/**
 * Contact data that reaches the client himself. A company's shared number without a person's name reaches nobody in particular: finding
 * the person takes its time, so such an interest gets the term of a lead without contact data, and is never forgotten either.
 */
export const reachable = (lead: Lead, regulation: Regulation): ContactData =>
  sharedPhone(lead, regulation) === null ? lead.contact : { ...lead.contact, phones: [] }

/** The shared number of an interest: no person is named, and there is no other way to reach one; else null. */
const sharedPhone = ({ contact, clientName }: Lead, { intake }: Regulation): string | null => {
  if (intake.interests !== 'ask-person' || clientName.trim() !== '' || contact.emails.length > 0 || contact.messengers.length > 0) return null
  const shared = new Set(contact.shared)
  return contact.phones.length > 0 && contact.phones.every(phone => shared.has(phone)) ? contact.phones[0] ?? null : null
}

const isEmpty = (value: FieldValue | undefined): boolean => value === undefined || value === null || (typeof value === 'object' ? value.length === 0 : String(value).trim() === '')

const words = {
  ru: { source: 'Источник', person: 'Контактное лицо' },
  en: { source: 'Source', person: 'Contact person' },
} as const
