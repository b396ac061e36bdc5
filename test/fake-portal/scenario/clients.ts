import type { Stage } from './play.ts'
import type { Arrival } from './script.ts'

/** The key under which a lead of the script is known again: its `originId`. */
export const keyOfLead = (lead: Record<string, unknown> & { id: number }): string => (typeof lead['originId'] === 'string' && lead['originId'] !== '' ? lead['originId'] : `lead-${lead.id}`)

/** A client comes: the portal gets the lead as its channel makes it, and the first contact that belongs to the channel. */
export const arrive = (stage: Stage, arrival: Arrival): void => {
  const { act, state } = stage.portal
  const taker = arrival.by !== undefined && state.workDays.get(arrival.by)?.status === 'OPENED' ? arrival.by : null
  const byPerson = arrival.channel === 'by-hand' ? taker : null
  const lead = act.createLead({ ...arrival.lead, originId: arrival.key, ...(taker === null ? {} : { assignedById: taker }) }, byPerson)
  stage.note(byPerson, `arrives by ${arrival.channel}`, arrival.key)
  if (arrival.channel === 'call' && taker !== null) act.call({ leadId: lead.id, userId: taker, direction: 'incoming', durationSeconds: 70 })
  if (arrival.channel === 'call' && taker === null) act.call({ leadId: lead.id, userId: lead.assignedById, direction: 'incoming', durationSeconds: 0, failedCode: '304' })
  if (arrival.channel === 'mail') act.mail({ leadId: lead.id, userId: lead.assignedById, direction: 'incoming', subject: lead.title, text: String(lead['comments'] ?? '') })
  if (arrival.channel === 'messenger') act.message({ leadId: lead.id, userId: lead.assignedById, direction: 'incoming', text: String(lead['comments'] ?? '') })
}
