/** What an administrator does with the regulation: drafts, versions, previews, files. */
import type { Temporal } from 'temporal-polyfill'
import { errorsIn, lintRegulation, type Problem } from '../domain/lint.ts'
import type { Regulation } from '../domain/regulation.ts'
import { bindRegulation, exportRegulation, type Directory, type Missing, type RegulationFile } from '../domain/regulation/bind.ts'
import { diffRegulations, type Change } from '../domain/regulation/diff.ts'
import { shadowOf, versionFor, type Applies, type Mode } from '../domain/regulation/versions.ts'
import { PortalError } from '../portal/error.ts'
import { draftOf, dropDraft, saveDraft, type Draft, type DraftChange, type SavedDraft } from '../store/drafts.ts'
import { directoryOf, saveMissing, type MissingThing } from '../store/portal-directories.ts'
import { askForLook } from '../store/portal-work.ts'
import { changePreview, previewOf, savePreview, type StoredPreview } from '../store/previews.ts'
import { endShadow, regulationInForce, regulationVersion, versionsOf, type VersionRow } from '../store/regulations.ts'
import { forgetShadow, shadowJournal, type ShadowRow } from '../store/shadow.ts'
import { countWatches } from '../store/watches.ts'
import { missingAfter } from './check-regulation.ts'
import { freshDirectory, thingsOf } from './portal-things.ts'
import { previewPublishing, type Preview } from './preview-publishing.ts'
import { publishChecked } from './publish-regulation.ts'
import { giveWay } from './read-past.ts'
import { lookAsked } from './refresh-portal.ts'
import type { Room } from './ports.ts'

export interface RegulationState {
  readonly inForce: VersionRow | null
  readonly shadow: VersionRow | null
  /** Newest first. */
  readonly versions: readonly VersionRow[]
  readonly draft: Draft | null
  /** Found missing on the portal by the last daily check. */
  readonly missing: readonly MissingThing[]
}

export interface Checked {
  readonly problems: readonly Problem[]
  /** Against the version in force; null when there is none. */
  readonly changes: readonly Change[] | null
  readonly inForce: Regulation | null
  readonly directory: Directory
}

export interface Publish {
  readonly applies: Applies
  readonly mode: Mode
  readonly comment: string
  readonly authorId: number
}

export interface PublishDraft extends Publish {
  /** Also when another version has come into force since the draft was begun. */
  readonly overNewer: boolean
}

