/**
 * Who may be the same client, for all leads of a look at once: by every phone and address among leads, contacts and companies
 * (crm-duplicate-find-by-comm.md), by the taxpayer number in requisites (crm-requisite-list.md), and by a company's name as a
 * hint. One batch request, and one more when something was found.
 */
import { createHash } from 'node:crypto'
import { type Duplicate, type FieldName, type Lead, type LeadId, userId } from '../domain/lead.ts'
import { type Reachable, reachableBy } from './contact-data.ts'
import { PortalError } from './error.ts'
import { itemsIn, readOn } from './lists.ts'
import { isMissing } from './missing.ts'
import type { DuplicateSearch } from './needs.ts'
import type { Portal } from './portal.ts'
import { type Call, chunksOf, idOf, leadType, type Outcome, type Row, rowsOf, rowsUnder, textOf, uniqueOf } from './rows.ts'
import { isRecord } from './transport.ts'

type Kind = Duplicate['kind']
/** What is compared, e.g. `phone +79000000001`. */
export type Trait = `${Duplicate['by'][number]} ${string}`

/** entityTypeId of each (api-reference/crm/universal/index.md). */
const types: Readonly<Record<Kind, number>> = { lead: leadType, contact: 3, company: 4 }
const kinds = ['lead', 'contact', 'company'] as const

/** findbycomm takes 20 values and stops at 20 finds; every lead finds itself, so leads are asked about by fewer values. */
const valuesPerCall: Readonly<Record<Kind, number>> = { lead: 10, contact: 20, company: 20 }
const mostFinds = 20

type Searched = Pick<Lead, 'id' | 'title' | 'companyTitle' | 'contact' | 'fields' | 'responsibleId' | 'semantic' | 'clients'>

/** Digest of all that is searched for: while it stays the same the lead need not be searched for again. */
export const searchKey = (lead: Searched, { country, innField }: Pick<DuplicateSearch, 'country' | 'innField'>): string =>
  createHash('sha256').update([...traitsOf(lead, country, innField)].sort().join('\n')).digest('base64url')

/** By lead; one that could not be searched for now is left out. Leads of the same look are compared without a request. */
export const findDuplicates = async (portal: Portal, looked: readonly Searched[], { country, innField, known }: DuplicateSearch): Promise<ReadonlyMap<LeadId, readonly Duplicate[]>> => {
  const traits = new Map(looked.map(lead => [lead.id, traitsOf(lead, country, innField)]))
  const found = new Map<LeadId, readonly Duplicate[]>()
  const open: Searched[] = []
  const old = new Map<LeadId, readonly Duplicate[]>()
  for (const lead of looked) {
    const earlier = known.get(lead.id)
    if (earlier !== undefined && earlier.key === searchKey(lead, { country, innField })) {
      found.set(lead.id, earlier.found)
      if (earlier.isOld === true && earlier.found.length > 0 && lead.semantic === 'processing') old.set(lead.id, earlier.found)
    }
    else if (traits.get(lead.id)?.size === 0) found.set(lead.id, [])
    else if (lead.semantic === 'processing') open.push(lead)
  }
  if (open.length + old.size === 0) return found
  const wanted = uniqueOf(open.flatMap(({ id }) => [...traits.get(id) ?? []]))
  const search = await searchPortal(portal, wanted)
  for (const { kind, id } of [...old.values()].flat()) search.ids[kind].add(id)
  const own = new Map(looked.map(lead => [lead.id, toOwn(lead)]))
  const strangers = await readStrangers(portal, search, new Set(looked.map(({ id }) => id)), country)
  if (strangers === null) return found
  for (const [id, earlier] of old) found.set(id, earlier.flatMap(duplicate => asItIsNow(duplicate, own, strangers)))
  for (const lead of open) {
    const mine = traits.get(lead.id) ?? new Set<Trait>()
    if ([...mine].some(trait => search.unsure.has(trait))) continue
    const bound = new Set((lead.clients ?? []).map(({ kind, id }) => `${kind} ${id}`))
    const neighbours = [...own.values()].filter(({ id }) => id !== lead.id).map(row => ({ ...row, traits: traits.get(row.id as LeadId) ?? new Set<Trait>() }))
    const same = [...neighbours, ...strangers].flatMap(({ traits: theirs, ...row }): Duplicate[] => {
      const by = uniqueOf([...mine].filter(trait => theirs.has(trait)).map(trait => trait.slice(0, trait.indexOf(' ')) as Duplicate['by'][number]))
      return by.length === 0 || bound.has(`${row.kind} ${row.id}`) ? [] : [{ ...row, by }]
    })
    found.set(lead.id, same.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.id - b.id))
  }
  return found
}

/** Nothing for what is not there any more. */
const asItIsNow = ({ kind, id, by }: Duplicate, own: ReadonlyMap<LeadId, ReturnType<typeof toOwn>>, strangers: readonly Stranger[]): readonly Duplicate[] => {
  const row = (kind === 'lead' ? own.get(id as LeadId) : undefined) ?? strangers.find(stranger => stranger.kind === kind && stranger.id === id)
  return row === undefined ? [] : [{ kind, id, title: row.title, responsibleId: row.responsibleId, open: row.open, by }]
}

