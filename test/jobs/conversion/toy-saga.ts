/** Conversions in a room with a toy portal, before each test anew; and processes that die over them and go on. */
import type { Plan } from '../../../server/domain/conversion/plan.ts'
import type { ConversionStep } from '../../../server/domain/conversion/step.ts'
import { leadId, stageId, userId } from '../../../server/domain/lead.ts'
import { openConversions, type ConversionAsk, type Conversions } from '../../../server/jobs/conversion-desk.ts'
import type { Timing } from '../../../server/jobs/ports.ts'
import { lastConversionOf, type StoredConversion, type StoredStep } from '../../../server/store/conversions.ts'
import type { Database } from '../../../server/store/database.ts'
import { firma, until, useRoom, type TestRoom } from '../support.ts'
import { makeToyConversions, type ToyConversions } from './toy-conversions.ts'

export const lead = leadId(7)
export const anna = userId(3)
export const boris = userId(4)

/** A whole conversion of an organisation: the steps as the domain cuts them. */
export const steps: readonly ConversionStep[] = [
  { key: 'check', kind: 'check', leadId: lead, knownDeals: [] },
  { key: 'company', kind: 'create', object: 'company', fields: { title: 'ООО «Ромашка»' }, means: [], companyId: null, contactIds: [] },
  { key: 'contact', kind: 'create', object: 'contact', fields: { name: 'Иван' }, means: [], companyId: { of: 'company' }, contactIds: [] },
  { key: 'requisites', kind: 'requisites', owner: { of: 'company' }, ownerKind: 'company', templateId: 1, name: 'ООО «Ромашка»', values: { inn: '7707083893' } },
  { key: 'check-deal', kind: 'check', leadId: lead, knownDeals: [] },
  { key: 'deal', kind: 'create', object: 'deal', fields: { title: 'Столешница' }, means: [], companyId: { of: 'company' }, contactIds: [{ of: 'contact' }] },
  { key: 'check-after', kind: 'check', leadId: lead, knownDeals: [] },
  { key: 'products', kind: 'products', deal: { of: 'deal' }, rows: [{ productName: 'Столешница', price: 100, quantity: 1 }] },
  { key: 'link-requisites', kind: 'link-requisites', deal: { of: 'deal' }, requisites: { of: 'requisites' } },
  { key: 'activities', kind: 'bind-activities', ids: [41, 42], to: [{ object: 'deal', id: { of: 'deal' } }, { object: 'contact', id: { of: 'contact' } }] },
  { key: 'tasks', kind: 'bind-tasks', ids: [51], to: [{ object: 'deal', id: { of: 'deal' } }] },
  { key: 'link-lead', kind: 'link-lead', leadId: lead, companyId: { of: 'company' }, contactIds: [{ of: 'contact' }], before: { companyId: null, contactIds: [] } },
  { key: 'tell', kind: 'tell', deal: { of: 'deal' }, leadId: lead, text: 'Из лида', leadText: 'Сделка' },
  { key: 'check-finish', kind: 'check', leadId: lead, knownDeals: [] },
  { key: 'finish-lead', kind: 'finish-lead', leadId: lead, to: stageId('CONVERTED'), from: stageId('WORK') },
  { key: 'check-end', kind: 'check', leadId: lead, knownDeals: [], onSuccess: true },
]
export const keys = steps.map(({ key }) => key)
/** The portal-made things of a whole conversion, each once. */
export const whole = ['company', 'contact', 'deal', 'entry', 'products', 'requisites']

export const asked: ConversionAsk = { leadId: lead, byUserId: anna, byUserName: 'Анна', accessToken: 'hers', regulationVersion: 1, plan: {} as Plan, steps, undoDays: 3 }

class Killed extends Error {}

export interface Saga {
  readonly room: TestRoom
  readonly database: Database
  readonly toy: ToyConversions
  readonly desk: Conversions
  /** From now on with other spans. */
  withTiming(timing: Partial<Timing>): void
  /** From now on with another portal. */
  withPortal(portal: ToyConversions): void
  last(): Promise<StoredConversion>
  statusNow(): Promise<StoredConversion['status']>
  rowOf(key: string): Promise<StoredStep | undefined>
  /** What is on the portal, by kind. */
  kinds(): readonly string[]
  actsOf(): Promise<readonly string[]>
  /** What waits may be gone on with at once. */
  release(): Promise<unknown>
  /** Another process takes up what was left behind, as often as it needs to. */
  goOn(to: StoredConversion['status']): Promise<void>
  dieAt(when: 'before' | 'after', key: string): void
  /** One whose lead's stage was refused. */
  heldOne(): Promise<StoredConversion>
}

export const useSaga = (open: () => Promise<Database>): Saga => {
  let room: TestRoom
  let toy: ToyConversions
  let desk: Conversions
  const join = (change: Partial<TestRoom>): void => {
    room = { ...room, ...change }
    desk = openConversions(room)
  }
  useRoom(open, (made) => {
    room = made
    toy = makeToyConversions()
    join({ portals: { ...room.toy, conversion: toy } })
  })

  const saga: Saga = {
    get room() { return room },
    get database() { return room.database },
    get toy() { return toy },
    get desk() { return desk },
    withTiming: timing => join({ timing: { ...room.timing, ...timing } }),
    withPortal: portal => join({ portals: { ...room.toy, conversion: portal } }),
    last: async () => {
      const found = await lastConversionOf(room.database.db, firma, lead)
      if (found === null) throw new Error('there is no conversion')
      return found
    },
    statusNow: async () => (await saga.last()).status,
    rowOf: async key => (await saga.last()).steps.find(({ step }) => step.key === key),
    kinds: () => [...toy.objects.values()].map(({ kind }) => kind).sort(),
    actsOf: async () => (await room.database.db.selectFrom('acts').select('kind').where('lead_id', '=', lead).orderBy('id').execute()).map(({ kind }) => kind),
    release: () => room.database.db.updateTable('conversions').set({ not_before: null }).execute(),
    goOn: async (to) => {
      toy.dies = () => {}
      const other = openConversions(room)
      await until(`the conversion is ${to}`, async () => {
        await saga.release()
        await other.takeUp()
        return await saga.statusNow() === to
      })
      await other.stop()
    },
    dieAt: (when, key) => {
      let isDead = false
      toy.dies = (moment, at) => {
        if (isDead || (moment === when && at === key)) {
          isDead = true
          throw new Killed(`${when} ${key}`)
        }
      }
    },
    heldOne: async () => {
      toy.refuse = step => (step.key === 'finish-lead' ? 'invalid' : null)
      const held = await desk.begin(firma, asked)
      toy.refuse = () => null
      return held
    },
  }
  return saga
}
