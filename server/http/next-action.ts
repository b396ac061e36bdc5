/** What is best done next with a lead, and why: one sentence each for whoever opens its tab. Pure. */
import type { LeadView } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import type { Lead } from '../domain/lead.ts'
import type { Step } from '../domain/regulation.ts'
import type { ActiveWatch } from '../domain/watch.ts'

export interface Standing {
  readonly step: Step
  /** Titles of obligatory questions without an answer, in the order of the talk. */
  readonly unanswered: readonly string[]
  /** What the gate still needs, in words. */
  readonly needs: readonly string[]
  /** Name of the stage to which people are to move the finished lead; null while the step is not done. */
  readonly onward: string | null
  readonly isConversion: boolean
  /** A result is asked for on this step and not chosen yet. */
  readonly resultMissing: boolean
  readonly isOverdue: boolean
  /** The moment of the deadline or of the end of the wait, in words; null: none. */
  readonly until: string | null
}

type Next = NonNullable<LeadView['next']>

export const nextAction = (lead: Lead, watch: ActiveWatch, standing: Standing, language: Language): Next | null => {
  const say = words[language]
  const { clock, chosenId, contactedAt, step: notes } = watch
  const because = standing.until === null ? say.noTerm : standing.isOverdue ? say.late(standing.until) : say.due(standing.until)
  if (standing.step.kind === 'intake') return null
  if (chosenId === null) return { text: say.appoint, because: say.nobody }
  if ((notes?.waiting ?? null) !== null) return standing.until === null ? null : { text: say.wait(standing.until), because: say.waiting }
  if (standing.onward !== null) return { text: standing.isConversion ? say.convert : say.move(standing.onward), because: say.done }
  if (contactedAt === null && clock.kind !== 'none') return { text: reach(lead, say), because }
  const left = standing.unanswered
  if (left.length > 0) return { text: say.ask(left.slice(0, shown), Math.max(0, left.length - shown)), because: say.obligatory }
  if (standing.needs.length > 0) return { text: say.need(standing.needs.slice(0, shown)), because: say.gate }
  if (standing.resultMissing) return { text: say.result, because }
  return { text: say.task, because }
}

/** More than this many names would be read by nobody. */
const shown = 3

const reach = ({ contact }: Lead, say: Words): string => {
  const [phone] = contact.phones
  if (phone !== undefined) return say.call(phone)
  const [email] = contact.emails
  return contact.messengers.length > 0 ? say.message : email === undefined ? say.find : say.write(email)
}

interface Words {
  readonly appoint: string
  readonly nobody: string
  readonly wait: (until: string) => string
  readonly waiting: string
  readonly convert: string
  readonly move: (stage: string) => string
  readonly done: string
  readonly call: (phone: string) => string
  readonly message: string
  readonly write: (email: string) => string
  readonly find: string
  readonly ask: (titles: readonly string[], more: number) => string
  readonly obligatory: string
  readonly need: (needs: readonly string[]) => string
  readonly gate: string
  readonly result: string
  readonly task: string
  readonly due: (until: string) => string
  readonly late: (until: string) => string
  readonly noTerm: string
}

const words: Readonly<Record<Language, Words>> = {
  ru: {
    appoint: 'Назначьте ответственного за лид.',
    nobody: 'Распределить его сейчас некому.',
    wait: (until: string) => `Пока ничего: ждём до ${until}.`,
    waiting: 'Так договорились с клиентом, срок на паузе.',
    convert: 'Сконвертируйте лид.',
    move: (stage: string) => `Переведите лид на стадию «${stage}».`,
    done: 'Всё, что нужно на этом шаге, сделано.',
    call: (phone: string) => `Позвоните клиенту: ${phone}.`,
    message: 'Напишите клиенту в мессенджер.',
    write: (email: string) => `Напишите клиенту: ${email}.`,
    find: 'Найдите телефон или e-mail клиента.',
    ask: (titles: readonly string[], more: number) => `Задайте вопросы: ${titles.join(', ')}${more > 0 ? ` и ещё ${more}` : ''}.`,
    obligatory: 'Эти ответы обязательны, без них шаг не завершить.',
    need: (needs: readonly string[]) => `Осталось: ${needs.join('; ')}.`,
    gate: 'Без этого лид не перейдёт дальше.',
    result: 'Выберите результат и следующий шаг.',
    task: 'Сделайте то, что нужно на этом шаге, и закройте задачу.',
    due: (until: string) => `Срок — ${until}.`,
    late: (until: string) => `Срок прошёл: ${until}.`,
    noTerm: 'Срока у этого шага нет.',
  },
  en: {
    appoint: 'Name a responsible for this lead.',
    nobody: 'There is nobody to distribute it to now.',
    wait: (until: string) => `Nothing for now: waiting until ${until}.`,
    waiting: 'So it was agreed with the client; the deadline is paused.',
    convert: 'Convert the lead.',
    move: (stage: string) => `Move the lead to the stage “${stage}”.`,
    done: 'All that this step asks for has been done.',
    call: (phone: string) => `Call the client: ${phone}.`,
    message: 'Write to the client in the messenger.',
    write: (email: string) => `Write to the client: ${email}.`,
    find: 'Find a phone or an e-mail of the client.',
    ask: (titles: readonly string[], more: number) => `Ask: ${titles.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    obligatory: 'These answers are obligatory; the step cannot be finished without them.',
    need: (needs: readonly string[]) => `Still to do: ${needs.join('; ')}.`,
    gate: 'The lead does not go on without it.',
    result: 'Choose the result and the next step.',
    task: 'Do what this step asks for, and close its task.',
    due: (until: string) => `Due ${until}.`,
    late: (until: string) => `The deadline is over: ${until}.`,
    noTerm: 'This step has no deadline.',
  },
}
