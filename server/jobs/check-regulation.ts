/** Once a day: does the portal still have all that the regulation in force names? */
import { lintRegulation, type Problem } from '../domain/lint.ts'
import { problemSentence } from '../domain/sentences/problems.ts'
import { PortalError } from '../portal/error.ts'
import { directoryOf, saveMissing } from '../store/portal-directories.ts'
import { adminsOf } from '../store/portals.ts'
import { regulationInForce } from '../store/regulations.ts'
import { freshDirectory, thingsOf } from './portal-things.ts'
import type { Room } from './ports.ts'

/** Remembers what is missing, and tells the administrators of what was not missing yesterday, once. Throws `PortalError`. */
export const checkRegulation = async (room: Room, memberId: string): Promise<void> => {
  const { db } = room.database
  const published = await regulationInForce(db, memberId)
  if (published === null || room.portals.readNames === undefined) return
  const { directory, facts } = await freshDirectory(room, memberId, { now: true })
  const missing = lintRegulation(published.regulation, thingsOf(directory, facts)).filter(({ kind }) => kind.startsWith('missing-') && kind !== 'missing-option-value')
  const before = new Set(((await directoryOf(db, memberId))?.missing ?? []).map(keyOf))
  const news = missing.filter(problem => !before.has(keyOf(problem)))
  if (news.length > 0) {
    await tellAdministrators(room, memberId, published.version, news, facts.language).catch((error: unknown) => {
      // Nobody is left who could be told: the settings page shows it to whoever comes.
      if (!(error instanceof PortalError) || error.code !== 'invalid') throw error
      room.log.warn({ memberId, version: published.version, error }, 'regulation.nobody-told')
    })
  }
  // Remembered after it was told: a message that could not be sent is sent tomorrow.
  await saveMissing(db, memberId, missing)
  if (missing.length > 0) room.log.warn({ memberId, version: published.version, missing: missing.length, news: news.length }, 'regulation.things-missing')
}

const keyOf = ({ kind, path }: Problem): string => `${kind} ${path}`

const mostTold = 10

const tellAdministrators = async (room: Room, memberId: string, version: number, news: readonly Problem[], language: 'ru' | 'en'): Promise<void> => {
  const sentences = [...new Set(news.map(problem => problemSentence(problem, language)))]
  const shown = sentences.slice(0, mostTold)
  const rest = sentences.length - shown.length
  const [begin, more, end] = language === 'en'
    ? ['Leadrail: the portal no longer has what the regulation needs:', `and ${rest} more`, 'Open the application and correct the regulation, please. Until then leads are handled as far as it goes.']
    : ['Leadrail: на портале больше нет того, что нужно регламенту:', `и ещё ${rest}`, 'Откройте, пожалуйста, приложение и исправьте регламент. До этого лиды обрабатываются, насколько возможно.']
  const text = [begin, ...shown.map(sentence => `• ${sentence}`), ...(rest > 0 ? [`• ${more}`] : []), end].join('\n')
  await room.portals.tell?.(memberId, { userIds: await adminsOf(room.database.db, memberId), text, mark: `regulation-${version}-missing` })
}
