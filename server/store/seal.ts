/** Secrets at rest: AES-256-GCM under named keys, so that keys can be rotated. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

export interface Sealer {
  /** Encrypts under the first key. `context` (whose secret it is) must be the same at `open`. */
  seal(plaintext: string, context: string): string
  /** Decrypts under whichever key it was sealed with. Throws `SealError` when it was changed, moved or its key is not there. */
  open(sealed: string, context: string): string
  /** Is it sealed under an older key? */
  isStale(sealed: string): boolean
}

export class SealError extends Error {
  override readonly name = 'SealError'
}

/** `keys`: 32 bytes each; the first one seals, all of them open. */
export const createSealer = (keys: readonly Uint8Array[]): Sealer => {
  const byId = new Map(keys.map(key => [keyId(key), key]))
  const [current] = keys
  if (current === undefined || keys.some(key => key.length !== 32)) throw new SealError('keys of 32 bytes are needed')
  return {
    seal: (plaintext, context) => {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return ['s1', keyId(current), iv.toString('base64url'), cipher.getAuthTag().toString('base64url'), body.toString('base64url')].join('.')
    },
    open: (sealed, context) => {
      const [form, id = '', iv = '', tag = '', body = ''] = sealed.split('.')
      const key = byId.get(id)
      if (form !== 's1' || key === undefined) throw new SealError('sealed under a key that is not there')
      const bytes = Buffer.from(tag, 'base64url')
      if (bytes.length !== 16) throw new SealError('what was sealed has been changed')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url')).setAAD(Buffer.from(context)).setAuthTag(bytes)
        return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
      }
      catch (cause) {
        throw new SealError('what was sealed has been changed', { cause })
      }
    },
    isStale: sealed => sealed.split('.')[1] !== keyId(current),
  }
}

/** Names a key without telling anything of it. */
const keyId = (key: Uint8Array): string => createHash('sha256').update('leadrail key').update(key).digest('hex').slice(0, 8)
