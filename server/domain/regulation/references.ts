/** Everything of the portal that a regulation names by id, each with its place: one walk for lint, import, export and the daily check. */
import type { DepartmentId, FieldName, StageId, UserId } from '../lead.ts'
import type { AnswerTest, Card, Channel, Gate, Pool, Regulation, RefusalReason, Step } from '../regulation.ts'

interface IdOf {
  readonly stage: StageId
  readonly field: FieldName
  readonly user: UserId
  readonly department: DepartmentId
  readonly source: string
  /** A pipeline of deals, and a stage of one. */
  readonly pipeline: number
  readonly 'deal-stage': string
  /** An item of a list field. */
  readonly item: string
}

export type ReferenceKind = keyof IdOf

export interface Reference {
  readonly kind: ReferenceKind
  readonly id: string | number
  /** Dotted keys and indexes, e.g. `steps.0.stageId`. */
  readonly path: string
  /** The list field of an item, and what the regulation calls the item. */
  readonly field?: FieldName
  readonly title?: string | null
}

/** What stands in the place of a reference. */
export type Rebind = <Kind extends ReferenceKind>(kind: Kind, id: IdOf[Kind], path: string, item?: { readonly field: FieldName; readonly title: string | null }) => IdOf[Kind]

/** All references in the order of the regulation's parts; the same thing may be named at several places. */
export const referencesOf = (regulation: Regulation): readonly Reference[] => {
  const found: Reference[] = []
  mapReferences(regulation, (kind, id, path, item) => {
    found.push({ kind, id, path, ...item })
    return id
  })
  return found
}

/** The same regulation with every reference replaced by what `bind` answers. Fields are bound before their items. */
export const mapReferences = (regulation: Regulation, bind: Rebind): Regulation => ({
  ...regulation,
  roles: {
    directorId: orNull(regulation.roles.directorId, id => bind('user', id, 'roles.directorId')),
    deputies: byUser(regulation.roles.deputies, 'roles.deputies', bind, (id, path) => bind('user', id, path)),
    controllerId: orNull(regulation.roles.controllerId, id => bind('user', id, 'roles.controllerId')),
  },
  channels: regulation.channels.map((channel, index) => mapChannel(channel, `channels.${index}`, bind)),
  distribution: {
    ...regulation.distribution,
    pools: regulation.distribution.pools.map((pool, index) => mapPool(pool, `distribution.pools.${index}`, bind, regulation.distribution.regionField)),
    fallbackUserId: bind('user', regulation.distribution.fallbackUserId, 'distribution.fallbackUserId'),
    regionField: orNull(regulation.distribution.regionField, field => bind('field', field, 'distribution.regionField')),
  },
  intake: { ...regulation.intake, interestField: orNull(regulation.intake.interestField, field => bind('field', field, 'intake.interestField')) },
  steps: regulation.steps.map((step, index) => mapStep(step, `steps.${index}`, bind)),
  card: mapCard(regulation.card, bind),
  conversion: {
    ...regulation.conversion,
    dealCategoryId: orNull(regulation.conversion.dealCategoryId, id => bind('pipeline', id, 'conversion.dealCategoryId')),
    dealStageId: orNull(regulation.conversion.dealStageId, id => bind('deal-stage', id, 'conversion.dealStageId')),
    dealResponsibleId: orNull(regulation.conversion.dealResponsibleId, id => bind('user', id, 'conversion.dealResponsibleId')),
  },
  calendars: regulation.calendars.map((own, index) => ({
    ...own,
    userIds: own.userIds.map((id, place) => bind('user', id, `calendars.${index}.userIds.${place}`)),
    departmentIds: own.departmentIds.map((id, place) => bind('department', id, `calendars.${index}.departmentIds.${place}`)),
  })),
})

const orNull = <T>(value: T | null, bind: (value: T) => T): T | null => (value === null ? null : bind(value))

const byUser = <T>(values: Readonly<Record<number, T>>, path: string, bind: Rebind, each: (value: T, path: string) => T): Readonly<Record<number, T>> =>
  Object.fromEntries(Object.entries(values).map(([user, value]) => [bind('user', Number(user) as UserId, `${path}.${user}`), each(value, `${path}.${user}`)]))

const mapChannel = (channel: Channel, path: string, bind: Rebind): Channel => ({
  ...channel,
  sources: channel.sources.map((source, index) => bind('source', source, `${path}.sources.${index}`)),
  handledBy: channel.handledBy?.kind === 'person' ? { ...channel.handledBy, userId: bind('user', channel.handledBy.userId, `${path}.handledBy.userId`) } : channel.handledBy,
  detail: channel.detail === null ? null : { ...channel.detail, field: bind('field', channel.detail.field, `${path}.detail.field`) },
})

