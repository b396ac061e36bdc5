/** `/api/presets`: regulations ready to publish, and binding one of them to the portal. Administrators only. */
import type { Context } from 'hono'
import { BindRequest, type BoundPreset, type PresetList } from '../contract/presets.ts'
import type { Language } from '../contract/session.ts'
import type { Draft } from '../store/drafts.ts'
import { readJson } from './body.ts'
import { conflict } from './draft-conflict.ts'
import { parseAs } from './malformed.ts'
import type { Memory } from './ports.ts'
import { Refused } from './problem.ts'
import type { Sessions } from './session.ts'

export interface PresetDesk {
  knows(presetId: string): boolean
  list(memberId: string, language: Language): Promise<PresetList>
  /**
   * Makes the stages, sources and fields that are missing, and saves the bound preset as the draft; null for an unknown id. Not `ok`: the draft
   * is another one than that of `revision` by now (0: there was none). Throws `PortalError`.
   */
  bind(memberId: string, presetId: string, by: { readonly revision: number; readonly userId: number; readonly language: Language }): Promise<BindOutcome | null>
}

export type BindOutcome = { readonly ok: true; readonly bound: BoundPreset } | { readonly ok: false; readonly draft: Draft | null }

export interface PresetDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly presets: PresetDesk
  readonly memory: Pick<Memory, 'names'>
}

export const createPresetRoutes = ({ sessions, presets, memory }: PresetDeps) => ({
  list: (c: Context) => sessions.answer(c, async (session) => {
    await sessions.requireAdministrator(session)
    return presets.list(session.memberId, session.language)
  }),
  bind: (c: Context) => sessions.answer(c, async (session) => {
    await sessions.requireAdministrator(session)
    const id = c.req.param('id') ?? ''
    if (!presets.knows(id)) throw new Refused('not-found')
    const { revision } = parseAs(BindRequest, await readJson(c.req.raw), session.language)
    const outcome = await presets.bind(session.memberId, id, { revision, userId: session.userId, language: session.language })
    if (outcome === null) throw new Refused('not-found')
    if (!outcome.ok) throw conflict(outcome.draft, await memory.names(session.memberId), session.language)
    return outcome.bound
  }),
})
