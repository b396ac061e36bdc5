/** What the environment sets. The only reader of `process.env`. */
import { z } from 'zod'

export type Role = 'all' | 'web' | 'worker'

export interface Config {
  readonly port: number
  /** Public address of this application without a slash at the end, e.g. `https://leadrail.example.com`. */
  readonly appUrl: string
  /** PostgreSQL; null = embedded PGlite in `dataDir`, one process only. */
  readonly databaseUrl: string | null
  readonly dataDir: string
  /** 32 bytes each. The first one encrypts, the others still open what they sealed. */
  readonly secretKeys: readonly Uint8Array[]
  readonly clientId: string
  readonly clientSecret: string
  /** Origins of the authorisation servers that may be asked, e.g. `https://oauth.bitrix.info`. */
  readonly authServers: readonly string[]
  /** Portals over http and on loopback addresses: for development and tests only. */
  readonly allowLocalPortals: boolean
  readonly role: Role
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One sentence per variable; never a value of it. */
  | { readonly ok: false; readonly problems: readonly string[] }

const oldestNode = [22, 18] as const

/** Null when this Node.js will do, else one sentence on what to do. `version` is `process.versions.node`. */
export const nodeVersionProblem = (version: string): string | null => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return null
  return `Leadrail needs Node.js ${oldestNode.join('.')} or newer, this is ${version}: start it with \`npm start\`, which takes the Node.js installed by \`npm ci\`, or install a newer one.`
}

/** Reads all variables and names every missing or wrong one at once. */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): ConfigResult => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const parsed = Environment.safeParse(given)
  const read = parsed.success ? parsed.data : null
  const problems = parsed.success ? [] : parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
  problems.push(...contradictions(given))
  if (read === null || problems.length > 0) return { ok: false, problems: [...new Set(problems)].sort() }
  const config: Config = {
    port: read.PORT,
    appUrl: read.APP_URL,
    databaseUrl: read.DATABASE_URL ?? null,
    dataDir: read.DATA_DIR,
    secretKeys: read.SECRET_KEY,
    clientId: read.B24_CLIENT_ID,
    clientSecret: read.B24_CLIENT_SECRET,
    authServers: read.B24_AUTH_SERVERS,
    allowLocalPortals: read.B24_ALLOW_LOCAL_PORTALS,
    role: read.ROLE,
    logLevel: read.LOG_LEVEL,
  }
  return { ok: true, config: Object.freeze(config) }
}

const contradictions = (env: Record<string, string | undefined>): string[] => {
  const local = env['B24_ALLOW_LOCAL_PORTALS'] === '1'
  const addresses = ['APP_URL', 'B24_AUTH_SERVERS'].filter(name => env[name]?.split(',').some(part => part.trim().startsWith('http://')))
  return [
    ...(local ? [] : addresses.map(name => `${name}: must be https (http is for B24_ALLOW_LOCAL_PORTALS=1 only)`)),
    ...(local && env['NODE_ENV'] === 'production' ? ['B24_ALLOW_LOCAL_PORTALS: is for development, refused when NODE_ENV=production'] : []),
    ...(env['DATABASE_URL'] === undefined && (env['ROLE'] ?? 'all') !== 'all'
      ? ['ROLE: web and worker share a PostgreSQL, so set DATABASE_URL (the embedded database serves one process only)']
      : []),
  ]
}

/** The 32 bytes written as base64 (also its url form) or hex; null when it is neither. */
const keyBytes = (text: string): Uint8Array | null => {
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'))
  const bytes = Buffer.from(text, 'base64')
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) && bytes.length === 32 ? new Uint8Array(bytes) : null
}

const list = (text: string) => text.split(',').map(part => part.trim()).filter(part => part !== '')

const missing = (what: string) => ({ error: `is missing: ${what}` })

const HttpAddress = z.string(missing('the public address of this application, e.g. https://leadrail.example.com')).transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '') return url.origin
  context.addIssue('must be an address without a path, e.g. https://leadrail.example.com')
  return z.NEVER
})

const SecretKeys = z.string(missing('32 random bytes, e.g. from `openssl rand -base64 32`')).transform((text, context) => {
  const keys = list(text).map(keyBytes)
  if (keys.length > 0 && keys.every(key => key !== null)) return keys
  context.addIssue('each key must be 32 bytes in base64 or hex; several are divided by commas, the first one encrypts')
  return z.NEVER
})

const AuthServers = z.string().default('https://oauth.bitrix.info,https://oauth.bitrix24.tech').transform((text, context) => {
  const origins = list(text).map(part => (URL.canParse(part) && /^https?:\/\/[^/]+\/?$/.test(part) ? new URL(part).origin : null))
  if (origins.length > 0 && origins.every(origin => origin !== null)) return origins
  context.addIssue('must be addresses divided by commas, e.g. https://oauth.bitrix.info')
  return z.NEVER
})

const Environment = z.object({
  PORT: z.string().default('3000').refine(text => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, { error: 'must be a port number from 0 to 65535' }).transform(Number),
  APP_URL: HttpAddress,
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, { error: 'must begin with postgres://' }).optional(),
  DATA_DIR: z.string().default('./data'),
  SECRET_KEY: SecretKeys,
  B24_CLIENT_ID: z.string(missing('the application id from its card in Bitrix24')),
  B24_CLIENT_SECRET: z.string(missing('the application key from its card in Bitrix24')),
  B24_AUTH_SERVERS: AuthServers,
  B24_ALLOW_LOCAL_PORTALS: z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0').transform(value => value === '1'),
  ROLE: z.enum(['all', 'web', 'worker'], { error: 'must be all, web or worker' }).default('all'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'must be fatal, error, warn, info, debug, trace or silent' }).default('info'),
})
