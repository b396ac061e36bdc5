import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bbcode } from './pages/bbcode.ts'
import { fromLocalInput, localInput, nearMoment } from './pages/format.ts'
import { openFrame } from './pages/frame.ts'
import { createPages } from './pages/handler.ts'
import { html } from './pages/html.ts'
import { startFakePortals, type FakePortal, type FakePortals } from './fake-portals.ts'
import { createFastClock } from './scenario/clock.ts'
import { createDemoPortal } from './scenario/demo-portal.ts'

let portals: FakePortals
let portal: FakePortal
const clock = createFastClock({ speed: 0 })

const user = (id: number) => {
  const found = portal.state.users.get(id)
  if (found === undefined) throw new Error(`no user ${id}`)
  return found
}

const get = (path: string, as = 1, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${portal.baseUrl}${path}`, { headers: { cookie: `portal_user=${as}`, ...headers }, redirect: 'manual' })

const act = (name: string, fields: Record<string, string>, as = 1): Promise<Response> =>
  fetch(`${portal.baseUrl}/emulator/act/${name}`, { method: 'POST', headers: { cookie: `portal_user=${as}`, 'x-live': '1' }, body: new URLSearchParams(fields) })

const frame = (path: string, body: unknown, as = 1): Promise<Response> =>
  fetch(`${portal.baseUrl}/emulator/frame${path}`, { method: 'POST', headers: { cookie: `portal_user=${as}`, 'content-type': 'application/json' }, body: JSON.stringify(body) })

beforeAll(async () => {
  portals = await startFakePortals({ clock, appUrl: 'http://127.0.0.1:3000', pages: createPages({ clock }) })
  portal = await createDemoPortal(portals)
})
afterAll(() => portals.close())

const leadTab = { placement: 'CRM_LEAD_DETAIL_TAB', index: 0, options: { ID: '3' }, uri: '/crm/lead/details/3/?tab=app-0' }
const bound = { placement: 'CRM_LEAD_DETAIL_TAB', handler: 'http://127.0.0.1:3000/placements/lead-tab?v=1', userId: 0, title: 'Регламент', description: '', groupName: '', langAll: {}, options: {} }

const installed = (): void => {
  portal.install(portal.app.urls, 1)
  portal.finishInstall(1)
  portal.state.placements.push({ ...bound })
}

describe('a placement opened by the host page', () => {
  beforeAll(installed)

  it('is posted with the documented query and fields', () => {
    const opening = openFrame(portal, user(4), leadTab)
    if ('refusal' in opening) throw new Error(opening.refusal)
    const url = new URL(opening.action)
    expect(url.pathname).toBe('/placements/lead-tab')
    expect(Object.fromEntries(url.searchParams)).toEqual({ v: '1', DOMAIN: portal.domain, PROTOCOL: '0', LANG: 'ru', APP_SID: opening.sid })
    expect(Object.keys(opening.fields).sort()).toEqual(['APPLICATION_SCOPE', 'APPLICATION_TOKEN', 'AUTH_EXPIRES', 'AUTH_ID', 'PLACEMENT', 'PLACEMENT_OPTIONS', 'REFRESH_ID', 'SERVER_ENDPOINT', 'member_id', 'status'])
    expect(opening.fields).toMatchObject({ AUTH_EXPIRES: '3600', SERVER_ENDPOINT: `${portals.authServer}/rest/`, APPLICATION_TOKEN: portal.app.applicationToken, member_id: portal.memberId, PLACEMENT: 'CRM_LEAD_DETAIL_TAB', PLACEMENT_OPTIONS: JSON.stringify({ URI: leadTab.uri, ID: '3' }) })
  })

  it('carries the identity of the frame in its name and new tokens of the person at every rendering', () => {
    const [first, second] = [openFrame(portal, user(4), leadTab), openFrame(portal, user(4), leadTab)]
    if ('refusal' in first || 'refusal' in second) throw new Error('refused')
    expect(first.name).toBe(`${portal.domain}|0|${first.sid}`)
    expect(first.sid).not.toBe(second.sid)
    expect(first.fields['AUTH_ID']).not.toBe(second.fields['AUTH_ID'])
    expect(portal.tokens.check(first.fields['AUTH_ID'] ?? '')).toMatchObject({ userId: 4, memberId: portal.memberId })
    expect(first.init).toMatchObject({ AUTH_ID: first.fields['AUTH_ID'], PROTOCOL: '0', MEMBER_ID: portal.memberId, IS_ADMIN: false, INSTALL: false, FIRST_RUN: false, PLACEMENT_OPTIONS: { ID: '3' } })
  })

  it('keeps its own URI key when the application has set one', () => {
    const opening = openFrame(portal, user(4), { ...leadTab, options: { ID: '3', URI: 'own' } })
    expect('init' in opening && opening.init.PLACEMENT_OPTIONS['URI']).toBe('own')
  })

  it('gives the main page no PLACEMENT_OPTIONS unless it was opened with parameters', () => {
    const [plain, asked] = [openFrame(portal, user(1), { placement: 'DEFAULT', options: {} }), openFrame(portal, user(1), { placement: 'DEFAULT', options: { leadId: '5' } })]
    expect('fields' in plain && plain.fields['PLACEMENT_OPTIONS']).toBe(undefined)
    expect('fields' in asked && asked.fields['PLACEMENT_OPTIONS']).toBe('{"leadId":"5"}')
  })

  it('renews tokens only for the person who opened it', async () => {
    const { sid } = await (await frame('', leadTab, 4)).json() as { sid: string }
    const renewed = await (await frame('/refresh', { sid }, 4)).json() as Record<string, string>
    expect(Object.keys(renewed).sort()).toEqual(['AUTH_EXPIRES', 'AUTH_ID', 'REFRESH_ID'])
    expect(portal.tokens.check(renewed['AUTH_ID'] ?? '')).toMatchObject({ userId: 4 })
    expect((await frame('/refresh', { sid }, 5)).status).toBe(403)
    expect((await frame('/refresh', { sid: 'unknown' }, 4)).status).toBe(403)
  })

  it('is refused to people without access to the application', () => {
    user(9).hasAppAccess = false
    expect(openFrame(portal, user(9), leadTab)).toHaveProperty('refusal')
    user(9).hasAppAccess = true
  })

  it('may call REST from the browser', async () => {
    const asked = await fetch(`${portal.baseUrl}/rest/profile`, { method: 'OPTIONS', headers: { origin: 'http://127.0.0.1:3000', 'access-control-request-headers': 'content-type' } })
    expect([asked.status, asked.headers.get('access-control-allow-origin'), asked.headers.get('access-control-allow-headers')]).toEqual([204, '*', '*'])
    const called = await fetch(`${portal.baseUrl}/rest/profile`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ auth: portal.tokensFor(4).accessToken }) })
    expect([called.headers.get('access-control-allow-origin'), await called.json()]).toMatchObject(['*', { result: { ID: '4' } }])
  })

  it('is a tab of the lead card', async () => {
    expect(await (await get('/crm/lead/details/3/')).text()).toContain('Регламент')
  })
})

describe('the installation', () => {
  it('shows the installer to the administrator alone until it is finished', async () => {
    portal.uninstall({ clean: true })
    expect(openFrame(portal, user(1), { placement: 'DEFAULT', options: {} })).toEqual({ refusal: 'Приложение не установлено.' })
    expect(await (await act('install', {}, 4)).json()).toHaveProperty('problem')

    expect(await (await act('install', {}, 1)).json()).toEqual({ open: '/marketplace/app/leadrail.leadrail/' })
    portal.state.placements.push({ ...bound })
    expect(openFrame(portal, user(4), { placement: 'DEFAULT', options: {} })).toHaveProperty('refusal')
    expect(await (await get('/crm/lead/details/3/')).text()).not.toContain('Регламент')
    const opening = await (await frame('', { placement: 'DEFAULT', options: {} }, 1)).json() as { sid: string; action: string; init: Record<string, unknown> }
    expect(new URL(opening.action).pathname).toBe('/install')
    expect(opening.init).toMatchObject({ INSTALL: true, FIRST_RUN: true, PLACEMENT: 'DEFAULT' })

    await frame('/install-finish', { sid: opening.sid }, 1)
    expect(portal.app.installed).toBe(true)
    const after = openFrame(portal, user(4), { placement: 'DEFAULT', options: {} })
    expect('action' in after && new URL(after.action).pathname).toBe('/app')
  })
})

describe('the pages', () => {
  it('ask a browser who it is before they show anything', async () => {
    const page = await fetch(`${portal.baseUrl}/crm/lead/kanban/`)
    expect(await page.text()).toContain('выберите, кем вы будете')
  })

  it('answer 304 while nothing has changed, and never to a change', async () => {
    const first = await get('/crm/lead/kanban/')
    const mark = first.headers.get('etag') ?? ''
    expect((await get('/crm/lead/kanban/', 1, { 'if-none-match': mark })).status).toBe(304)
    portal.act.createLead({ title: 'Совсем новый' })
    expect((await get('/crm/lead/kanban/', 1, { 'if-none-match': mark })).status).toBe(200)
  })

  it('carry out what a person does, in his name', async () => {
    await act('move-stage', { lead: '1', stage: 'IN_PROCESS' }, 5)
    await act('call', { lead: '1', direction: 'outgoing', failedCode: '304', durationSeconds: '50' }, 5)
    await act('comment', { lead: '1', text: 'Перезвонить' }, 5)
    expect(portal.state.leads.get(1)).toMatchObject({ stageId: 'IN_PROCESS', movedBy: 5 })
    expect(portal.state.calls.at(-1)).toMatchObject({ portalUserId: 5, failedCode: '304', durationSeconds: 0 })
    expect(portal.state.timeline.at(-1)).toMatchObject({ text: 'Перезвонить', authorId: 5 })
  })

  it('let a responsible move a deadline only where the task allows it', async () => {
    const task = portal.act.createTask({ title: 'Позвонить', responsibleId: 5, ufCrmTask: ['L_1'] }, 1)
    expect(await (await act('move-task', { task: String(task.id), deadline: '2026-11-24T10:00' }, 5)).json()).toHaveProperty('problem')
    portal.act.updateTask(task.id, { allowChangeDeadline: true }, 1)
    await act('move-task', { task: String(task.id), deadline: '2026-11-24T10:00' }, 5)
    expect(portal.state.tasks.get(task.id)?.deadline).toBe('2026-11-24T10:00:00+03:00')
  })

  it('tell a mistake in words and change nothing', async () => {
    expect(await (await act('move-stage', { lead: '1', stage: 'NOWHERE' }, 5)).json()).toHaveProperty('problem')
    expect(portal.state.leads.get(1)?.stageId).toBe('IN_PROCESS')
    expect((await act('no-such-deed', {}, 5)).status).toBe(404)
    expect((await act('constructor', {}, 5)).status).toBe(404)
  })

  it('show a manager his own leads, and a head of department everybody’s', async () => {
    portal.act.updateLead(2, { assignedById: 5 })
    const board = async (as: number): Promise<string> => (await get('/crm/lead/kanban/', as)).text()
    expect(await board(5)).toContain('/crm/lead/details/2/')
    expect(await board(6)).not.toContain('/crm/lead/details/2/')
    expect(await board(3)).toContain('/crm/lead/details/2/')
    expect(await (await get('/crm/lead/details/2/', 6)).text()).toContain('нет права его видеть')
  })

  it('show foreign text as text', async () => {
    const lead = portal.act.createLead({ title: '<img src=x onerror=alert(1)>', comments: '</dd><script>1</script>' })
    const page = await (await get(`/crm/lead/details/${lead.id}/`)).text()
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(page).not.toContain('<script>1')
  })

  it('change the clock from the top bar', async () => {
    await act('speed', { speed: '300' })
    expect(clock.speed()).toBe(300)
    await act('speed', { speed: '0' })
    expect(clock.speed()).toBe(0)
  })

  it('serve their own files and nothing else', async () => {
    expect((await get('/emulator/static/portal.js')).headers.get('content-type')).toContain('javascript')
    expect((await get('/emulator/static/..%2fhandler.ts')).status).toBe(404)
    expect((await get('/emulator/static/none.js')).status).toBe(404)
    expect((await get('/nowhere/')).status).toBe(404)
  })

  it.each(['/crm/lead/kanban/', '/crm/lead/details/3/', '/crm/lead/details/3/?tab=tasks', '/crm/lead/details/3/?tab=history', '/crm/lead/details/999/', '/crm/company/list/', '/crm/deal/list/', '/crm/contact/list/', '/crm/company/details/1/', '/company/personal/user/1/tasks/', '/notifications/', '/company/structure/', '/marketplace/', '/marketplace/app/leadrail.leadrail/', '/marketplace/view/leadrail.leadrail/?params[leadId]=3'])('shows %s', async (path) => {
    const page = await get(path)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<main id="page"')
  })
})

describe('markup', () => {
  it('escapes what it is given', () => {
    expect(html`<p title="${'"'}">${'<b>'}</p>${[html`<i></i>`, false, null, 3]}`.markup).toBe('<p title="&quot;">&lt;b&gt;</p><i></i>3')
  })

  it('renders BBCode without letting an address run a script', () => {
    expect(bbcode('[b]Лид[/b]\n[url=/crm/lead/details/3/]открыть[/url]').markup).toBe('<b>Лид</b><br><a href="/crm/lead/details/3/" data-open>открыть</a>')
    expect(bbcode('[url=javascript:alert(1)]x[/url]').markup).toContain('href="#"')
    expect(bbcode('[url=//evil.example/]x[/url]').markup).toContain('href="#"')
    expect(bbcode('<script>').markup).toBe('&lt;script&gt;')
  })
})

describe('moments', () => {
  const at = Date.UTC(2026, 10, 23, 6, 30)

  it('go into a field and back in the zone of the portal', () => {
    expect(localInput(at, 'Europe/Moscow')).toBe('2026-11-23T09:30')
    expect(fromLocalInput('2026-11-23T09:30', 'Europe/Moscow')).toBe(at)
    expect(() => fromLocalInput('завтра', 'Europe/Moscow')).toThrow('завтра')
  })

  it('are named by how near they are', () => {
    expect(nearMoment(at, at + 3_600_000, 'Europe/Moscow')).toBe('сегодня в 09:30')
    expect(nearMoment(at, at + 86_400_000, 'Europe/Moscow')).toBe('вчера в 09:30')
    expect(nearMoment(at + 86_400_000, at, 'Europe/Moscow')).toBe('завтра в 09:30')
  })
})
