import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FakePortal, FakePortals, PageHandler } from '../fake-portals.ts'
import { mayRead, maySeeTask } from '../methods/rights.ts'
import type { User } from '../rows.ts'
import { afterDeed, doDeed } from './deeds.ts'
import { dialFrom, openFrame, renderingOf, type WantedFrame } from './frame.ts'
import { html } from './html.ts'
import { itemPage, listPage } from './item-card.ts'
import { kanbanPage } from './kanban.ts'
import { leadPage } from './lead-card.ts'
import { linkedAppPage, mainAppPage, marketPage, menuAppPage } from './market.ts'
import { notificationsPage, peoplePage, signInPage } from './places.ts'
import { picks } from './picks.ts'
import { clockFace, clockSlot, documentOf, type Page } from './shell.ts'
import { sendStatic } from './static-files.ts'
import { taskPage, tasksPage } from './tasks.ts'
import { appStatusOf, boardPath, type PageClock, portalNameOf, type View } from './view.ts'

const cookieName = 'portal_user'
const appName = 'Leadrail'

const cookieUser = (portal: FakePortal, request: IncomingMessage): User | null => {
  const id = new RegExp(`(?:^|;\\s*)${cookieName}=(\\d+)`).exec(request.headers.cookie ?? '')?.[1]
  const user = portal.state.users.get(Number(id))
  return user?.active === true ? user : null
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

const viewOf = (portal: FakePortal, user: User, url: URL): View => ({
  state: portal.state, portalName: portalNameOf(portal), timeZone: portal.timeZone, user, url, slider: url.searchParams.get('IFRAME') === 'Y', now: portal.now(),
  app: { code: portal.app.code, name: appName, status: appStatusOf(portal), version: portal.app.version, nextVersion: portal.app.version + 1 },
})

const notFound = (what: string): Page => ({ title: 'Не найдено', body: html`<section class="panel"><p class="empty">${what}</p><p><a href="${boardPath}">К лидам</a></p></section>` })

type Route = readonly [RegExp, (portal: FakePortal, view: View, match: RegExpExecArray) => Page]

const crmTypes: Readonly<Record<string, 2 | 3 | 4>> = { deal: 2, contact: 3, company: 4 }

const routes: readonly Route[] = [
  [/^\/crm\/lead\/(?:kanban\/|list\/)?$/, (_portal, view) => kanbanPage(view)],
  [/^\/crm\/lead\/(?:details|show)\/(\d+)\/$/, (portal, view, [, id]) => {
    const lead = portal.state.leads.get(Number(id))
    return lead === undefined || !mayRead(view, lead) ? notFound('Лида нет, или у вас нет права его видеть.') : leadPage(view, lead)
  }],
  [/^\/crm\/(deal|contact|company)\/(?:list\/|kanban\/(?:category\/\d+\/)?)?$/, (_portal, view, [, kind = '']) => listPage(view, crmTypes[kind] ?? 4)],
  [/^\/crm\/(deal|contact|company)\/(?:details|show)\/(\d+)\/$/, (portal, view, [, kind = '', id]) => {
    const entityTypeId = crmTypes[kind] ?? 4
    const item = { 2: portal.state.deals, 3: portal.state.contacts, 4: portal.state.companies }[entityTypeId].get(Number(id))
    return item === undefined || !mayRead(view, item) ? notFound('Элемента CRM нет, или у вас нет права его видеть.') : itemPage(view, item, entityTypeId)
  }],
  [/^\/company\/personal\/user\/(\d+)\/tasks\/$/, (_portal, view, [, id]) => tasksPage(view, Number(id))],
  [/^\/company\/personal\/user\/\d+\/tasks\/task\/view\/(\d+)\/$/, (portal, view, [, id]) => {
    const task = portal.state.tasks.get(Number(id))
    return task === undefined || !maySeeTask(view, task) ? notFound('Задачи нет, или у вас нет права её видеть.') : taskPage(view, task)
  }],
  [/^\/notifications\/$/, (_portal, view) => notificationsPage(view)],
  [/^\/company\/(?:structure\/|personal\/user\/\d+\/)?$/, (_portal, view) => peoplePage(view)],
  [/^\/marketplace\/$/, (portal, view) => marketPage(view, portal.app.scope)],
  [/^\/marketplace\/app\/[^/]+\/$/, (_portal, view) => mainAppPage(view)],
  [/^\/marketplace\/app\/[^/]+\/menu\/(\d+)\/$/, (_portal, view, [, index]) => menuAppPage(view, Number(index))],
  [/^\/marketplace\/view\/[^/]+\/$/, (_portal, view) => linkedAppPage(view)],
]

const redirect = (response: ServerResponse, to: string, headers: Record<string, string> = {}): true => {
  response.writeHead(303, { location: to, ...headers }).end()
  return true
}

const sendJson = (response: ServerResponse, status: number, value: unknown): true => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(value))
  return true
}

/** A path on this portal; anything else leads to the board. */
const localPath = (path: string | null): string => (path !== null && /^\/(?!\/|\\)/.test(path) ? path : boardPath)

const isWanted = (value: unknown): value is WantedFrame =>
  typeof value === 'object' && value !== null && 'placement' in value && typeof value.placement === 'string' && 'options' in value && typeof value.options === 'object' && value.options !== null

const becomes = (id: string | null): Record<string, string> => ({ 'set-cookie': `${cookieName}=${Number(id)}; Path=/; HttpOnly; SameSite=Lax` })

