/** PGlite: PostgreSQL inside this process, for trials and small companies. Safe against the death of the process, not of the machine. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGliteDialect, type Dialect } from 'kysely'
import { lockDirectory } from './directory-lock.ts'
import { parsers } from './values.ts'

export interface EmbeddedDatabase {
  readonly dialect: Dialect
  readonly lite: PGlite
  close(): Promise<void>
}

/** Opens `dataDir` (`memory://` keeps nothing), which no other process may hold; `snapshot` fills a new one. */
export const openEmbedded = async (dataDir: string, snapshot?: Blob): Promise<EmbeddedDatabase> => {
  const inMemory = dataDir === 'memory://'
  const release = inMemory ? () => undefined : lockDirectory(dataDir)
  try {
    const lite = await PGlite.create({
      dataDir: inMemory ? dataDir : join(dataDir, 'postgres'),
      ...(snapshot === undefined ? {} : { loadDataDir: snapshot }),
    })
    let isClosed = false
    return {
      dialect: new PGliteDialect({ pglite: breathing(lite, () => isClosed) }),
      lite,
      close: async () => {
        isClosed = true
        await lite.close()
        release()
      },
    }
  }
  catch (cause) {
    release()
    throw cause
  }
}

type DialectLite = Exclude<ConstructorParameters<typeof PGliteDialect>[0]['pglite'], (...args: never[]) => unknown>

/** The engine answers in microtasks only: without a turn of the event loop in between, no timer and no socket would run. */
const breathing = (lite: PGlite, isClosed: () => boolean): DialectLite => ({
  get closed() {
    return lite.closed
  },
  get ready() {
    return lite.ready
  },
  get waitReady() {
    return lite.waitReady
  },
  close: () => lite.close(),
  query: async (text, parameters) => {
    const result = await lite.query<never>(text, parameters, { rowMode: 'object', parsers: { ...parsers } })
    await nextTurn()
    return result
  },
  transaction: (run) => {
    // At once: Kysely waits for the beginning of a transaction, and would wait for ever.
    if (isClosed()) throw new Error('the embedded database is closed')
    return lite.transaction(tx => run({
      query: (text, parameters) => tx.query(text, parameters, { rowMode: 'object', parsers: { ...parsers } }),
      rollback: () => tx.rollback(),
    })).then(async (result) => {
      await nextTurn()
      return result
    })
  },
})
