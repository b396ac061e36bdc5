/**
 * JSON text for a `jsonb` column. PostgreSQL refuses the zero character in text and halves of a surrogate pair: the one is
 * left out, the other becomes U+FFFD, in keys as in values. What merely looks like an escape stays as it was typed.
 */
export const toJson = (value: unknown): string => JSON.stringify(value, (_key, item: unknown) => {
  if (typeof item === 'string') return toText(item)
  if (typeof item !== 'object' || item === null || Array.isArray(item) || Object.keys(item).every(key => toText(key) === key)) return item
  return Object.fromEntries(Object.entries(item).map(([key, child]) => [toText(key), child as unknown]))
})

/** Text for a `text` column, cleaned in the same way: whatever comes from a portal or a person goes through it. */
export const toText = (text: string): string => text.replaceAll('\0', '').toWellFormed()

export const toTextOrNull = (text: string | null): string | null => (text === null ? null : toText(text))