/**
 * The handler of all pages, for `startFakePortals({ pages })` or `usePages`. Without a clock the top bar shows the portal's time
 * and its speed switch does nothing. `GET /any/page/?as=<user id>` signs a browser in as that employee.
 */
export const createPages = ({ clock }: { clock?: PageClock } = {}): PageHandler => {
  const speed = (): number => clock?.speed() ?? 1

  const act = async (portal: FakePortal, request: IncomingMessage, response: ServerResponse, url: URL): Promise<true> => {
    const form = new URLSearchParams(await readBody(request))
    const name = url.pathname.slice('/emulator/act/'.length)
    if (name === 'become') return redirect(response, localPath(form.get('back')), becomes(form.get('user')))
    const user = cookieUser(portal, request)
    if (user === null) return sendJson(response, 401, { problem: 'Сначала выберите сотрудника.' })
    if (name === 'speed') clock?.setSpeed(Math.min(3600, Math.max(0, Number(form.get('speed')) || 0)))
    const told = name === 'speed' ? {} : doDeed(name, { portal, view: viewOf(portal, user, url), user, form })
    if (told === null) return sendJson(response, 404, { problem: 'Такого действия нет.' })
    if (request.headers['x-live'] !== undefined) return sendJson(response, 200, told)
    const referer = request.headers.referer
    return redirect(response, afterDeed(told, form, referer === undefined ? undefined : new URL(referer).pathname))
  }

  const frame = async (portal: FakePortal, request: IncomingMessage, response: ServerResponse, url: URL): Promise<true> => {
    const user = cookieUser(portal, request)
    if (user === null) return sendJson(response, 401, { problem: 'Сначала выберите сотрудника.' })
    const asked: unknown = JSON.parse((await readBody(request)) || '{}')
    if (url.pathname === '/emulator/frame') return isWanted(asked) ? sendJson(response, 200, openFrame(portal, user, asked)) : sendJson(response, 400, { problem: 'placement' })
    const { sid = '', kind = '', name = '', value = null } = asked as Record<string, unknown>
    const rendering = renderingOf(portal, String(sid))
    if (rendering === null || rendering.userId !== user.id) return sendJson(response, 403, { problem: 'APP_SID' })
    const opener = rendering.userId
    if (url.pathname === '/emulator/frame/dial') return sendJson(response, 200, dialFrom(portal, rendering, asked as Record<string, unknown>))
    if (url.pathname === '/emulator/frame/refresh') {
      const tokens = portal.tokensFor(opener)
      return sendJson(response, 200, { AUTH_ID: tokens.accessToken, REFRESH_ID: tokens.refreshToken, AUTH_EXPIRES: String(tokens.expiresIn) })
    }
    if (url.pathname === '/emulator/frame/install-finish') {
      if (user.isAdmin) portal.finishInstall(user.id)
      return sendJson(response, 200, {})
    }
    if (url.pathname === '/emulator/frame/option') {
      const { app, user: ofUsers } = portal.state.options
      if (kind === 'app' && !user.isAdmin) return sendJson(response, 403, { problem: 'app option' })
      if (kind === 'app') app.set(String(name), value)
      else ofUsers.set(opener, (ofUsers.get(opener) ?? new Map<string, unknown>()).set(String(name), value))
      return sendJson(response, 200, {})
    }
    return sendJson(response, 404, {})
  }

  const show = (portal: FakePortal, request: IncomingMessage, response: ServerResponse, url: URL): boolean => {
    const route = routes.find(([pattern]) => pattern.test(url.pathname))
    const match = route?.[0].exec(url.pathname)
    if (route === undefined || match === null || match === undefined) return false
    const user = cookieUser(portal, request)
    if (user === null) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(signInPage(portal.state, portalNameOf(portal), url.pathname + url.search).markup)
      return true
    }
    const view = viewOf(portal, user, url)
    const markup = documentOf(view, route[1](portal, view, match))
    const etag = `"${createHash('sha1').update(markup).digest('base64url')}"`
    const headers = { etag, 'x-clock': `${view.now};${speed()}`, 'cache-control': 'no-store' }
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end()
    else response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(markup.replace(clockSlot, clockFace(view, speed()).markup))
    return true
  }

  const answer = async (portal: FakePortal, request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const url = new URL(request.url ?? '/', portal.baseUrl)
    const asked = url.searchParams.get('as')
    if (request.method === 'GET' && asked !== null && /^\d+$/.test(asked)) {
      url.searchParams.delete('as')
      return redirect(response, localPath(url.pathname + url.search), becomes(asked))
    }
    if (url.pathname === '/') return redirect(response, boardPath)
    if (url.pathname.startsWith('/emulator/static/')) return sendStatic(url.pathname, response)
    if (request.method === 'POST' && url.pathname.startsWith('/emulator/act/')) return act(portal, request, response, url)
    if (request.method === 'POST' && url.pathname.startsWith('/emulator/frame')) return frame(portal, request, response, url)
    if (url.pathname.startsWith('/emulator/pick/')) return sendJson(response, 200, picks(portal.state, url))
    return request.method === 'GET' && show(portal, request, response, url)
  }

  return async (portal, request, response) => {
    if (await answer(portal, request, response)) return
    request.resume()
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('На этом портале нет такой страницы.')
  }
}

/** Gives the pages to every portal of an emulator. */
export const mountPages = (portals: FakePortals, options: { clock?: PageClock } = {}): void => portals.usePages(createPages(options))
