/** Administrators hear what the regulation misses on the portal: by day, and each time the whole list. */
import { Temporal } from 'temporal-polyfill'
import { userId } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { quietFor } from '../domain/rules/quiet.ts'
import { problemSentence } from '../domain/sentences/problems.ts'
import { PortalError } from '../portal/error.ts'
import { changeNotice, noticeOf, type Notice } from '../store/notices.ts'
import { directoryOf, type MissingThing } from '../store/portal-directories.ts'
import { factsOf, type PortalFacts } from '../store/portal-facts.ts'
import { regulationInForce } from '../store/regulations.ts'
import { inRealTime } from './hold-messages.ts'
import { endsWork } from './portal-trouble.ts'
import type { MadeAgain, Room } from './ports.ts'

/** A message that the portal has refused is tried again after so long. */
const againMs = 3_600_000

export const tellLock = (memberId: string): string => `keep:tell:${memberId}`

/**
 * Tells those who wait for it and for whom it is not quiet now; the others are told when their quiet hours are over. One that cannot be sent
 * is tried again later. Throws `PortalError` only for what ends the work on a portal.
 */
export const tellAdministrators = async (room: Room, memberId: string): Promise<void> => {
  await room.database.locks.tryLock(tellLock(memberId), async () => {
    const notice = await noticeOf(room.database.db, memberId)
    if (notice !== null) await tellNow(room, memberId, notice)
  })
}

const tellNow = async (room: Room, memberId: string, notice: Notice): Promise<void> => {
  const { db } = room.database
  const published = await regulationInForce(db, memberId)
  const facts = (await factsOf(db, memberId))?.facts
  const missing = (await directoryOf(db, memberId))?.missing ?? []
  const text = messageOf(missing, notice.made, facts?.language ?? 'ru', published?.version ?? null)
  const now = room.clock.now()
  const ends = new Map(notice.userIds.flatMap((id) => {
    const end = published === null || facts === undefined ? null : quietEnd(published.regulation, facts, id, now)
    return end === null ? [] : [[id, end] as const]
  }))
  const awake = notice.userIds.filter(id => !ends.has(id))
  if (text !== null && awake.length > 0 && !await send(room, memberId, awake, text, notice)) return
  if (text === null || ends.size === 0) return changeNotice(db, memberId, notice, null)
  await changeNotice(db, memberId, notice, { notice: { ...notice, userIds: [...ends.keys()] }, at: inRealTime(room.clock, Math.min(...ends.values()), now) })
}

const quietEnd = (regulation: Regulation, facts: PortalFacts, id: number, now: Temporal.Instant): number | null =>
  quietFor({ regulation, context: facts }, userId(id), now.epochMilliseconds)

/** False: not sent, and put off. */
const send = async (room: Room, memberId: string, userIds: readonly number[], text: string, notice: Notice): Promise<boolean> => {
  // A later list takes the place of one that nobody has read yet; what was made again is told only once and stays.
  const mark = notice.made.length === 0 ? 'regulation-missing' : `regulation-made-${room.clock.now().epochMilliseconds}`
  try {
    await room.portals.tell?.(memberId, { userIds, text, mark })
    return true
  }
  catch (error) {
    if (!(error instanceof PortalError) || endsWork(error.code)) throw error
    room.log.warn({ memberId, code: error.code, error }, 'regulation.nobody-told')
    // Nobody of them is left who could be told: the settings page shows it to whoever comes.
    if (error.code === 'invalid') return true
    await changeNotice(room.database.db, memberId, notice, { notice, at: Temporal.Now.instant().add({ milliseconds: againMs }) })
    return false
  }
}

const mostTold = 10

/** What administrators read; null: there is nothing to tell. */
const messageOf = (missing: readonly MissingThing[], made: readonly MadeAgain[], language: 'ru' | 'en', inForce: number | null): string | null => {
  const words = texts[language]
  const again = made.flatMap(({ what, count }) => (isThing(what) ? [`${words.things[what]} – ${count}`] : []))
  const sentences = [...new Set(missing.map(problem => (problem.version === undefined || problem.version === inForce ? '' : words.version(problem.version)) + problemSentence(problem, language)))]
  const rest = sentences.length - mostTold
  const renewed = made.flatMap(({ what }) => versionIn(what) ?? [])
  const lines = [
    ...(again.length === 0 ? [] : [`${words.made} ${again.join(', ')}.`]),
    ...(renewed.length === 0 ? [] : [words.renewed(renewed.join(', '))]),
    ...(sentences.length === 0 ? [] : [words.begin, ...[...sentences.slice(0, mostTold), ...(rest > 0 ? [words.more(rest)] : [])].map(line => `• ${line}`), words.end]),
  ]
  return lines.length === 0 ? null : `Leadrail: ${lines.join('\n')}`
}

/** How `MadeAgain` names a version that was published because the regulation named something that was gone. */
export const renewedVersion = (version: number): string => `version-${version}`

const versionIn = (what: string): string | undefined => /^version-(\d+)$/.exec(what)?.[1]

export const isTold = (what: string): boolean => isThing(what) || versionIn(what) !== undefined

const isThing = (what: string): what is keyof typeof texts.ru.things => what in texts.ru.things

const texts = {
  ru: {
    made: 'на портале не оказалось того, что нужно регламенту, оно создано заново:',
    things: { stages: 'стадии', fields: 'поля (прежние ответы из них портал не вернёт)', sources: 'источники' },
    renewed: (versions: string) => `регламент ссылался на то, чего на портале больше нет; ссылки заменены, вступила в силу версия ${versions}. Что изменилось, видно в истории версий.`,
    begin: 'на портале не хватает того, что нужно регламенту:',
    version: (version: number) => `версия ${version}: `,
    more: (rest: number) => `и ещё ${rest}`,
    end: 'Откройте, пожалуйста, приложение и исправьте регламент. До этого лиды обрабатываются, насколько возможно.',
  },
  en: {
    made: 'the portal did not have what the regulation needs; it was made again:',
    things: { stages: 'stages', fields: 'fields (the portal does not bring their former answers back)', sources: 'sources' },
    renewed: (versions: string) => `the regulation referred to what the portal no longer has; these references were replaced, and version ${versions} is in force. The history of versions says what has changed.`,
    begin: 'the portal lacks what the regulation needs:',
    version: (version: number) => `version ${version}: `,
    more: (rest: number) => `and ${rest} more`,
    end: 'Open the application and correct the regulation, please. Until then leads are handled as far as it goes.',
  },
} as const
