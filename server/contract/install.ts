import { z } from 'zod'
import { Language } from './session.ts'

/** `POST /api/install` runs the set-up and answers with this; `GET /api/install` only checks. */
export const InstallReport = z.object({
  /** Everything that must hold does. */
  ok: z.boolean(),
  checks: z.array(z.object({
    id: z.string(),
    ok: z.boolean(),
    title: z.string(),
    /** What to do, when it is not so. */
    help: z.string().nullable(),
  })),
  /** What has been set up, one sentence each. */
  done: z.array(z.string()),
  lang: Language,
})
export type InstallReport = z.infer<typeof InstallReport>
