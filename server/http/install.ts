/** `/api/install`: what must hold on the portal, and setting it up. Administrators only. */
import type { Context } from 'hono'
import type { PortalDesk } from './ports.ts'
import type { Sessions } from './session.ts'

export interface InstallDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly desk: PortalDesk
}

export const createInstallRoutes = ({ sessions, desk }: InstallDeps) => ({
  /** `GET /api/install`: looks only. */
  check: (c: Context) => sessions.answer(c, async (session) => {
    await sessions.requireAdministrator(session)
    return desk.checkInstall(session.memberId, session.language)
  }),
  /** `POST /api/install`: sets up what is missing; may be repeated. */
  run: (c: Context) => sessions.answer(c, async (session) => {
    await sessions.requireAdministrator(session)
    return desk.install(session.memberId, session.language)
  }),
})
