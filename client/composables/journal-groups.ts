import type { JournalLine } from '../../server/contract/lead-view.ts'

/** Lines of a journal that belong to many leads name theirs. */
export type LeadLine = JournalLine & { readonly leadId?: number }

/** What was done in one minute for one reason: its sentences and the reason are told once. */
export interface JournalGroup {
  /** Of its newest line. */
  readonly id: string
  readonly at: string
  readonly leadId: number | undefined
  readonly text: string
  /** Why the portal refused parts of it: its own words, empty where it gave none. */
  readonly refusals: readonly string[]
}

/** Puts neighbours together that say the same, of the newest line first; what was done stands in the order in which it was. */
export const groupLines = (lines: readonly LeadLine[]): JournalGroup[] => {
  const groups: LeadLine[][] = []
  for (const line of lines) {
    const last = groups.findLast(([first]) => first !== undefined && first.leadId === line.leadId && minuteOf(first) === minuteOf(line) && reasonOf(first) === reasonOf(line))
    if (last === undefined) groups.push([line])
    else last.push(line)
  }
  return groups.flatMap((group) => {
    const [newest] = group
    if (newest === undefined) return []
    const hasFollowUp = group.some(({ kind }) => kind === 'set-follow-up' || kind === 'change-follow-up')
    // The follow-up says the same deadline.
    const done = group.toReversed().map(({ kind, done: what }) => (kind === 'set-clock' && hasFollowUp ? '' : what ?? '')).filter(what => what !== '')
    return [{
      id: newest.id, at: newest.at, leadId: newest.leadId,
      text: [...new Set(done), reasonOf(newest)].join(' '),
      refusals: [...new Set(group.flatMap(({ outcome, outcomeDetail }) => (outcome === 'failed' ? [outcomeDetail ?? ''] : [])))],
    }]
  })
}

const minuteOf = ({ at }: LeadLine): string => at.slice(0, 'YYYY-MM-DDTHH:mm'.length)

/** Of an older server's line the whole text. */
const reasonOf = ({ because, text }: LeadLine): string => because ?? text
