/** The laws of a lead's life where people agree on a later call, take note of misses, work on leads of nobody, and are left to move finished leads on. */
import { describe, it } from 'vitest'
import type { Regulation } from '../../server/domain/regulation.ts'
import { rich, richWorld, richly } from './properties-journey.ts'
import { marksAreUnique, neverForgets, oneIncidentPerMiss, openLeadsAreWatched, openLeadsHaveTheirTask, replayChangesNothing } from './properties.ts'
import { happening, storyOf } from './stories.ts'
import type { Happening } from './stories.ts'
import { headOfSales, holds, press, realRules, secretary, stages, won } from './support.ts'

const [intake, work] = rich.steps
if (intake === undefined || work === undefined) throw new Error('the regulation has two steps')

/** Finished steps are left to people, behind gates that want the task closed; a further step follows. */
const left: Regulation = {
  ...rich,
  steps: [
    intake,
    { ...work, gate: { needs: [{ kind: 'task-done' }, { kind: 'contact' }], sendBack: true, noSkipping: false }, leave: { ...work.leave, done: { stageId: stages.qualified, by: 'proposed' } } },
    { ...work, id: 'offer', stageId: stages.qualified, card: null, gate: { needs: [{ kind: 'offer-sent' }], sendBack: true, noSkipping: false }, leave: { ...work.leave, done: { stageId: won, by: 'hand' } } },
  ],
}

const agreed: readonly Happening[] = [
  ...richly,
  happening('call back today', state => press(state, { kind: 'call-back', until: state.now.add({ hours: 3 }) })),
  happening('call back in a week', state => press(state, { kind: 'call-back', until: state.now.add({ hours: 24 * 7 }) })),
  happening('called back twice at once', state => press(press(state, { kind: 'call-back', until: state.now.add({ hours: 1 }) }), { kind: 'call-back', until: state.now.add({ hours: 2 }) })),
  happening('the holder calls', state => press(state, { kind: 'call-declared', comment: 'Поговорили' }, secretary)),
  happening('the holder does not reach the client', state => press(state, { kind: 'not-reached' }, secretary)),
  happening('the holder is to call back', state => press(state, { kind: 'call-back', until: state.now.add({ hours: 5 }) }, secretary)),
  happening('the head takes note', state => press(state, { kind: 'acknowledge', incidentId: (state.watch.status === 'active' ? state.watch.incidentId : null) ?? '' }, headOfSales)),
]
const told = storyOf(agreed)

describe.each([['under one step', rich], ['with steps left to people', left]])('any story of a lead with agreements, %s', (_, regulation) => {
  const start = richWorld({ regulation })
  it('never forgets it (S0-36, S1-A10)', () => holds(neverForgets(realRules, start, told), 200))
  it('watches it while it stands on a step (S0-36)', () => holds(openLeadsAreWatched(realRules, start, told), 200))
  it('sees to it that it has its task (S3-18)', () => holds(openLeadsHaveTheirTask(realRules, start, told), 200))
  it('changes nothing when it looks again', () => holds(replayChangesNothing(realRules, start, told), 200))
  it('gives every command a mark of its own', () => holds(marksAreUnique(realRules, start, told), 200))
  it('opens one incident per miss (S4-15)', () => holds(oneIncidentPerMiss(realRules, start, told), 200))
})
