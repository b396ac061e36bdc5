import type { FakePortal } from '../fake-portals.ts'
import type { User } from '../rows.ts'
import { appStatusOf } from './view.ts'

/** What a page asks for: a placement code (`DEFAULT` is the application's own page), the index of its binding, the place's own keys. */
export interface WantedFrame {
  readonly placement: string
  readonly index?: number
  readonly options: Readonly<Record<string, unknown>>
  /** Path with query of the page the frame is opened from. */
  readonly uri?: string
}

/** Values of getInitData; all texts except the flags and the option maps. */
export interface InitData {
  readonly LANG: string
  readonly DOMAIN: string
  readonly PROTOCOL: '0' | '1'
  readonly PATH: '/rest'
  readonly AUTH_ID: string
  readonly REFRESH_ID: string
  readonly AUTH_EXPIRES: string
  readonly MEMBER_ID: string
  readonly IS_ADMIN: boolean
  readonly APP_OPTIONS: Record<string, unknown>
  readonly USER_OPTIONS: Record<string, unknown>
  readonly PLACEMENT: string
  readonly PLACEMENT_OPTIONS: Record<string, unknown>
  readonly INSTALL: boolean
  readonly FIRST_RUN: boolean
  readonly APP_SID: string
  readonly APP_CODE: string
}

/** One rendering of an application: the form to post into the frame called `name`, and what the page answers to getInitData. */
export type FrameOpening =
  | { readonly sid: string; readonly name: string; readonly action: string; readonly fields: Readonly<Record<string, string>>; readonly init: InitData }
  | { readonly refusal: string }

/** Who opened a rendering, and where. */
export interface Rendering {
  readonly userId: number
  readonly wanted: WantedFrame
}

const renderings = new WeakMap<FakePortal, Map<string, Rendering>>()

/** The rendering with this APP_SID, or null. */
export const renderingOf = (portal: FakePortal, sid: string): Rendering | null => renderings.get(portal)?.get(sid) ?? null

const remember = (portal: FakePortal, sid: string, rendering: Rendering): void => {
  renderings.set(portal, (renderings.get(portal) ?? new Map<string, Rendering>()).set(sid, rendering))
}

/** Notes that a frame asked to dial a number or to call a colleague (sdk/bx24-js-sdk/additional-functions/outdated/bx24-im-phone-to.md, bx24-im-call-to.md). */
export const dialFrom = (portal: FakePortal, { userId, wanted }: Rendering, asked: Readonly<Record<string, unknown>>): { id: number; phone: string; callee: string } => {
  const leadId = wanted.placement.startsWith('CRM_LEAD_') ? Number(wanted.options['ID']) || null : null
  const phone = typeof asked['phone'] === 'string' ? asked['phone'] : ''
  const callee = portal.state.users.get(Number(asked['userId']))
  const { id } = portal.act.dial(userId, { phone, leadId, calleeId: callee?.id ?? null, params: asked['params'] ?? null })
  return { id, phone, callee: callee === undefined ? '' : `${callee.name} ${callee.lastName}`.trim() }
}

const refusalFor = (portal: FakePortal, user: User, wanted: WantedFrame): string | null => {
  const status = appStatusOf(portal)
  if (status === 'absent') return 'Приложение не установлено.'
  if (!user.hasAppAccess) return 'У вас нет доступа к этому приложению. Обратитесь к администратору портала.'
  if (status === 'installing' && !user.isAdmin) return 'Приложение установлено не полностью. Обратитесь к администратору портала.'
  if (wanted.placement !== 'DEFAULT' && (status === 'installing' || handlerOf(portal, wanted) === undefined)) return 'Это встраивание больше не подключено.'
  return null
}

const handlerOf = (portal: FakePortal, wanted: WantedFrame): string | undefined => {
  const binding = portal.state.placements[wanted.index ?? -1]
  return binding?.placement === wanted.placement ? binding.handler : undefined
}

/**
 * Opens the application for a person: new APP_SID, new tokens of that person. Until the installation is finished the administrator
 * gets the installer's page and everybody else a refusal (settings/app-installation/installation-finish.md).
 * A place also gets URI, the page it was opened from, unless it has a key of that name (api-reference/widgets/_includes/widget_data.md).
 */
export const openFrame = (portal: FakePortal, user: User, wanted: WantedFrame): FrameOpening => {
  const refusal = refusalFor(portal, user, wanted)
  if (refusal !== null) return { refusal }
  const isPlace = wanted.placement !== 'DEFAULT'
  const options = { ...(isPlace && wanted.uri !== undefined ? { URI: wanted.uri } : {}), ...wanted.options }
  const post = portal.pagePost(wanted.placement, user.id, options, handlerOf(portal, wanted))
  const fields = isPlace || Object.keys(options).length === 0 ? post.fields : { ...post.fields, PLACEMENT_OPTIONS: JSON.stringify(options) }
  const installing = appStatusOf(portal) === 'installing'
  remember(portal, post.appSid, { userId: user.id, wanted })
  const { language } = portal.settings

  return {
    sid: post.appSid,
    name: `${portal.domain}|0|${post.appSid}`,
    action: post.action,
    fields,
    init: {
      LANG: language, DOMAIN: portal.domain, PROTOCOL: '0', PATH: '/rest',
      AUTH_ID: fields['AUTH_ID'] ?? '', REFRESH_ID: fields['REFRESH_ID'] ?? '', AUTH_EXPIRES: fields['AUTH_EXPIRES'] ?? '', MEMBER_ID: portal.memberId, IS_ADMIN: user.isAdmin,
      APP_OPTIONS: Object.fromEntries(portal.state.options.app), USER_OPTIONS: Object.fromEntries(portal.state.options.user.get(user.id) ?? []),
      PLACEMENT: wanted.placement, PLACEMENT_OPTIONS: options, INSTALL: installing, FIRST_RUN: installing, APP_SID: post.appSid, APP_CODE: portal.app.code,
    },
  }
}
