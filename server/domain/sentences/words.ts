/** Dates, spans and numbers in the two languages. */
import type { Command } from '../command.ts'
import { spanMs, toInstant, toMs, two } from '../time.ts'

export type Notify = Extract<Command, { kind: 'notify' }>

export interface MessageFacts {
  readonly leadTitle: string
  /** Absolute address of the lead's card; null when the title is a link already. */
  readonly leadUrl: string | null
  /** The lead's running term, as an ISO 8601 instant. */
  readonly dueAt: string | null
}

export interface Words {
  /** «пт 24 июля, 14:30» in the reader's time zone; with its year when that is not the year of the moment beside it. */
  readonly moment: (moment: string, beside?: string) => string
  /** «14:30». */
  readonly time: (moment: string) => string
  /** «1 час 30 минут». */
  readonly span: (span: string) => string
  readonly name: (userId: number) => string
}

export const wordsFor = (language: 'ru' | 'en', timeZone: string, names?: (userId: number) => string): Words => {
  const local = (moment: string) => toInstant(toMs(moment)).toZonedDateTimeISO(timeZone)
  const time = (moment: string): string => {
    const { hour, minute } = local(moment)
    return `${two(hour)}:${two(minute)}`
  }
  return {
    moment: (moment, beside) => {
      const { dayOfWeek, day, month, year } = local(moment)
      const otherYear = beside === undefined || local(beside).year === year ? '' : language === 'en' ? ` ${year}` : ` ${year} года`
      return `${weekdays[language][dayOfWeek - 1]} ${day} ${months[language][month - 1]}${otherYear}, ${time(moment)}`
    },
    time,
    span: span => (language === 'en' ? englishSpan(span) : russianSpan(span)),
    name: userId => names?.(userId) ?? (language === 'en' ? `employee no. ${userId}` : `сотрудник № ${userId}`),
  }
}

/** «1 лид», «2 лида», «5 лидов». */
export const plural = (count: number, [one, few, many]: readonly [string, string, string]): string => {
  const tens = count % 100
  const ones = count % 10
  const form = tens > 10 && tens < 20 ? many : ones === 1 ? one : ones > 1 && ones < 5 ? few : many
  return `${count} ${form}`
}

/** The portal's own words in the middle of a sentence; empty when it gave none. */
export const quoted = (words: string, [open, close]: readonly [string, string]): string => {
  const text = words.replaceAll(/\s+/g, ' ').trim().replace(/[.!?…:;,]+$/, '')
  return text === '' ? '' : `: ${open}${text}${close}`
}

/** `1 day`, `2 days`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

const weekdays = {
  ru: ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
} as const

const months = {
  ru: ['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля', 'августа', 'сентября', 'октября', 'ноября', 'декабря'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
} as const

const russianSpan = (span: string): string => {
  const { hours, minutes } = partsOf(span)
  return [hours > 0 ? plural(hours, ['час', 'часа', 'часов']) : '', minutes > 0 || hours === 0 ? plural(minutes, ['минута', 'минуты', 'минут']) : ''].filter(text => text !== '').join(' ')
}

const englishSpan = (span: string): string => {
  const { hours, minutes } = partsOf(span)
  return [hours > 0 ? counted(hours, 'hour') : '', minutes > 0 || hours === 0 ? counted(minutes, 'minute') : ''].filter(text => text !== '').join(' ')
}

const partsOf = (span: string): { hours: number; minutes: number } => {
  const total = Math.round(spanMs(span) / 60_000)
  return { hours: Math.floor(total / 60), minutes: total % 60 }
}
