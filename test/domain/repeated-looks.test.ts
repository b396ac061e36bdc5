/** Stories that once broke a law. */
import { expect, it } from 'vitest'
import { add, call, carryOut, fill, inWork, kindsOf, later, look, lookAndCarryOut, notQualified, only, passUntil, peopleWith, world } from './support.ts'

it('a contact of whoever had the lead before is no work of the fallback person', () => {
  const contacted = look(add(inWork(), call(inWork().now))).world
  const alone = { ...contacted, context: { ...contacted.context, people: peopleWith({ 1: { absent: true }, 2: { absent: true }, 3: { absent: true } }) } }
  const { world: after, commands } = lookAndCarryOut(later(alone, '12:00'))
  expect(only(commands, 'assign')).toMatchObject([{ because: { rule: 'distribution-nobody' } }])
  expect(kindsOf(look(after).commands)).toEqual(['wake-at'])
  expect(only(look(add(later(after, '12:10'), call(later(after, '12:08').now))).commands, 'note-responsible')).toMatchObject([{ because: { rule: 'contact-made' } }])
})

it('a refused move that is tried again gives each change of the task a mark of its own', () => {
  const started = look(fill({ ...look(world()).world, refusing: true }, notQualified)).world
  const refused = look(passUntil(carryOut(started), started.now.add({ minutes: 30 }))).world
  const given = look({ ...refused, context: { ...refused.context, people: peopleWith({ 1: { active: false } }) } }).world
  const marks = only(look({ ...given, now: given.now.add({ minutes: 300 }) }).world.journal, 'change-follow-up').map(({ mark }) => mark)
  expect(marks.length).toBeGreaterThan(1)
  expect(new Set(marks).size).toBe(marks.length)
})
