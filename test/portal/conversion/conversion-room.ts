/** The portal room with an emulated portal, a manager and a lead that is about to be converted. */
import { Temporal } from 'temporal-polyfill'
import { afterEach, beforeEach, expect } from 'vitest'
import type { ConversionStep, StepResult } from '../../../server/domain/conversion/step.ts'
import { undoOf, type UndoStep } from '../../../server/domain/conversion/undo.ts'
import { type LeadId, leadId, stageId } from '../../../server/domain/lead.ts'
import type { TakenBack } from '../../../server/portal/conversion/undo.ts'
import { type Room, startRoom } from '../room.ts'

export interface Step { readonly attempts?: number; readonly by?: number; readonly mayMake?: boolean }

export interface ConversionRoom extends Room {
  readonly manager: number
  readonly id: LeadId
  readonly conversionId: string
  /** Of the steps that were carried out so far, by their keys. */
  readonly results: Record<string, StepResult>
  /** Time goes on by a minute. */
  tick(): void
  /** `by`: a person's token; without it the application's own. */
  carryOut(step: ConversionStep, how?: Step): Promise<StepResult | null>
  /** Every step that was carried out, taken back in reverse, by key and kind. */
  undo(options?: { readonly dry?: boolean }): Promise<readonly (readonly [string, TakenBack])[]>
  /** What would be taken back. */
  undos(): readonly UndoStep[]
  /** Requests and commands of one method since the last time it was asked. */
  asked(method: string): number
}

export const startConversionRoom = async (): Promise<ConversionRoom> => {
  let now = Temporal.Instant.from('2026-03-10T09:00:00Z')
  const room = await startRoom({ clock: { now: () => now } })
  // Many conversions a minute would fill the bucket; the tests count their requests instead.
  room.portal.limits.rate.on = false
  const manager = room.portal.act.addUser({ name: 'Олег', lastName: 'Крылов' }).id
  const { id } = room.portal.act.createLead({
    title: 'Столешница на кухню', name: 'Мария', lastName: 'Белова', companyTitle: 'ООО «Кедр»', phone: '8 (900) 000-00-71', email: 'm@example.com', sourceId: 'WEB', utmSource: 'yandex', assignedById: manager,
  })
  const conversionId = '0190b5c8-0000-7000-8000-00000000c0de'
  const results: Record<string, StepResult> = {}
  const done: ConversionStep[] = []
  const undos = () => undoOf(done, results)
  return {
    ...room,
    manager,
    id: leadId(id),
    conversionId,
    results,
    tick: () => { now = now.add({ minutes: 1 }) },
    carryOut: async (step, { attempts = 0, by, mayMake = true } = {}) => {
      const result = await room.access.conversion.carryOutStep(room.portal.memberId, step, { conversionId, attempts, results, mayMake, accessToken: by === undefined ? null : room.portal.tokensFor(by).accessToken })
      if (result !== null) {
        results[step.key] = result
        if (!done.some(({ key }) => key === step.key)) done.push(step)
      }
      return result
    },
    undos,
    undo: async (options) => {
      const ends: (readonly [string, TakenBack])[] = []
      for (const undo of undos()) ends.push([`${undo.key} ${undo.kind}`, await room.access.conversion.takeBack(room.portal.memberId, undo, conversionId, options)])
      return ends
    },
    asked: (method) => {
      const names = room.portal.requests.flatMap(request => [request.method, ...request.batchCommands]).filter(name => name.toLowerCase() === method.toLowerCase())
      room.portal.requests.length = 0
      return names.length
    },
  }
}

/** The steps of a conversion into a deal, a contact and a company. */
export const stepsFor = (id: LeadId) => ({
  check: { key: 'check', kind: 'check', leadId: id, knownDeals: [] },
  company: { key: 'company', kind: 'create', object: 'company', fields: { title: 'ООО «Кедр»', leadId: id, assignedById: 1 }, means: [], companyId: null, contactIds: [] },
  contact: {
    key: 'contact', kind: 'create', object: 'contact', fields: { name: 'Мария', lastName: 'Белова', leadId: id, assignedById: 1, sourceId: 'WEB' },
    means: [{ kind: 'phone', valueType: 'WORK', value: '8 (900) 000-00-71' }, { kind: 'email', valueType: 'WORK', value: 'm@example.com' }], companyId: { of: 'company' }, contactIds: [],
  },
  requisites: { key: 'requisites', kind: 'requisites', owner: { of: 'company' }, ownerKind: 'company', templateId: 1, name: 'ООО «Кедр»', values: { inn: '7700000009', name: 'ООО «Кедр»' } },
  deal: {
    key: 'deal', kind: 'create', object: 'deal', fields: { title: 'Столешница на кухню', leadId: id, assignedById: 1, categoryId: 0, stageId: 'NEW', opportunity: 90_000, currencyId: 'RUB' },
    means: [], companyId: { of: 'company' }, contactIds: [{ of: 'contact' }],
  },
  products: { key: 'products', kind: 'products', deal: { of: 'deal' }, rows: [{ productName: 'Дуб', price: 1_000, quantity: 3 }, { productName: 'Дуб', price: 1_000, quantity: 3 }] },
  linkRequisites: { key: 'link-requisites', kind: 'link-requisites', deal: { of: 'deal' }, requisites: { of: 'requisites' } },
  linkLead: { key: 'link-lead', kind: 'link-lead', leadId: id, companyId: { of: 'company' }, contactIds: [{ of: 'contact' }], before: { companyId: null, contactIds: [] } },
  tell: { key: 'tell', kind: 'tell', deal: { of: 'deal' }, leadId: id, text: 'Сделка создана из лида «Столешница»', leadText: 'Лид сконвертирован' },
  finish: { key: 'finish-lead', kind: 'finish-lead', leadId: id, to: stageId('CONVERTED'), from: stageId('NEW') },
}) as const satisfies Readonly<Record<string, ConversionStep>>

/** Of the deal, contact and company that were made: what may receive bindings. */
export const targets = [{ object: 'deal', id: { of: 'deal' } }, { object: 'contact', id: { of: 'contact' } }, { object: 'company', id: { of: 'company' } }] as const

/** A room for each test, closed after it; the portal must have found nothing wrong with what it was asked. */
export const inConversionRooms = (begin: (room: ConversionRoom, steps: ReturnType<typeof stepsFor>) => void): void => {
  let open: ConversionRoom | null = null
  beforeEach(async () => {
    open = await startConversionRoom()
    begin(open, stepsFor(open.id))
  })
  afterEach(async () => {
    expect(open?.portal.strictFailures).toEqual([])
    await open?.close()
    open = null
  })
}
