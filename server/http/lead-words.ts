/** How a lead's watch has ended, in words. */
import type { Language } from '../contract/session.ts'
import type { Watch } from '../domain/watch.ts'

type Outcome = Extract<Watch, { status: 'closed' }>['outcome']

const outcomes: Readonly<Record<Outcome, Readonly<Record<Language, string>>>> = {
  'qualified': { ru: 'Лид квалифицирован', en: 'The lead is qualified' },
  'not-qualified': { ru: 'Лид не квалифицирован', en: 'The lead is not qualified' },
  'converted': { ru: 'Лид сконвертирован', en: 'The lead has been converted' },
  'lost': { ru: 'Лид закрыт без результата', en: 'The lead was closed without success' },
  'moved-on': { ru: 'Лид перешёл на стадию вне регламента', en: 'The lead has moved to a stage outside the regulation' },
  'gone': { ru: 'Лид удалён', en: 'The lead has been deleted' },
}

export const outcomeInWords = (outcome: Outcome, language: Language): string => outcomes[outcome][language]
