/** The parts of a regulation that most companies leave as they are. */
import type { Regulation } from '../regulation.ts'
import type { Pool } from './intake.ts'

/** All that a regulation without rules of its own for these parts means; presets change single ones. */
export const ordinary = {
  roles: { directorId: null, deputies: {}, controllerId: null },
  channels: [],
  intake: { titleTemplate: null, interestField: null, sourceRequired: false, interests: 'ignore-rule', duplicates: { search: true, tellResponsible: true }, defaultCountry: 'RU' },
  contact: { reachedCallSeconds: 20, declaredCallNeedsComment: true },
  attempts: { limit: 3, reason: null, wrongNumberReason: null, retryAfter: 'PT2H' },
  waiting: { allowed: true, maxDays: 31, shareLimit: 0.3 },
  rejection: { reasonRequired: true, controlledShare: 0, returnTo: 'first-step' },
  incidents: { misses: 3, windowDays: 30, ladder: [] },
  quietHours: null,
  digest: null,
  conversion: { allowed: true, fromStepId: null, dealCategoryId: null, dealStageId: null, dealResponsibleId: null, personGetsCompany: false, undoDays: 3 },
  requisites: { checked: true, countries: ['RU'], checkAgainDays: 90 },
  calendar: { kind: 'portal' },
  calendars: [],
} as const satisfies Partial<Regulation>

export const ordinaryPool = { order: 'in-turn', weights: {}, limits: { open: null, perDay: null }, regions: {} } as const satisfies Partial<Pool>

export const ordinaryDistribution = {
  keepPoolMember: true,
  keepCaller: true,
  keepClientResponsible: true,
  takeWithin: null,
  takeRounds: 3,
  poolMayTake: true,
  regionField: null,
} as const satisfies Partial<Regulation['distribution']>
