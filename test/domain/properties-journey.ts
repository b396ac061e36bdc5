/** A regulation that has everything, stories told under it, and the laws of its gates, waits, attempts, refusals and summaries. */
import fc from 'fast-check'
import { userId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { toMs } from '../../server/domain/time.ts'
import { expectThat, happening, loud, storyOf, tell } from './stories.ts'
import type { Happening } from './stories.ts'
import { anna, carryOut, changeFollowUps, changeLead, context, fill, look, only, passUntil, people, press, regulation, stages, world } from './support.ts'
import type { Rules, World } from './support.ts'

export const director = userId(11)
const untilField = 'UF_CRM_LR_UNTIL'
const dated = { UF_CRM_LR_RESULT: 'RESULT-2', UF_CRM_LR_REASON: 'REASON-3' } as const
const postponed = { UF_CRM_LR_RESULT: 'RESULT-3' } as const
const morning = [{ from: '08:00', to: '12:00' }]

/** Gates, dated refusals, limited moves, waiting, attempts, a ladder, quiet hours, taking in time, own calendars and summaries at once. */
export const rich: Regulation = {
  ...regulation,
  roles: { directorId: director, deputies: { [anna]: userId(2) }, controllerId: null },
  distribution: { ...regulation.distribution, takeWithin: 'PT20M', takeRounds: 3, poolMayTake: true },
  steps: regulation.steps.map(step => (step.kind === 'intake' ? step : {
    ...step,
    followUp: step.followUp === null ? null : { ...step.followUp, deadlineMayMove: true, moves: { most: 1, furthest: 'PT2H' }, summaryRequired: true },
    gate: { needs: [{ kind: 'answers' }, { kind: 'contact' }], sendBack: true, noSkipping: true },
  })),
  card: {
    ...regulation.card,
    result: { ...regulation.card.result, values: { ...regulation.card.result.values, postponed: postponed.UF_CRM_LR_RESULT } },
    postponedUntil: { field: untilField as never, title: { ru: 'Отложен до' } },
    reason: { ...regulation.card.reason, options: regulation.card.reason.options.map((option, index) => ({
      ...option,
      ...(option.value === dated.UF_CRM_LR_REASON ? { returnAfterDays: 10 } : {}),
      ...(index === 0 ? { evidence: { ru: 'Ссылка' } } : {}),
    })) },
  },
  attempts: { limit: 2, reason: null, wrongNumberReason: null, retryAfter: 'PT2H' },
  waiting: { allowed: true, maxDays: 5, shareLimit: 0.3 },
  rejection: { reasonRequired: true, controlledShare: 0.5, returnTo: 'same-step' },
  incidents: { ...regulation.incidents, ladder: [{ rung: 'deputy', after: 'PT1H' }, { rung: 'head', after: 'PT3H' }, { rung: 'director', after: 'PT9H' }] },
  quietHours: { from: '19:00', to: '08:00', daysOff: true },
  calendars: [{ id: 'mornings', userIds: [anna], departmentIds: [], calendar: { timeZone: 'Asia/Yekaterinburg', week: { 1: morning, 2: morning, 3: morning, 4: morning, 5: morning, 6: [], 7: [] }, holidays: [], workdays: [] } }],
}

export const company = [...people, { id: director, name: 'Ева Громова', active: true, departmentIds: [], headIds: [], absent: false, dayOpen: null }]
export const richWorld = (change: Partial<World> = {}): World => world({ regulation: rich, context: context({ people: company }), ...change })

export const richly: readonly Happening[] = [
  ...loud,
  happening('refused with a date', state => fill(state, dated)),
  happening('postponed', state => fill(state, { ...postponed, [untilField]: state.now.add({ hours: 50 }).toString().slice(0, 10) })),
  happening('postponed without a date', state => fill(state, { ...postponed, [untilField]: null })),
  happening('evidence', state => fill(state, { UF_CRM_LR_RESULT: 'RESULT-2', UF_CRM_LR_REASON: 'REASON-1', UF_CRM_LR_COMMENT: 'да' })),
  happening('closed in silence', state => changeFollowUps(state, { open: false, summarised: false })),
  happening('closed with a summary', state => changeFollowUps(state, { open: false, summarised: true })),
  happening('moved too far', state => changeFollowUps(state, { deadlineAt: state.now.add({ hours: 70 }) })),
  happening('opened', state => press(state, { kind: 'opened' })),
  happening('taken', state => press(state, { kind: 'take' })),
]
export const richStory = storyOf(richly)

const settle = (state: World, rules: Rules, looks: number): World => {
  let end: World = { ...state, refusing: false }
  for (let times = 0; times < looks; times += 1) end = look(carryOut(end, rules), rules).world
  return end
}

/** S0-19, S4-16: nobody gets past an unmet gate, and nobody is left beyond it. */
export const gatesHold = (rules: Rules) =>
  fc.property(richStory, (story) => {
    const state = settle(tell([happening('carried out', carryOut), ...story], rules, richWorld()).end, rules, 3)
    if (state.lead === null || state.watch.status !== 'active' || state.lead.stageId !== stages['in-work'] || state.watch.refused !== undefined) return
    const contacted = state.watch.contactedAt !== null || state.watch.chosenId === null || state.watch.step?.moveAllowed === true || (state.watch.step?.waiting ?? null) !== null
    if (contacted || (state.watch.step?.sentBackAt ?? []).length > 0 || state.lead.activities.length > 0) return
    const moved = changeLead({ ...state, now: state.now.add({ seconds: 2 }) }, { stageId: stages.qualified, movedAt: state.now.add({ seconds: 1 }) })
    const { world: after } = look(moved, rules)
    const end = look(carryOut(after, rules), rules).world
    expectThat(end.watch.status === 'active' && end.lead?.stageId === stages['in-work'], `the lead stands on ${end.lead?.stageId}, its watch is ${end.watch.status}`)
  })

/** S3-24: while a lead waits no term runs, and no miss is recorded. */
export const waitsPause = (rules: Rules) =>
  fc.property(richStory, (story) => {
    for (const { commands, before, after } of tell(story, rules, richWorld()).looks) {
      const wait = after.watch.status === 'active' ? after.watch.step?.waiting ?? null : null
      if (wait === null || after.watch.status !== 'active' || toMs(wait.until) <= before.now.epochMilliseconds) continue
      expectThat(after.watch.clock.kind === 'none', 'a term runs while the lead waits')
      const began = before.watch.status === 'active' && (before.watch.step?.waiting ?? null) !== null
      expectThat(!began || only(commands, 'open-incident').length === 0, 'a waiting lead has a miss')
    }
  })

/** S0-18: an attempt is counted once, however often it is seen. */
export const attemptsCountOnce = (rules: Rules) =>
  fc.property(richStory, (story) => {
    const { end } = tell(story, rules, richWorld())
    if (end.watch.status === 'unseen' || end.lead === null) return
    const calls = end.lead.activities.filter(one => one.call?.durationSeconds === 0).length
    const clicks = (end.lead.acts ?? []).filter(({ kind }) => kind === 'not-reached').length
    expectThat((end.watch.life?.attempts?.count ?? 0) <= calls + clicks, `${end.watch.life?.attempts?.count} attempts of ${calls} calls and ${clicks} clicks`)
  })

/** S3-27.10, S3-28: a lead refused until a date is back in work after it. */
export const datedRefusalsReturn = (rules: Rules) =>
  fc.property(richStory, fc.constantFrom('card', 'stage'), (story, how) => {
    const told = settle(tell([happening('carried out', carryOut), ...story], rules, richWorld()).end, rules, 3)
    if (told.lead === null || told.watch.status !== 'active' || told.watch.chosenId === null || told.lead.stageId !== stages['in-work']) return
    const now = told.now.add({ seconds: 2 })
    const refused = how === 'card' ? fill({ ...told, now }, dated) : changeLead(fill({ ...told, now }, { ...dated, UF_CRM_LR_RESULT: null }), { stageId: stages['not-qualified'], semantic: 'failure', movedAt: now })
    const closed = carryOut(look(refused, rules).world, rules)
    if (closed.watch.status !== 'closed') return
    const end = passUntil(look(closed, rules).world, now.add({ hours: 24 * 11 }), rules)
    expectThat(end.watch.status === 'active' && end.lead?.semantic === 'processing', `the lead is ${end.watch.status}, its stage ${end.lead?.stageId}`)
  })

/** S3-18: whoever works on a lead has an open task; one closed without a summary is set again. */
export const workHasAnOpenTask = (rules: Rules) =>
  fc.property(richStory, (story) => {
    const { watch, lead } = settle(tell(story, rules, richWorld()).end, rules, 6)
    if (watch.status !== 'active' || lead === null || watch.clock.kind === 'none' || watch.chosenId === null) return
    expectThat(lead.followUps.some(({ mark, open }) => mark === watch.followUp?.mark && open), 'somebody works without an open task')
  })
