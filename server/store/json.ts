/**
 * JSON text for a `jsonb` column. PostgreSQL refuses the zero character in text and halves of a surrogate pair: the one is
 * left out, the other becomes U+FFFD, in keys as in values. What merely looks like an escape stays as it was typed.
 */
export const toJson = (value: unknown): string => JSON.stringify(value, (_key, item: unknown) => {
  if (typeof item === 'string') return storable(item)
  if (typeof item !== 'object' || item === null || Array.isArray(item) || Object.keys(item).every(key => storable(key) === key)) return item
  return Object.fromEntries(Object.entries(item).map(([key, child]) => [storable(key), child as unknown]))
})

const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()
