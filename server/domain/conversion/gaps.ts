/** What a conversion past the application has left open (S0-30, S0-32, S0-35). */
import type { ExistingClient, ExistingDeal, Means } from './facts.ts'

interface Made {
  readonly missing: readonly { readonly code: string; readonly title: string }[]
  readonly clients: readonly ExistingClient[]
  readonly deals: readonly ExistingDeal[]
  readonly hasClient?: boolean
}

interface Named { readonly id: number; readonly title: string }

export type Gap =
  | { readonly kind: 'answer'; readonly question: string; readonly title: string }
  | { readonly kind: 'phone-in-both'; readonly phone: string; readonly contact: Named; readonly company: Named }
  /** The lead stands on success and no deal was made of it; `withClient`: a contact or company was. */
  | { readonly kind: 'no-deal'; readonly withClient: boolean }
  /** There is a deal, of nobody. */
  | { readonly kind: 'no-client' }

/**
 * `hasClient`: there is one that this person does not see. `missing`: obligatory questions of the card without an answer; `clients` and `deals`: those that were made of the lead or are bound to it.
 * Phones are the same by their normal form and extension; each pair of a contact and a company is told once for each phone.
 */
export const gapsOf = ({ missing, clients, deals, hasClient = clients.length > 0 }: Made): readonly Gap[] => {
  const contacts = clients.filter(({ kind }) => kind === 'contact')
  const companies = clients.filter(({ kind }) => kind === 'company')
  return [
    ...(deals.length === 0 ? [{ kind: 'no-deal', withClient: hasClient } as const] : hasClient ? [] : [{ kind: 'no-client' } as const]),
    ...missing.map(({ code, title }) => ({ kind: 'answer', question: code, title }) as const),
    ...contacts.flatMap(contact => companies.flatMap(company => shared(contact, company).map(({ value }): Gap => ({ kind: 'phone-in-both', phone: value, contact: { id: contact.id, title: contact.title }, company: { id: company.id, title: company.title } })))),
  ]
}

const shared = (contact: ExistingClient, company: ExistingClient): readonly Means[] => {
  const there = new Set(company.means.flatMap(means => lineOf(means) ?? []))
  return contact.means.filter((means, index) => {
    const line = lineOf(means)
    return line !== null && there.has(line) && contact.means.findIndex(other => lineOf(other) === line) === index
  })
}

const lineOf = ({ kind, normal, extension }: Means): string | null => (kind !== 'phone' || normal === null ? null : `${normal} ${extension ?? ''}`)
