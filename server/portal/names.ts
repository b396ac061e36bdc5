/** What a regulation may name on a portal, and messages that are about no lead. */
import { PortalError } from './error.ts'
import { probes } from './around.ts'
import { callWhole } from './lists.ts'
import { isDenied } from './missing.ts'
import type { Portal } from './portal.ts'
import { resultOf, rowsOf, textOf } from './rows.ts'
import { leadSources, leadStages, toSourceNames, toStages } from './statuses.ts'
import { isRecord } from './transport.ts'

export interface PortalNames {
  readonly stages: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, { readonly title: string; readonly items?: Readonly<Record<string, string>> }>>
  readonly sources: Readonly<Record<string, string>>
  /** What a gate may ask for and this token is not allowed to read. */
  readonly denied: readonly ('quote' | 'requisites')[]
}

export interface Announcement {
  readonly userIds: readonly number[]
  readonly text: string
  readonly mark: string
}

/** Fields under the names that `crm.item.*` uses with `useOriginalUfNames` (crm-item-fields.md); sources are statuses (crm-status-list.md). Rejects with PortalError. */
export const readNames = async (portal: Portal): Promise<PortalNames> => {
  const [stages, sources, fields, ...around] = await callWhole(portal, [
    leadStages,
    leadSources,
    { method: 'crm.item.fields', params: { entityTypeId: 1, useOriginalUfNames: 'Y' } },
    ...probes.map(({ call }) => call),
  ])
  const answer = resultOf(fields)
  return {
    stages: Object.fromEntries(toStages(resultOf(stages)).map(({ id, name }) => [id, name])),
    sources: toSourceNames(resultOf(sources)),
    fields: Object.fromEntries(Object.entries(isRecord(answer) && isRecord(answer['fields']) ? answer['fields'] : {}).map(([name, field]) => [name, toField(name, isRecord(field) ? field : {})])),
    denied: probes.flatMap(({ fact }, index) => (isDenied(around[index]) ? [fact] : [])),
  }
}

/** Fields that are lists carry their items (crm-lead-fields.md: `items` with ID and VALUE). */
const toField = (name: string, field: Readonly<Record<string, unknown>>): PortalNames['fields'][string] => ({
  title: textOf(field['formLabel']) || textOf(field['title']) || name,
  ...(Array.isArray(field['items']) ? { items: Object.fromEntries(rowsOf(field['items']).map(row => [textOf(row['ID']), textOf(row['VALUE'])])) } : {}),
})

/** One notification for each person (im-notify-system-add.md). Rejects when not one of them was sent. */
export const tell = async (portal: Portal, { userIds, text, mark }: Announcement): Promise<void> => {
  if (userIds.length === 0) return
  const outcomes = await portal.callAll(userIds.map(id => ({ method: 'im.notify.system.add', params: { USER_ID: id, MESSAGE: text, TAG: `LEADRAIL|${mark}` } })), { kind: 'write' })
  // `false`: the portal made no notification, e.g. for a dismissed person.
  const failures = outcomes.flatMap(outcome => (!outcome.ok ? [outcome.error] : outcome.result === false ? [new PortalError({ code: 'invalid', method: 'im.notify.system.add', status: 200 })] : []))
  const [failed] = failures
  if (failed !== undefined && failures.length === outcomes.length) throw failed
}
