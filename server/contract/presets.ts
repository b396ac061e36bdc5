import { z } from 'zod'
import { InstallReport } from './install.ts'
import { mostCounted } from './regulation.ts'
import { Language } from './session.ts'

/** `GET /api/presets`: regulations ready to publish, in the asker's language. */
export const PresetList = z.object({
  presets: z.array(z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    /** Its stages, the ones in work first. */
    stages: z.array(z.object({ name: z.string(), semantic: z.enum(['processing', 'success', 'failure']) })),
    questions: z.int(),
    reasons: z.int(),
    channels: z.array(z.string()),
    /** The regulation in force was made of it. */
    inForce: z.boolean(),
  })),
  lang: Language,
})
export type PresetList = z.infer<typeof PresetList>

/** `revision`: of the draft that it takes the place of; 0: there is none. */
export const BindRequest = z.strictObject({ revision: z.int().min(0).max(mostCounted) })
export type BindRequest = z.infer<typeof BindRequest>

/** `POST /api/presets/:id/bind` with a BindRequest: what the portal lacked is made, and the preset bound to it is the draft. */
export const BoundPreset = z.object({
  report: InstallReport,
  /** Revision of the draft that it has become; null while something of the portal is missing. */
  draftRevision: z.int().nullable(),
  /** The regulation as the rules read it; null while something is missing. */
  regulation: z.record(z.string(), z.unknown()).nullable(),
  /** What is still to be mended before it can be published, in plain words. */
  problems: z.array(z.object({ severity: z.enum(['error', 'warning']), text: z.string(), path: z.string() })),
})
export type BoundPreset = z.infer<typeof BoundPreset>

/** `POST /api/install` may name the preset of the first regulation; without one the default is taken. */
export const InstallChoice = z.object({ preset: z.string().max(100).optional() })
export type InstallChoice = z.infer<typeof InstallChoice>