export type PublishOutcome =
  | { readonly kind: 'published'; readonly version: number; readonly problems: readonly Problem[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  /** The draft is another one by now, or gone. */
  | { readonly kind: 'conflict'; readonly draft: Draft | null }
  /** The draft was made from an older version than the one in force now. */
  | { readonly kind: 'outdated'; readonly inForce: VersionRow }
  | { readonly kind: 'unknown-version' }
  | { readonly kind: 'no-portal' }

export type PreviewOutcome =
  | { readonly kind: 'preview'; readonly preview: StoredPreview }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  /** The draft is another one by now, or gone. */
  | { readonly kind: 'conflict'; readonly draft: Draft | null }

export interface Imported {
  readonly saved: SavedDraft
  readonly missing: readonly Missing[]
  readonly problems: readonly Problem[]
}

/** Functions that ask the portal throw `PortalError`. */
export interface RegulationDesk {
  state(memberId: string): Promise<RegulationState>
  draft(memberId: string): Promise<Draft | null>
  version(memberId: string, version: number): Promise<Regulation | null>
  saveDraft(memberId: string, change: Omit<DraftChange, 'baseVersion'>): Promise<SavedDraft>
  /** Not `ok`: the draft is another one by now, or gone. */
  dropDraft(memberId: string, revision: number): Promise<{ readonly ok: true } | { readonly ok: false; readonly draft: Draft | null }>
  check(memberId: string, regulation: Regulation): Promise<Checked>
  /** At once for a few open leads, in the background for many; of a draft without errors only. */
  preview(memberId: string, revision: number, applies: Applies): Promise<PreviewOutcome>
  lastPreview(memberId: string): Promise<StoredPreview | null>
  publish(memberId: string, revision: number, how: PublishDraft): Promise<PublishOutcome>
  /** Publishes an older version's document anew. */
  restore(memberId: string, version: number, how: Publish): Promise<PublishOutcome>
  /** Null: there is no such version. */
  exportFile(memberId: string, version: number | null): Promise<RegulationFile | null>
  /** Binds the file to the portal and makes it the draft. */
  importFile(memberId: string, file: Pick<RegulationFile, 'regulation' | 'names'>, revision: number, authorId: number): Promise<Imported>
  shadow(memberId: string, page: { readonly limit: number; readonly before: number | null }): Promise<readonly ShadowRow[]>
  /** The version in shadow mode watches no more; what it has journalled stays. Answers its number; null: there was none. */
  endShadow(memberId: string): Promise<number | null>
}

/** More open leads than these are looked through in the background. */
const mostAtOnce = 200

/** `previewLater` runs `runPreview` in the background. */
export const createRegulationDesk = (room: Room, previewLater: (memberId: string) => Promise<void>): RegulationDesk => {
  const { database } = room
  const { db } = database
  const now = (): Temporal.Instant => room.clock.now()

  /** The document is the draft itself, read again under the lock, or an older version's. */
  const publishAs = async (memberId: string, how: Publish, made: { readonly revision: number; readonly overNewer: boolean } | { readonly regulation: Regulation }): Promise<PublishOutcome> => {
    const { directory, facts } = await freshDirectory(room, memberId, { now: true })
    const outcome = await database.locks.withLock(`publish:${memberId}`, () => database.transaction(async (tx): Promise<PublishOutcome> => {
      const versions = await versionsOf(tx, memberId)
      let regulation: Regulation
      if ('revision' in made) {
        const draft = await draftOf(tx, memberId)
        if (draft?.revision !== made.revision) return { kind: 'conflict', draft }
        const inForce = versions.find(({ version }) => version === versionFor(null, versions))
        if (inForce !== undefined && inForce.version !== draft.baseVersion && !made.overNewer) return { kind: 'outdated', inForce }
        regulation = draft.regulation
      }
      else regulation = made.regulation
      const { version, problems } = await publishChecked(tx, memberId, regulation, thingsOf(directory, facts), now(), { authorId: how.authorId, applies: how.applies, mode: how.mode, comment: how.comment })
      if (version === null) return problems.some(({ severity }) => severity === 'error') ? { kind: 'problems', problems } : { kind: 'no-portal' }
      if (how.mode === 'shadow' || how.applies === 'all') await askForLook(tx, memberId, version)
      if ('revision' in made) await dropDraft(tx, memberId, made.revision)
      await forgetShadow(tx, memberId)
      await saveMissing(tx, memberId, missingAfter((await directoryOf(tx, memberId))?.missing ?? [], { version, mode: how.mode, applies: how.applies, shadow: shadowOf(versions) }, problems))
      return { kind: 'published', version, problems }
    }))
    if (outcome.kind !== 'published') return outcome
    room.log.info({ memberId, version: outcome.version, applies: how.applies, mode: how.mode }, 'regulation.published')
    // It is published, whatever becomes of the look: what is asked for on disk is done by the next round.
    await lookAsked(room, memberId).catch((error: unknown) => room.log.warn({ memberId, version: outcome.version, error }, 'regulation.look-put-off'))
    return outcome
  }

  return {
    state: async (memberId) => {
      const [versions, draft, stored] = [await versionsOf(db, memberId), await draftOf(db, memberId), await directoryOf(db, memberId)]
      const byNumber = (version: number | null) => versions.find(one => one.version === version) ?? null
      return { inForce: byNumber(versionFor(null, versions)), shadow: byNumber(shadowOf(versions)), versions, draft, missing: stored?.missing ?? [] }
    },
    draft: memberId => draftOf(db, memberId),
    version: (memberId, version) => regulationVersion(db, memberId, version),
    saveDraft: (memberId, change) => database.transaction(async tx => saveDraft(tx, memberId, { ...change, baseVersion: (await regulationInForce(tx, memberId))?.version ?? null }, now())),
    dropDraft: (memberId, revision) => database.transaction(async (tx) => {
      const isDropped = await dropDraft(tx, memberId, revision)
      return isDropped ? { ok: true } : { ok: false, draft: await draftOf(tx, memberId) }
    }),
    check: async (memberId, regulation) => {
      const { directory, facts } = await freshDirectory(room, memberId)
      const inForce = (await regulationInForce(db, memberId))?.regulation ?? null
      return { problems: lintRegulation(regulation, thingsOf(directory, facts)), changes: inForce === null ? null : diffRegulations(inForce, regulation), inForce, directory }
    },
    preview: async (memberId, revision, applies) => {
      const draft = await draftOf(db, memberId)
      if (draft?.revision !== revision) return { kind: 'conflict', draft }
      const { directory, facts } = await freshDirectory(room, memberId)
      const problems = lintRegulation(draft.regulation, thingsOf(directory, facts))
      if (errorsIn(problems).length > 0) return { kind: 'problems', problems }
      const { active } = await countWatches(db, memberId, now())
      const asked: StoredPreview = { revision, applies, status: 'running', done: 0, total: active, result: null, problem: null }
      await savePreview(db, memberId, asked, now())
      if (active > mostAtOnce) await previewLater(memberId)
      else await database.locks.tryLock(previewLock(memberId), () => runPreview(room, memberId))
      return { kind: 'preview', preview: await previewOf(db, memberId) ?? asked }
    },
    lastPreview: memberId => previewOf(db, memberId),
    publish: async (memberId, revision, how) => {
      const draft = await draftOf(db, memberId)
      if (draft?.revision !== revision) return { kind: 'conflict', draft }
      return publishAs(memberId, how, { revision, overNewer: how.overNewer })
    },
    restore: async (memberId, version, how) => {
      const regulation = await regulationVersion(db, memberId, version)
      return regulation === null ? { kind: 'unknown-version' } : publishAs(memberId, how, { regulation })
    },
    exportFile: async (memberId, version) => {
      const regulation = version === null ? (await regulationInForce(db, memberId))?.regulation ?? null : await regulationVersion(db, memberId, version)
      return regulation === null ? null : exportRegulation(regulation, (await freshDirectory(room, memberId)).directory)
    },
    importFile: async (memberId, file, revision, authorId) => {
      const { directory, facts } = await freshDirectory(room, memberId, { now: true })
      const { regulation, missing } = bindRegulation(file, directory)
      const saved = await database.transaction(async tx => saveDraft(tx, memberId, { regulation, revision, authorId, baseVersion: (await regulationInForce(tx, memberId))?.version ?? null, isNew: true }, now()))
      return { saved, missing, problems: lintRegulation(regulation, thingsOf(directory, facts)) }
    },
    shadow: (memberId, page) => shadowJournal(db, memberId, page),
    endShadow: memberId => database.locks.withLock(`publish:${memberId}`, () => database.transaction(async (tx) => {
      const version = shadowOf(await versionsOf(tx, memberId))
      if (version === null) return null
      await endShadow(tx, memberId, version)
      await forgetShadow(tx, memberId)
      await saveMissing(tx, memberId, ((await directoryOf(tx, memberId))?.missing ?? []).filter(problem => problem.version !== version))
      room.log.info({ memberId, version }, 'regulation.shadow-ended')
      return version
    })),
  }
}

/** Held by whoever works off the portal's preview. */
export const previewLock = (memberId: string): string => `keep:preview:${memberId}`

/** Works off the portal's preview, and one that was asked for meanwhile. Running it again begins anew. Throws `PortalError`. */
export const runPreview = async (room: Room, memberId: string, background: Background | null = null): Promise<void> => {
  for (;;) {
    const asked = await previewOf(room.database.db, memberId)
    if (asked?.status !== 'running' || background?.isOver() === true) return
    await workOff(room, memberId, asked, background)
  }
}

/** Nobody waits for the answer: live leads go first, and a process that stops leaves the rest to the next one. */
export interface Background { readonly isOver: () => boolean }

const workOff = async (room: Room, memberId: string, asked: StoredPreview, background: Background | null): Promise<void> => {
  const { db } = room.database
  const draft = await draftOf(db, memberId)
  const change = (to: Parameters<typeof changePreview>[3]): Promise<void> => changePreview(db, memberId, asked, to)
  if (draft?.revision !== asked.revision) return change({ status: 'failed', problem: 'draft-changed' })
  const goOn = async (): Promise<boolean> => {
    if (background !== null) await giveWay({ room, memberId, ...background })
    return background?.isOver() !== true
  }
  try {
    if (!await goOn()) return
    const result: Preview | null = await previewPublishing(room, memberId, draft.regulation, asked.applies, async (done) => {
      await change({ done })
      return goOn()
    })
    if (result === null) return
    await change({ status: 'done', done: result.open, total: Math.max(asked.total, result.open), result })
  }
  catch (cause) {
    await change({ status: 'failed', problem: cause instanceof PortalError ? cause.code : 'unexpected' })
    throw cause
  }
}
