/** Which existing contact, company and deal a conversion uses, and which may be used instead (S2-20, S3-11, S3-14). */
import type { ConversionFacts, ExistingClient, ExistingDeal, TargetKind } from './facts.ts'
import type { CandidateBecause, Choices, PlannedObject, Variant } from './plan.ts'
import { personOf } from './words.ts'

export interface Use<T> {
  /** The existing one; null: a new one, or nobody has chosen yet. */
  readonly existing: T | null
  /** Somebody has said that it shall be a new one. */
  readonly isNew: boolean
  /** Several of them, or some of whom only the name is the same: one has to be chosen. */
  readonly undecided: number
  /** Nothing but the name speaks for those to be chosen from. */
  readonly byName?: true
  readonly candidates: PlannedObject['candidates']
}

export interface Uses {
  readonly contact: Use<ExistingClient>
  readonly company: Use<ExistingClient>
  readonly deal: Use<ExistingDeal>
}

/** Looks at bound ones first, then at those made of the lead, then at those found by taxpayer number, phone or e-mail; a name alone only offers. */
export const usesOf = (facts: ConversionFacts, choices: Choices): Uses => {
  const contact = useOf(ranked(facts, 'contact'), choices.use?.contact)
  const companies = ranked(facts, 'company')
  const own = contact.existing === null ? [] : companies.filter(({ id }) => contact.existing?.companyIds.includes(id) === true)
  const company = useOf(companies, choices.use?.company, own)
  return { contact, company, deal: dealUse(facts, choices.use?.deal, [contact.existing, company.existing]) }
}

/** As the variant sees them: where the lead becomes a deal of a client and nobody is known by more than a name, whose deal it is has to be said. */
export const usesFor = (variant: Variant, uses: Uses, { clients }: ConversionFacts): Uses => {
  if (variant !== 'client' || clients.some(isProven)) return uses
  const kind = uses.company.candidates.length > 0 ? 'company' : 'contact'
  const use = uses[kind]
  return use.existing !== null || use.isNew ? uses : { ...uses, [kind]: { ...use, undecided: use.candidates.length, byName: true } }
}

/** A name alone is a hint, no proof. */
export const isProven = ({ by }: ExistingClient): boolean => by.some(one => one !== 'name')

const order: readonly ExistingClient['by'][number][] = ['bound', 'made', 'inn', 'phone', 'email', 'name']
const bestOf = ({ by }: ExistingClient): ExistingClient['by'][number] => order.find(one => by.includes(one)) ?? 'name'
const becauseOf = (client: ExistingClient): CandidateBecause => {
  const best = bestOf(client)
  return best === 'made' ? 'made-from-lead' : best
}
const rankOf = (client: ExistingClient): number => order.indexOf(bestOf(client))

const ranked = ({ lead, clients }: ConversionFacts, kind: 'contact' | 'company'): readonly ExistingClient[] => {
  const main = kind === 'company' ? lead.companyId : lead.contactIds[0] ?? null
  return clients.filter(client => client.kind === kind).toSorted((a, b) => Number(b.id === main) - Number(a.id === main) || rankOf(a) - rankOf(b) || a.id - b.id)
}

const useOf = (clients: readonly ExistingClient[], choice: number | 'new' | 'none' | undefined, preferred: readonly ExistingClient[] = []): Use<ExistingClient> => {
  const candidates = clients.map(client => ({ id: client.id, title: client.title, because: becauseOf(client) }))
  const chosen = clients.find(({ id }) => id === choice)
  if (chosen !== undefined) return { existing: chosen, isNew: false, undecided: 0, candidates }
  if (choice === 'new') return { existing: null, isNew: true, undecided: 0, candidates }
  // The first of several bound ones is the lead's main one; the others go along with the deal.
  const bound = clients.find(({ by }) => by.includes('bound')) ?? clients.find(({ by }) => by.includes('made'))
  const found = clients.filter(isProven)
  const narrowed = found.filter(client => preferred.includes(client))
  const proposed = bound ?? (narrowed.length === 1 ? narrowed[0] : found.length === 1 ? found[0] : undefined) ?? null
  return { existing: proposed, isNew: false, undecided: proposed === null && found.length > 1 ? found.length : 0, candidates }
}

/** One made from this lead is gone on with; an open one of the client is offered only. */
const dealUse = ({ lead, deals }: ConversionFacts, choice: number | 'new' | undefined, clients: readonly (ExistingClient | null)[]): Use<ExistingDeal> => {
  const open = deals.filter(({ semantic }) => semantic === 'processing')
  const made = open.filter(({ leadId }) => leadId === lead.id).toSorted((a, b) => a.id - b.id)
  const isOfClient = (deal: ExistingDeal): boolean => clients.some(client => client !== null && (client.kind === 'company' ? deal.companyId === client.id : deal.contactIds.includes(client.id)))
  const others = open.filter(deal => !made.includes(deal)).toSorted((a, b) => Number(isOfClient(b)) - Number(isOfClient(a)) || b.id - a.id)
  const because = (deal: ExistingDeal): CandidateBecause => (made.includes(deal) ? 'made-from-lead' : 'open-deal')
  const candidates = [...made, ...others].map(deal => ({ id: deal.id, title: deal.title, because: because(deal) }))
  const chosen = open.find(({ id }) => id === choice)
  if (chosen !== undefined) return { existing: chosen, isNew: false, undecided: 0, candidates }
  if (choice === 'new') return { existing: null, isNew: true, undecided: 0, candidates }
  return { existing: made.length === 1 ? made[0] ?? null : null, isNew: false, undecided: made.length > 1 ? made.length : 0, candidates }
}

/** The kinds of objects that a variant has, in the order in which they are made. */
export const kindsOf = (variant: Variant, uses: Uses, facts: ConversionFacts, choices: Choices): readonly TargetKind[] => {
  if (variant === 'person') return ['contact', 'deal']
  if (variant === 'organisation') return ['company', 'contact', 'deal']
  const hasCompany = isThere(uses.company)
  // Whoever asks for a company that is known is a person all the same.
  const hasContact = mayBeNobody(variant, uses, facts) ? choices.use?.contact !== 'none' && (isThere(uses.contact) || personOf(facts.lead) !== '') : isThere(uses.contact)
  return [...(hasCompany ? ['company' as const] : []), ...(hasContact ? ['contact' as const] : []), 'deal']
}

/** A company that is the client may get a deal without a person, unless the lead is bound to one. */
export const mayBeNobody = (variant: Variant, uses: Uses, { lead }: ConversionFacts): boolean => variant === 'client' && isThere(uses.company) && lead.contactIds.length === 0

const isThere = ({ existing, isNew, undecided }: Use<ExistingClient>): boolean => existing !== null || isNew || undecided > 0
