/** An answer of the portal that is an error: HTTP status, `error` and `error_description`. */
export class RestError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, description: string, status = 400) {
    super(description)
    this.name = 'RestError'
    this.code = code
    this.status = status
  }
}

/** Refusals that several pages document alike (_includes/system-errors.md). */
export const accessDenied = (description = 'Access denied!', status = 403): RestError => new RestError('ACCESS_DENIED', description, status)
export const notFound = (description = 'Not found', status = 400): RestError => new RestError('NOT_FOUND', description, status)
export const missingArgument = (name: string): RestError => new RestError('ERROR_ARGUMENT', `Argument '${name}' is null or empty`, 400)
