/** Moments and figures as a Russian portal writes them. Moments are milliseconds or ISO text; zones are IANA names. */

type When = number | string | Date

const formats = new Map<string, Intl.DateTimeFormat>()
const formatOf = (timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${timeZone} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('ru-RU', { timeZone, ...options })
  formats.set(key, made)
  return made
}

/** `23 ноября, 09:35` */
export const longMoment = (when: When, timeZone: string): string =>
  formatOf(timeZone, { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }).format(new Date(when)).replace(' в ', ', ')

/** `23.11.2026 09:35` */
export const fullMoment = (when: When, timeZone: string): string =>
  formatOf(timeZone, { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(new Date(when)).replace(',', '')

/** A moment as near as it is: `сегодня в 09:35`, `завтра в 10:00`, else `26 нояб., 12:00`. */
export const nearMoment = (when: When, now: number, timeZone: string): string => {
  const day = (at: number): string => localInput(at, timeZone).slice(0, 10)
  const at = new Date(when).getTime()
  const word = day(at) === day(now) ? 'сегодня' : day(at) === day(now + 86_400_000) ? 'завтра' : day(at) === day(now - 86_400_000) ? 'вчера' : null
  if (word !== null) return `${word} в ${clockTime(at, timeZone)}`
  return formatOf(timeZone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(at)).replace(' в ', ', ')
}

/** `09:35` */
export const clockTime = (when: When, timeZone: string): string => formatOf(timeZone, { hour: '2-digit', minute: '2-digit' }).format(new Date(when))

/** `понедельник, 23 ноября` */
export const dayName = (when: When, timeZone: string): string => formatOf(timeZone, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(when))

/** `2026-11-23T09:35`, the value of a `datetime-local` field. */
export const localInput = (when: When, timeZone: string): string => {
  const parts = formatOf(timeZone, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(new Date(when))
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find(part => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** The other way round: what a person typed as local time, as milliseconds. Throws on text that is no moment. */
export const fromLocalInput = (text: string, timeZone: string): number => {
  const guess = Date.parse(`${text}Z`)
  if (Number.isNaN(guess)) throw new Error(`not a local date and time: ${text}`)
  const offset = Date.parse(`${localInput(guess, timeZone)}Z`) - guess
  return guess - offset
}

/** `1 лид, 2 лида, 5 лидов`: picks the form for a number. */
export const plural = (count: number, one: string, few: string, many: string): string => {
  const rule = new Intl.PluralRules('ru').select(count)
  return `${count} ${rule === 'one' ? one : rule === 'few' ? few : many}`
}

/** `3 мин 20 с` */
export const talkTime = (seconds: number): string => {
  const minutes = Math.floor(seconds / 60)
  const rest = seconds % 60
  return minutes === 0 ? `${rest} с` : rest === 0 ? `${minutes} мин` : `${minutes} мин ${rest} с`
}

/** First letters of name and surname. */
export const initials = (name: string): string => name.split(/\s+/).filter(Boolean).slice(0, 2).map(word => word[0] ?? '').join('').toUpperCase()

/** A steady colour for a person or thing. */
export const colourOf = (id: number): string => ['#1f6bbd', '#7a5bd0', '#127a66', '#b4521f', '#b5438a', '#4e7d2d', '#b03f4d', '#3c6f8f'][Math.abs(id) % 8] ?? '#1f6bbd'
