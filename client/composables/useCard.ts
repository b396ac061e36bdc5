import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import type { CardAnswersInput } from '../../server/contract/card.ts'
import type { CardView, LeadView } from '../../server/contract/lead-view.ts'
import { asApiError, isPassing, type ApiError } from '../api/api-error.ts'
import { closing, emptyHeld, isAnswered, keyOfField, questionsOf, sameHeld, serverAnswers, toRequest, wireAnswer } from './card-keys.ts'
import type { DraftStore, Held, KeptDraft } from './draft-store.ts'

/** How one answer stands. `invalid`: a number was asked and none was typed; `refused`: the server does not take it, and says why. */
export interface AnswerState {
  readonly status: 'untouched' | 'unsaved' | 'saving' | 'saved' | 'failed' | 'invalid' | 'refused'
  /** The server's own words about this answer. */
  readonly message: string | null
}

export interface SaveSummary {
  readonly status: 'idle' | 'unsaved' | 'saving' | 'saved' | 'failed'
  /** Answers that are not saved yet. */
  readonly unsaved: number
  readonly error: ApiError | null
}

export interface CardDraft {
  readonly heldOf: (key: string) => Held
  readonly stateOf: (key: string) => AnswerState
  /** Remembers what is typed at once; nothing is sent before `commit`. */
  readonly edit: (key: string, change: Partial<Held>) => void
  /** Saves all that is not saved, one request at a time. */
  readonly commit: () => Promise<void>
  /** While a key has the focus, a newer answer of the server does not replace what is being typed. */
  readonly focus: (key: string) => void
  readonly blur: (key: string) => Promise<void>
  readonly summary: ComputedRef<SaveSummary>
  /** Obligatory questions without an answer, drafts counted; `@comment` for the comment. */
  readonly missing: ComputedRef<readonly string[]>
}

interface Draft extends KeptDraft {
  readonly status: 'unsaved' | 'saving' | 'failed' | 'invalid' | 'refused'
  readonly message: string | null
}

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
  let focused: string | null = null
  let running: Promise<void> | null = null
  let underway: ReadonlySet<string> = new Set()

  const change = (entries: Iterable<readonly [string, Draft | null]>) => {
    const next = new Map(drafts.value)
    for (const [key, draft] of entries) {
      if (draft === null) next.delete(key)
      else next.set(key, draft)
    }
    drafts.value = next
    store.write(Object.fromEntries([...next].map(([key, { value, unknown, base }]) => [key, { value, unknown, base }])))
  }
  const mark = (keys: readonly string[], status: Draft['status'], message: string | null = null) =>
    change(keys.flatMap((key) => { const draft = drafts.value.get(key); return draft === undefined ? [] : [[key, { ...draft, status, message }] as const] }))

  const serverHeld = (key: string): Held => server.value.get(key) ?? emptyHeld
  const heldOf = (key: string): Held => drafts.value.get(key) ?? serverHeld(key)

  const edit = (key: string, held: Partial<Held>) => {
    const base = drafts.value.get(key)?.base ?? serverHeld(key)
    const next = { ...heldOf(key), ...held }
    const draft: Draft = { value: next.value, unknown: next.unknown, base, status: 'unsaved', message: null }
    // While an older value of this answer is on its way, even the server's own is a change again.
    change([[key, sameHeld(draft, serverHeld(key)) && !underway.has(key) ? null : draft]])
    if (drafts.value.size === 0) failure.value = null
  }

  const sendable = (): readonly string[] => {
    const unsaved = [...drafts.value].filter(([, draft]) => draft.status === 'unsaved' || draft.status === 'failed').map(([key]) => key)
    if (card.value === null) return []
    const invalid = questionsOf(card.value).filter(question => unsaved.includes(question.code) && wireAnswer(question, heldOf(question.code), language) === 'invalid').map(question => question.code)
    if (invalid.length > 0) mark(invalid, 'invalid')
    return unsaved.filter(key => !invalid.includes(key) && server.value.has(key))
  }

  const saveOnce = async (current: CardView, keys: readonly string[]): Promise<'on' | 'stop'> => {
    const sent = new Map(keys.map(key => [key, heldOf(key)]))
    const request = toRequest(current, heldOf, keys, language)
    mark(keys, 'saving')
    underway = new Set(keys)
    try {
      const answer = await save(request)
      const news = serverAnswers(answer.card)
      failure.value = null
      change(keys.map((key) => {
        const draft = drafts.value.get(key)
        const typedOn = draft !== undefined && !sameHeld(draft, sent.get(key) ?? emptyHeld)
        return [key, typedOn ? { ...draft, base: news.get(key) ?? emptyHeld } : null] as const
      }))
      savedKeys.value = new Set([...savedKeys.value, ...keys])
      saved(answer)
      return 'on'
    } catch (cause) {
      const error = asApiError(cause)
      const refused = new Map((error.problem?.fields ?? []).map(field => [keyOfField(field.field), field.message]))
      const named = keys.filter(key => refused.has(key))
      for (const key of named) mark([key], 'refused', refused.get(key) ?? null)
      const rest = keys.filter(key => !refused.has(key) && drafts.value.get(key)?.status === 'saving')
      // One refused answer must not hold back the others that went with it.
      if (named.length > 0 && rest.length > 0) { mark(rest, 'unsaved'); return 'on' }
      mark(rest, 'failed')
      failure.value = named.length > 0 ? null : error
      return 'stop'
    } finally {
      underway = new Set()
    }
  }

  const saveAll = async (): Promise<void> => {
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

  // Newer answers of the server win, unless the same one is being typed or is on its way.
  watch(server, (now) => {
    const outdated = [...drafts.value].filter(([key, draft]) =>
      key !== focused && draft.status !== 'saving' && now.has(key) && !sameHeld(draft.base, now.get(key) ?? emptyHeld))
    if (outdated.length > 0) change(outdated.map(([key]) => [key, null] as const))
  }, { immediate: true })
  // Answers kept from before a reload are sent as soon as there is a card to send them for.
  watch(() => card.value !== null, (ready) => { if (ready && drafts.value.size > 0) void commit() }, { immediate: true })

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
      if (draft !== undefined) return { status: draft.status, message: draft.message }
      return { status: savedKeys.value.has(key) ? 'saved' : 'untouched', message: null }
    },
    edit,
    commit,
    focus: (key) => { focused = key },
    blur: (key) => {
      if (focused === key) focused = null
      return commit()
    },
    summary: computed(() => {
      const states = [...drafts.value.values()].map(draft => draft.status)
      const failed = failure.value !== null || states.some(status => status === 'failed' || status === 'refused' || status === 'invalid')
      const status = states.includes('saving') ? 'saving' : failed ? 'failed' : states.length > 0 ? 'unsaved' : savedKeys.value.size > 0 ? 'saved' : 'idle'
      return { status, unsaved: states.length, error: failure.value }
    }),
    missing: computed(() => {
      if (card.value === null) return []
      const questions = questionsOf(card.value).filter(question => isMissing(question.required, heldOf(question.code)))
      return [...questions.map(question => question.code), ...(isMissing(card.value.comment.required, heldOf(closing.comment)) ? [closing.comment] : [])]
    }),
  }
}

const isMissing = (required: boolean, held: Held): boolean => required && !isAnswered(held)

const readKept = (store: DraftStore): ReadonlyMap<string, Draft> =>
  new Map(Object.entries(store.read()).map(([key, kept]) => [key, { ...kept, status: 'unsaved', message: null } as const]))
