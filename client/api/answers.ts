import type { ConversionState, ConversionView, GapsView, LastConversion, UndoView } from '../../server/contract/conversion.ts'
import type { InstallReport } from '../../server/contract/install.ts'
import type { LeadView } from '../../server/contract/lead-view.ts'
import type { Overview } from '../../server/contract/overview.ts'
import type { Problem } from '../../server/contract/problem.ts'
import type { Takeover } from '../../server/contract/takeover.ts'
import type { WhyView } from '../../server/contract/receipt.ts'
import type { SessionAnswer } from '../../server/contract/session.ts'

/**
 * Cheap checks of our own server's answers: enough to tell them from a proxy's page or an older server's answer.
 * The server has checked the whole by its schemas; those would weigh 22 kB here.
 */
type Shape = Readonly<Record<string, unknown>>
const has = (value: unknown, test: (shape: Shape) => boolean): boolean => typeof value === 'object' && value !== null && test(value as Shape)

export const isLeadView = (value: unknown): value is LeadView =>
  has(value, view => typeof view.leadId === 'number' && typeof view.status === 'string' && typeof view.now === 'string' && Array.isArray(view.journal) && Array.isArray(view.incidents))

export const isConversionView = (value: unknown): value is ConversionView =>
  has(value, view => typeof view.seen === 'string' && [view.variants, view.objects, view.means, view.lacks].every(Array.isArray) && has(view.deal, () => true) && has(view.products, () => true))

export const isConversionState = (value: unknown): value is ConversionState =>
  has(value, state => typeof state.status === 'string' && typeof state.sentence === 'string' && Array.isArray(state.steps) && Array.isArray(state.links))

export const isLastConversion = (value: unknown): value is LastConversion => has(value, last => last.conversion === null || isConversionState(last.conversion))

export const isUndoView = (value: unknown): value is UndoView => has(value, view => Array.isArray(view.removed) && Array.isArray(view.kept))

export const isOverview = (value: unknown): value is Overview =>
  has(value, view => typeof view.now === 'string' && Array.isArray(view.leads) && Array.isArray(view.incidents) && Array.isArray(view.journal) && has(view.watches, () => true))

export const isInstallReport = (value: unknown): value is InstallReport =>
  has(value, report => typeof report.ok === 'boolean' && Array.isArray(report.checks) && Array.isArray(report.done))

export const isTakeover = (value: unknown): value is Takeover =>
  has(value, answer => typeof answer.state === 'string' && (answer.leads === null || typeof answer.leads === 'number'))

export const isSessionAnswer = (value: unknown): value is SessionAnswer =>
  has(value, session => typeof session.token === 'string' && typeof session.expiresAt === 'string' && has(session.user, user => typeof user.id === 'number'))

export const isWhyView = (value: unknown): value is WhyView =>
  has(value, why => typeof why.leadId === 'number' && Array.isArray(why.receipts))

export const isGapsView = (value: unknown): value is GapsView => has(value, view => Array.isArray(view.gaps) && Array.isArray(view.links))

export const isProblem = (value: unknown): value is Problem =>
  has(value, problem => typeof problem.title === 'string' && typeof problem.status === 'number' && typeof problem.detail === 'string')
