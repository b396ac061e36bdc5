import type { User } from '../rows.ts'
import type { PortalState } from '../state.ts'
import type { Cause, World } from '../world/world.ts'
import type { Params } from './body.ts'
import type { PortalCore } from './portal-core.ts'

/** What a method may use: the portal, and the person whose token was sent. */
export interface CallContext {
  readonly portal: PortalCore
  readonly world: World
  readonly state: PortalState
  readonly user: User
  readonly isAdmin: boolean
  readonly cause: Cause
  /** In strict mode refuses the call loudly and notes it; otherwise nothing happens. */
  strictFail(message: string): void
}

/** What a method answers; list methods add `total` and, while there is more, `next`. */
export interface Answer {
  result: unknown
  next?: number
  total?: number
}

/**
 * Kinds of parameters, `!` at the end for a required one: string, integer, number, boolean, flag (Y/N), object, array, any, url, datetime;
 * several are joined by `|`.
 */
export type ParamKind = string

export interface Method {
  /** Any one of these is enough; `basic` needs none. */
  scope: readonly string[]
  /** Page of the official documentation the method was written from. */
  page: string
  params: Readonly<Record<string, ParamKind>>
  adminOnly?: boolean
  /** Parameters are read by their position, not by name (settings/how-to-call-rest-api/data-encoding.md). */
  positional?: readonly string[]
  /** Parameter names may be written in any case. */
  anyCase?: boolean
  /** Other parameters are part of the call's own data (event.test). */
  freeParams?: boolean
  handle(params: Params, context: CallContext): Answer
}

export type Methods = Readonly<Record<string, Method>>

/** Reads the page number, cuts 50 rows, and says how many there are (settings/how-to-call-rest-api/list-methods-pecularities.md). */
export const pageOf = <Row>(rows: readonly Row[], start: unknown, show: (rows: Row[]) => unknown, size = 50): Answer => {
  const from = Number(start ?? 0)
  if (from === -1) return { result: show(rows.slice(0, size)) }
  const first = Number.isNaN(from) || from < 0 ? 0 : from
  const next = first + size
  return { result: show(rows.slice(first, next)), total: rows.length, ...(next < rows.length ? { next } : {}) }
}