export interface ClientSearch {
  readonly ids: Readonly<Record<'contact' | 'company', readonly number[]>>
  /** What a whole row (`*`) of one of them shares with the lead. */
  shared(kind: 'contact' | 'company', row: Row): readonly Trait[]
}

export interface ClientAsk extends Pick<DuplicateSearch, 'country' | 'innField'> {
  /** Taxpayer number to search by instead of the lead's, without blanks. */
  readonly inn?: string
}

/** Contacts and companies that may be the client of one lead, in one request. Rejects when somebody may have been missed. */
export const searchClients = async (portal: Portal, lead: Pick<Searched, 'companyTitle' | 'contact' | 'fields'>, { country, innField, inn }: ClientAsk): Promise<ClientSearch> => {
  const mine: ReadonlySet<Trait> = inn === undefined ? traitsOf(lead, country, innField) : new Set<Trait>([...traitsOf(lead, country, null), `inn ${inn}`])
  const search = await searchPortal(portal, [...mine], ['contact', 'company'])
  if (search.unsure.size > 0) throw new PortalError({ code: 'unavailable', method: 'crm.duplicate.findbycomm', bitrixMessage: 'the search for clients could not be finished' })
  return {
    ids: { contact: [...search.ids.contact], company: [...search.ids.company] },
    shared: (kind, row) => {
      const theirs = toStranger(kind, row, search.inns, country)?.traits
      return theirs === undefined ? [] : [...mine].filter(trait => theirs.has(trait))
    },
  }
}

const traitsOf = (lead: Pick<Searched, 'companyTitle' | 'contact' | 'fields'>, country: string, innField: FieldName | null): ReadonlySet<Trait> => {
  const inn = innField === null ? '' : String(lead.fields[innField] ?? '').replace(/\s/g, '')
  return new Set<Trait>([
    ...reachTraits(reachableBy(lead.contact, country)),
    ...(/^(?:\d{10}|\d{12})$/.test(inn) ? [`inn ${inn}` as const] : []),
    ...nameTraits(lead.companyTitle),
  ])
}

const reachTraits = ({ phones, emails }: Reachable): readonly Trait[] => [...phones.map(phone => `phone ${phone}` as const), ...emails.map(email => `email ${email}` as const)]

const nameTraits = (title: string): readonly Trait[] => (title.trim() === '' ? [] : [`name ${title.trim()}`])

const toOwn = (lead: Searched) => ({ kind: 'lead' as const, id: lead.id as number, title: lead.title, responsibleId: lead.responsibleId, open: lead.semantic === 'processing' })

interface Search {
  readonly ids: Readonly<Record<Kind, Set<number>>>
  /** Taxpayer numbers of what was found by them. */
  readonly inns: ReadonlyMap<string, ReadonlySet<Trait>>
  /** Traits nobody could ask about now. */
  readonly unsure: ReadonlySet<Trait>
}

interface Question {
  readonly call: Call
  readonly traits: readonly Trait[]
  readonly kind: Kind | null
}

const searchPortal = async (portal: Portal, wanted: readonly Trait[], among: readonly Kind[] = kinds): Promise<Search> => {
  const valuesOf = (by: string) => wanted.filter(trait => trait.startsWith(`${by} `))
  const first = among.flatMap(kind => [...byComm(kind, 'PHONE', valuesOf('phone'), valuesPerCall[kind]), ...byComm(kind, 'EMAIL', valuesOf('email'), valuesPerCall[kind])])
  const further = [
    ...chunksOf(valuesOf('inn'), 50).map((traits): Question => ({ call: byInn(traits.map(valueOf)), traits, kind: null })),
    ...chunksOf(valuesOf('name'), 50).map((traits): Question => ({ call: byName(traits.map(valueOf)), traits, kind: 'company' })),
  ]
  const ids: Record<Kind, Set<number>> = { lead: new Set(), contact: new Set(), company: new Set() }
  const inns = new Map<string, Set<Trait>>()
  const unsure = new Set<Trait>()
  const ask = async (questions: readonly Question[]): Promise<readonly Question[]> => {
    const outcomes = questions.length === 0 ? [] : await askWhole(portal, questions.map(({ call }) => call))
    return questions.flatMap(question => read(question, outcomes[questions.indexOf(question)], { ids, inns, unsure }))
  }
  await ask(await ask([...first, ...further]))
  return { ids, inns, unsure }
}

/** Finds by phone and address have no pages; lists are read to their end. */
const askWhole = async (portal: Portal, calls: readonly Call[]): Promise<readonly Outcome[]> => {
  const outcomes = await portal.callAll(calls, { kind: 'read' })
  const places = calls.flatMap(({ method }, index) => (method === 'crm.duplicate.findbycomm' ? [] : [index]))
  const whole = await readOn(portal, places.flatMap(place => calls[place] ?? []), places.flatMap(place => outcomes[place] ?? []), { rowsIn: itemsIn })
  return outcomes.map((outcome, index) => whole[places.indexOf(index)] ?? outcome)
}

