/** The law of a newer version: a document that says the same changes nothing for any lead. */
import fc from 'fast-check'
import type { Command } from '../../server/domain/command.ts'
import { richStory, richWorld } from './properties-journey.ts'
import { expectThat, tell } from './stories.ts'
import { anna, at, carryOut, context, lead, look, moment, people, stages } from './support.ts'
import type { Rules, World } from './support.ts'

/** One look under another version of the same or another document; published a moment before it. */
export const lookUnder = (state: World, version: number, rules: Rules, publishedAt = state.now): { readonly world: World; readonly commands: readonly Command[] } => {
  const newer: Rules = { ...rules, decide: (watch, sight, regulation, _version, seen, now) => rules.decide(watch, sight, regulation, version, { ...seen, publishedAt: publishedAt.toString() }, now) }
  return look(state, newer)
}

const takenOver = (): World => richWorld({
  lead: lead({ stageId: stages['in-work'], responsibleId: anna, createdAt: at('10:00', '2026-07-01'), movedAt: at('10:00', '2026-07-01') }),
  context: context({ people, installedAt: moment('09:00') }),
})

const isQuiet = (commands: readonly Command[]): boolean => commands.every(({ kind }) => kind === 'wake-at')

export const sameDocumentChangesNothing = (rules: Rules) =>
  fc.property(richStory, fc.constantFrom(richWorld, takenOver), (story, begin) => {
    let state: World = { ...tell(story, rules, begin()).end, refusing: false }
    for (let looks = 0; looks < 6; looks += 1) state = look(carryOut(state, rules), rules).world
    if (!isQuiet(look(state, rules).commands)) return
    const adopted = lookUnder(state, 2, rules)
    const given = adopted.commands.filter(({ kind }) => kind !== 'wake-at').map(({ kind }) => kind).join()
    expectThat(given === (state.watch.status === 'active' ? 'adopt-version' : ''), `a version that says the same gives ${given}`)
    const again = lookUnder(adopted.world, 2, rules, state.now).commands
    expectThat(isQuiet(again), `the look after it gives ${again.map(({ kind }) => kind).join()}`)
  })
