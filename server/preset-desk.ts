/** Presets as the settings see them: listed, and bound to a portal as its draft. */
import type { PresetList } from './contract/presets.ts'
import type { Language } from './contract/session.ts'
import { errorsIn } from './domain/lint.ts'
import { presetById, presets } from './domain/presets/all.ts'
import { bindPreset, type Preset, unboundRegulation } from './domain/presets/preset.ts'
import { presetOf } from './domain/presets/renew.ts'
import type { Text } from './domain/regulation.ts'
import { problemSentence } from './domain/sentences/problems.ts'
import { installReport } from './http/install-words.ts'
import type { PresetDesk } from './http/presets.ts'
import { portalNameOf } from './portal/install-fields.ts'
import { ensurePreset, lintBound, type SetUpDeps } from './set-up.ts'
import { draftOf, saveDraft } from './store/drafts.ts'
import { regulationInForce } from './store/regulations.ts'

export const createPresetDesk = (deps: SetUpDeps): PresetDesk => ({
  knows: presetId => presetById(presetId) !== undefined,
  list: async (memberId, lang) => {
    const current = await regulationInForce(deps.database.db, memberId)
    const inForce = current === null ? undefined : presetOf(current.regulation, presets, portalNameOf)
    return { presets: presets.map(preset => ({ ...described(preset, lang), inForce: preset === inForce })), lang }
  },
  bind: async (memberId, presetId, { revision, userId, language }) => {
    const preset = presetById(presetId)
    if (preset === undefined) return null
    const { db } = deps.database
    // Asked before anything is made on the portal, and again when it is saved.
    const draft = await draftOf(db, memberId)
    if ((draft?.revision ?? 0) !== revision) return { ok: false, draft }
    const current = await regulationInForce(db, memberId)
    const ensured = await ensurePreset(deps, memberId, preset, current?.regulation ?? null, false)
    if (ensured.binding === null) return { ok: true, bound: { report: installReport(ensured, null, language), draftRevision: null, regulation: null, problems: [] } }
    const regulation = bindPreset(preset, ensured.binding)
    const problems = await lintBound(deps, memberId, regulation, ensured)
    const saved = await deps.database.transaction(async tx => saveDraft(tx, memberId, { regulation, baseVersion: (await regulationInForce(tx, memberId))?.version ?? null, revision, authorId: userId, isNew: true }, deps.clock.now()))
    if (!saved.ok) return { ok: false, draft: saved.draft }
    return { ok: true, bound: {
      report: installReport({ ...ensured, ok: ensured.ok && errorsIn(problems).length === 0 }, null, language),
      draftRevision: saved.draft.revision,
      regulation: { ...regulation },
      problems: problems.map(problem => ({ severity: problem.severity, text: problemSentence(problem, language), path: problem.path })),
    } }
  },
})

const described = (preset: Preset, language: Language): Omit<PresetList['presets'][number], 'inForce'> => {
  const say = (text: Text) => (language === 'en' ? text.en ?? text.ru : text.ru)
  const { card, channels } = unboundRegulation(preset)
  return {
    id: preset.id,
    name: say(preset.name),
    description: say(preset.description),
    stages: preset.stages.map(({ name, semantic }) => ({ name: say(name), semantic })),
    questions: card.groups.reduce((count, group) => count + group.questions.length, 0),
    reasons: card.reason.options.length,
    channels: channels.map(({ name }) => say(name)),
  }
}
