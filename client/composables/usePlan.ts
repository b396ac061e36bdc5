import { onScopeDispose, readonly, shallowRef, type Ref } from 'vue'
import type { ConversionChoices, ConversionView } from '../../server/contract/conversion.ts'
import { asApiError, type ApiError } from '../api/api-error.ts'
import { decide, type ChoicesStore, type Decision } from './conversion-choices.ts'

export interface PlanDraft {
  /** The newest plan; the old one stays while a newer one is made. */
  readonly plan: Readonly<Ref<ConversionView | null>>
  readonly choices: Readonly<Ref<ConversionChoices>>
  /** Why the plan of the present choices could not be made. */
  readonly error: Readonly<Ref<ApiError | null>>
  /** A plan of the present choices is being made. */
  readonly planning: Readonly<Ref<boolean>>
  readonly choose: (decision: Decision) => void
  /** Makes the plan anew at once; null when it could not be made, or was overtaken. */
  readonly replan: () => Promise<ConversionView | null>
  /** The plan of exactly the present choices, made if need be. */
  readonly current: () => Promise<ConversionView | null>
  /** Forgets what was chosen. */
  readonly forget: () => void
}

interface Setting {
  readonly ask: (choices: ConversionChoices, signal: AbortSignal) => Promise<ConversionView>
  /** The plan of the stored choices, asked for before the page was drawn; null: there is none to be made before `replan`. */
  readonly first?: Promise<ConversionView> | null | undefined
  readonly store: ChoicesStore
  /** So long a change waits for the next one. */
  readonly pauseMs?: number
}

/** The plan that follows the choices: the newest wins, and no choice is lost when a plan cannot be made. */
export const usePlan = ({ ask, first, store, pauseMs = 250 }: Setting): PlanDraft => {
  const plan = shallowRef<ConversionView | null>(null)
  const choices = shallowRef<ConversionChoices>(store.read())
  const error = shallowRef<ApiError | null>(null)
  const planning = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | null = null
  let asking: AbortController | null = null
  let running: Promise<ConversionView | null> | null = null
  /** The choices that `plan` is of. */
  let planned: ConversionChoices | null = null

  const stop = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    asking?.abort()
  }
  onScopeDispose(stop)

  const look = async (wanted: ConversionChoices, controller: AbortController, asked: Promise<ConversionView>): Promise<ConversionView | null> => {
    const isNewest = () => asking === controller
    planning.value = true
    try {
      const made = await asked
      if (!isNewest()) return null
      plan.value = made
      planned = wanted
      error.value = null
      return made
    } catch (cause) {
      if (isNewest()) error.value = asApiError(cause)
      return null
    } finally {
      if (isNewest()) planning.value = timer !== null
    }
  }
  const replan = (asked?: Promise<ConversionView>): Promise<ConversionView | null> => {
    stop()
    const controller = new AbortController()
    asking = controller
    running = look(choices.value, controller, asked ?? ask(choices.value, controller.signal))
    return running
  }
  if (first !== null) void replan(first)

  const set = (next: ConversionChoices) => {
    choices.value = next
    store.write(next)
  }
  return {
    plan: readonly(plan) as Readonly<Ref<ConversionView | null>>,
    choices,
    error,
    planning: readonly(planning),
    choose: (decision) => {
      set(decide(choices.value, decision))
      if (timer !== null) clearTimeout(timer)
      planning.value = true
      timer = setTimeout(() => void replan(), pauseMs)
    },
    replan: () => replan(),
    current: () => {
      if (timer === null && planned === choices.value && !planning.value) return Promise.resolve(plan.value)
      return timer === null && planning.value && running !== null ? running : replan()
    },
    forget: () => set({}),
  }
}
