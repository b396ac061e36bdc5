/** PHP has one kind of array: what is empty is shown as a list, whatever it was meant to be. */
export const phpObject = (value: Readonly<Record<string, unknown>>): unknown => (Object.keys(value).length === 0 ? [] : value)

/** A PHP array with keys: 0, 1, 2 … in order is shown as a list, anything else as an object. */
export const phpArray = (entries: readonly (readonly [string, unknown])[]): unknown =>
  entries.every(([key], index) => key === String(index)) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
