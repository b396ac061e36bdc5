/** Every reason and command as a sentence: for the timeline, the lead tab and messages. */
import type { Command, Reason } from './command.ts'
import { englishCommand, englishMessage, englishReason } from './sentences/english.ts'
import { russianCommand, russianMessage, russianReason } from './sentences/russian.ts'
import { withInner } from './sentences/quotes.ts'
import { wordsFor } from './sentences/words.ts'
import { toMs } from './time.ts'
import type { MessageFacts, Notify } from './sentences/words.ts'

export type { MessageFacts } from './sentences/words.ts'

export type Language = 'ru' | 'en'

/** Why something was decided, as one or a few whole sentences. `names` gives the name of a user known by id alone. */
export const sentence = (reason: Reason, language: Language, timeZone: string, names?: (userId: number) => string): string => {
  const words = wordsFor(language, timeZone, names)
  return language === 'en' ? englishReason(reason, words) : russianReason(reason, words)
}

/** What was done and why, as one line of the journal. */
export const commandSentence = (command: Command, language: Language, timeZone: string, names?: (userId: number) => string): string => {
  const { done, because } = commandParts(command, language, timeZone, names)
  return done === '' ? because : `${done} ${because}`
}

/** The two halves of a line of the journal: what was done, empty where the reason alone says it, and why. */
export const commandParts = (command: Command, language: Language, timeZone: string, names?: (userId: number) => string): { readonly done: string; readonly because: string } => {
  const words = wordsFor(language, timeZone, names)
  return { done: language === 'en' ? englishCommand(command, words) : russianCommand(command, words), because: sentence(command.because, language, timeZone, names) }
}

/**
 * The text of a message to a person, plain, one paragraph per line. `facts.leadTitle` goes in with inner quotation marks, else as it is, so that the portal
 * may pass it as a link; `facts.leadUrl`, when given, ends the text on a line of its own. `facts.dueAt` is the term that runs now.
 */
export const notificationText = (command: Notify, facts: MessageFacts, language: Language, timeZone: string, names?: (userId: number) => string): string => {
  const words = wordsFor(language, timeZone, names)
  const named = { ...facts, leadTitle: withInner(facts.leadTitle, language) }
  const text = language === 'en' ? englishMessage(command, named, words) : russianMessage(command, named, words)
  return facts.leadUrl === null ? text : `${text}\n${facts.leadUrl}`
}

export interface Outcome {
  /** When the running term ends. */
  readonly dueAt: string
  /** A term was missed before, and nobody has answered for it. */
  readonly hasMissed: boolean
  /** Who is told next of what is missed then, and when. */
  readonly told: { readonly at: string; readonly name: string } | null
  /** A head is told of repeated misses. */
  readonly repeated: boolean
}

/** What comes of doing nothing, in its order; it stands behind the heading «Если ничего не сделать». */
export const nothingDoneSentence = ({ dueAt, hasMissed, told, repeated }: Outcome, language: Language, timeZone: string): string => {
  const { moment, time } = wordsFor(language, timeZone)
  const say = nothingDone[language]
  const isSooner = hasMissed && told !== null && toMs(told.at) < toMs(dueAt)
  const missed = say.missed(time(dueAt), hasMissed)
  if (told === null) return repeated ? `${missed} ${say.repeated}` : missed
  const next = say.told(told.name, moment(told.at, isSooner ? undefined : dueAt), hasMissed)
  return isSooner ? `${next} ${missed}` : `${missed} ${next}`
}

const nothingDone: Readonly<Record<Language, { readonly missed: (at: string, again: boolean) => string; readonly told: (name: string, at: string, isOpen: boolean) => string; readonly repeated: string }>> = {
  ru: {
    missed: (at, again) => `В ${at} будет записан ${again ? 'ещё один пропуск' : 'пропуск'}: ответственный получит сообщение и новый срок.`,
    told: (name, at, isOpen) => (isOpen ? `Об уже пропущенном сроке узнает ${name}: ${at}.` : `Если и тогда ничего не изменится, о пропуске узнает ${name}: ${at}.`),
    repeated: 'О повторных пропусках узнает руководитель.',
  },
  en: {
    missed: (at, again) => `At ${at} ${again ? 'another' : 'a'} missed deadline is recorded: the responsible gets a message and a new term.`,
    told: (name, at, isOpen) => (isOpen ? `${name} is told of the deadline missed already: ${at}.` : `If nothing changes then either, ${name} is told of it: ${at}.`),
    repeated: 'Repeated misses are reported to the head of department.',
  },
}
