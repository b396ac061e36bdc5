import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import type { CardAnswersInput } from '../../server/contract/card.ts'
import type { CardView, LeadView } from '../../server/contract/lead-view.ts'
import { asApiError, isPassing, type ApiError } from '../api/api-error.ts'
import { closing, emptyHeld, isAnswered, keyOfField, questionsOf, sameAnswer, sameHeld, serverAnswers, toRequest, wireAnswer } from './card-keys.ts'
import { askedCodes, refusalLacks } from './conditions.ts'
import type { DraftStore, Held, KeptDraft } from './draft-store.ts'

/**
 * How one answer stands. `invalid`: a number was asked and none was typed; `refused`: the server does not take it, and says why;
 * `conflict`: somebody else has changed it in the lead meanwhile, and the person must choose.
 */
export interface AnswerState {
  readonly status: 'untouched' | 'unsaved' | 'saving' | 'saved' | 'failed' | 'invalid' | 'refused' | 'conflict'
  /** The server's own words about this answer. */
  readonly message: string | null
  /** What stands in the lead while there is a conflict. */
  readonly theirs: Held | null
}

export interface SaveSummary {
  readonly status: 'idle' | 'unsaved' | 'saving' | 'saved' | 'failed'
  /** Answers that are not saved yet. */
  readonly unsaved: number
  /** Those of them that somebody else has changed in the lead. */
  readonly conflicts: number
  /** The card is closed: what is unsaved stays so. */
  readonly closed: boolean
  /** What is unsaved outlives a reload of the page. */
  readonly kept: boolean
  readonly error: ApiError | null
}

export interface CardDraft {
  readonly heldOf: (key: string) => Held
  readonly stateOf: (key: string) => AnswerState
  /** Remembers what is typed at once; nothing is sent before `commit`. */
  readonly edit: (key: string, change: Partial<Held>) => void
  /** Saves all that is not saved, one request at a time. */
  readonly commit: () => Promise<void>
  /** Ends a conflict: `mine` is saved over what stands in the lead, `theirs` takes its place. */
  readonly settle: (key: string, whose: 'mine' | 'theirs') => Promise<void>
  /** Forgets all that is unsaved. */
  readonly discard: () => void
  /** What the chosen result waits for: its next step, reason, attempts, comment or date, or answers that must be mended first. */
  readonly resultWaits: ComputedRef<ResultWaits | null>
  readonly summary: ComputedRef<SaveSummary>
  /** Obligatory questions without an answer, drafts counted; `@comment` for the comment. */
  readonly missing: ComputedRef<readonly string[]>
  /** How many obligatory questions are asked, the comment counted. */
  readonly obligatory: ComputedRef<number>
}

export type ResultWaits = 'follow' | 'attempts' | 'comment' | 'evidence' | 'date' | 'faults'

interface Draft extends KeptDraft {
  readonly sent: readonly Held[]
  readonly status: 'unsaved' | 'saving' | 'failed' | 'invalid' | 'refused' | 'conflict'
  readonly message: string | null
}

/** No answer is lost to these by time: the person must do something. */
const faults: readonly Draft['status'][] = ['invalid', 'refused', 'conflict']

/** So many of the last values sent are remembered for each answer. */
const keptSent = 5

interface Setting {
  readonly view: () => LeadView | null
  readonly save: (answers: CardAnswersInput) => Promise<LeadView>
  /** Called with the server's answer to a save. */
  readonly saved: (view: LeadView) => void
  readonly store: DraftStore
  /** How numbers are written. */
  readonly language: string
}

