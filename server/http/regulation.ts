/** `/api/regulation`: drafts, versions, previews, files. Sessions of administrators only; what changes the rules asks the portal again whether he is one. */
import type { Context } from 'hono'
import type { z } from 'zod'
import { DraftRequest, ImportRequest, mostCounted, PreviewRequest, PublishRequest, Regulation, RestoreRequest } from '../contract/regulation.ts'
import type { DraftCheck, ImportAnswer, PublishAnswer, PublishPreview, RegulationDraft, RegulationState, ShadowJournal, VersionView } from '../contract/regulation.ts'
import { currentSchema } from '../domain/regulation.ts'
import type { Regulation as Document } from '../domain/regulation.ts'
import { diffRegulations } from '../domain/regulation/diff.ts'
import { upgradeRegulation } from '../domain/regulation/upgrade.ts'
import type { PublishOutcome, RegulationDesk } from '../jobs/regulation-desk.ts'
import { readJson, regulationBounds } from './body.ts'
import { conflict } from './draft-conflict.ts'
import type { Memory, PortalNames } from './ports.ts'
import { Refused } from './problem.ts'
import { changeView, draftView, errorFields, missingThingView, missingView, newerVersionWords, previewView, problemView, shadowLine, versionView } from './regulation-view.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'
import { shapeProblems } from './shape-words.ts'

export interface RegulationDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly regulations: RegulationDesk
  readonly memory: Pick<Memory, 'names'>
}

const shadowLines = 100

