/** What has become of a conversion, and what to do about it: on its page, in the journal and in the message to whoever has begun it. */
import type { ConversionEnd } from '../../lead.ts'
import type { Language } from '../../sentences.ts'

type Words = Readonly<Record<Language, readonly [sentence: string, advice: string | null]>>

const done: Words = { ru: ['Лид сконвертирован.', 'Проверьте корректность переноса.'], en: ['The lead has been converted.', 'Check that everything has been carried over correctly.'] }

const notReopened: Words = {
  ru: ['Отменить конвертацию не удалось: Битрикс24 не вернул лид на прежнюю стадию. Ничего не убрано.', 'Исправьте то, что назвал портал, и отмените конвертацию ещё раз.'],
  en: ['The conversion could not be undone: Bitrix24 did not move the lead back to its former stage. Nothing was removed.', 'Correct what the portal has named and undo the conversion again.'],
}

const held: Words = {
  ru: ['Всё создано, но Битрикс24 не перевёл лид на стадию успеха.', 'Исправьте в лиде то, что назвал портал, и нажмите «Повторить», или уберите созданное.'],
  en: ['Everything has been made, but Bitrix24 did not move the lead to its success stage.', 'Correct in the lead what the portal has named and press “Try again”, or take back what was made.'],
}

const heldBecause: Readonly<Record<string, Words>> = {
  'not-reopened': notReopened,
  'not-taken-back': {
    ru: ['Убрать всё созданное не удалось: Битрикс24 долго не отвечал.', 'Нажмите «Повторить», и оставшееся будет убрано.'],
    en: ['Not everything that was made could be removed: Bitrix24 did not answer for long.', 'Press “Try again”, and the rest will be removed.'],
  },
  'not-undone': {
    ru: ['Отмена конвертации не закончена: Битрикс24 долго не отвечал.', 'Нажмите «Повторить», и отмена продолжится.'],
    en: ['The undoing of the conversion is not finished: Bitrix24 did not answer for long.', 'Press “Try again”, and it goes on.'],
  },
}

const refused: Words = {
  ru: ['Битрикс24 не принял данные.', 'Исправьте то, что назвал портал, и повторите конвертацию.'],
  en: ['Bitrix24 did not accept the data.', 'Correct what the portal has named and convert again.'],
}

const takenBackBecause: Readonly<Record<string, Words>> = {
  'no-right': {
    ru: ['Битрикс24 не разрешил вам создать эти объекты.', 'Попросите администратора портала дать вам право создавать сделки, контакты и компании, или попросите сконвертировать лид руководителя.'],
    en: ['Bitrix24 did not let you create these objects.', 'Ask an administrator of the portal for the right to create deals, contacts and companies, or ask your head to convert the lead.'],
  },
  'converted-elsewhere': {
    ru: ['Этот лид тем временем сконвертировали в самом Битрикс24.', 'Откройте то, что уже создано.'],
    en: ['Meanwhile this lead has been converted in Bitrix24 itself.', 'Open what is there already.'],
  },
  'lead-closed': { ru: ['Лид тем временем закрыли.', null], en: ['The lead has been closed meanwhile.', null] },
  'lead-gone': { ru: ['Лида на портале больше нет.', null], en: ['The lead is no longer on the portal.', null] },
  'not-waited-for': {
    ru: ['Конвертация месяц ждала вашего решения и закончена без него: созданное осталось на портале.', 'Проверьте сделку, контакт и компанию, созданные из этого лида. Если он ещё в работе, сконвертируйте его заново: Leadrail предложит взять то, что уже создано.'],
    en: ['The conversion has waited for your decision for a month and is ended without it: what was made stays on the portal.', 'Check the deal, contact and company made of this lead. If it is still in work, convert it anew: Leadrail offers to use what is there already.'],
  },
  'asked': { ru: ['Конвертация остановлена, лид остался в работе.', null], en: ['The conversion has been stopped, and the lead stays in work.', null] },
}

/** What is left of a conversion that came to nothing. */
export const leftOfConversion: Readonly<Record<NonNullable<ConversionEnd['left']>, Readonly<Record<Language, string>>>> = {
  'nothing': { ru: 'Ничего не создано.', en: 'Nothing was made.' },
  'no-deal': { ru: 'Второй сделки не создано.', en: 'No second deal was made.' },
  'removed': { ru: 'Всё созданное убрано.', en: 'All that was made has been removed.' },
  'something': { ru: 'Убрать удалось не всё: что осталось и почему, показано ниже.', en: 'Not everything could be removed: what is left, and why, is shown below.' },
}

const leftElsewhere: Readonly<Record<Language, string>> = {
  ru: 'Убрать удалось не всё: проверьте сделку, контакт и компанию, созданные из этого лида.',
  en: 'Not everything could be removed: check the deal, contact and company made of this lead.',
}

export const portalSays: Readonly<Record<Language, string>> = { ru: 'Портал сообщил:', en: 'The portal said:' }

/** What has happened, and what to do: a sentence or a few each. */
export const endOfConversion = ({ ended, why }: Pick<ConversionEnd, 'ended' | 'why'>, language: Language): readonly [sentence: string, advice: string | null] => {
  switch (ended) {
    case 'done': return (why === 'not-reopened' ? notReopened : done)[language]
    case 'held': return (heldBecause[why ?? ''] ?? held)[language]
    case 'taken-back': return (takenBackBecause[why ?? ''] ?? refused)[language]
  }
}

/** All of it in a row, the portal's own words included. */
export const conversionEnded = (end: Omit<ConversionEnd, 'tellUserId'>, language: Language): string => {
  const [sentence, advice] = endOfConversion(end, language)
  const rest = end.left === null ? null : end.left === 'something' ? leftElsewhere[language] : leftOfConversion[end.left][language]
  return [sentence, rest, end.words === null ? null : `${portalSays[language]} ${stopped(end.words)}`, advice].filter(part => part !== null).join(' ')
}

const stopped = (words: string): string => (/[.!?…]$/.test(words.trim()) ? words.trim() : `${words.trim()}.`)
