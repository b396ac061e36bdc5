/** What a regulation names and the portal does not have (any more). */
import type { DepartmentId, FieldName, StageId, UserId } from '../lead.ts'
import type { Regulation, Text } from '../regulation.ts'
import { referencesOf } from '../regulation/references.ts'
import type { Reference } from '../regulation/references.ts'
import { error, warning } from './problem.ts'
import type { PortalThings, Problem } from './problem.ts'

/** One problem for each place that names something missing. Fields of the card count only where a step has a card. */
export const missingThings = (regulation: Regulation, things: PortalThings): readonly Problem[] => {
  const sets = {
    stage: new Set<string>(things.stageIds),
    field: new Set<string>(things.fieldNames),
    user: new Set<number>(things.userIds),
    department: things.departmentPeople === undefined ? null : new Set(Object.keys(things.departmentPeople).map(Number)),
    source: things.sourceIds === undefined ? null : new Set(things.sourceIds),
  }
  const hasCard = regulation.steps.some(({ card }) => card !== null)
  const rights = regulation.steps.flatMap((step, index) => (step.gate?.needs ?? []).flatMap(({ kind }, place): readonly Problem[] =>
    ((kind === 'quote' || kind === 'requisites') && things.denied?.includes(kind) === true ? [warning(`steps.${index}.gate.needs.${place}`, { kind: 'missing-right', to: kind }, step.name)] : [])))
  return [...rights, ...referencesOf(regulation).flatMap((reference): readonly Problem[] => {
    const { kind, id, path } = reference
    if (!hasCard && path.startsWith('card.') && kind !== 'stage') return []
    const place = placeOf(regulation, path)
    switch (kind) {
      case 'stage': return sets.stage.has(String(id)) ? [] : [error(path, { kind: 'missing-stage', stageId: id as StageId }, place)]
      case 'field': return sets.field.has(String(id)) ? [] : [error(path, { kind: 'missing-field', field: id as FieldName }, place)]
      case 'item': return missingItem(reference, things, place)
      case 'user': return sets.user.has(Number(id)) || isShare(path) ? [] : [path === 'distribution.fallbackUserId' ? error(path, { kind: 'missing-fallback', userId: id as UserId }) : error(path, { kind: 'missing-user', userId: id as UserId }, place)]
      case 'department': return sets.department === null || sets.department.has(Number(id)) ? [] : [error(path, { kind: 'missing-department', departmentId: id as DepartmentId }, place)]
      // What deals there are is looked at when one is made.
      case 'pipeline': case 'deal-stage': return []
      // A source without leads does no harm.
      case 'source': return sets.source === null || sets.source.has(String(id)) ? [] : [warning(path, { kind: 'missing-source', source: String(id) }, place)]
    }
  })]
}

const missingItem = ({ id, path, field }: Reference, { items }: PortalThings, place: Text | undefined): readonly Problem[] => {
  const known = field === undefined || items === undefined || !Object.hasOwn(items, field) ? undefined : items[field]
  return known === undefined || field === undefined || known.includes(String(id)) ? [] : [error(path, { kind: 'missing-item', field, item: String(id) }, place)]
}

/** Weights and regions of people who have left say nothing any more. */
const isShare = (path: string): boolean => /^distribution\.pools\.\d+\.(weights|regions)\./.test(path)

/** What the administrator calls the part of the regulation that a path leads into. */
export const placeOf = (regulation: Regulation, path: string): Text | undefined => {
  const [part, a = '', b = '', c = ''] = path.split('.')
  if (part === 'steps') return regulation.steps[Number(a)]?.name
  if (part === 'channels') return regulation.channels[Number(a)]?.name
  if (part === 'distribution' && a === 'pools') return regulation.distribution.pools[Number(b)]?.name
  if (part !== 'card') return undefined
  if (a === 'groups') return regulation.card.groups[Number(b)]?.questions[Number(path.split('.')[4])]?.title ?? regulation.card.groups[Number(b)]?.title
  if ((a === 'nextStep' || a === 'reason') && b === 'options') return regulation.card[a].options[Number(c)]?.title
  return a === 'comment' || a === 'result' || a === 'nextStep' || a === 'reason' ? regulation.card[a].title : undefined
}
