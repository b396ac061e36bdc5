/** How long an administrator waits for the lint and the diff of a large regulation. */
import { stageId } from '../server/domain/lead.ts'
import { lintRegulation, type PortalThings } from '../server/domain/lint.ts'
import { fieldName } from '../server/domain/lead.ts'
import type { Regulation } from '../server/domain/regulation.ts'
import { diffRegulations } from '../server/domain/regulation/diff.ts'
import { changeSentence } from '../server/domain/sentences/changes.ts'
import { idsOf } from '../server/domain/regulation/bind.ts'
import { referencesOf } from '../server/domain/regulation/references.ts'
import { officeHours, people, regulation } from '../test/domain/support.ts'
import { figure, measure, rounded, type Measurement } from './figures.ts'

const rounds = 50
const work = regulation.steps.find(({ kind }) => kind === 'work')
const question = regulation.card.groups[0]?.questions[0]
if (work === undefined || question === undefined) throw new Error('the preset has no step or no question')

const large = (minutes: number): Regulation => ({
  ...regulation,
  channels: Array.from({ length: 20 }, (_, index) => ({ id: `c${index}`, name: { ru: `Канал ${index}` }, sources: [`S${index}`], isLeadSource: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null })),
  steps: Array.from({ length: 30 }, (_, index) => ({
    ...work, id: `s${index}`, stageId: stageId(`STAGE_${index}`), deadline: work.deadline === null ? null : { ...work.deadline, finish: `PT${minutes + index}M` },
    leave: { ...work.leave, done: { stageId: stageId(`STAGE_${index + 1}`), by: 'automatic' as const } },
  })),
  card: {
    ...regulation.card,
    groups: Array.from({ length: 10 }, (_, place) => ({
      id: `g${place}`, title: { ru: `Группа ${place}` },
      questions: Array.from({ length: 10 }, (_, index) => ({
        ...question, code: `q${place}_${index}`, field: fieldName(`UF_CRM_${place}_${index}`), title: { ru: `Вопрос ${minutes} ${place} ${index}` },
        ...(index === 0 ? {} : { onlyIf: { question: `q${place}_${index - 1}`, answer: { is: 'filled' as const } } }),
      })),
    })),
  },
})

await measure(async (): Promise<Measurement> => {
  const [before, after] = [large(30), large(60)]
  const names = (kind: string) => Object.fromEntries(referencesOf(before).filter(one => one.kind === kind).map(({ id }) => [id, String(id)]))
  const directory = { stages: names('stage'), fields: Object.fromEntries(Object.keys(names('field')).map(id => [id, { title: id }])), users: Object.fromEntries(people.map(({ id, name }) => [id, name])), departments: { 5: 'Продажи' }, sources: names('source') }
  const things: PortalThings = { ...idsOf(directory), departmentPeople: { 5: people.map(({ id }) => id) }, calendar: officeHours }
  const milliseconds = (run: () => number): number => {
    run()
    const startedAt = performance.now()
    let found = 0
    for (let round = 0; round < rounds; round += 1) found += run()
    if (Number.isNaN(found)) throw new Error('nothing was found')
    return rounded((performance.now() - startedAt) / rounds)
  }
  return {
    title: 'Regulation',
    how: `30 steps, 100 questions, 20 channels; ${diffRegulations(before, after).length} changes; the mean of ${rounds} rounds, one core.`,
    figures: [
      figure('lint and diff in words', milliseconds(() => lintRegulation(after, things).length + diffRegulations(before, after).map(change => changeSentence(change, { before, after, directory }, 'ru')).length), 'ms', { most: 50 }),
    ],
  }
})