/** Answers what has to be asked value by value, because the portal stopped at twenty. */
const read = ({ call, traits, kind }: Question, outcome: Outcome | undefined, into: { ids: Record<Kind, Set<number>>; inns: Map<string, Set<Trait>>; unsure: Set<Trait> }): readonly Question[] => {
  if (outcome?.ok !== true) {
    // Without requisites or without the right to read them there is nothing to wait for.
    if (outcome === undefined || !isMissing(outcome.error)) for (const trait of traits) into.unsure.add(trait)
    return []
  }
  if (call.method === 'crm.requisite.list') {
    for (const row of rowsOf(outcome.result)) {
      const owner = kinds.find(name => String(types[name]) === textOf(row['ENTITY_TYPE_ID']))
      const id = idOf(row['ENTITY_ID'])
      if (owner === undefined || id === null) continue
      into.ids[owner].add(id)
      const key = `${owner} ${id}`
      into.inns.set(key, (into.inns.get(key) ?? new Set()).add(`inn ${textOf(row['RQ_INN'])}`))
    }
    return []
  }
  if (kind === null) return []
  const finds = call.method === 'crm.item.list'
    ? itemsIn(outcome.result).flatMap(row => idOf(row['id']) ?? [])
    : (isRecord(outcome.result) ? rowsIds(outcome.result[kind.toUpperCase()]) : [])
  if (call.method !== 'crm.item.list' && finds.length >= mostFinds && traits.length > 1) return byComm(kind, String(call.params?.['type']) as 'PHONE' | 'EMAIL', traits, 1)
  for (const id of finds) into.ids[kind].add(id)
  return []
}

const rowsIds = (value: unknown): readonly number[] => (Array.isArray(value) ? value as readonly unknown[] : isRecord(value) ? Object.values(value) : []).flatMap(item => idOf(item) ?? [])

const valueOf = (trait: Trait): string => trait.slice(trait.indexOf(' ') + 1)

const byComm = (kind: Kind, type: 'PHONE' | 'EMAIL', traits: readonly Trait[], size: number): readonly Question[] =>
  chunksOf(traits, size).map(part => ({ call: { method: 'crm.duplicate.findbycomm', params: { type, values: part.map(valueOf), entity_type: kind.toUpperCase() } }, traits: part, kind }))

const byInn = (inns: readonly string[]): Call => ({
  method: 'crm.requisite.list',
  params: { filter: { '@RQ_INN': inns, '@ENTITY_TYPE_ID': [types.contact, types.company] }, select: ['ID', 'ENTITY_TYPE_ID', 'ENTITY_ID', 'RQ_INN'], order: { ID: 'asc' } },
})

const byName = (titles: readonly string[]): Call => ({ method: 'crm.item.list', params: { entityTypeId: types.company, filter: { '@title': titles }, select: ['id'], order: { id: 'ASC' } } })

interface Stranger extends Omit<Duplicate, 'by'> {
  readonly traits: ReadonlySet<Trait>
}

/** Null when they could not be read. `*`, because phones and addresses come only with it (crm-item-list.md). */
const readStrangers = async (portal: Portal, search: Search, ours: ReadonlySet<number>, country: string): Promise<readonly Stranger[] | null> => {
  const parts = kinds.flatMap(kind => chunksOf([...search.ids[kind]].filter(id => kind !== 'lead' || !ours.has(id)), 50).map(ids => ({ kind, ids })))
  if (parts.length === 0) return []
  const outcomes = await portal.callAll(parts.map(({ kind, ids }): Call =>
    ({ method: 'crm.item.list', params: { entityTypeId: types[kind], filter: { '@id': ids }, select: ['*'], order: { id: 'ASC' }, start: -1 } })), { kind: 'read' })
  if (outcomes.some(outcome => !outcome.ok && !isMissing(outcome.error))) return null
  return outcomes.flatMap((outcome, index) => (outcome.ok ? rowsUnder(outcome.result, 'items').flatMap(row => toStranger(parts[index]?.kind ?? 'lead', row, search.inns, country) ?? []) : []))
}

const toStranger = (kind: Kind, row: Row, inns: Search['inns'], country: string): Stranger | null => {
  const id = idOf(row['id'])
  if (id === null) return null
  const addresses = rowsOf(row['fm'])
  const valuesOf = (type: string) => addresses.flatMap(({ typeId, value }) => (typeId === type && typeof value === 'string' ? [value] : []))
  const responsible = idOf(row['assignedById'])
  return {
    kind,
    id,
    title: kind === 'contact' ? [row['name'], row['lastName']].map(textOf).filter(Boolean).join(' ') : textOf(row['title']),
    responsibleId: responsible === null ? null : userId(responsible),
    open: kind === 'lead' && textOf(row['stageSemanticId']) === 'P',
    traits: new Set<Trait>([
      ...reachTraits(reachableBy({ phones: valuesOf('PHONE'), emails: valuesOf('EMAIL') }, country)),
      ...inns.get(`${kind} ${id}`) ?? [],
      ...(kind === 'company' ? nameTraits(textOf(row['title'])) : kind === 'lead' ? nameTraits(textOf(row['companyTitle'])) : []),
    ]),
  }
}
