import { computed, onScopeDispose, readonly, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { ConversionState, ConversionStatus, ConversionView, LastConversion, UndoView } from '../../server/contract/conversion.ts'
import { asApiError, isPassing, type ApiError } from '../api/api-error.ts'
import type { ConversionApi } from '../api/api.ts'
import { isNothing, isSamePlan, type ChoicesStore } from './conversion-choices.ts'
import { usePlan, type PlanDraft } from './usePlan.ts'

/** What is on the screen. */
export type ConversionStage = 'opening' | 'plan' | 'state'
/** What the person has pressed and what is not answered yet. */
export type ConversionDeed = 'begin' | 'retry' | 'take-back' | 'outlook' | 'undo'
/** `restored`: choices of before; `changed`: the portal's data have changed, so look again; `updated`: what was typed last has changed more than its field. */
export type PlanNotice = 'restored' | 'changed' | 'updated' | 'lacks'

export interface ConversionScreen {
  readonly stage: Readonly<Ref<ConversionStage>>
  readonly draft: PlanDraft
  /** Something was chosen and would be lost by closing. */
  readonly touched: ComputedRef<boolean>
  readonly notice: Readonly<Ref<PlanNotice | null>>
  readonly state: Readonly<Ref<ConversionState | null>>
  /** Why the last deed or the last look failed. */
  readonly error: Readonly<Ref<ApiError | null>>
  readonly deed: Readonly<Ref<ConversionDeed | null>>
  readonly outlook: Readonly<Ref<UndoView | null>>
  /** Carries out the plan that is seen; says why not otherwise. */
  readonly begin: () => Promise<void>
  readonly retry: () => Promise<void>
  readonly takeBack: () => Promise<void>
  readonly askUndo: () => Promise<void>
  readonly dropUndo: () => void
  readonly undo: () => Promise<void>
  readonly backToPlan: () => void
  /** Looks again at what has failed last. */
  readonly refresh: () => Promise<void>
  /** Plans from the proposal alone. */
  readonly startOver: () => void
  /** Forgets what was chosen: the page is being closed. */
  readonly discard: () => void
}

interface Setting {
  readonly api: ConversionApi
  readonly leadId: number
  /** Asked for before the page was drawn. */
  readonly first?: { readonly last: Promise<LastConversion>; readonly plan: Promise<ConversionView> | null }
  readonly store: ChoicesStore
  readonly everyMs?: number
  readonly pauseMs?: number
}

/** Statuses that change by themselves. */
const moving: readonly ConversionStatus[] = ['running', 'taking-back', 'undoing']
/** An earlier one that is over for good: there is a new plan to be made. */
const past: readonly ConversionStatus[] = ['taken-back', 'undone']

export const isMoving = (state: ConversionState): boolean => moving.includes(state.status)

/** The conversion of a lead as its page plays it: the plan, its beginning, how far it is, taking it back. A reload finds what is under way. */
export const useConversion = ({ api, leadId, first, store, everyMs = 1000, pauseMs }: Setting): ConversionScreen => {
  const stage = shallowRef<ConversionStage>('opening')
  const notice = shallowRef<PlanNotice | null>(null)
  const state = shallowRef<ConversionState | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const deed = shallowRef<ConversionDeed | null>(null)
  const outlook = shallowRef<UndoView | null>(null)
  const ending = new AbortController()
  let timer: ReturnType<typeof setTimeout> | null = null
  /** Counts answers to deeds: a look begun before one is older than it. */
  let answered = 0

  const draft = usePlan({ ask: (choices, signal) => api.plan(leadId, choices, signal), first: first?.plan, store, ...(pauseMs === undefined ? {} : { pauseMs }) })
  if (!isNothing(draft.choices.value)) notice.value = 'restored'

  const accept = (next: ConversionState) => {
    state.value = next
    error.value = null
    notice.value = null
    stage.value = 'state'
    if (next.status === 'done') draft.forget()
    wait()
  }
  const wait = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (ending.signal.aborted || state.value === null || !isMoving(state.value)) return
    timer = setTimeout(() => void look(), error.value === null ? everyMs : everyMs * 3)
  }
  const look = async (): Promise<void> => {
    if (document.visibilityState === 'hidden') return wait()
    const begunAt = answered
    try {
      const { conversion } = await api.last(leadId, ending.signal)
      if (begunAt === answered && conversion !== null) accept(conversion)
    } catch (cause) {
      fail(asApiError(cause))
      wait()
    }
  }
  const fail = (failure: ApiError) => { if (failure.kind !== 'aborted') error.value = failure }

  const open = async (asked: Promise<LastConversion>): Promise<void> => {
    try {
      const { conversion } = await asked
      error.value = null
      if (conversion !== null && !past.includes(conversion.status)) { accept(conversion); return }
      stage.value = 'plan'
      // It was begun when the page was opened, and is undone by now.
      if (first?.plan === null && draft.plan.value === null && !draft.planning.value) void draft.replan()
    } catch (cause) {
      fail(asApiError(cause))
    }
  }
  const onSeen = () => { if (document.visibilityState === 'visible' && timer !== null) { clearTimeout(timer); void look() } }
  document.addEventListener('visibilitychange', onSeen)
  onScopeDispose(() => {
    ending.abort()
    if (timer !== null) clearTimeout(timer)
    document.removeEventListener('visibilitychange', onSeen)
  })
  void open(first?.last ?? api.last(leadId, ending.signal))

  /** One deed at a time: pressed twice is pressed once. */
  const act = async (what: ConversionDeed, carryOut: () => Promise<void>): Promise<void> => {
    if (deed.value !== null) return
    deed.value = what
    error.value = null
    try {
      await carryOut()
    } catch (cause) {
      fail(asApiError(cause))
    } finally {
      deed.value = null
    }
  }
  /** A change of the conversion. Without an answer nobody knows whether it was heard, so the conversion itself is asked. */
  const change = (what: ConversionDeed, ask: () => Promise<ConversionState>, wasHeard: (now: ConversionState) => boolean) => act(what, async () => {
    try {
      const next = await ask()
      answered += 1
      accept(next)
    } catch (cause) {
      if (!isPassing(asApiError(cause))) throw cause
      const conversion = await api.last(leadId, ending.signal).then(({ conversion: found }) => found, () => null)
      if (conversion === null || !wasHeard(conversion)) throw cause
      answered += 1
      accept(conversion)
    }
  })

  const begin = (): Promise<void> => act('begin', async () => {
    const seen = draft.plan.value
    const plan = await draft.current()
    if (seen === null || plan === null) return
    if (plan.lacks.length > 0) { notice.value = 'lacks'; return }
    if (plan !== seen && !isSamePlan(plan, seen, draft.choices.value)) { notice.value = 'updated'; return }
    notice.value = null
    const before = state.value?.id
    try {
      const next = await api.begin(leadId, draft.choices.value, plan.seen)
      answered += 1
      accept(next)
    } catch (cause) {
      const failure = asApiError(cause)
      const type = failure.problem?.type ?? ''
      const isOutdated = type.endsWith('/plan-changed') || type.endsWith('/conversion-lacks')
      // It was heard although its answer got lost, or another window was quicker.
      const conversion = isOutdated || isPassing(failure) ? await api.last(leadId, ending.signal).then(({ conversion: found }) => found, () => null) : null
      if (conversion !== null && conversion.id !== before && !past.includes(conversion.status)) {
        answered += 1
        accept(conversion)
        return
      }
      if (!isOutdated) throw failure
      await draft.replan()
      notice.value = type.endsWith('/plan-changed') ? 'changed' : 'lacks'
    }
  })

  return {
    stage: readonly(stage),
    draft,
    touched: computed(() => stage.value === 'plan' && !isNothing(draft.choices.value)),
    notice: readonly(notice),
    state,
    error,
    deed: readonly(deed),
    outlook,
    begin,
    retry: () => change('retry', () => api.retry(leadId), now => now.status !== 'held'),
    takeBack: () => change('take-back', () => api.takeBack(leadId), now => now.status === 'taking-back' || now.status === 'taken-back'),
    askUndo: () => act('outlook', async () => { outlook.value = await api.undoOutlook(leadId) }),
    dropUndo: () => { outlook.value = null },
    undo: () => change('undo', () => api.undo(leadId), now => now.status !== 'done').then(() => { if (state.value?.status !== 'done') outlook.value = null }),
    backToPlan: () => {
      stage.value = 'plan'
      error.value = null
      void draft.replan()
    },
    refresh: async () => {
      if (stage.value === 'opening') return open(api.last(leadId, ending.signal))
      if (stage.value === 'plan') { await draft.replan(); return }
      return look()
    },
    startOver: () => {
      notice.value = null
      draft.forget()
      void draft.replan()
    },
    discard: () => draft.forget(),
  }
}
