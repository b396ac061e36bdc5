/** Steps: do they lead on, can they be reached, can their gates be passed. */
import type { StageId } from '../lead.ts'
import type { GateNeed, Question, Regulation, Step } from '../regulation.ts'
import { circleProblems } from './circles.ts'
import { testProblems } from './conditions.ts'
import { contradictions } from './contradictions.ts'
import { error, repeats, warning } from './problem.ts'
import type { PortalThings, Problem } from './problem.ts'

export const stepProblems = (regulation: Regulation, things: PortalThings): readonly Problem[] => {
  const { successStageIds = [] } = things
  const { steps } = regulation
  const reached = reachedSteps(regulation)
  const shape = gateGround(regulation, things)
  return [
    ...(steps.some(({ kind }) => kind === 'work') ? [] : [error('steps', { kind: 'no-step' })]),
    ...repeats(steps.map(({ id }) => id)).map(({ value, index }) => error(`steps.${index}.id`, { kind: 'duplicate-code', code: value })),
    ...repeats(steps.map(({ stageId }) => stageId)).map(({ value, index }) => error(`steps.${index}.stageId`, { kind: 'duplicate-stage', stageId: value }, steps[index]?.name)),
    ...steps.flatMap((step, index): readonly Problem[] => {
      const path = `steps.${index}`
      return [
        ...(step.leave.done === null && step.id !== regulation.conversion.fromStepId ? [error(`${path}.leave.done`, { kind: 'no-exit' }, step.name)] : []),
        ...(reached.has(step) ? [] : [warning(path, { kind: 'unreachable-step' }, step.name)]),
        ...groupProblems(regulation, step, path),
        ...reasonProblems(regulation, step, path),
        ...successProblems(regulation, step, path, successStageIds),
        ...forgetfulness(regulation, step, path, successStageIds),
        ...(step.gate?.needs ?? []).flatMap((need, place) => needProblems(need, step, shape, `${path}.gate.needs.${place}`)),
        ...(step.gate === null ? [] : contradictions(step.gate, step, shape.questions, shape.asked.get(step.id) ?? new Set(), `${path}.gate.needs`)),
      ]
    }),
    ...circleProblems(regulation),
    ...(regulation.conversion.fromStepId === null || steps.some(({ id }) => id === regulation.conversion.fromStepId) ? [] : [error('conversion.fromStepId', { kind: 'unknown-step', stepId: regulation.conversion.fromStepId })]),
  ]
}

/** A step is reached from the first one on, the later ones through what leads to their stage: a step, a next step, a reason. */
const reachedSteps = ({ steps, card }: Regulation): ReadonlySet<Step> => {
  const reached = new Set(steps.filter((step, index) => index === 0 || step.kind === 'intake'))
  for (const step of reached) {
    const chosen = step.card?.closing === true ? [...card.nextStep.options, ...card.reason.options].map(option => option.stageId) : []
    const targets = new Set([step.leave.done?.stageId, step.leave.notQualified?.stageId, ...chosen])
    for (const next of steps) if (targets.has(next.stageId)) reached.add(next)
  }
  return reached
}

const groupProblems = ({ card }: Regulation, step: Step, path: string): readonly Problem[] => {
  const known = new Set(card.groups.map(({ id }) => id))
  return (step.card?.groups ?? []).flatMap((group, index) => (known.has(group) ? [] : [error(`${path}.card.groups.${index}`, { kind: 'unknown-group', group }, step.name)]))
}

/** Only a conversion makes a deal: a move to the success stage is proposed, whatever the step says. */
const successProblems = ({ card }: Regulation, step: Step, path: string, successStageIds: readonly StageId[]): readonly Problem[] => {
  if (step.leave.done?.by !== 'automatic') return []
  const chosen = step.card?.closing === true ? card.nextStep.options.flatMap(({ stageId }) => stageId ?? []) : []
  return [step.leave.done.stageId, ...chosen].some(stageId => successStageIds.includes(stageId)) ? [warning(`${path}.leave.done.by`, { kind: 'success-automatic' }, step.name)] : []
}

/**
 * A lead stands there without anything to do: nobody would think of it (S3-18). An intake that moves its leads on by itself needs no task, nor
 * does a last step whose leads only wait for their conversion, as long as a term runs.
 */