export const createRegulationRoutes = ({ sessions, regulations, memory }: RegulationDeps) => {
  /** `sure`: the portal is asked again whether he is an administrator. */
  const asAdministrator = (c: Context, work: (session: Session, names: PortalNames) => Promise<unknown>, { sure = false } = {}): Promise<Response> => sessions.answer(c, async (session) => {
    if (!session.isAdmin) throw new Refused('administrators-only')
    if (sure) await sessions.requireAdministrator(session)
    return work(session, await memory.names(session.memberId))
  })

  const published = (outcome: PublishOutcome, { language }: Session, names: PortalNames): PublishAnswer => {
    switch (outcome.kind) {
      case 'published': return { version: outcome.version, warnings: outcome.problems.map(problem => problemView(problem, language)) }
      case 'problems': throw new Refused('regulation-invalid', { fields: errorFields(outcome.problems, language) })
      case 'conflict': throw conflict(outcome.draft, names, language)
      case 'outdated': throw new Refused('version-newer', { detail: newerVersionWords(outcome.inForce, names, language) })
      case 'unknown-version': throw new Refused('version-unknown')
      case 'no-portal': throw new Refused('portal-disconnected')
    }
  }

  const state = async ({ memberId, language }: Session, names: PortalNames): Promise<RegulationState> => {
    const { inForce, shadow, versions, draft, missing } = await regulations.state(memberId)
    const of = (one: typeof inForce) => (one === null ? null : versionView(one, names, language))
    return {
      inForce: of(inForce), shadow: of(shadow), versions: versions.map(one => versionView(one, names, language)),
      draft: draft === null ? null : withoutDocument(draftView(draft, names, language)), missing: missing.map(problem => missingThingView(problem, inForce?.version ?? null, language)),
    }
  }

  return {
    /** `GET /api/regulation` */
    show: (c: Context) => asAdministrator(c, state),

    /** `GET /api/regulation/draft` */
    draft: (c: Context) => asAdministrator(c, async ({ memberId, language }, names): Promise<RegulationDraft> => {
      const draft = await regulations.draft(memberId)
      if (draft === null) throw new Refused('draft-missing')
      return draftView(draft, names, language)
    }),

    /** `PUT /api/regulation/draft` */
    saveDraft: (c: Context) => asAdministrator(c, async ({ memberId, userId, language }, names): Promise<RegulationDraft> => {
      const { revision, regulation } = parsed(DraftRequest, await readJson(c.req.raw, regulationBounds), language)
      const saved = await regulations.saveDraft(memberId, { revision, regulation, authorId: userId })
      if (!saved.ok) throw conflict(saved.draft, names, language)
      return draftView(saved.draft, names, language)
    }),

    /** `DELETE /api/regulation/draft?revision=…` */
    dropDraft: (c: Context) => asAdministrator(c, async (session, names): Promise<RegulationState> => {
      const dropped = await regulations.dropDraft(session.memberId, numberIn(c, 'revision', session.language))
      if (!dropped.ok) throw conflict(dropped.draft, names, session.language)
      return state(session, names)
    }),

    /** `POST /api/regulation/draft/check` */
    check: (c: Context) => asAdministrator(c, async ({ memberId, language }): Promise<DraftCheck> => {
      const draft = await regulations.draft(memberId)
      if (draft === null) throw new Refused('draft-missing')
      const { problems, changes, inForce, directory } = await regulations.check(memberId, draft.regulation)
      return {
        publishable: problems.every(({ severity }) => severity !== 'error'),
        problems: problems.map(problem => problemView(problem, language)),
        changes: changes === null || inForce === null ? null : changes.map(change => changeView(change, { before: inForce, after: draft.regulation, directory }, language)),
      }
    }),

    /** `POST /api/regulation/preview` */
    preview: (c: Context) => asAdministrator(c, async ({ memberId, language }, names): Promise<PublishPreview> => {
      const { revision, applies } = parsed(PreviewRequest, await readJson(c.req.raw), language)
      const outcome = await regulations.preview(memberId, revision, applies)
      if (outcome.kind === 'problems') throw new Refused('regulation-unready', { fields: errorFields(outcome.problems, language) })
      if (outcome.kind === 'conflict') throw conflict(outcome.draft, names, language)
      const draft = await regulations.draft(memberId)
      return previewView(outcome.preview, draft?.regulation ?? null, names, language)
    }),

    /** `GET /api/regulation/preview`: how far it is. */
    lastPreview: (c: Context) => asAdministrator(c, async ({ memberId, language }, names): Promise<PublishPreview> => {
      const [preview, draft] = [await regulations.lastPreview(memberId), await regulations.draft(memberId)]
      if (preview === null) throw new Refused('not-found')
      return previewView(preview, draft?.regulation ?? null, names, language)
    }),

    /** `POST /api/regulation/publish` */
    publish: (c: Context) => asAdministrator(c, async (session, names): Promise<PublishAnswer> => {
      const { revision, ...how } = parsed(PublishRequest, await readJson(c.req.raw), session.language)
      return published(await regulations.publish(session.memberId, revision, { ...how, authorId: session.userId }), session, names)
    }, { sure: true }),

    /** `GET /api/regulation/versions/:n` */
    version: (c: Context) => asAdministrator(c, async ({ memberId, language }, names): Promise<VersionView> => {
      const number = versionIn(c.req.param('n'))
      const { versions } = await regulations.state(memberId)
      const row = versions.find(({ version }) => version === number)
      const regulation = await regulations.version(memberId, number)
      if (row === undefined || regulation === null) throw new Refused('version-unknown')
      const before = await regulations.version(memberId, number - 1)
      return {
        version: versionView(row, names, language),
        regulation: asWire(regulation),
        changes: before === null ? null : diffRegulations(before, regulation).map(change => changeView(change, { before, after: regulation }, language)),
      }
    }),

    /** `POST /api/regulation/versions/:n/restore` */
    restore: (c: Context) => asAdministrator(c, async (session, names): Promise<PublishAnswer> => {
      const how = parsed(RestoreRequest, await readJson(c.req.raw), session.language)
      return published(await regulations.restore(session.memberId, versionIn(c.req.param('n')), { ...how, mode: 'live', authorId: session.userId }), session, names)
    }, { sure: true }),

    /** `GET /api/regulation/export`, of a version with `?version=` */
    exportFile: (c: Context) => asAdministrator(c, async ({ memberId }) => {
      const asked = c.req.query('version')
      const file = await regulations.exportFile(memberId, asked === undefined ? null : versionIn(asked))
      if (file === null) throw new Refused('version-unknown')
      return file
    }),

    /** `POST /api/regulation/import` */
    importFile: (c: Context) => asAdministrator(c, async ({ memberId, userId, language }, names): Promise<ImportAnswer> => {
      const { revision, file } = parsed(ImportRequest, await readJson(c.req.raw, regulationBounds), language)
      const regulation = documentOf(file.regulation, language)
      const { saved, missing, problems } = await regulations.importFile(memberId, { regulation, names: file.names }, revision, userId)
      if (!saved.ok) throw conflict(saved.draft, names, language)
      return { draft: draftView(saved.draft, names, language), missing: missing.map(one => missingView(one, language)), problems: problems.map(problem => problemView(problem, language)) }
    }, { sure: true }),

    /** `GET /api/regulation/shadow` */
    shadow: (c: Context) => asAdministrator(c, async ({ memberId, language }, names): Promise<ShadowJournal> => {
      const before = c.req.query('before') === undefined ? null : numberIn(c, 'before', language)
      const { shadow } = await regulations.state(memberId)
      const rows = await regulations.shadow(memberId, { limit: shadowLines, before })
      return { version: shadow?.version ?? null, lines: rows.map(row => shadowLine(row, names, language)) }
    }),

    /** `DELETE /api/regulation/shadow` */
    endShadow: (c: Context) => asAdministrator(c, async (session, names): Promise<RegulationState> => {
      if (await regulations.endShadow(session.memberId) === null) throw new Refused('shadow-missing')
      return state(session, names)
    }, { sure: true }),
  }
}

