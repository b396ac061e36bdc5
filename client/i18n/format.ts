/** Moments are ISO 8601 instants; everything is said in one language and one time zone. */
export interface Format {
  /** Weekday, date and time of day, as the server's sentences have them, e.g. «пн 23 ноября, 09:30». */
  readonly moment: (at: string) => string
  /** Date with year, time and zone: the full form of a `<time>`. */
  readonly full: (at: string) => string
  readonly clock: (at: string) => string
  /** A day `YYYY-MM-DD` of the near future, e.g. «вт 1 декабря». */
  readonly day: (day: string) => string
  /** A span of time in milliseconds, two units at most, e.g. «2 ч 14 мин». */
  readonly duration: (ms: number) => string
  /** An ISO 8601 duration of hours, minutes and seconds, e.g. `PT4H30M`. */
  readonly span: (iso: string) => string
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const createFormat = (language: string, timeZone: string): Format => {
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, { timeZone, hourCycle: 'h23', ...options })
  const daily = { weekday: 'short', day: 'numeric', month: 'long' } as const
  const dated = date(daily)
  const full = date({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })
  const clock = date({ hour: '2-digit', minute: '2-digit' })
  const unit = (value: number, of: 'day' | 'hour' | 'minute' | 'second') =>
    new Intl.NumberFormat(language, { style: 'unit', unit: of, unitDisplay: 'short' }).format(value)

  const duration = (ms: number): string => {
    const whole = Math.max(0, Math.floor(ms / 1000) * 1000)
    const parts = ([['day', day], ['hour', hour], ['minute', minute], ['second', 1000]] as const)
      .map(([of, size], index, sizes) => ({ of, value: Math.floor((index === 0 ? whole : whole % (sizes[index - 1]?.[1] ?? whole)) / size) }))
    const first = parts.findIndex(part => part.value > 0)
    if (first === -1) return unit(0, 'second')
    return parts.slice(first, first + 2).filter(part => part.value > 0).map(part => unit(part.value, part.of)).join(' ')
  }

  return {
    moment: at => `${inOrder(dated, new Date(at))}, ${clock.format(new Date(at))}`,
    full: at => full.format(new Date(at)),
    clock: at => clock.format(new Date(at)),
    day: day => inOrder(new Intl.DateTimeFormat(language, { timeZone: 'UTC', ...daily }), new Date(`${day}T00:00:00Z`)),
    duration,
    span: iso => duration(spanMs(iso)),
  }
}

/** Weekday, day and month without the commas that Intl puts between them: `server/domain/sentences/words.ts` writes them so. */
const inOrder = (format: Intl.DateTimeFormat, at: Date): string => {
  const parts = format.formatToParts(at)
  return (['weekday', 'day', 'month'] as const).map(type => parts.find(part => part.type === type)?.value ?? '').join(' ')
}

/** Milliseconds of `PT…`; what is not one counts as nothing. */
const spanMs = (iso: string): number => {
  const found = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(iso)
  return found === null ? 0 : Number(found[1] ?? 0) * hour + Number(found[2] ?? 0) * minute + Number(found[3] ?? 0) * 1000
}
