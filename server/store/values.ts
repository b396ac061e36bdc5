/** Both drivers give the same JavaScript values: numbers for int8, ISO 8601 text for moments. */
export const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  20: Number,
  1082: text => text,
  1184: text => new Date(text).toISOString(),
  1700: text => text,
}
