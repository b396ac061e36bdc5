/** Session tokens: sealed, so that the opening user's access token can travel inside and nothing has to be stored. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'

export const sessionMinutes = 30
const maxTokenLength = 4096

/** Who asks, as proved at the authorisation server when the session was opened. */
export const Session = z.object({
  memberId: z.string(),
  domain: z.string(),
  userId: z.int(),
  name: z.string(),
  isAdmin: z.boolean(),
  timeZone: z.string(),
  language: z.enum(['ru', 'en']),
  /** The opening user's own: reads and writes of the API happen with his rights. */
  accessToken: z.string(),
  /** Epoch milliseconds of real time. */
  expiresAt: z.int(),
})
export type Session = z.infer<typeof Session>

export interface SessionSeal {
  /** Opaque text, `lr1.<key id>.<sealed>`. */
  seal(session: Session): string
  /** Null when it is forged, damaged, of a key no longer known, or over. `now` in epoch milliseconds. */
  open(token: string, now: number): Session | null
}

/** AES-256-GCM under a key derived from each secret key; the first one seals, all of them open. */
export const openSessionSeal = (secretKeys: readonly Uint8Array[]): SessionSeal => {
  const keys = secretKeys.map((secret) => {
    const derived = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), 'leadrail session v1', 36))
    return { id: derived.subarray(32).toString('base64url'), key: derived.subarray(0, 32) }
  })
  const first = keys[0]
  if (first === undefined) throw new Error('a session seal needs a key')

  return {
    seal(session) {
      const nonce = randomBytes(12)
      const head = `lr1.${first.id}`
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(Buffer.from(head))
      const body = Buffer.concat([nonce, cipher.update(JSON.stringify(session), 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${head}.${body.toString('base64url')}`
    },
    open(token, now) {
      if (token.length > maxTokenLength) return null
      const [version, id, text, ...rest] = token.split('.')
      const known = keys.find(key => key.id === id)
      if (version !== 'lr1' || known === undefined || text === undefined || rest.length > 0) return null
      const json = unseal(known.key, Buffer.from(text, 'base64url'), `${version}.${known.id}`)
      const session = json === null ? null : Session.safeParse(JSON.parse(json))
      return session?.success === true && session.data.expiresAt > now ? session.data : null
    },
  }
}

const unseal = (key: Buffer, body: Buffer, head: string): string | null => {
  if (body.length < 29) return null
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, 12)).setAAD(Buffer.from(head)).setAuthTag(body.subarray(-16))
  const start = decipher.update(body.subarray(12, -16))
  try {
    return Buffer.concat([start, decipher.final()]).toString('utf8')
  } catch {
    // The only way in which node:crypto says that the seal is broken.
    return null
  }
}