/** Regions are items of their field where that is a list; without a field they say nothing. */
const mapPool = (pool: Pool, path: string, bind: Rebind, regionField: FieldName | null): Pool => ({
  ...pool,
  members: pool.members.kind === 'department'
    ? { ...pool.members, departmentId: bind('department', pool.members.departmentId, `${path}.members.departmentId`) }
    : { ...pool.members, userIds: pool.members.userIds.map((id, index) => bind('user', id, `${path}.members.userIds.${index}`)) },
  weights: byUser(pool.weights, `${path}.weights`, bind, weight => weight),
  regions: byUser(pool.regions, `${path}.regions`, bind, (regions, own) => (regionField === null ? regions : regions.map((region, index) => (region === '' ? region : bind('item', region, `${own}.${index}`, { field: regionField, title: null }))))),
})

const mapStep = (step: Step, path: string, bind: Rebind): Step => ({
  ...step,
  stageId: bind('stage', step.stageId, `${path}.stageId`),
  gate: step.gate === null ? null : mapGate(step.gate, `${path}.gate`, bind),
  leave: {
    done: step.leave.done === null ? null : { ...step.leave.done, stageId: bind('stage', step.leave.done.stageId, `${path}.leave.done.stageId`) },
    notQualified: step.leave.notQualified === null ? null : { ...step.leave.notQualified, stageId: bind('stage', step.leave.notQualified.stageId, `${path}.leave.notQualified.stageId`) },
  },
})

const mapGate = (gate: Gate, path: string, bind: Rebind): Gate => ({
  ...gate,
  needs: gate.needs.map((need, index) => (need.kind === 'field' ? { ...need, field: bind('field', need.field, `${path}.needs.${index}.field`) } : need)),
})

const mapCard = (card: Card, bind: Rebind): Card => {
  const values = (field: FieldName, path: string, title: string | null, value: string) => (value === '' ? value : bind('item', value, path, { field, title }))
  const option = <T extends RefusalReason>(field: FieldName, one: T, path: string): T => ({
    ...one,
    value: values(field, `${path}.value`, one.title.ru, one.value),
    ...(one.stageId === undefined || one.stageId === null ? {} : { stageId: bind('stage', one.stageId, `${path}.stageId`) }),
  })
  const { result } = card
  return {
    ...card,
    groups: card.groups.map((group, place) => ({
      ...group,
      questions: group.questions.map((question, index) => {
        const path = `card.groups.${place}.questions.${index}`
        return {
          ...question,
          field: bind('field', question.field, `${path}.field`),
          options: question.options.map((one, at) => ({ ...one, value: values(question.field, `${path}.options.${at}.value`, one.title.ru, one.value) })),
        }
      }),
    })),
    comment: { ...card.comment, field: bind('field', card.comment.field, 'card.comment.field') },
    result: {
      ...result,
      field: bind('field', result.field, 'card.result.field'),
      values: {
        qualified: values(result.field, 'card.result.values.qualified', null, result.values.qualified),
        notQualified: values(result.field, 'card.result.values.notQualified', null, result.values.notQualified),
        postponed: orNull(result.values.postponed, value => values(result.field, 'card.result.values.postponed', null, value)),
      },
    },
    postponedUntil: card.postponedUntil === null ? null : { ...card.postponedUntil, field: bind('field', card.postponedUntil.field, 'card.postponedUntil.field') },
    nextStep: { ...card.nextStep, field: bind('field', card.nextStep.field, 'card.nextStep.field'), options: card.nextStep.options.map((one, index) => option(card.nextStep.field, one, `card.nextStep.options.${index}`)) },
    reason: { ...card.reason, field: bind('field', card.reason.field, 'card.reason.field'), options: card.reason.options.map((one, index) => option(card.reason.field, one, `card.reason.options.${index}`)) },
    unknown: { ...card.unknown, field: bind('field', card.unknown.field, 'card.unknown.field') },
  }
}

/** Every lead field a regulation reads or writes. */
export const fieldsOf = (regulation: Regulation): readonly FieldName[] =>
  [...new Set(referencesOf(regulation).flatMap(({ kind, id }) => (kind === 'field' ? [id as FieldName] : [])))]

/** Codes of questions that a condition asks about, and the tests it puts to them. */
export const testsOf = (condition: NonNullable<Card['groups'][number]['questions'][number]['onlyIf']>): readonly { readonly question: string; readonly answer: AnswerTest }[] => {
  if ('question' in condition) return [condition]
  return ('all' in condition ? condition.all : condition.any).flatMap(testsOf)
}
