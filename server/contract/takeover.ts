import { z } from 'zod'

/** `GET /api/takeover`: the leads that were open before the installation. `POST` takes them under control, and answers the same. */
export const Takeover = z.object({
  /** `open`: nobody has decided yet. */
  state: z.enum(['open', 'under-way', 'done']),
  /** Open leads on the regulation's stages that were created before the installation; null once it was decided, or where that cannot be told. */
  leads: z.int().nullable(),
})
export type Takeover = z.infer<typeof Takeover>
