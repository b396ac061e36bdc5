import { z } from 'zod'
import { Problem } from './problem.ts'
import { mostCounted } from './regulation.ts'

/** Before it there were no portals; a time cannot begin earlier. */
export const earliestPast = '2000-01-01T00:00:00Z'

/** `POST /api/simulations`: leads that came in from `from` on and before `to`; `what`: the draft, or the number of a version. */
export const SimulationRequest = z.strictObject({
  what: z.union([z.literal('draft'), z.int().min(1).max(mostCounted)]),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
})
export type SimulationRequest = z.infer<typeof SimulationRequest>

export const SimulationAccepted = z.object({ id: z.int() })
export type SimulationAccepted = z.infer<typeof SimulationAccepted>

const Terms = z.object({ met: z.int(), missed: z.int() })
const counts = z.record(z.string(), z.int())
const terms = z.record(z.string(), Terms)

/** What was found. People are keyed by user id, steps and channels by their ids (channel `''`: none), hours by the local hour at which a deadline fell due. */
export const SimulationFindings = z.object({
  until: z.string(),
  looks: z.int(),
  leads: z.object({ read: z.int(), watched: z.int(), open: z.int(), withoutChannel: z.int(), leftAlone: z.int(), failed: z.int() }),
  deadlines: z.object({ total: Terms, byPerson: terms, byChannel: terms, byHour: terms, byStep: terms, byTerm: terms }),
  messages: z.object({ total: z.int(), held: z.int(), byKind: counts, byPerson: counts }),
  escalations: z.object({ total: z.int(), about: counts, to: counts }),
  gates: z.object({ stopped: z.int(), toldOnly: z.int(), byStep: counts, leadIds: z.array(z.int()).max(500) }),
  distribution: z.object({ chosen: counts, had: counts, same: z.int(), different: z.int(), nobody: z.int(), passedOn: z.int(), byRule: counts }),
  moves: z.object({ wanted: z.int(), made: z.int() }),
  rules: counts,
})

/** One of the list. `progress`: 0…1 of the present phase; null while it is not known. */
export const SimulationSummary = z.object({
  id: z.int(),
  what: z.union([z.literal('draft'), z.int()]),
  from: z.string(),
  to: z.string(),
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  phase: z.enum(['waiting', 'reading', 'computing']),
  progress: z.number().nullable(),
  /** Number of leads in the time, once counted, until they are read. */
  leads: z.int().nullable(),
  problem: Problem.pick({ title: true, detail: true }).nullable(),
  askedAt: z.string(),
  endedAt: z.string().nullable(),
})
export type SimulationSummary = z.infer<typeof SimulationSummary>

/** `GET /api/simulations/:id`. `estimates`: what had to be assumed, in words. */
export const SimulationView = SimulationSummary.extend({
  result: SimulationFindings.nullable(),
  estimates: z.array(z.object({ code: z.string(), text: z.string() })),
  /** Names of the people in the result, by id. */
  people: z.record(z.string(), z.string()),
})
export type SimulationView = z.infer<typeof SimulationView>

export const SimulationList = z.object({ simulations: z.array(SimulationSummary) })
export type SimulationList = z.infer<typeof SimulationList>
