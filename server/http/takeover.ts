/** `/api/takeover`: whether the leads that were open before the installation come under the regulation. Administrators only. */
import type { Context } from 'hono'
import type { Takeover } from '../contract/takeover.ts'
import type { Memory, PortalDesk, Work } from './ports.ts'
import { Refused } from './problem.ts'
import type { Sessions } from './session.ts'

export interface TakeoverDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly desk: Pick<PortalDesk, 'countOpen'>
  readonly memory: Pick<Memory, 'takeover' | 'regulation'>
  readonly work: Pick<Work, 'takeOver'>
}

export const createTakeoverRoutes = ({ sessions, desk, memory, work }: TakeoverDeps) => ({
  /** `GET /api/takeover`: where it stands, and how many leads it is about. */
  show: (c: Context) => sessions.answer(c, async (session): Promise<Takeover> => {
    if (!session.isAdmin) throw new Refused('administrators-only')
    const [{ state, installedAt }, current] = await Promise.all([memory.takeover(session.memberId), memory.regulation(session.memberId)])
    if (state !== 'open' || installedAt === null || current === null) return { state, leads: null }
    const stages = [...new Set(current.regulation.steps.map(({ stageId }) => stageId))]
    return { state, leads: await desk.countOpen(session.memberId, session.accessToken, stages, installedAt) }
  }),
  /** `POST /api/takeover`: begins it; repeated while it is under way, changes nothing. */
  begin: (c: Context) => sessions.answer(c, async (session): Promise<Takeover> => {
    await sessions.requireAdministrator(session)
    await work.takeOver(session.memberId)
    return { state: 'under-way', leads: null }
  }, 202),
})
