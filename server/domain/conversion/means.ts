/** Phone by phone and address by address: whose it is (S0-32). */
import type { ConversionFacts, ExistingClient, Means } from './facts.ts'
import { meansKey } from './plan.ts'
import type { Choices, Lack, MeansTo, PlannedMeans } from './plan.ts'
import type { ConversionSetting } from './setting.ts'

type Owner = 'contact' | 'company'
type Hint = PlannedMeans['hint']

export interface Owners {
  /** Those of this plan that a phone may go to, with what they have; null: a new one. */
  readonly contact?: ExistingClient | null
  readonly company?: ExistingClient | null
}

/** Each phone, address, site and messenger of the lead once, in its order. What goes nowhere says so. */
export const meansOf = (facts: ConversionFacts, setting: ConversionSetting, choices: Choices, owners: Owners): readonly PlannedMeans[] => {
  const options = optionsOf(owners)
  const seen = new Set<string>()
  const keys = new Set<string>()
  return facts.lead.means.flatMap((means): readonly PlannedMeans[] => {
    const key = meansKey(means)
    if (keys.has(key)) return []
    keys.add(key)
    const same = identity(means)
    const isRepeated = same !== null && seen.has(same)
    if (same !== null) seen.add(same)
    const hint = isRepeated ? 'already-there' : thereAs(means, owners) ?? hintFor(owners, means, hintOf(means, setting))
    const chosen = Object.hasOwn(choices.means ?? {}, key) ? choices.means?.[key] : undefined
    return [{ means, hint, options, to: chosen !== undefined && options.includes(chosen) ? chosen : proposed(means, hint, owners) }]
  })
}

/** Nobody can guess whose it is, and it may be either's: a person decides. */
export const undecidedMeans = (planned: readonly PlannedMeans[], choices: Choices): readonly Lack[] =>
  planned.flatMap(({ means, hint, options }): readonly Lack[] => {
    const key = meansKey(means)
    const isChosen = Object.hasOwn(choices.means ?? {}, key) && options.some(option => option === choices.means?.[key])
    return hint === 'none' && means.kind === 'phone' && options.includes('both') && !isChosen ? [{ kind: 'means', key }] : []
  })

const optionsOf = (owners: Owners): readonly MeansTo[] => {
  const there = (['contact', 'company'] as const).filter(owner => owners[owner] !== undefined)
  return there.length === 2 ? [...there, 'both', 'none'] : [...there, 'none']
}

/** Equal ones are the same line: number and extension, or the address. */
const identity = ({ kind, normal, extension }: Means): string | null => (normal === null ? null : `${kind} ${normal} ${extension ?? ''}`)

/** What one of them has already; a company's may still be its contact's own. */
const thereAs = (means: Means, { contact, company }: Owners): 'already-there' | 'at-company' | null => {
  const same = identity(means)
  const has = (owner: ExistingClient | null | undefined): boolean => owner?.means.some(other => (same === null ? meansKey(other) === meansKey(means) : identity(other) === same)) === true
  if (has(contact)) return 'already-there'
  if (!has(company)) return null
  return contact === undefined ? 'already-there' : 'at-company'
}

const hintOf = (means: Means, setting: ConversionSetting): Hint => {
  const { kind, normal, extension, nature, usedBy } = means
  if (kind === 'web' || kind === 'messenger') return 'none'
  if (normal === null) return 'wrong'
  if (isOfRegistry(setting, normal) && extension === null) return 'registry'
  if (kind === 'email') return usedBy > 1 ? 'used-by-several' : mailHint(normal)
  if (extension !== null) return 'has-extension'
  if (nature === 'toll-free') return 'toll-free'
  if (usedBy > 1) return 'used-by-several'
  return nature === 'fixed' ? 'city' : nature === 'mobile' ? 'mobile' : 'none'
}

/** Whose it seems to be counts where there are both; else it is told that there is only one. */
const hintFor = ({ contact, company }: Owners, { kind }: Means, hint: Hint): Hint => {
  const wanted = owned[hint]
  if (wanted === 'company' && company === undefined && contact !== undefined) return 'no-company'
  if (wanted === 'contact' && contact === undefined && company !== undefined && (kind === 'phone' || kind === 'email')) return 'no-contact'
  // Without a company nobody's domain is a company's.
  return hint === 'corporate-mail' && company === undefined ? 'none' : hint
}

const isOfRegistry = ({ registry }: ConversionSetting, normal: string): boolean => registry?.kind === 'found' && (registry.phones.includes(normal) || registry.emails.includes(normal))

/** Where anybody may have a mailbox. */
const freeMail: ReadonlySet<string> = new Set([
  'mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'internet.ru', 'xmail.ru', 'yandex.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'ya.ru', 'narod.ru', 'rambler.ru', 'lenta.ru', 'autorambler.ru', 'ro.ru', 'myrambler.ru', 'vk.com',
  'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'live.ru', 'msn.com', 'icloud.com', 'me.com', 'mac.com', 'yahoo.com', 'aol.com', 'proton.me', 'protonmail.com', 'gmx.com', 'gmx.de', 'web.de',
  'tut.by', 'mail.by', 'mail.kz', 'ukr.net', 'i.ua', 'meta.ua', 'qq.com', '163.com',
])
/** Domains that stand in examples and belong to no company (RFC 2606). */
const sampleDomain = /(?:^|\.)example\.(?:com|net|org)$|\.(?:test|invalid)$/
/** A mailbox of the whole company. */
const sharedBox = /^(?:info|office|ofis|sales?|sale\d*|mail|post|pochta|zakaz|zakazy|order|orders|contact|contacts|hello|support|help|service|buh|buhgalter(?:ia|iya)?|account(?:ing|s)?|hr|job|kadry|reception|priem(?:naya)?|secretary|sekretar|admin|director|marketing|reklama|manager|zakupki|snab|tender|torg|opt|shop)\d*$/

const mailHint = (address: string): Hint => {
  const [name = '', domain = ''] = address.split('@')
  if (freeMail.has(domain)) return 'free-mail'
  if (sharedBox.test(name)) return 'shared-mail'
  return sampleDomain.test(domain) ? 'none' : 'corporate-mail'
}

const owned: Readonly<Record<Hint, Owner | null>> = {
  mobile: 'contact', 'has-extension': 'contact', 'corporate-mail': 'contact', 'free-mail': 'contact', 'no-contact': 'contact', none: 'contact',
  city: 'company', 'toll-free': 'company', registry: 'company', 'used-by-several': 'company', 'shared-mail': 'company', 'no-company': 'company',
  'already-there': null, 'at-company': null, wrong: null,
}

/** Where there is only one of the two, it gets what the other one would have got. */
const proposed = (means: Means, hint: Hint, owners: Owners): MeansTo => {
  const wanted = means.kind === 'web' ? 'company' : owned[hint]
  if (wanted === null || hint === 'already-there' || hint === 'at-company') return 'none'
  const other = wanted === 'contact' ? 'company' : 'contact'
  return owners[wanted] !== undefined ? wanted : owners[other] !== undefined ? other : 'none'
}
