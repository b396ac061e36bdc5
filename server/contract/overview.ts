import { z } from 'zod'
import { IncidentView, JournalLine } from './lead-view.ts'

/** `GET /api/overview`: what is going on, for the main page. Only leads that the opening user may see. */
export const Overview = z.object({
  regulation: z.object({ name: z.string(), version: z.int() }).nullable(),
  portal: z.object({ domain: z.string(), status: z.enum(['active', 'suspended', 'uninstalled']), /** In words. */ reason: z.string().nullable(), /** Of the person who looks. */ timeZone: z.string() }),
  now: z.string(),
  clockSpeed: z.number(),
  /** `overdue`: past their deadline, or with a miss that nobody has answered. `more`: there may be others that were not looked at. */
  watches: z.object({ active: z.int(), overdue: z.int(), more: z.boolean() }),
  /** Open ones first, newest first. */
  incidents: z.array(IncidentView.extend({ leadId: z.int(), leadTitle: z.string(), person: z.string() })),
  leads: z.array(z.object({
    id: z.int(),
    title: z.string(),
    responsible: z.string().nullable(),
    step: z.string().nullable(),
    dueAt: z.string().nullable(),
    overdue: z.boolean(),
  })),
  journal: z.array(JournalLine.extend({ leadId: z.int() })),
})
export type Overview = z.infer<typeof Overview>
