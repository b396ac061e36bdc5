/** How the store and the jobs look from http. Each function is one line of translation. */
import { Temporal } from 'temporal-polyfill'
import { leadId } from './domain/lead.ts'
import type { ActDesk, Clock, Memory, PortalNames, Tenants, Work } from './http/ports.ts'
import { languageOf } from './http/words.ts'
import { successStagesOf } from './jobs/portal-things.ts'
import type { Jobs } from './jobs/queue.ts'
import { tokensOfProof, type Proof } from './portal/prove.ts'
import { addAct } from './store/acts.ts'
import { installedAtOf } from './store/at-work.ts'
import type { Database } from './store/database.ts'
import { duplicateSearchesOf } from './store/duplicate-searches.ts'
import { incidentsOf, latestIncidents } from './store/incidents.ts'
import { journalOf, newestJournal, type JournalRow } from './store/journal.ts'
import { factsOf } from './store/portal-facts.ts'
import { takeoverOf } from './store/portal-work.ts'
import type { Portals } from './store/portals.ts'
import { regulationInForce, regulationVersion } from './store/regulations.ts'
import { countWatches, loadOf, openWatches, watchOf } from './store/watches.ts'

export const joinTenants = (portals: Portals, clock: Clock): Tenants<Proof> => ({
  find: async (memberId) => {
    const row = await portals.findPortal(memberId)
    return row === null ? null : { memberId, domain: row.domain, status: row.status, reason: row.statusReason, timeZone: row.timeZone }
  },
  eventKey: async (memberId) => {
    const known = await portals.applicationToken(memberId)
    return known === null ? null : { applicationToken: known.applicationToken, listening: known.status !== 'uninstalled' }
  },
  admit: async (proof, claim) => {
    const before = await portals.findPortal(proof.memberId)
    // The language and time zone of a set-up portal come from its settings, not from whoever opens a page.
    const first = before === null ? { language: languageOf(proof.languageId), ...(proof.user.timeZone === '' ? {} : { timeZone: proof.user.timeZone }) } : {}
    await portals.admitPortal({
      memberId: proof.memberId, domain: proof.domain, clientEndpoint: proof.clientEndpoint, serverEndpoint: proof.serverEndpoint,
      scope: proof.scope, licenseFamily: proof.licenseFamily, finished: proof.installed, ...first,
    }, clock.now())
    const tokens = tokensOfProof(proof, claim, clock)
    if (tokens !== null) await portals.saveToken({ ...tokens, isAdmin: true })
    if (claim.applicationToken !== null) await portals.saveApplicationToken(proof.memberId, claim.applicationToken)
  },
  follow: proof => portals.movePortal(proof.memberId, { domain: proof.domain, clientEndpoint: proof.clientEndpoint }),
})

export const joinWork = (jobs: Jobs): Work => ({
  requestReview: (memberId, subjects, options) => jobs.requestReview(memberId, subjects, options),
  reviewNow: (memberId, id) => jobs.reviewNow(memberId, id),
  installLater: memberId => jobs.installPortal(memberId),
  takeOver: memberId => jobs.takeOver(memberId),
  retire: (memberId, how) => jobs.retirePortal(memberId, how),
})

export const joinActs = (database: Database): ActDesk => ({
  add: (memberId, id, act, mark) => database.transaction(tx => addAct(tx, memberId, id, act, mark ?? null)),
})

export const joinMemory = ({ db }: Database, now: () => Temporal.Instant): Memory => ({
  regulation: async (memberId, version) => {
    if (version === undefined) return regulationInForce(db, memberId)
    const regulation = await regulationVersion(db, memberId, version)
    return regulation === null ? null : { version, regulation }
  },
  watch: (memberId, id) => watchOf(db, memberId, id),
  journal: async (memberId, id, limit) => (await journalOf(db, memberId, id, limit)).map(toLine),
  incidents: (memberId, id) => incidentsOf(db, memberId, id),
  company: async (memberId) => {
    const facts = (await factsOf(db, memberId))?.facts
    return facts === undefined ? null : { people: facts.people, calendar: facts.calendar, successStageIds: successStagesOf(facts) }
  },
  load: memberId => loadOf(db, memberId, now()),
  duplicates: async (memberId, id) => (await duplicateSearchesOf(db, memberId, [id])).get(id)?.found ?? [],
  names: async (memberId): Promise<PortalNames> => {
    const facts = (await factsOf(db, memberId))?.facts
    return { people: Object.fromEntries(facts?.people.map(({ id, name }) => [id, name]) ?? []), stages: facts?.stageNames ?? {}, timeZone: facts?.timeZone ?? 'Europe/Moscow' }
  },
  takeover: async (memberId) => {
    const installedAt = await installedAtOf(db, memberId)
    return { state: await takeoverOf(db, memberId), installedAt: installedAt === null ? null : Temporal.Instant.from(installedAt) }
  },
  overview: async (memberId, limits) => {
    const [watches, counts, incidents, journal] = await Promise.all([
      openWatches(db, memberId, limits.watches), countWatches(db, memberId, now()), latestIncidents(db, memberId, limits.rows), newestJournal(db, memberId, limits.rows),
    ])
    return { watches, ...counts, incidents, journal: journal.map(toLine) }
  },
})

const toLine = ({ id, at, leadId: lead, regulationVersion, command, outcome, outcomeDetail }: JournalRow) => ({ id: String(id), at, leadId: leadId(lead), regulationVersion, command, outcome, outcomeDetail })
