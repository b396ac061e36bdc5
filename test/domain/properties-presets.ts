/** Each preset bound to an invented portal, with stories in its own words: what the laws of the domain are held against besides the one rich regulation. */
import fc from 'fast-check'
import type { Context } from '../../server/domain/command.ts'
import { leadId, stageId } from '../../server/domain/lead.ts'
import type { Lead, Semantic } from '../../server/domain/lead.ts'
import { bindPreset } from '../../server/domain/presets/preset.ts'
import type { Binding, Preset } from '../../server/domain/presets/preset.ts'
import type { Pool, Question, Regulation } from '../../server/domain/regulation.ts'
import type { VersionFacts, versionFor } from '../../server/domain/regulation/versions.ts'
import type { Watch } from '../../server/domain/watch.ts'
import { bindingOf } from './presets/support.ts'
import { company, director } from './properties-journey.ts'
import { expectThat, happening, pressed, quiet, storyOf, tell } from './stories.ts'
import type { Happening } from './stories.ts'
import { activity, add, anna, call, carryOut, changeFollowUps, changeLead, context, elsewhere, fill, inWork, lead, look, moveTo, only, people, peopleWith, press, world } from './support.ts'
import type { Rules, World } from './support.ts'

export interface PlayedPreset {
  readonly preset: Preset
  readonly regulation: Regulation
  readonly begin: (change?: Partial<World>) => World
  readonly told: ReturnType<typeof storyOf>
  /** The rules, shown each lead with what its stage means on this portal. */
  readonly by: <R extends Rules>(rules: R) => R
}

/** Everything that people can do under this preset, and what the portal makes of it. */
export const played = (preset: Preset): PlayedPreset => {
  const binding: Binding = { ...bindingOf(preset), directorId: director }
  const regulation = bindPreset(preset, binding)
  const semantics = new Map<string, Semantic>(preset.stages.map(({ role, semantic }) => [binding.stages[role] ?? '', semantic]))
  const first = regulation.steps[0]?.stageId ?? stageId('NEW')
  const sources = regulation.channels.flatMap(channel => channel.sources)
  return {
    preset,
    regulation,
    begin: change => world({ regulation, lead: lead({ stageId: first, sourceId: sources[0] ?? 'WEB' }), context: context({ people: company }), ...change }),
    told: storyOf(happeningsOf(regulation, [...semantics.keys()].map(stageId), sources)),
    by: rules => ({ ...rules, decide: (watch, sight, ...rest) => rules.decide(watch, sight.kind === 'gone' ? sight : { ...sight, lead: { ...sight.lead, semantic: semantics.get(sight.lead.stageId) ?? 'processing' } }, ...rest) }),
  }
}

const happeningsOf = (regulation: Regulation, stages: readonly Lead['stageId'][], sources: readonly string[]): readonly Happening[] => {
  const { card } = regulation
  const questions = card.groups.flatMap(group => group.questions)
  const answers = Object.fromEntries([...questions.map(question => [question.field, answerTo(question)]), [card.comment.field, 'Договорились созвониться в четверг']])
  const { qualified, notQualified, postponed } = card.result.values
  const saying = (name: string, fields: Lead['fields']) => happening(name, state => fill(state, fields))
  return [
    ...quiet,
    ...pressed,
    ...[...stages, elsewhere].map(stage => happening(`moved to ${stage}`, state => moveTo({ ...state, now: state.now.add({ seconds: 1 }) }, stage))),
    happening('call', state => add(state, call(state.now))),
    happening('letter', state => add(state, activity({ kind: 'email', createdAt: state.now }))),
    happening('an address', state => changeLead(state, { contact: { phones: [], emails: ['client@example.com'], messengers: [] } })),
    happening('requisites', state => changeLead(state, { hasRequisites: true })),
    ...sources.slice(-2).map(sourceId => happening(`source ${sourceId}`, state => changeLead(state, { sourceId }))),
    saying('all answers', answers),
    saying('an answer taken away', Object.fromEntries(questions.slice(0, 1).map(({ field }) => [field, null]))),
    saying('result taken away', { [card.result.field]: null }),
    ...card.nextStep.options.map(option => saying(option.code, { [card.result.field]: qualified, [card.nextStep.field]: option.value })),
    ...card.reason.options.map(option => saying(`refused: ${option.code}`, { [card.result.field]: notQualified, [card.reason.field]: option.value })),
    ...(card.postponedUntil === null || postponed === null ? [] : [happening('postponed', state => fill(state, { [card.result.field]: postponed, [card.postponedUntil?.field ?? '']: state.now.add({ hours: 50 }).toString().slice(0, 10) }))]),
    happening('task closed in silence', state => changeFollowUps(state, { open: false, summarised: false })),
    happening('task closed with a summary', state => changeFollowUps(state, { open: false, summarised: true })),
    happening('task moved', state => changeFollowUps(state, { deadlineAt: state.now.add({ hours: 5 }) })),
    happening('opened', state => press(state, { kind: 'opened' })),
    happening('taken', state => press(state, { kind: 'take' })),
    happening('given to Anna', state => changeLead(state, { responsibleId: anna })),
    happening('Anna leaves', state => ({ ...state, context: { ...state.context, people: state.context.people.map(one => (one.id === anna ? { ...one, active: false } : one)) } })),
    happening('nobody is there', state => ({ ...state, context: { ...state.context, people: state.context.people.map(one => ({ ...one, absent: one.departmentIds.length > 0 })) } })),
    happening('everybody is there', state => ({ ...state, context: { ...state.context, people: company } })),
    happening('moves are refused', state => ({ ...state, refusing: true })),
    happening('moves are accepted', state => ({ ...state, refusing: false })),
    happening('deleted', state => ({ ...state, lead: null })),
  ]
}

