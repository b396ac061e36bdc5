/** Small words in which the presets are written. */
import type { Pool } from '../regulation/intake.ts'
import { ordinary, ordinaryDistribution, ordinaryPool } from '../regulation/defaults.ts'
import type { Incidents, Regulation, Step, Text, WorkingSpan } from '../regulation.ts'
import type { Binding, PresetQuestion } from './preset.ts'

export const text = (ru: string, en: string): Text => ({ ru, en })

/** Paragraphs of a guidance. */
export const lines = (ru: readonly string[], en: readonly string[]): Text => ({ ru: ru.join('\n'), en: en.join('\n') })

export const option = (code: string, ru: string, en: string) => ({ code, title: text(ru, en) })

export const situation = (title: readonly [string, string], advice: readonly [string, string]): Step['situations'][number] => ({ title: text(...title), advice: text(...advice) })

/** Traits of a question that is nice to know. */
export const optional = { class: 'auxiliary', required: false, unknownAllowed: true, options: [] } as const
/** Traits of a question without which the lead is not qualified. */
export const key = { class: 'key', required: true, unknownAllowed: false, options: [] } as const
/** Traits of a question whose answer decides whether the client is ours. */
export const qualifying = { class: 'qualifying', required: true, unknownAllowed: false, options: [] } as const

export const list = { kind: 'list', type: 'enumeration' } as const
export const line = { kind: 'text', type: 'string' } as const

/** An answer that makes the lead not qualified. */
export const refusedBy = (reason: string, ...values: readonly string[]): Pick<PresetQuestion, 'disqualifies'> => ({ disqualifies: { when: { is: 'one-of', values }, reason } })

/** A pool of the whole department, in turn. */
export const departmentPool = ({ departmentId, withHead }: Binding, id: string, name: Text): Pool => ({ ...ordinaryPool, id, name, members: { kind: 'department', departmentId, withHead } })

/** The parts that most presets share, with one pool of the department. */
export const baseOf = (binding: Binding) => ({
  ...ordinary,
  roles: { ...ordinary.roles, directorId: binding.directorId },
  distribution: {
    ...ordinaryDistribution,
    pools: [departmentPool(binding, 'main', text('Группа распределения', 'Distribution group'))],
    defaultPoolId: 'main',
    fallbackUserId: binding.fallbackUserId,
  },
} satisfies Partial<Regulation>)

/** Head after some working time, the director after more, if there is one. */
export const ladderOf = ({ directorId }: Binding, head: WorkingSpan, director: WorkingSpan): Incidents['ladder'] => [
  { rung: 'head', after: head },
  ...(directorId === null ? [] : [{ rung: 'director', after: director } as const]),
]

/** People may move a task's deadline three times, a working week further than the rules put it at most (S0-23). */
export const movesWithinWeek = { most: 3, furthest: 'PT40H' } as const satisfies NonNullable<Step['followUp']>['moves']
/** The same within a month of work, where clients put a talk off for weeks (S3-24). */
export const movesWithinMonth = { most: 3, furthest: 'PT168H' } as const satisfies NonNullable<Step['followUp']>['moves']

export const stepDefaults = { kind: 'work', videoUrl: null, followUp: null, deadline: null, situations: [], card: null, gate: null } as const satisfies Partial<Step>

/** The same span whatever contact data there is. */
export const anyContact = (span: WorkingSpan) => ({ phone: span, messenger: span, email: span, nothing: span })
