import type { ConversionFacts, ExistingClient, ExistingDeal, FieldInfo, Means } from '../../../server/domain/conversion/facts.ts'
import type { Choices, Plan, PlannedField, PlannedMeans } from '../../../server/domain/conversion/plan.ts'
import { proposePlan } from '../../../server/domain/conversion/propose.ts'
import type { ConversionSetting } from '../../../server/domain/conversion/setting.ts'
import { leadId, stageId, userId } from '../../../server/domain/lead.ts'
import type { FieldValue } from '../../../server/domain/lead.ts'
import { ordinary } from '../../../server/domain/regulation/defaults.ts'
import type { ConversionSettings } from '../../../server/domain/regulation.ts'
import { regulation, stages, won } from '../support.ts'

export const anna = userId(1)
export const boris = userId(2)
export const gone = userId(9)

export const info = (name: string, change: Partial<FieldInfo> = {}): FieldInfo => ({ name, title: name, type: 'text', multiple: false, required: false, readOnly: false, custom: name.startsWith('UF_'), options: [], ...change })

const names = ['name', 'lastName', 'secondName', 'post'].map(name => info(name))
const sources = [info('sourceId', { type: 'list', options: [{ value: 'WEB', title: 'Сайт' }] }), info('utmSource')]

export const fieldInfos: ConversionFacts['fields'] = {
  lead: [info('title', { title: 'Название лида' }), info('companyTitle', { title: 'Название компании' }), ...names, info('opportunity', { type: 'number', title: 'Сумма' }), info('currencyId'), info('comments', { title: 'Комментарий' }), ...sources],
  company: [info('title', { title: 'Название компании' }), info('utmSource')],
  contact: [...names, ...sources],
  deal: [info('title', { title: 'Название' }), info('opportunity', { type: 'number', title: 'Сумма' }), info('currencyId'), info('comments', { title: 'Комментарий' }), ...sources],
}

export const phone = (value: string, change: Partial<Means> = {}): Means => ({ kind: 'phone', valueType: 'WORK', value, normal: `+${value.replaceAll(/\D/g, '')}`, extension: null, nature: 'mobile', usedBy: 0, ...change })
export const email = (value: string, change: Partial<Means> = {}): Means => ({ kind: 'email', valueType: 'WORK', value, normal: value.toLowerCase(), extension: null, nature: 'unknown', usedBy: 0, ...change })

export const client = (kind: 'contact' | 'company', id: number, change: Partial<ExistingClient> = {}): ExistingClient => ({ kind, id, title: kind === 'contact' ? `Контакт ${id}` : `Компания ${id}`, responsibleId: boris, by: ['phone'], fields: {}, means: [], companyIds: [], ...change })

export const openDeal = (id: number, change: Partial<ExistingDeal> = {}): ExistingDeal => ({ id, title: `Сделка ${id}`, pipelineId: 0, stageId: 'NEW', semantic: 'processing', responsibleId: boris, companyId: null, contactIds: [], leadId: null, conversionId: null, fields: {}, products: [], ...change })

type LeadChange = Partial<Omit<ConversionFacts['lead'], 'fields'>> & { readonly fields?: Readonly<Record<string, FieldValue>> }

/** A lead of Olga, who has given her name only. */
export const facts = ({ lead = {}, ...change }: Partial<Omit<ConversionFacts, 'lead'>> & { readonly lead?: LeadChange } = {}): ConversionFacts => ({
  lead: {
    id: leadId(7),
    title: 'Столешница на кухню',
    stageId: stages['in-work'] ?? stageId('IN_PROCESS'),
    semantic: 'processing',
    responsibleId: anna,
    companyId: null,
    contactIds: [],
    means: [],
    products: [],
    updatedAt: '2026-07-24T10:00:00Z',
    ...lead,
    fields: { name: 'Ольга', lastName: 'Крылова', ...lead.fields },
  },
  fields: fieldInfos,
  clients: [],
  deals: [],
  pipelines: [
    { id: 0, name: 'Продажи', stages: [{ id: 'NEW', name: 'Новая', semantic: 'processing' }, { id: 'PREP', name: 'Подготовка', semantic: 'processing' }, { id: 'WON', name: 'Успех', semantic: 'success' }] },
    { id: 5, name: 'Опт', stages: [{ id: 'C5:NEW', name: 'Новая', semantic: 'processing' }, { id: 'C5:PREP', name: 'Подготовка', semantic: 'processing' }] },
  ],
  requisiteTemplates: { company: 1, entrepreneur: 3, person: 5 },
  currency: 'RUB',
  inn: null,
  people: [{ id: anna, name: 'Анна Петрова', active: true }, { id: boris, name: 'Борис Ким', active: true }, { id: gone, name: 'Глеб Ушёл', active: false }],
  along: { activities: [], tasks: [], comments: [], quotes: [] },
  successStageId: won,
  ...change,
})

type SettingChange = Partial<Omit<ConversionSetting, 'regulation'>> & { readonly conversion?: Partial<ConversionSettings>; readonly regulation?: Partial<ConversionSetting['regulation']> }

export const setting = ({ conversion = {}, regulation: rules = {}, ...change }: SettingChange = {}): ConversionSetting => ({
  regulation: { ...regulation, ...rules, conversion: { ...ordinary.conversion, ...conversion } },
  stepId: regulation.steps[0]?.id ?? null,
  unmet: [],
  registry: null,
  language: 'ru',
  ...change,
})

export const plan = (given: Parameters<typeof facts>[0] = {}, choices: Choices = {}, rules: SettingChange = {}): Plan => proposePlan(facts(given), setting(rules), choices)

export const kindsIn = ({ objects }: Plan): readonly string[] => objects.map(({ kind }) => kind)
export const objectIn = ({ objects }: Plan, kind: string) => {
  const found = objects.find(object => object.kind === kind)
  if (found === undefined) throw new Error(`the plan has no ${kind}`)
  return found
}
export const fieldIn = (made: Plan, kind: string, name: string): PlannedField => {
  const found = objectIn(made, kind).fields.find(field => field.info.name === name)
  if (found === undefined) throw new Error(`the ${kind} has no field ${name}`)
  return found
}
export const hasField = (made: Plan, kind: string, name: string): boolean => objectIn(made, kind).fields.some(field => field.info.name === name)
export const meansIn = (made: Plan, value: string): PlannedMeans => {
  const found = made.means.find(({ means }) => means.value === value)
  if (found === undefined) throw new Error(`the plan does not have ${value}`)
  return found
}
/** A Russian number with right check digits that nobody has. */
export const innOfOrganisation = '7700000009'
export const innOfPerson = '770000000082'
