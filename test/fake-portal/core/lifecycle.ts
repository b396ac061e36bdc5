import type { AppUrls, InstalledApp, PortalCore } from './portal-core.ts'
import type { RobotRun } from '../app-rows.ts'
import { startRobotRun } from '../world/automation.ts'
import type { createDelivery } from './delivery.ts'

/** What the browser posts into a frame (settings/oauth/simple-way.md): the address with its query, and the form fields. */
export interface PagePost {
  /** Address to post to, query included. */
  action: string
  fields: Record<string, string>
  /** Session id of this rendering. */
  appSid: string
}

/** Installation, updating, removal and pages of the application on one portal. */
export const createLifecycle = (portal: PortalCore, delivery: ReturnType<typeof createDelivery>) => {
  const { app, state } = portal
  const language = (): string => portal.settings.language
  const dropBindings = (): void => {
    state.eventHandlers = []
    state.placements = []
    state.offlineQueue = []
    // Robots of a removed or updated application leave the list (bizproc-robot-delete.md).
    state.robots.clear()
    state.triggers.clear()
  }
  const tokensFor = (userId: number) => portal.tokens.issue({ memberId: portal.memberId, clientId: app.clientId, userId })

  return {
    /** New tokens of a person, as an opened page gets them. */
    tokensFor,
    /**
     * Puts the application on the portal. With an installer page it is not ready before `finishInstall`; without one it is ready at once
     * (settings/app-installation/mass-market-apps/index.md). An installation event handler gets ONAPPINSTALL.
     */
    install: (urls: AppUrls, byUserId = 1, change: Partial<InstalledApp> = {}): void => {
      dropBindings()
      Object.assign(app, { applicationToken: portal.random.hex(32), installed: urls.install === undefined, ...change, present: true, urls })
      if (urls.events === undefined) return
      const data = { VERSION: app.version, ACTIVE: 'Y', INSTALLED: app.installed ? 'Y' : 'N', LANGUAGE_ID: language() }
      delivery.send('ONAPPINSTALL', data, { url: urls.events, handlerId: null, userId: byUserId, kind: 'lasting' })
    },
    /** The frame of the installer called installFinish: events go out, placements are shown, ONAPPINSTALL goes to who subscribed. */
    finishInstall: (byUserId = 1): void => {
      if (!app.present || app.installed) return
      app.installed = true
      portal.fire('ONAPPINSTALL', { VERSION: app.version, ACTIVE: 'Y', INSTALLED: 'Y', LANGUAGE_ID: language() }, { userId: byUserId })
    },
    /** A new version: new application_token, ONAPPUPDATE to who subscribed, then (as event.bind warns) all bindings are gone. */
    update: (version: number, { byUserId = 1, keepBindings = false, urls = app.urls }: { byUserId?: number; keepBindings?: boolean; urls?: AppUrls } = {}): void => {
      const previous = app.version
      Object.assign(app, { version, urls, applicationToken: portal.random.hex(32) })
      portal.fire('ONAPPUPDATE', { VERSION: version, PREVIOUS_VERSION: previous, LANGUAGE_ID: language() }, { userId: byUserId })
      if (!keepBindings) dropBindings()
    },
    /** ONAPPUNINSTALL to who subscribed; bindings go, every token dies, options only with `clean` (settings/app-uninstallation.md). */
    uninstall: ({ clean, byUserId = 1 }: { clean: boolean; byUserId?: number }): void => {
      portal.fire('ONAPPUNINSTALL', { LANGUAGE_ID: language(), CLEAN: clean ? 1 : 0 }, { userId: byUserId })
      dropBindings()
      portal.tokens.revoke(portal.memberId)
      Object.assign(app, { present: false, installed: false })
      if (clean) {
        state.options.app.clear()
        state.options.user.clear()
      }
    },
    /**
     * The post a person's browser makes to open the main page (`DEFAULT`) or a placement. While the application is not ready the installer
     * page is opened instead of the main page. Throws when nothing is bound to the placement.
     */
    pagePost: (placement: string, userId: number, placementOptions: Record<string, unknown> = {}, handler?: string): PagePost => {
      const bound = state.placements.find(binding => binding.placement === placement && (handler === undefined || binding.handler === handler))
      const main = !app.installed && app.urls.install !== undefined ? app.urls.install : app.urls.app
      const url = placement === 'DEFAULT' ? main : bound?.handler
      if (url === undefined) throw new Error(`nothing is bound to ${placement}`)
      const pair = tokensFor(userId)
      const appSid = portal.random.hex(32)
      const query = new URLSearchParams({ DOMAIN: portal.domain, PROTOCOL: '0', LANG: language(), APP_SID: appSid })
      return {
        action: `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`,
        appSid,
        fields: {
          AUTH_ID: pair.accessToken, AUTH_EXPIRES: String(pair.expiresIn), REFRESH_ID: pair.refreshToken, SERVER_ENDPOINT: portal.serverEndpoint,
          APPLICATION_TOKEN: app.applicationToken, APPLICATION_SCOPE: app.scope.join(','), member_id: portal.memberId, status: app.status, PLACEMENT: placement,
          ...(placement === 'DEFAULT' ? {} : { PLACEMENT_OPTIONS: JSON.stringify(placementOptions) }),
        },
      }
    },
    /**
     * A robot of the application works on a lead, as in CRM automation: its handler gets the document, its parameters and an event_token
     * (bizproc-robot/index.md; names of the document as in tutorials/bizproc/activity.md). The run shows what was returned.
     */
    runRobot: (code: string, leadId: number, properties: Record<string, string> = {}): RobotRun => {
      const run = startRobotRun(portal, code, leadId, portal.random)
      const robot = state.robots.get(code)
      const named = robot?.authUserId ?? 0
      const userId = named === 0 ? 1 : named
      const isDocumented = portal.settings.documentedRobots
      delivery.sendForm(`robot ${code}`, robot?.handler ?? '', {
        workflow_id: portal.random.hex(14), code, document_id: { 0: 'crm', 1: 'CCrmDocumentLead', 2: `LEAD_${leadId}` }, document_type: { 0: 'crm', 1: 'CCrmDocumentLead', 2: 'LEAD' },
        event_token: run.token, properties, use_subscription: run.waiting ? 'Y' : 'N', timeout_duration: 0, ts: Math.floor(portal.now() / 1000),
        auth: {
          domain: portal.domain, member_id: portal.memberId,
          // Whose token it would be without AUTH_USER_ID, no page says.
          ...(isDocumented && named === 0
            ? {}
            : { access_token: portal.tokens.forEvent({ memberId: portal.memberId, clientId: app.clientId, userId }), expires_in: 3600, scope: app.scope.join(','), server_endpoint: portal.serverEndpoint, status: app.status, client_endpoint: portal.clientEndpoint, user_id: userId }),
          ...(isDocumented ? {} : { application_token: app.applicationToken }),
        },
      })
      return run
    },
    /** All access tokens of the portal are too old from now on; they can be renewed. */
    expireTokens: (): void => portal.tokens.expire(portal.memberId),
  }
}

export type Lifecycle = ReturnType<typeof createLifecycle>
