import { z } from 'zod'

/**
 * A refusal as RFC 9457 `application/problem+json`. `title` and `detail` are sentences for the person who asked,
 * in his language; `type` is a stable name for programs, e.g. `/problems/card-invalid`.
 */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** What is wrong with which field; `field` is the question's code, or the key of the request. */
  fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof Problem>
