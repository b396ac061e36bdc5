/** `/api/regulation`: the regulation in force, its draft, its versions, and the file it travels in. Administrators only. */
import { z } from 'zod'
import { Regulation } from './regulation/document.ts'

export { Regulation } from './regulation/document.ts'

export const RegulationProblem = z.object({
  kind: z.string(),
  /** Dotted keys and indexes, e.g. `steps.0.deadline.finish`. */
  path: z.string(),
  /** Errors stand in the way of publishing, warnings do not. */
  severity: z.enum(['error', 'warning']),
  text: z.string(),
})
export type RegulationProblem = z.infer<typeof RegulationProblem>

const Person = z.object({ id: z.int(), name: z.string() })

export const RegulationVersion = z.object({
  version: z.int(),
  applies: z.enum(['new', 'all']),
  mode: z.enum(['live', 'shadow']),
  publishedAt: z.string(),
  /** Null: set up by the application. */
  author: Person.nullable(),
  comment: z.string(),
})
export type RegulationVersion = z.infer<typeof RegulationVersion>

export const RegulationDraft = z.object({
  revision: z.int(),
  baseVersion: z.int().nullable(),
  updatedAt: z.string(),
  author: Person.nullable(),
  regulation: Regulation,
})
export type RegulationDraft = z.infer<typeof RegulationDraft>

/** `GET /api/regulation`; also the answer to `DELETE /api/regulation/draft?revision=…` and `DELETE /api/regulation/shadow`. */
export const RegulationState = z.object({
  inForce: RegulationVersion.nullable(),
  shadow: RegulationVersion.nullable(),
  /** Newest first. */
  versions: z.array(RegulationVersion),
  draft: RegulationDraft.omit({ regulation: true }).nullable(),
  /** What the last daily check did not find on the portal, for the versions that leads are under. */
  missing: z.array(RegulationProblem.extend({ version: z.int().nullable() })),
})
export type RegulationState = z.infer<typeof RegulationState>

/** What numbers of revisions and versions are kept in: 32 bits. */
export const mostCounted = 2_147_483_647

/** Revision of the draft the change was made on; 0: there was none. */
const Revision = z.int().min(0).max(mostCounted)

/** `PUT /api/regulation/draft` → RegulationDraft. Only the frame is checked here; the document is checked against `Regulation`. */
export const DraftRequest = z.strictObject({ revision: Revision, regulation: Regulation })

export const RegulationChange = z.object({ path: z.string(), kind: z.enum(['changed', 'added', 'removed', 'reordered']), text: z.string() })

/** `POST /api/regulation/draft/check` */
export const DraftCheck = z.object({
  publishable: z.boolean(),
  problems: z.array(RegulationProblem),
  /** Against the version in force; null when there is none. */
  changes: z.array(RegulationChange).nullable(),
})
export type DraftCheck = z.infer<typeof DraftCheck>

/** `POST /api/regulation/preview` → PublishPreview */
export const PreviewRequest = z.strictObject({ revision: Revision.min(1), applies: z.enum(['new', 'all']).default('all') })

/** Also `GET /api/regulation/preview`: how far it is. */
export const PublishPreview = z.object({
  revision: z.int(),
  applies: z.enum(['new', 'all']),
  status: z.enum(['running', 'done', 'failed']),
  /** Open leads looked at, and how many there are. */
  done: z.int(),
  total: z.int(),
  /** `stageKept`: on the former stage of their step, where they stay; `termKept`: terms that another calendar leaves as they are. */
  counts: z.object({ open: z.int(), deadline: z.int(), overdue: z.int(), stepLost: z.int(), stepChanged: z.int(), stageKept: z.int(), termKept: z.int(), unread: z.int() }).nullable(),
  /** Why it has failed; null otherwise. */
  problem: z.object({ title: z.string(), detail: z.string() }).nullable(),
  /** The first hundred that change. */
  leads: z.array(z.object({ leadId: z.int(), title: z.string(), what: z.enum(['deadline', 'overdue', 'step-lost', 'step-changed', 'stage-kept']), before: z.string(), after: z.string() })),
})
export type PublishPreview = z.infer<typeof PublishPreview>

const how = { applies: z.enum(['new', 'all']), comment: z.string().max(2_000).default('') }

/** `POST /api/regulation/publish` → PublishAnswer. `overNewer`: also when another version has come into force since the draft was begun. */
export const PublishRequest = z.strictObject({ revision: Revision.min(1), ...how, mode: z.enum(['live', 'shadow']).default('live'), overNewer: z.boolean().default(false) })
/** `POST /api/regulation/versions/:n/restore` → PublishAnswer */
export const RestoreRequest = z.strictObject(how)

export const PublishAnswer = z.object({ version: z.int(), warnings: z.array(RegulationProblem) })
export type PublishAnswer = z.infer<typeof PublishAnswer>

/** `GET /api/regulation/versions/:n`; changes against the version before it. */
export const VersionView = z.object({ version: RegulationVersion, regulation: Regulation, changes: z.array(RegulationChange).nullable() })
export type VersionView = z.infer<typeof VersionView>

const Names = z.record(z.string().max(100), z.string().max(500))

/** `GET /api/regulation/export`, and what `POST /api/regulation/import` takes. An older `regulation` is brought to the present shape before it is checked. */
export const RegulationFile = z.strictObject({
  kind: z.literal('leadrail-regulation'),
  schema: z.int().min(1),
  regulation: z.looseObject({ schema: z.int().min(1) }),
  names: z.strictObject({
    stages: Names,
    fields: z.record(z.string().max(100), z.strictObject({ title: z.string().max(500), items: Names.exactOptional() })),
    users: Names,
    departments: Names,
    sources: Names,
  }),
})
export type RegulationFile = z.infer<typeof RegulationFile>

/** `POST /api/regulation/import` → ImportAnswer. The file becomes the draft. */
export const ImportRequest = z.strictObject({ revision: Revision, file: RegulationFile })

export const ImportAnswer = z.object({
  draft: RegulationDraft,
  missing: z.array(z.object({ kind: z.string(), id: z.union([z.string(), z.int()]), name: z.string().nullable(), where: z.array(z.string()), text: z.string() })),
  problems: z.array(RegulationProblem),
})
export type ImportAnswer = z.infer<typeof ImportAnswer>

/** `GET /api/regulation/shadow?before=…`: what the version in shadow mode would have done, newest first. */
export const ShadowJournal = z.object({
  version: z.int().nullable(),
  lines: z.array(z.object({ id: z.int(), at: z.string(), leadId: z.int(), version: z.int(), kind: z.string(), rule: z.string(), text: z.string() })),
})
export type ShadowJournal = z.infer<typeof ShadowJournal>
