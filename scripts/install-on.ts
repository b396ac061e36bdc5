/** Puts Leadrail on an emulated portal by the documented way: installer page, set-up, installFinish. */
import type { FakePortal } from '../test/fake-portal/fake-portals.ts'

interface Boot { session: { token: string } | null; problem: { detail?: string; title?: string } | null }

/** What the server has put into a page of ours. Throws when it is no page of ours. */
const bootOf = async (page: Response): Promise<Boot> => {
  const html = await page.text()
  const json = /<script type="application\/json" id="leadrail-boot">([\s\S]*?)<\/script>/.exec(html)?.[1]
  if (json === undefined) throw new Error(`the page answered ${page.status}: ${html.slice(0, 300)}`)
  return JSON.parse(json) as Boot
}

/**
 * Installs as the administrator would, or, where it is installed already, opens the main page as him, which renews access.
 * `presetId`: of the first regulation, the default one if not given. Throws with the installer's own words when a check fails.
 */
export const installOn = async (portal: FakePortal, appUrl: string, administratorId: number, presetId?: string): Promise<void> => {
  if (!portal.app.present) portal.install({ app: `${appUrl}/app`, install: `${appUrl}/install`, events: `${appUrl}/events` }, administratorId)
  portal.app.urls = { app: `${appUrl}/app`, install: `${appUrl}/install`, events: `${appUrl}/events` }
  const boot = await bootOf(await portal.openPage('DEFAULT', administratorId))
  if (boot.session === null) throw new Error(boot.problem?.detail ?? boot.problem?.title ?? 'the page refused to open')
  if (portal.app.installed) return
  const answer = await fetch(`${appUrl}/api/install`, { method: 'POST', headers: { authorization: `Bearer ${boot.session.token}`, ...(presetId === undefined ? {} : { 'content-type': 'application/json' }) }, ...(presetId === undefined ? {} : { body: JSON.stringify({ preset: presetId }) }) })
  const report = await answer.json() as { ok?: boolean; checks?: { title: string; ok: boolean; help: string | null }[]; detail?: string }
  if (report.ok !== true) throw new Error(report.detail ?? (report.checks ?? []).filter(check => !check.ok).map(check => `${check.title}: ${check.help ?? ''}`).join('\n'))
  portal.finishInstall(administratorId)
  // The portal then shows the main page in place of the installer.
  await portal.openPage('DEFAULT', administratorId)
}
