import type { PortalState } from '../state.ts'
import { clientOf, fullName, staff } from './view.ts'

/** What a dialogue of the portal offers: a label to show and the value the application gets. */
export interface Pick {
  readonly label: string
  readonly value: Readonly<Record<string, string>>
}

const prefixes = { lead: 'L', deal: 'D', contact: 'C', company: 'CO' } as const

const isKind = (kind: string): kind is keyof typeof prefixes => Object.hasOwn(prefixes, kind)

/** Offers for `/emulator/pick/users` and `/emulator/pick/crm?types=lead,company` (sdk/bx24-js-sdk/system-dialogues). */
export const picks = (state: PortalState, url: URL): Pick[] => {
  if (url.pathname.endsWith('/users')) {
    return staff(state).map(user => ({ label: `${fullName(user)}, ${user.workPosition}`, value: { id: String(user.id), name: fullName(user), photo: user.photo, position: user.workPosition, url: `/company/personal/user/${user.id}/`, sub: '', sup: '' } }))
  }
  const stores = { lead: state.leads, deal: state.deals, contact: state.contacts, company: state.companies }
  return (url.searchParams.get('types') ?? '').split(',').filter(isKind).flatMap(kind =>
    [...stores[kind].values()].slice(-100).map((item) => {
      const title = item.title || `${item.name} ${item.lastName}`.trim()
      return { label: title, value: { id: `${prefixes[kind]}_${item.id}`, type: kind, place: kind, title, desc: clientOf(item), url: `/crm/${kind}/details/${item.id}/` } }
    }))
}
