import type { ItemDraft } from '../acts.ts'

/** How a client came: by form, e-mail, phone, messenger, or written down by an employee. */
export type Channel = 'form' | 'mail' | 'call' | 'messenger' | 'by-hand'

/** What the client says when somebody really talks with him, in words of the trade. */
export interface Answers {
  readonly place?: string
  readonly size?: string
  readonly material?: string
  readonly maker?: string
  readonly colour?: string
  readonly services?: readonly string[]
  readonly payment?: string
  /** Roubles. */
  readonly budget?: number
  /** Days from the conversation until it is needed. */
  readonly withinDays?: number
  readonly address?: string
  readonly wishes?: string
}

export interface Client {
  readonly outcome: 'qualified' | 'not-qualified'
  /** Why a lead is not qualified, in words. */
  readonly reason?: string
  /** What follows for a qualified one, in words. */
  readonly nextStep?: string
  /** So many calls fail before the client answers; `never` for a wrong number. */
  readonly missedCalls?: number | 'never'
  readonly answers: Answers
}

export interface Arrival {
  /** Stable name: the seed's choices hang on it. */
  readonly key: string
  /** Emulated minutes after the beginning of the script. */
  readonly at: number
  readonly channel: Channel
  /** Who wrote it down (`by-hand`) or took the call, by number in `people.ts`. */
  readonly by?: number
  readonly lead: ItemDraft & { readonly title: string }
  readonly client: Client
}

/** Leads that are there before the script begins: created so many minutes before, on a stage, with somebody. */
export interface Present extends Omit<Arrival, 'at'> {
  readonly minutesAgo: number
  readonly stageId?: string
  readonly responsibleId?: number
}

/** Minutes after the beginning (a Monday, 09:00) of a day (1 = Monday) and time. */
export const on = (day: number, time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (day - 1) * 1440 + (hours - 9) * 60 + minutes
}
