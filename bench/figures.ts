/** What a measurement says, and how it is written down. */

export interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** What was demanded of it; null = only to be known. */
  readonly goal: { readonly least?: number; readonly most?: number } | null
}

export interface Measurement {
  readonly title: string
  /** How it was measured, in a sentence or two. */
  readonly how: string
  readonly figures: readonly Figure[]
}

export const figure = (what: string, value: number, unit: string, goal: Figure['goal'] = null): Figure => ({ what, value, unit, goal })

export const isReached = ({ value, goal }: Figure): boolean => goal === null || (value >= (goal.least ?? -Infinity) && value <= (goal.most ?? Infinity))

const mark = 'MEASURED '

/** Runs a measurement as a program of its own: its figures are the last line that it prints. */
export const measure = async (run: () => Promise<Measurement>): Promise<void> => {
  const measured = await run()
  for (const { what, value, unit } of measured.figures) console.error(`${measured.title}: ${what}: ${value} ${unit}`)
  console.log(mark + JSON.stringify(measured))
}

export const readMeasurement = (output: string): Measurement => {
  const line = output.split('\n').findLast(text => text.startsWith(mark))
  if (line === undefined) throw new Error('the measurement printed no figures')
  return JSON.parse(line.slice(mark.length)) as Measurement
}

export const rounded = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits
