/** One process per data directory: the embedded engine itself lets two of them lose each other's rows in silence. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Takes the directory for this process and answers with the function that gives it back.
 * Throws when another living process holds it; a lock left by a dead one is taken over.
 */
export const lockDirectory = (directory: string): (() => void) => {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'leadrail.lock')
  const own = holderText(process.pid)
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, own, { flag: 'wx' })
      const release = (): void => {
        if (readText(file) === own) rmSync(file, { force: true })
      }
      process.once('exit', release)
      return () => {
        process.off('exit', release)
        release()
      }
    }
    catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
      const holder = readText(file)
      if (holder !== '' && isAlive(holder)) throw new Error(`${directory} is in use by process ${holder.split(' ')[0] ?? ''}`, { cause })
      rmSync(file, { force: true })
    }
  }
  throw new Error(`${directory} cannot be locked`)
}

/** Process number and its start: a number alone may have passed to another process. */
const holderText = (pid: number): string => `${pid} ${startOf(pid)}`

const isAlive = (holder: string): boolean => {
  const pid = Number(holder.split(' ')[0])
  if (pid === process.pid && holder !== holderText(pid)) return false
  try {
    process.kill(pid, 0)
  }
  catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
  return holder === holderText(pid)
}

/** Start time of a process in clock ticks since boot; empty where the system does not tell (then the number must do). */
const startOf = (pid: number): string => readText(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[19] ?? ''

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  }
  catch {
    return ''
  }
}