const parsed = <T>(schema: z.ZodType<T>, body: unknown, language: Session['language']): T => {
  const read = schema.safeParse(body)
  if (!read.success) throw new Refused('regulation-malformed', { fields: [...shapeProblems(read.error.issues, language)] })
  return read.data
}

/** The file's document in the present shape. An older one may lack what the newer has; a newer one is refused. */
const documentOf = (stored: { readonly schema: number } & Readonly<Record<string, unknown>>, language: Session['language']): Document => {
  if (stored.schema > currentSchema) throw new Refused('regulation-too-new')
  const upgraded = upgradedOrNull(stored)
  return parsed(Regulation, upgraded ?? stored, language)
}

/** An older document of the wrong shape cannot be brought up to date: then its own shape is what is wrong. */
const upgradedOrNull = (stored: { readonly schema: number } & Readonly<Record<string, unknown>>): unknown => {
  try {
    return upgradeRegulation(stored)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

const versionIn = (text: string | undefined): number => {
  if (!/^[1-9]\d{0,8}$/.test(text ?? '')) throw new Refused('version-unknown')
  return Number(text)
}

/** A number of the address: revisions have up to ten digits, lines of the journal up to fifteen. */
const numberIn = (c: Context, field: 'revision' | 'before', language: Session['language']): number => {
  const text = c.req.query(field) ?? ''
  const number = Number(text)
  if (/^[1-9]\d{0,14}$/.test(text) && (field === 'before' || number <= mostCounted)) return number
  throw new Refused('malformed', { fields: [{ field, message: wrongNumber[field][language] }] })
}

const wrongNumber = {
  revision: { ru: 'Укажите в адресе номер изменения черновика: revision из ответа на его загрузку.', en: 'Give the draft’s revision in the address: it came with the draft.' },
  before: { ru: 'Здесь нужен id последней показанной строки, например 120.', en: 'The id of the last line shown is wanted here, e.g. 120.' },
} as const

const withoutDocument = ({ regulation: _regulation, ...draft }: RegulationDraft): Omit<RegulationDraft, 'regulation'> => draft

/** The same value: the wire's type only lacks `readonly`. */
const asWire = (regulation: Document): Regulation => regulation as Regulation
