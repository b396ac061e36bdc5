import type { Problem } from '../../server/contract/problem.ts'

/**
 * What to do about it: `offline`, `timeout`, `server` – try again; `session` – open the page anew;
 * `refused` – the person must change something, `problem` says what; `unexpected` – an answer we do not know.
 */
export type ApiErrorKind = 'offline' | 'timeout' | 'server' | 'session' | 'refused' | 'unexpected' | 'aborted'

/** The only error that leaves `client/api`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly kind: ApiErrorKind
  readonly problem: Problem | null
  constructor(kind: ApiErrorKind, problem: Problem | null = null, options?: ErrorOptions) {
    super(problem?.title ?? kind, options)
    this.kind = kind
    this.problem = problem
  }
}

/** May the same request succeed a moment later? */
export const isPassing = (error: ApiError): boolean => error.kind === 'offline' || error.kind === 'timeout' || error.kind === 'server'

/** Anything that was thrown, as an ApiError. */
export const asApiError = (error: unknown): ApiError => (error instanceof ApiError ? error : new ApiError('unexpected', null, { cause: error }))

/** A promise that somebody will look at later: until then its failure is not an unhandled one. */
export const lookedAtLater = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => null)
  return promise
}
