import { onScopeDispose, shallowRef, type Ref } from 'vue'
import type { InstallReport } from '../../server/contract/install.ts'
import { asApiError, type ApiError } from '../api/api-error.ts'
import type { Api } from '../api/api.ts'

/** `missing`: something must be mended in the portal first; `done`: everything is set up; `finishing`: and the portal is told so. */
export type SetUpPhase = 'checking' | 'missing' | 'setting-up' | 'done' | 'finishing' | 'failed'

export interface SetUp {
  readonly phase: Readonly<Ref<SetUpPhase>>
  readonly report: Readonly<Ref<InstallReport | null>>
  readonly error: Readonly<Ref<ApiError | null>>
  /** Checks the portal and, when nothing is missing, sets everything up. Safe to repeat. */
  readonly run: () => Promise<void>
  /** Ends the set-up, once. */
  readonly finish: () => Promise<void>
}

interface Setting {
  readonly api: Pick<Api, 'checkInstall' | 'runInstall'>
  /** Called once, when everything is set up and the set-up is to end. */
  readonly done: () => Promise<void>
  /**
   * Waits for `finish` when there is something to read: what has just been set up. A run that finds everything set up ends by
   * itself: the page was closed last time before its end, and the portal opens it until it is told that the installation is finished.
   */
  readonly waits: boolean
}

export const useSetUp = ({ api, done, waits }: Setting): SetUp => {
  const phase = shallowRef<SetUpPhase>('checking')
  const report = shallowRef<InstallReport | null>(null)
  const error = shallowRef<ApiError | null>(null)
  let gone = false
  // Whoever closes the page has seen the end: without the portal being told, nothing would ever work.
  const leave = () => void finish()
  window.addEventListener('pagehide', leave)
  onScopeDispose(() => {
    gone = true
    window.removeEventListener('pagehide', leave)
  })

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
    if (phase.value === 'done' && !(waits && report.value !== null && report.value.done.length > 0)) await finish()
  }
  const finish = async (): Promise<void> => {
    if (phase.value !== 'done' || gone) return
    phase.value = 'finishing'
    try {
      await done()
    } finally {
      phase.value = 'done'
    }
  }
  return { phase, report, error, run, finish }
}