/** An answer that does not make the lead not qualified. */
const answerTo = ({ kind, options, disqualifies }: Question): string | number | readonly string[] => {
  const bad = disqualifies?.when.is === 'one-of' ? disqualifies.when.values : []
  const value = options.find(({ code }) => !bad.includes(code))?.value ?? ''
  if (kind === 'multilist') return [value]
  if (kind === 'list') return value
  if (kind === 'money' || kind === 'number') return 90_000
  return kind === 'date' ? '2026-09-01' : kind === 'phone' ? '+79000000001' : kind === 'link' ? 'https://client.example.com' : 'Ответ клиента'
}

// --- shares -----------------------------------------------------------------

const sellers = people.slice(0, 3).map(({ id }) => id)

/**
 * S1-D10, S3-4, S1-D14: leads come in by every channel of the preset while people come and go. In each pool in turn nobody is more than a
 * few behind his part of the leads given while he was there; a pool of the least loaded gives to one of those with the fewest.
 */
export const channelsShareEqually = ({ regulation, begin, by }: PlayedPreset, given: Rules) => {
  const rules = by(given)
  const sources = regulation.channels.flatMap(({ sources: own, isLeadSource }) => (isLeadSource ? own : []))
  const coming = fc.record({ present: fc.uniqueArray(fc.constantFrom(...sellers), { minLength: 1, maxLength: sellers.length }), sourceId: fc.constantFrom(...(sources.length === 0 ? ['WEB'] : sources)) })
  return fc.property(fc.array(coming, { maxLength: 40 }), (leads) => {
    let seen: Context = begin().context
    const parts = new Map<string, Map<number, number>>()
    leads.forEach(({ present, sourceId }, index) => {
      seen = { ...seen, people: company.map(one => ({ ...one, absent: sellers.includes(one.id) && !present.includes(one.id) })) }
      const start = begin()
      const state = { ...start, context: seen, lead: start.lead === null ? null : { ...start.lead, id: leadId(100 + index), sourceId } }
      const { commands } = look(state, rules)
      const pool = poolOf(regulation, sourceId)
      const chosen = only(commands, 'assign')[0]?.userId
      if (pool !== undefined && regulation.steps[0]?.kind === 'intake') {
        expectThat(chosen !== undefined && present.includes(chosen), `${String(chosen)} gets a lead of ${pool.id}, there are ${present.join()}`)
        const openOf = (id: number) => seen.load[id]?.open ?? 0
        if (pool.order === 'least-loaded') expectThat(openOf(chosen ?? 0) === Math.min(...present.map(openOf)), `${String(chosen)} has more than others of ${pool.id}`)
        const part = parts.get(pool.id) ?? new Map<number, number>()
        for (const id of present) part.set(id, (part.get(id) ?? 0) + 1 / present.length)
        parts.set(pool.id, part)
      }
      seen = commands.reduce(given.evolveContext, seen)
      if (pool?.order !== 'in-turn') return
      for (const id of sellers) {
        const received = seen.shares[pool.id]?.[id]?.received ?? 0
        expectThat(Math.abs(received - (parts.get(pool.id)?.get(id) ?? 0)) <= (sellers.length - 1) / 2 + 1e-6, `person ${id} has ${received} leads of ${pool.id}`)
      }
    })
  })
}

const poolOf = ({ channels, distribution }: Regulation, sourceId: string): Pool | undefined => {
  const handledBy = channels.find(({ sources }) => sources.includes(sourceId))?.handledBy ?? null
  const id = handledBy?.kind === 'pool' ? handledBy.poolId : distribution.defaultPoolId
  return distribution.pools.find(pool => pool.id === id)
}

// --- versions ---------------------------------------------------------------

/** A version for new leads only leaves every lead that was begun before as it was, whatever it says. */
export const newOnlyLeavesOldLeads = ({ regulation, begin, told, by }: PlayedPreset, given: Rules & { readonly versionFor: typeof versionFor }) => {
  const rules = by(given)
  const other: Regulation = { ...regulation, steps: regulation.steps.map(step => ({ ...step, deadline: step.deadline === null ? null : { ...step.deadline, firstContact: { phone: 'PT90H', messenger: 'PT90H', email: 'PT90H', nothing: 'PT90H' }, finish: 'PT90H', again: 'PT90H' } })) }
  const before: readonly VersionFacts[] = [{ version: 1, applies: 'all', mode: 'live' }]
  const after: readonly VersionFacts[] = [...before, { version: 2, applies: 'new', mode: 'live' }]
  return fc.property(told, fc.integer({ min: 0, max: 600 }), (story, minutes) => {
    const { end } = tell(story, rules, begin())
    if (end.watch.status !== 'active' || end.lead === null) return
    const state = carryOut({ ...end, refusing: false, now: end.now.add({ minutes }) })
    const decided = (versions: readonly VersionFacts[]) => {
      const version = given.versionFor(ownVersion(state.watch), versions)
      return JSON.stringify(rules.decide(state.watch, { kind: 'seen', lead: state.lead ?? lead() }, version === 2 ? other : regulation, version ?? 0, state.context, state.now))
    }
    expectThat(decided(after) === decided(before), 'a version for new leads changes what is decided about an old one')
  })
}

const ownVersion = (watch: Watch): number | null => (watch.status === 'active' ? watch.regulationVersion : null)

/** A lead of one person's under the preset, in work, with nobody else there. */
export const alone = ({ regulation, begin }: PlayedPreset): World => {
  const step = regulation.steps.find(({ kind }) => kind === 'work')
  const start = begin()
  return inWork({ ...start, context: context({ people: peopleWith({ 2: { active: false }, 3: { active: false } }) }), lead: start.lead === null || step === undefined ? null : { ...start.lead, stageId: step.stageId, responsibleId: anna } })
}
