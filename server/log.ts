/** The log: JSON lines on standard output, one wide line per hop, tokens never in it. */
import { pino, type DestinationStream, type Logger } from 'pino'

export type Log = Logger

const hidden = '[redacted]'

const secretNames = [
  'AUTH_ID', 'REFRESH_ID', 'APPLICATION_TOKEN', 'APP_SID', 'access_token', 'refresh_token', 'application_token', 'client_secret',
  'accessToken', 'refreshToken', 'applicationToken', 'clientSecret', 'secretKey', 'SECRET_KEY', 'B24_CLIENT_SECRET', 'DATABASE_URL', 'databaseUrl',
  'authorization', 'Authorization', 'cookie', 'password', 'auth', 'token', 'code_verifier',
]
const names = secretNames.join('|')

/** Every way in which a secret may stand in a line: JSON (also as text inside JSON), forms, headers, addresses, and the tokens themselves. */
const scrubs: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(\\\\*"(?:${names})\\\\*"\\s*:\\s*)(\\\\*")(?:[^"\\\\]|\\\\+[^"\\\\])*?(\\\\*")`, 'gi'), `$1$2${hidden}$3`],
  [new RegExp(`((?:^|[?&"\\s[]|%5B)(?:${names})(?:\\]|%5D)?=)[^&\\s"\\\\]+`, 'gi'), `$1${hidden}`],
  [/(Bearer\s+)[\w.~+/=-]+/gi, `$1${hidden}`],
  [/\blr1\.[\w.-]+/g, hidden],
  [/(\/\/[^/:@\s"]+:)[^@/\s"]+@/g, `$1${hidden}@`],
  // Access and refresh tokens of Bitrix24 are 70 hexadecimal digits; nothing else that we log is so long.
  [/\b[0-9a-f]{60,}\b/gi, hidden],
]

/** The line with everything secret taken out. `values` are secrets known from the start, e.g. the application key. */
export const scrub = (line: string, values: readonly string[] = []): string => {
  const shorn = values.reduce((text, value) => text.replaceAll(value, hidden), line)
  return scrubs.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), shorn)
}

export interface LogOptions {
  readonly level: string
  /** Secrets known from the start. */
  readonly secrets?: readonly string[]
  /** Standard output if not given. */
  readonly write?: (line: string) => void
}

export const createLog = ({ level, secrets = [], write = line => void process.stdout.write(line) }: LogOptions): Log => {
  const known = secrets.filter(secret => secret.length >= 8)
  const destination: DestinationStream = { write: line => write(scrub(line, known)) }
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    redact: { paths: secretNames.flatMap(name => [name, `*.${name}`]), censor: hidden },
    serializers: { error: describeError, err: describeError },
  }, destination)
}

/** An error with its causes; only what we name ourselves, so that no request or answer hangs on it. */
const describeError = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error
  const { name, message, stack } = error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const method = 'method' in error && typeof error.method === 'string' ? { method: error.method } : {}
  const cause = error.cause !== undefined && depth < 4 ? { cause: describeError(error.cause, depth + 1) } : {}
  return { name, message, ...code, ...method, ...cause, ...(depth === 0 ? { stack } : {}) }
}
