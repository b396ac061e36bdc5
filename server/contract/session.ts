import { z } from 'zod'

/** The languages our pages speak. */
export const Language = z.enum(['ru', 'en'])
export type Language = z.infer<typeof Language>

/** `POST /api/session`: the opening user's own access token, to be proved before anything is believed. */
export const SessionRequest = z.object({
  domain: z.string().min(1).max(253),
  memberId: z.string().regex(/^[A-Za-z0-9]{8,64}$/),
  accessToken: z.string().min(8).max(512),
  /** Language of the opening user's interface; `ru` speaks Russian, everything else English. */
  lang: z.string().max(8).optional(),
})
export type SessionRequest = z.infer<typeof SessionRequest>

export const SessionUser = z.object({
  id: z.int(),
  name: z.string(),
  isAdmin: z.boolean(),
  /** IANA name, e.g. `Europe/Moscow`; the portal's where his profile has none. */
  timeZone: z.string(),
})
export type SessionUser = z.infer<typeof SessionUser>

/** `token` goes into `Authorization: Bearer …` until `expiresAt` (ISO 8601 instant). */
export const SessionAnswer = z.object({ token: z.string(), expiresAt: z.string(), user: SessionUser })
export type SessionAnswer = z.infer<typeof SessionAnswer>
