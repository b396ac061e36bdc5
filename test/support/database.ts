/** Databases for tests: the same test runs on the embedded engine and on PostgreSQL. */
import { openAsBlob } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, describe, inject } from 'vitest'
import { openDatabase, type Database, type DatabaseOptions } from '../../server/store/database.ts'

export type DatabaseKind = 'pglite' | 'postgres'

export interface TestDatabase {
  readonly database: Database
  /** Opens the same one again; only PostgreSQL may be open more than once. */
  readonly options: DatabaseOptions
}

/**
 * Describes the same facts for each database. `open` answers with a new, empty one (tables made), closed after the last test.
 * `name` is for the words, `kind` for facts that hold on one of them only.
 */
export const eachDatabase = (facts: (name: string, open: () => Promise<Database>, kind: DatabaseKind) => void): void => {
  for (const kind of ['pglite', 'postgres'] as const) {
    const name = kind === 'pglite' ? 'on PGlite' : 'on PostgreSQL'
    describe(name, () => {
      const opened: Database[] = []
      afterAll(async () => {
        for (const database of opened) await database.close()
      })
      facts(name, async () => {
        const { database } = await openTestDatabase(kind)
        opened.push(database)
        return database
      }, kind)
    })
  }
}

/** A directory made of this holds an empty database with its tables. */
export const embeddedSnapshot = async (): Promise<Blob> => openAsBlob(await askDoor('snapshot'))

/** A new, empty database with its tables; the caller closes it. */
export const openTestDatabase = async (kind: DatabaseKind): Promise<TestDatabase> => {
  const options = kind === 'pglite'
    ? { dataDir: 'memory://', snapshot: await embeddedSnapshot() }
    : { dataDir: '', url: await askDoor('postgres'), poolSize: 6 }
  return { database: await openDatabase(options), options }
}

/** Address of a new, empty PostgreSQL database with its tables. */
export const newPostgresUrl = (): Promise<string> => askDoor('postgres')

const askDoor = async (question: 'snapshot' | 'postgres'): Promise<string> => {
  const text = await new Promise<string>((settle, fail) => {
    let said = ''
    const socket = connect(inject('databaseDoor'), '127.0.0.1', () => socket.write(question))
    socket.on('data', chunk => said += chunk.toString())
    socket.once('error', fail)
    socket.once('close', () => settle(said))
  })
  const answer = JSON.parse(text) as { text?: string; error?: string }
  if (answer.text === undefined) throw new Error(answer.error ?? 'no database for the tests')
  return answer.text
}
