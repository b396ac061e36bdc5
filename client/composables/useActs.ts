import { shallowRef, type Ref } from 'vue'
import type { ActInput } from '../../server/contract/act.ts'
import type { JournalLine, LeadView } from '../../server/contract/lead-view.ts'
import type { Api, FoundClient } from '../api/api.ts'
import { asApiError, isPassing, type ApiError } from '../api/api-error.ts'

/** Parts of the page where something is pressed: what became of it is told there. */
export type ActPlace = 'now' | 'contact' | 'duplicates' | 'incidents' | 'forward'

/** What a person has asked for: an act, or a found client for the lead. */
export type Wish = ActInput | { readonly kind: 'attach'; readonly client: FoundClient }

export type ActNote = { readonly place: ActPlace; readonly wish: Wish } & (
  | { readonly is: 'done'; readonly before: LeadView | null; readonly view: LeadView; /** What Leadrail has done since, newest first. */ readonly lines: readonly JournalLine[] }
  | { readonly is: 'refused'; readonly error: ApiError; /** It may have been carried out all the same. */ readonly uncertain: boolean }
)

export interface Acts {
  /** What is under way; nothing else can be asked for meanwhile. */
  readonly busy: Readonly<Ref<Wish | null>>
  /** What became of the last wish. */
  readonly note: Readonly<Ref<ActNote | null>>
  /** False when it was refused, or when another wish is under way. */
  readonly run: (place: ActPlace, wish: Wish) => Promise<boolean>
  readonly forget: () => void
}

interface Setting {
  readonly api: Pick<Api, 'act' | 'attach'>
  readonly leadId: number
  readonly view: () => LeadView | null
  /** Ends when nothing typed is left to be sent: an act must not overtake the answers before it. */
  readonly settle: () => Promise<void>
  /** Called with the server's answer. */
  readonly done: (view: LeadView) => void
  /** Called when it is not known whether the act was carried out. */
  readonly lookAgain: () => Promise<void>
}

/** Acts of a person, one at a time: a second click does nothing. */
export const useActs = ({ api, leadId, view, settle, done, lookAgain }: Setting): Acts => {
  const busy = shallowRef<Wish | null>(null)
  const note = shallowRef<ActNote | null>(null)

  const run = async (place: ActPlace, wish: Wish): Promise<boolean> => {
    if (busy.value !== null) return false
    busy.value = wish
    note.value = null
    try {
      await settle()
      const before = view()
      const known = new Set(before?.journal.map(line => line.id))
      const answer = await (wish.kind === 'attach' ? api.attach(leadId, wish.client) : api.act(leadId, wish))
      done(answer)
      note.value = { place, wish, is: 'done', before, view: answer, lines: answer.journal.filter(line => !known.has(line.id)) }
      return true
    } catch (cause) {
      const error = asApiError(cause)
      // The act may be remembered, and only the look that followed it have failed.
      const uncertain = isPassing(error)
      note.value = { place, wish, is: 'refused', error, uncertain }
      if (uncertain) await lookAgain()
      return false
    } finally {
      busy.value = null
    }
  }

  return { busy, note, run, forget: () => { note.value = null } }
}