const forgetfulness = ({ conversion }: Regulation, { id, kind, name, followUp, deadline, leave: { done } }: Step, path: string, successStageIds: readonly StageId[]): readonly Problem[] => {
  const isConverted = id === conversion.fromStepId || (done !== null && successStageIds.includes(done.stageId))
  const needsNone = kind === 'intake' ? done === null || done.by === 'automatic' : isConverted && deadline !== null
  return followUp !== null || needsNone ? [] : [error(`${path}.followUp`, { kind: 'no-follow-up' }, name)]
}

/** A refusal needs somewhere to go: the reason's own stage, else the step's. Where the step asks for no result, it may still be refused. */
const reasonProblems = ({ card }: Regulation, step: Step, path: string): readonly Problem[] => {
  if (step.kind === 'intake' || step.leave.notQualified !== null) return []
  const isClosing = step.card?.closing === true
  const homeless = card.reason.options.filter(({ stageId }) => stageId === undefined || stageId === null)
  if (homeless.length === 0 && (card.reason.options.length > 0 || !isClosing)) return []
  return [(isClosing ? error : warning)(`${path}.leave.notQualified`, { kind: 'reason-without-stage', reasons: homeless.map(({ title }) => title.ru) }, step.name)]
}

interface Ground {
  readonly questions: ReadonlyMap<string, Question>
  /** Codes of the questions each step asks, by the step's id. */
  readonly asked: ReadonlyMap<string, ReadonlySet<string>>
  readonly isChecked: boolean
  readonly hasPeople: boolean
  /** False: nobody of the pools has a head. */
  readonly hasHeads: boolean
}

const gateGround = ({ card, steps, requisites, distribution }: Regulation, { departmentPeople, headsOf }: PortalThings): Ground => ({
  questions: new Map(card.groups.flatMap(group => group.questions.map(question => [question.code, question] as const))),
  asked: new Map(steps.map(step => [step.id, new Set(card.groups.filter(({ id }) => step.card !== null && (step.card.groups.length === 0 || step.card.groups.includes(id))).flatMap(group => group.questions.map(({ code }) => code)))])),
  isChecked: requisites.checked,
  hasPeople: distribution.pools.some(({ members }) => members.kind === 'department' || members.userIds.length > 0),
  hasHeads: headsOf === undefined || distribution.pools.some(({ members }) => {
    const people = members.kind === 'people' ? members.userIds : departmentPeople?.[members.departmentId]
    return people === undefined || people.some(userId => (headsOf[userId] ?? []).length > 0)
  }),
})

const needProblems = (need: GateNeed, step: Step, ground: Ground, path: string): readonly Problem[] => {
  const impossible = (why: Extract<Problem, { kind: 'gate-impossible' }>['why']) => [error(path, { kind: 'gate-impossible', why }, step.name)]
  switch (need.kind) {
    case 'answers': return step.card === null ? impossible('no-questions') : []
    case 'answer': return answerNeed(need, step, ground, path)
    case 'task-done': return step.followUp === null ? impossible('no-task') : []
    case 'responsible': return need.who === 'pool' ? (ground.hasPeople ? [] : impossible('empty-pool')) : ground.hasHeads ? [] : impossible('no-head')
    // Nobody writes an offer before somebody works on the lead.
    case 'quote': return step.kind === 'intake' ? impossible('no-quote') : []
    case 'requisites': return ground.isChecked ? [] : [warning(path, { kind: 'requisites-unchecked' }, step.name)]
    case 'field': case 'contact': case 'email-sent': case 'offer-sent': case 'email-known': return []
  }
}

const answerNeed = (need: Extract<GateNeed, { kind: 'answer' }>, step: Step, { questions, asked }: Ground, path: string): readonly Problem[] => {
  const found = testProblems(need.question, need.answer, questions, path, step.name)
  if (found.length > 0 || asked.get(step.id)?.has(need.question) === true) return found
  return [...asked.values()].some(codes => codes.has(need.question))
    ? [warning(path, { kind: 'asked-elsewhere', question: questions.get(need.question)?.title.ru ?? need.question }, step.name)]
    : [error(path, { kind: 'gate-impossible', why: 'not-asked' }, step.name)]
}
