import { onScopeDispose, shallowRef, type Ref } from 'vue'
import type { InstallReport } from '../../server/contract/install.ts'
import { asApiError, type ApiError } from '../api/api-error.ts'
import type { Api } from '../api/api.ts'

/** `missing`: something must be mended in the portal first; `done`: everything is set up. */
export type SetUpPhase = 'checking' | 'missing' | 'setting-up' | 'done' | 'failed'

export interface SetUp {
  readonly phase: Readonly<Ref<SetUpPhase>>
  readonly report: Readonly<Ref<InstallReport | null>>
  readonly error: Readonly<Ref<ApiError | null>>
  /** Checks the portal and, when nothing is missing, sets everything up. Safe to repeat. */
  readonly run: () => Promise<void>
}

interface Setting {
  readonly api: Pick<Api, 'checkInstall' | 'runInstall'>
  /** Called once, when everything is set up. */
  readonly done: () => Promise<void>
}

export const useSetUp = ({ api, done }: Setting): SetUp => {
  const phase = shallowRef<SetUpPhase>('checking')
  const report = shallowRef<InstallReport | null>(null)
  const error = shallowRef<ApiError | null>(null)
  let gone = false
  onScopeDispose(() => { gone = true })

  const run = async (): Promise<void> => {
    error.value = null
    phase.value = 'checking'
    try {
      report.value = await api.checkInstall()
      if (!report.value.ok) { phase.value = 'missing'; return }
      phase.value = 'setting-up'
      report.value = await api.runInstall()
      phase.value = report.value.ok ? 'done' : 'missing'
    } catch (cause) {
      error.value = asApiError(cause)
      phase.value = 'failed'
    }
    if (phase.value === 'done' && !gone) await done()
  }
  return { phase, report, error, run }
}
