/** `/api/install`: what must hold on the portal, and setting it up. Administrators only. */
import type { Context } from 'hono'
import { InstallChoice } from '../contract/presets.ts'
import { readJson } from './body.ts'
import type { PortalDesk } from './ports.ts'
import type { PresetDesk } from './presets.ts'
import { Refused } from './problem.ts'
import type { Sessions } from './session.ts'

export interface InstallDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly desk: PortalDesk
  readonly presets: Pick<PresetDesk, 'knows'>
}

export const createInstallRoutes = ({ sessions, desk, presets }: InstallDeps) => ({
  /** `GET /api/install`: looks only. */
  check: (c: Context) => sessions.answer(c, async (session) => {
    await sessions.requireAdministrator(session)
    return desk.checkInstall(session.memberId, session.language)
  }),
  /** `POST /api/install`: sets up what is missing; may be repeated. A body may name the preset of the first regulation. */
  run: (c: Context) => sessions.answer(c, async (session) => {
    await sessions.requireAdministrator(session)
    const preset = await presetIn(c)
    if (preset !== undefined && !presets.knows(preset)) throw new Refused('malformed', { detail: noSuchPreset[session.language], fields: [{ field: 'preset', message: noSuchPreset[session.language] }] })
    return desk.install(session.memberId, session.language, preset)
  }),
})

const noSuchPreset = { ru: 'Такого шаблона регламента нет.', en: 'There is no such preset of a regulation.' } as const

const presetIn = async (c: Context): Promise<string | undefined> => {
  if (c.req.header('content-type') === undefined) return undefined
  const choice = InstallChoice.safeParse(await readJson(c.req.raw))
  if (!choice.success) throw new Refused('malformed')
  return choice.data.preset
}