export const useCard = ({ view, save, saved, store, language }: Setting): CardDraft => {
  const card = computed<CardView | null>(() => view()?.card ?? null)
  const server = computed(() => serverAnswers(card.value))
  const drafts = shallowRef<ReadonlyMap<string, Draft>>(readKept(store))
  const savedKeys = shallowRef<ReadonlySet<string>>(new Set())
  const failure = shallowRef<ApiError | null>(null)
  const kept = shallowRef(true)
  let running: Promise<void> | null = null

  const change = (entries: Iterable<readonly [string, Draft | null]>) => {
    const next = new Map(drafts.value)
    for (const [key, draft] of entries) {
      if (draft === null) next.delete(key)
      else next.set(key, draft)
    }
    drafts.value = next
    if ([...next.values()].every(draft => faults.includes(draft.status))) failure.value = null
    kept.value = store.write(Object.fromEntries([...next].map(([key, { value, unknown, base, sent, status }]) => [key, { value, unknown, base, sent, conflict: status === 'conflict' }])))
  }
  const mark = (keys: readonly string[], status: Draft['status'], message: string | null = null) =>
    change(keys.flatMap((key) => { const draft = drafts.value.get(key); return draft === undefined ? [] : [[key, { ...draft, status, message }] as const] }))

  const serverHeld = (key: string): Held => server.value.get(key) ?? emptyHeld
  const heldOf = (key: string): Held => drafts.value.get(key) ?? serverHeld(key)

  const asked = computed(() => (card.value === null ? new Set<string>() : askedCodes(card.value, heldOf, language)))
  const isHidden = (key: string): boolean => !key.startsWith('@') && !asked.value.has(key)

  const same = (key: string, a: Held, b: Held): boolean => sameAnswer(card.value, key, a, b, language)

  const edit = (key: string, held: Partial<Held>) => {
    const before = drafts.value.get(key)
    const next = { ...heldOf(key), ...held }
    const draft: Draft = {
      value: next.value, unknown: next.unknown, base: before?.base ?? serverHeld(key), sent: before?.sent ?? [],
      status: before?.status === 'conflict' ? 'conflict' : 'unsaved', message: null,
    }
    // What was sent may have been written, whatever became of its answer: then even the server's own value is a change again.
    const restored = sameHeld(draft, serverHeld(key)) && (draft.status === 'conflict' || draft.sent.length === 0)
    change([[key, restored ? null : draft]])
  }

  const sendable = (): readonly string[] => {
    const shown = card.value
    if (shown === null || !shown.editable) return []
    const unsaved = [...drafts.value].filter(([, draft]) => draft.status === 'unsaved' || draft.status === 'failed').map(([key]) => key)
    const invalid = questionsOf(shown).filter(question => unsaved.includes(question.code) && wireAnswer(question, heldOf(question.code), language) === 'invalid').map(question => question.code)
    if (invalid.length > 0) mark(invalid, 'invalid')
    return unsaved.filter(key => !invalid.includes(key) && server.value.has(key) && !(key === closing.result && waits(shown) !== null))
  }
  /** A result ends the step at once, and the card with it: nothing that must still be mended may be left behind. */
  const waits = (shown: CardView): ResultWaits | null => {
    const lack = lackOf(shown)
    if (lack !== null) return lack
    return [...drafts.value].some(([key, draft]) => key !== closing.result && faults.includes(draft.status)) ? 'faults' : null
  }
  /** A result goes together with its next step, or with its reason and all that this one asks for. */
  const lackOf = (shown: CardView): ResultWaits | null => {
    const { nextStep, postponedUntil } = shown
    const { value } = heldOf(closing.result)
    const lacksDate = postponedUntil !== null && !isAnswered(heldOf(closing.postponedUntil))
    if (value === 'postponed') return lacksDate ? 'date' : null
    if (value === 'qualified') return nextStep.options.length > 0 && !isAnswered(heldOf(closing.nextStep)) ? 'follow' : null
    const [lack] = value === 'not-qualified' ? refusalLacks(shown, heldOf) : []
    return lack === 'reason' ? 'follow' : lack ?? null
  }

  const saveOnce = async (current: CardView, keys: readonly string[]): Promise<'on' | 'stop'> => {
    const sent = new Map(keys.map(key => [key, heldOf(key)]))
    const request = toRequest(current, heldOf, keys, language)
    change(keys.flatMap((key) => {
      const draft = drafts.value.get(key)
      return draft === undefined ? [] : [[key, { ...draft, status: 'saving', message: null, sent: [...draft.sent, { value: draft.value, unknown: draft.unknown }].slice(-keptSent) }] as const]
    }))
    try {
      const answer = await save(request)
      const news = serverAnswers(answer.card)
      failure.value = null
      change(keys.map((key) => {
        const draft = drafts.value.get(key)
        const typedOn = draft !== undefined && !sameHeld(draft, sent.get(key) ?? emptyHeld)
        return [key, typedOn ? { ...draft, base: news.get(key) ?? emptyHeld, sent: [] } : null] as const
      }))
      savedKeys.value = new Set([...savedKeys.value, ...keys])
      saved(answer)
      return 'on'
    } catch (cause) {
      const error = asApiError(cause)
      if (error.kind === 'refused') change(keys.flatMap((key) => { const draft = drafts.value.get(key); return draft === undefined ? [] : [[key, { ...draft, sent: draft.sent.slice(0, -1) }] as const] }))
      const refused = new Map((error.problem?.fields ?? []).map(field => [keyOfField(field.field), field.message]))
      const named = keys.filter(key => refused.has(key))
      for (const key of named) mark([key], 'refused', refused.get(key) ?? null)
      const rest = keys.filter(key => !refused.has(key) && drafts.value.get(key)?.status === 'saving')
      // One refused answer must not hold back the others that went with it.
      if (named.length > 0 && rest.length > 0) { mark(rest, 'unsaved'); return 'on' }
      mark(rest, 'failed')
      failure.value = named.length > 0 ? null : error
      compare(server.value)
      return 'stop'
    }
  }

  /** What cannot be saved of a question that is not asked any more can be mended by nobody. */
  const dropHiddenFaults = () => {
    const hidden = card.value === null ? [] : [...drafts.value].filter(([key, draft]) => (draft.status === 'invalid' || draft.status === 'refused') && isHidden(key))
    if (hidden.length > 0) change(hidden.map(([key]) => [key, null] as const))
  }

  const saveAll = async (): Promise<void> => {
    dropHiddenFaults()
    for (;;) {
      const keys = sendable()
      if (card.value === null || keys.length === 0) return
      if (await saveOnce(card.value, keys) === 'stop') return
    }
  }
  const commit = (): Promise<void> => {
    running ??= saveAll().finally(() => { running = null })
    return running
  }

  /**
   * What the server has now beside what is not saved. An answer without a draft shows the server's. A draft goes only when
   * the server has the same; what we have sent ourselves is no news; anything else is somebody's change, and a conflict.
   */
  const compare = (now: ReadonlyMap<string, Held>): void => {
    const known: string[] = []
    const moved: [string, Draft | null][] = []
    for (const [key, draft] of drafts.value) {
      const theirs = now.get(key)
      if (theirs === undefined || draft.status === 'saving') continue
      // A space at the end of what is being typed is no difference to the server, but one to the person.
      if (draft.status === 'unsaved' ? sameHeld(draft, theirs) : same(key, draft, theirs)) {
        // Taken back after another value was sent: that one may be written yet, so this one must follow it.
        if (draft.status === 'unsaved' && same(key, draft.base, theirs) && draft.sent.length > 0) continue
        known.push(key)
        moved.push([key, null])
      } else if (!same(key, draft.base, theirs)) {
        const ours = draft.status !== 'conflict' && draft.sent.some(sent => same(key, sent, theirs))
        moved.push([key, { ...draft, base: theirs, status: ours || same(key, draft, theirs) ? draft.status : 'conflict' }])
      }
    }
    if (moved.length === 0) return
    change(moved)
    savedKeys.value = new Set([...savedKeys.value, ...known])
  }
  watch(server, compare, { immediate: true })
  // Answers kept from before a reload are sent as soon as there is an open card to send them for.
  watch(() => card.value?.editable === true, (ready) => { if (ready && drafts.value.size > 0) void commit() }, { immediate: true })

  const onHidden = () => { if (document.visibilityState === 'hidden') void commit() }
  const onOnline = () => { if (failure.value !== null && isPassing(failure.value)) void commit() }
  document.addEventListener('visibilitychange', onHidden)
  window.addEventListener('online', onOnline)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onHidden)
    window.removeEventListener('online', onOnline)
  })

  return {
    heldOf,
    stateOf: (key) => {
      const draft = drafts.value.get(key)
      if (draft !== undefined) return { status: draft.status, message: draft.message, theirs: draft.status === 'conflict' ? draft.base : null }
      return { status: savedKeys.value.has(key) ? 'saved' : 'untouched', message: null, theirs: null }
    },
    edit,
    commit,
    settle: (key, whose) => {
      if (whose === 'mine') mark([key], 'unsaved')
      else change([[key, null]])
      return commit()
    },
    discard: () => change([...drafts.value.keys()].map(key => [key, null] as const)),
    resultWaits: computed(() => (card.value === null || drafts.value.get(closing.result) === undefined ? null : waits(card.value))),
    summary: computed(() => {
      const states = [...drafts.value.values()].map(draft => draft.status)
      const failed = failure.value !== null || states.some(status => status === 'failed' || faults.includes(status))
      const status = states.includes('saving') ? 'saving' : failed ? 'failed' : states.length > 0 ? 'unsaved' : savedKeys.value.size > 0 ? 'saved' : 'idle'
      return { status, unsaved: states.length, conflicts: states.filter(each => each === 'conflict').length, closed: view() !== null && card.value?.editable !== true, kept: kept.value, error: failure.value }
    }),
    obligatory: computed(() => {
      const shown = card.value
      return shown === null ? 0 : questionsOf(shown).filter(({ code, required }) => required && asked.value.has(code)).length + (shown.closing && shown.comment.required ? 1 : 0)
    }),
    missing: computed(() => {
      if (card.value === null) return []
      const questions = questionsOf(card.value).filter(question => asked.value.has(question.code) && isMissing(question.required, heldOf(question.code)))
      return [...questions.map(question => question.code), ...(isMissing(card.value.closing && card.value.comment.required, heldOf(closing.comment)) ? [closing.comment] : [])]
    }),
  }
}

const isMissing = (required: boolean, held: Held): boolean => required && !isAnswered(held)

const readKept = (store: DraftStore): ReadonlyMap<string, Draft> =>
  new Map(Object.entries(store.read()).map(([key, kept]) => [key, { ...kept, sent: kept.sent ?? [], status: kept.conflict === true ? 'conflict' : 'unsaved', message: null } as const]))
