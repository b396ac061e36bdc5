import type { Random } from './random.ts'

export interface RequestFault {
  /** One method (also inside a batch), or `*` for any. */
  method: string
  when: 'before' | 'after'
  /** An HTTP status without a REST body, a torn connection, or no answer for ever. */
  how: 500 | 502 | 503 | 'reset' | 'silence'
  /** How many requests it still hits. */
  times: number
}

/** What one call is answered instead of being carried out. */
export type PlannedAnswer = { readonly result: unknown } | { readonly error: string; readonly description: string; readonly status: number }

export interface EventFaults {
  /** Chances from 0 to 1. */
  drop: number
  double: number
  /** Deliver waiting events in random order. */
  reorder: boolean
  /** Real milliseconds between the change and the call; a random part of it when reordering. */
  delayMs: number
}

/** What goes wrong on one portal; everything is off at first and everything random comes from the portal's seed. */
export interface Faults {
  readonly events: EventFaults
  dropEvents(chance: number): void
  doubleEvents(chance: number): void
  reorderEvents(on?: boolean): void
  delayEvents(milliseconds: number): void
  /** The request is answered with an error (or cut) and nothing happens. A batch with that method inside is hit as a whole. */
  failBefore(method: string, how?: RequestFault['how'], times?: number): void
  /** Everything happens, then the answer is lost: the caller cannot know. */
  failAfter(method: string, how?: RequestFault['how'], times?: number): void
  /** The call (also inside a batch) does nothing and is answered so: a documented `false`, a refusal. */
  answerWith(method: string, answer: PlannedAnswer, times?: number): void
  /** `crm.item.add` and `crm.item.update` pass over this field in silence. */
  ignoreField(name: string, times?: number): void
  /** A chance from 0 to 1 for every request to be lost before or after its effect. */
  loseAnswers(chance: number): void
  /** Every answer takes this many real milliseconds more. */
  slow(milliseconds: number): void
  readonly slowMs: number
  clear(): void
  /** Asked once per request, with every method in it. */
  take(methods: readonly string[], when: 'before' | 'after'): RequestFault['how'] | null
  /** Asked once per call. */
  takeAnswer(method: string): PlannedAnswer | null
  /** Asked once per call that writes fields. */
  withoutIgnored<Value>(fields: Readonly<Record<string, Value>>): Record<string, Value>
}

export const createFaults = (random: Random): Faults => {
  const events: EventFaults = { drop: 0, double: 0, reorder: false, delayMs: 0 }
  let planned: RequestFault[] = []
  let answers: { method: string; answer: PlannedAnswer; times: number }[] = []
  let ignored: { name: string; times: number }[] = []
  let loss = 0
  let slowMs = 0
  const plan = (when: 'before' | 'after') => (method: string, how: RequestFault['how'] = 'reset', times = 1): void => {
    planned.push({ method: method.toLowerCase(), when, how, times })
  }
  return {
    events,
    dropEvents: chance => { events.drop = chance },
    doubleEvents: chance => { events.double = chance },
    reorderEvents: (on = true) => { events.reorder = on },
    delayEvents: milliseconds => { events.delayMs = milliseconds },
    failBefore: plan('before'),
    failAfter: plan('after'),
    answerWith: (method, answer, times = 1) => { answers.push({ method: method.toLowerCase(), answer, times }) },
    ignoreField: (name, times = 1) => { ignored.push({ name, times }) },
    loseAnswers: chance => { loss = chance },
    slow: milliseconds => { slowMs = milliseconds },
    get slowMs() { return slowMs },
    clear: () => {
      Object.assign(events, { drop: 0, double: 0, reorder: false, delayMs: 0 })
      planned = []
      answers = []
      ignored = []
      loss = 0
      slowMs = 0
    },
    take: (methods, when) => {
      const hit = planned.find(fault => fault.when === when && (fault.method === '*' || methods.includes(fault.method)))
      if (hit !== undefined) {
        hit.times -= 1
        if (hit.times <= 0) planned = planned.filter(fault => fault !== hit)
        return hit.how
      }
      return loss > 0 && random.next() < loss / 2 ? 'reset' : null
    },
    takeAnswer: method => {
      const hit = answers.find(one => one.method === method)
      if (hit === undefined) return null
      hit.times -= 1
      answers = answers.filter(one => one.times > 0)
      return hit.answer
    },
    withoutIgnored: fields => {
      const hit = ignored.filter(({ name }) => Object.hasOwn(fields, name))
      for (const one of hit) one.times -= 1
      ignored = ignored.filter(one => one.times > 0)
      return Object.fromEntries(Object.entries(fields).filter(([name]) => !hit.some(one => one.name === name)))
    },
  }
}
