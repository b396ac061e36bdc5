/** Who gets the leads: channels and pools. */
import type { Pool, Regulation, Text } from '../regulation.ts'
import { error, repeats, warning } from './problem.ts'
import type { PortalThings, Problem } from './problem.ts'

export const peopleProblems = (regulation: Regulation, things: PortalThings): readonly Problem[] => {
  const { pools, defaultPoolId } = regulation.distribution
  const known = new Set(pools.map(({ id }) => id))
  const unknownPool = (poolId: string, path: string, place?: Text) => (known.has(poolId) ? [] : [error(path, { kind: 'unknown-pool', poolId }, place)])
  return [
    ...repeats(pools.map(({ id }) => id)).map(({ value, index }) => error(`distribution.pools.${index}.id`, { kind: 'duplicate-code', code: value })),
    ...unknownPool(defaultPoolId, 'distribution.defaultPoolId'),
    ...pools.flatMap((pool, index) => poolProblems(pool, `distribution.pools.${index}`, things)),
    ...repeats(regulation.channels.map(({ id }) => id)).map(({ value, index }) => error(`channels.${index}.id`, { kind: 'duplicate-code', code: value })),
    ...regulation.channels.flatMap((channel, index) => (channel.handledBy?.kind === 'pool' ? unknownPool(channel.handledBy.poolId, `channels.${index}.handledBy.poolId`, channel.name) : [])),
    ...channelProblems(regulation),
  ]
}

const poolProblems = (pool: Pool, path: string, things: PortalThings): readonly Problem[] => {
  const active = new Set(things.userIds)
  const members = pool.members.kind === 'people' ? pool.members.userIds : things.departmentPeople?.[pool.members.departmentId]
  return [
    ...(members !== undefined && !members.some(userId => active.has(userId)) ? [error(`${path}.members`, { kind: 'empty-pool' }, pool.name)] : []),
    ...(pool.order === 'weighted' && members !== undefined && members.length > 0 && members.every(userId => pool.weights[userId] === 0) ? [error(`${path}.weights`, { kind: 'weights-zero' }, pool.name)] : []),
    ...(['open', 'perDay'] as const).flatMap(limit => (pool.limits[limit] === 0 ? [error(`${path}.limits.${limit}`, { kind: 'limit-zero' }, pool.name)] : [])),
  ]
}

const channelProblems = ({ channels, steps }: Regulation): readonly Problem[] => {
  const owners = new Map<string, Text>()
  const classes = new Set(steps.flatMap(step => Object.keys(step.deadline?.classes ?? {})))
  const wanted = new Set(channels.flatMap(({ deadlineClass }) => (deadlineClass === null ? [] : [deadlineClass])))
  return [
    ...channels.flatMap((channel, index): readonly Problem[] => [
      ...(channel.sources.length === 0 ? [warning(`channels.${index}.sources`, { kind: 'channel-empty' }, channel.name)] : []),
      ...channel.sources.flatMap((source, place) => {
        const first = owners.get(source)
        if (first === undefined) owners.set(source, channel.name)
        return first === undefined ? [] : [error(`channels.${index}.sources.${place}`, { kind: 'source-twice', source, first }, channel.name)]
      }),
      ...(channel.isTest === true && !channel.isLeadSource ? [warning(`channels.${index}.isTest`, { kind: 'test-without-leads' }, channel.name)] : []),
      ...(channel.deadlineClass === null || classes.has(channel.deadlineClass) ? [] : [warning(`channels.${index}.deadlineClass`, { kind: 'unknown-class', name: channel.deadlineClass }, channel.name)]),
    ]),
    ...steps.flatMap((step, index) => Object.keys(step.deadline?.classes ?? {}).filter(name => !wanted.has(name)).map(name => warning(`steps.${index}.deadline.classes.${name}`, { kind: 'unused-class', name }, step.name))),
  ]
}
