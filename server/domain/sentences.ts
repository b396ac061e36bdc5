/** Every reason and command as a sentence: for the timeline, the lead tab and messages. */
import type { Command, Reason } from './command.ts'
import { englishCommand, englishMessage, englishReason } from './sentences/english.ts'
import { russianCommand, russianMessage, russianReason } from './sentences/russian.ts'
import { withInner } from './sentences/quotes.ts'
import { wordsFor } from './sentences/words.ts'
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

/** What happens at the deadline of the running term; it stands behind the heading «Если ничего не сделать». */
export const nothingDoneSentence = (dueAt: string, language: Language, timeZone: string): string => {
  const { time } = wordsFor(language, timeZone)
  return language === 'en'
    ? `At ${time(dueAt)} a missed deadline is recorded: you get a message and a new term. Repeated misses are reported to the head of department.`
    : `В ${time(dueAt)} будет записан пропуск: ответственный получит сообщение и новый срок. О повторных пропусках узнает руководитель.`
}
