/** JSON text for a `jsonb` column. PostgreSQL refuses the zero character in text, so it is left out. */
export const toJson = (value: unknown): string => JSON.stringify(value).replaceAll('\\u0000', '')
