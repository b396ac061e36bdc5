import { shallowRef, type Ref } from 'vue'
import type { ReceiptView } from '../../server/contract/receipt.ts'
import type { LeadView } from '../../server/contract/lead-view.ts'
import type { Api } from '../api/api.ts'
import { asApiError, type ApiError } from '../api/api-error.ts'

export interface Why {
  /** Null until they were asked for. */
  readonly receipts: Readonly<Ref<readonly ReceiptView[] | null>>
  readonly error: Readonly<Ref<ApiError | null>>
  readonly loading: Readonly<Ref<boolean>>
  /** Asks for the receipts, unless those of what is shown are there. */
  readonly open: () => Promise<void>
}

/** Why things are as they are: asked for when somebody wants to know, and again when the lead has changed since. */
export const useWhy = (api: Pick<Api, 'why'>, leadId: number, view: () => LeadView | null): Why => {
  const receipts = shallowRef<readonly ReceiptView[] | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const loading = shallowRef(false)
  let of: string | null = null

  const open = async (): Promise<void> => {
    const asked = stateOf(view())
    if (loading.value || (receipts.value !== null && of === asked)) return
    loading.value = true
    error.value = null
    try {
      receipts.value = (await api.why(leadId)).receipts
      of = asked
    } catch (cause) {
      error.value = asApiError(cause)
    } finally {
      loading.value = false
    }
  }
  return { receipts, error, loading, open }
}

/** Every decision leaves a line in the journal. */
const stateOf = (view: LeadView | null): string => `${view?.journal[0]?.id ?? ''} ${view?.responsible?.id ?? ''} ${view?.gateNeeds.join() ?? ''}`
