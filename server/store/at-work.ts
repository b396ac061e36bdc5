/** Whether a portal is worked for: a portal regards the application as installed only when its installer page has said so. */
import type { Moment } from '../domain/watch.ts'
import type { Queries } from './database.ts'

/** The portal regards the application as installed: from now on it is worked for, and its first sweep is due. */
export const finishPortal = async (db: Queries, memberId: string): Promise<void> => {
  const { numUpdatedRows } = await db.updateTable('portals').set({ finished: true }).where('member_id', '=', memberId).where('finished', '=', false).executeTakeFirst()
  if (numUpdatedRows > 0n) await db.updateTable('portal_work').set({ sweep_at: null }).where('member_id', '=', memberId).execute()
}

/** May leads of the portal be looked at and commands carried out? It is active, and its installation is finished. */
export const isAtWork = async (db: Queries, memberId: string): Promise<boolean> =>
  (await db.selectFrom('portals').select('member_id').where('member_id', '=', memberId).where('status', '=', 'active').where('finished', '=', true).executeTakeFirst()) !== undefined

/** When the portal was first admitted. */
export const installedAtOf = async (db: Queries, memberId: string): Promise<Moment | null> =>
  (await db.selectFrom('portals').select('installed_at').where('member_id', '=', memberId).executeTakeFirst())?.installed_at ?? null
