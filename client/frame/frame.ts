import { readonly, shallowRef, type Ref } from 'vue'
import type { B24Frame } from '@bitrix24/b24jssdk'

/** `outside`: the page is not in a portal's frame, or the portal does not answer. */
export type FrameState = 'connecting' | 'inside' | 'outside'

/** The portal around the page. Every wish is quiet when there is no portal, except `accessToken`, which rejects. */
export interface Frame {
  readonly state: Readonly<Ref<FrameState>>
  /** Makes the frame as tall as its content, in CSS pixels. */
  readonly resize: (height: number) => Promise<void>
  /** The host card reads its data again, so that it does not show or save what was before our change. */
  readonly reloadHost: () => Promise<void>
  /** Rejects outside a portal and when the portal does not answer in time. */
  readonly accessToken: () => Promise<string>
  /** Opens a page of the portal in its side panel; without a portal a whole address opens in a new window. */
  readonly openPath: (url: string) => Promise<void>
  /** Shows the beginning of the page. */
  readonly scrollToTop: () => Promise<void>
  readonly setTitle: (title: string) => Promise<void>
  readonly finishInstall: () => Promise<void>
  /** Opens the conversion of a lead in the portal's slider, over the page, without a plan when it has `begun` already; `onClose` is called when it is closed (sdk/bx24-js-sdk/additional-functions/bx24-open-application.md). */
  readonly openConversion: (leadId: number, begun: boolean, onClose: () => void) => Promise<void>
  /** Closes the slider that the page stands in. */
  readonly close: () => Promise<void>
  /** Has the portal's telephony call a number, `+79000000000`; whether it does so is not told (sdk/bx24-js-sdk/additional-functions/outdated/bx24-im-phone-to.md). */
  readonly call: (phone: string) => Promise<void>
  /** What the portal keeps for this user and application; null for nothing, and without a portal (sdk/bx24-js-sdk/options/bx24-user-option-get.md). */
  readonly userOption: (name: string) => Promise<string | null>
  /** sdk/bx24-js-sdk/options/bx24-user-option-set.md */
  readonly setUserOption: (name: string, value: string) => Promise<void>
}

interface Setting {
  readonly load?: () => Promise<{ initializeB24Frame: () => Promise<B24Frame> }>
  /** So long each question to the portal may take; the SDK itself waits without limit. */
  readonly timeoutMs?: number
}

/** Pixels of the slider. */
const conversionWidth = 1280

/** Connects to the portal in the background; nothing waits for it but what needs it. */
export const openFrame = ({ load = () => import('./sdk.ts'), timeoutMs = 10_000 }: Setting = {}): Frame => {
  const state = shallowRef<FrameState>('connecting')
  let connected: B24Frame | null = null
  const connection = connect(load, timeoutMs).then(
    (b24) => { state.value = 'inside'; connected = b24; return b24 },
    () => { state.value = 'outside'; return null },
  )
  const quietly = async (wish: (b24: B24Frame) => Promise<unknown>): Promise<void> => {
    const b24 = await connection
    if (b24 !== null) await wish(b24)
  }
  return {
    state: readonly(state),
    // `parent.fitWindow` measures the document, which is never lower than the frame: it could only grow.
    resize: height => quietly(b24 => b24.parent.message.send('resizeWindow', { width: '100%', height, isSafely: true })),
    reloadHost: () => quietly(b24 => b24.placement.call('reloadData')),
    accessToken: async () => {
      const b24 = await connection
      if (b24 === null) throw new Error('not inside a portal')
      const { access_token: token } = await inTime(b24.auth.refreshAuth(), timeoutMs)
      if (typeof token !== 'string') throw new Error('the portal gave no token')
      return token
    },
    openPath: async (url) => {
      const b24 = await connection
      if (b24 !== null) await b24.slider.openPath(new URL(url, b24.auth.getTargetOrigin()))
      else if (URL.canParse(url)) window.open(url, '_blank', 'noopener')
    },
    scrollToTop: () => {
      window.scrollTo({ top: 0 })
      // The frame is as tall as its content, so it is the portal's page that is scrolled.
      return quietly(b24 => b24.parent.scrollParentWindow(0))
    },
    setTitle: title => quietly(b24 => b24.parent.setTitle(title)),
    // At once where possible: a page that is being closed gets no later turn.
    finishInstall: () => (connected === null ? quietly(finishOn) : finishOn(connected)),
    openConversion: (leadId, begun, onClose) => quietly(async (b24) => {
      // Answered when the slider is closed again, however long that takes.
      await b24.slider.openSliderAppPage({ view: 'conversion', leadId: String(leadId), ...(begun ? { begun: 'Y' } : {}), bx24_width: conversionWidth })
      onClose()
    }),
    // There is nobody left to be answered.
    close: () => quietly(async (b24) => { void b24.slider.closeSliderAppPage() }),
    call: phone => quietly(b24 => b24.parent.imPhoneTo(phone)),
    userOption: async (name) => {
      const b24 = await connection
      return b24 === null ? null : optionOf(b24, name)
    },
    // `options.userSet` of the SDK fails for a user of whom nothing is kept yet.
    setUserOption: (name, value) => quietly(b24 => b24.parent.message.send('setUserOption', { name, value, isSafely: true })),
  }
}

/** The SDK throws where nothing is kept. */
const optionOf = (b24: B24Frame, name: string): string | null => {
  try {
    const kept: unknown = b24.options.userGet(name)
    return typeof kept === 'string' ? kept : null
  } catch {
    return null
  }
}

const finishOn = async (b24: B24Frame): Promise<void> => {
  if (b24.isInstallMode) await b24.installFinish()
}

const connect = (load: NonNullable<Setting['load']>, timeoutMs: number): Promise<B24Frame> =>
  inTime(load().then(sdk => sdk.initializeB24Frame()), timeoutMs)

const inTime = async <T>(asked: Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the portal does not answer')), timeoutMs)
  })
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
