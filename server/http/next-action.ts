/** What is best done next with a lead, and why: one sentence each for whoever opens its tab. Pure. */
import type { LeadView } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import type { Lead } from '../domain/lead.ts'
import type { Step } from '../domain/regulation.ts'
import type { ActiveWatch } from '../domain/watch.ts'
import { readEmails } from '../portal/contact-data.ts'
import type { LeadNumber } from './contact-view.ts'

export interface Standing {
  readonly step: Step
  readonly numbers: readonly LeadNumber[]
  /** Titles of obligatory questions without an answer, in the order of the talk. */
  readonly unanswered: readonly string[]
  /** What the gate still needs, in words. */
  readonly needs: readonly string[]
  /** What the refusal in the card still lacks, in words; empty where there is none. */
  readonly refusalNeeds: readonly string[]
  /** Title of the reason of refusal for a wrong number; null: the regulation has none. */
  readonly wrongNumberReason: string | null
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
  if (standing.refusalNeeds.length > 0) return { text: say.need(standing.refusalNeeds.slice(0, shown)), because: say.refusal }
  if (contactedAt === null && clock.kind !== 'none') return { text: reach(lead, standing, say), because }
  const left = standing.unanswered
  if (left.length > 0) return { text: say.ask(left.slice(0, shown), Math.max(0, left.length - shown)), because: say.obligatory }
  if (standing.needs.length > 0) return { text: say.need(standing.needs.slice(0, shown)), because: say.gate }
  if (standing.resultMissing) return { text: say.result, because }
  return { text: say.task, because }
}

/** More than this many names would be read by nobody. */
const shown = 3

/** The right numbers first, then those that may be one; where none is left to call, the other ways to a number. */
const reach = ({ contact, boundTo = [] }: Lead, { numbers, wrongNumberReason }: Standing, say: Words): string => {
  const callable = numbers.filter(({ mayBeCalled }) => mayBeCalled)
  const phone = callable.find(({ e164 }) => e164 !== null)
  if (phone !== undefined) return say.call(phone.value)
  if (callable[0] !== undefined) return say.check(callable[0].value)
  const hadPhone = numbers.length > 0
  const email = contact.emails.flatMap(readEmails).find(({ address }) => address !== null)?.value
  if (contact.messengers.length > 0) return hadPhone ? say.messageForNumber : say.message
  if (email !== undefined) return hadPhone ? say.writeForNumber(email) : say.write(email)
  if (!hadPhone) return boundTo.length > 0 ? say.atClient : say.find
  return numbers.every(({ isWrong }) => isWrong) && wrongNumberReason !== null ? say.findOrRefuse(wrongNumberReason) : say.findNumber
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
  readonly check: (phone: string) => string
  readonly message: string
  readonly messageForNumber: string
  readonly writeForNumber: (email: string) => string
  readonly findNumber: string
  readonly findOrRefuse: (reason: string) => string
  readonly write: (email: string) => string
  readonly find: string
  readonly atClient: string
  readonly ask: (titles: readonly string[], more: number) => string
  readonly obligatory: string
  readonly need: (needs: readonly string[]) => string
  readonly gate: string
  readonly refusal: string
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
    check: (phone: string) => `Проверьте номер ${phone} и позвоните клиенту.`,
    message: 'Напишите клиенту в мессенджер.',
    messageForNumber: 'Напишите клиенту в мессенджер и узнайте верный номер.',
    writeForNumber: (email: string) => `Напишите клиенту и узнайте верный номер: ${email}.`,
    findNumber: 'Найдите верный номер клиента.',
    findOrRefuse: (reason: string) => `Найдите верный номер клиента или закройте лид с причиной «${reason}».`,
    write: (email: string) => `Напишите клиенту: ${email}.`,
    find: 'Найдите телефон или e-mail клиента.',
    atClient: 'Позвоните клиенту: его номер смотрите в карточке контакта или компании лида.',
    ask: (titles: readonly string[], more: number) => `Задайте вопросы: ${titles.join(', ')}${more > 0 ? ` и ещё ${more}` : ''}.`,
    obligatory: 'Эти ответы обязательны, без них шаг не завершить.',
    need: (needs: readonly string[]) => `Осталось: ${needs.join('; ')}.`,
    gate: 'Без этого лид не перейдёт дальше.',
    refusal: 'Отказ ещё не оформлен, лид остаётся в работе.',
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
    check: (phone: string) => `Check the number ${phone} and call the client.`,
    message: 'Write to the client in the messenger.',
    messageForNumber: 'Write to the client in the messenger and ask for the right number.',
    writeForNumber: (email: string) => `Write to the client and ask for the right number: ${email}.`,
    findNumber: 'Find the client’s right number.',
    findOrRefuse: (reason: string) => `Find the client’s right number, or close the lead with the reason “${reason}”.`,
    write: (email: string) => `Write to the client: ${email}.`,
    find: 'Find a phone or an e-mail of the client.',
    atClient: 'Call the client: his number stands with the contact or company of the lead.',
    ask: (titles: readonly string[], more: number) => `Ask: ${titles.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    obligatory: 'These answers are obligatory; the step cannot be finished without them.',
    need: (needs: readonly string[]) => `Still to do: ${needs.join('; ')}.`,
    gate: 'The lead does not go on without it.',
    refusal: 'The refusal is not complete yet; the lead stays in work.',
    result: 'Choose the result and the next step.',
    task: 'Do what this step asks for, and close its task.',
    due: (until: string) => `Due ${until}.`,
    late: (until: string) => `The deadline is over: ${until}.`,
    noTerm: 'This step has no deadline.',
  },
}
