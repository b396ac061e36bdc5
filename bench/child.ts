/** Programs of a measurement, each in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Programs run with what `npm start` gives to Node.js. */
const { scripts } = JSON.parse(readFileSync(fileOf('../package.json'), 'utf8')) as { scripts: { start: string } }
const startFlags = scripts.start.split(' ').filter(word => word.startsWith('--'))

export interface Running {
  readonly process: ChildProcess
  /** First line that it printed, as JSON. */
  readonly said: unknown
  stop(): Promise<void>
}

/** Starts `bench/<name>`, or another program of ours, and waits for its first line. */
export const startChild = async (name: string, order: unknown, env: NodeJS.ProcessEnv = {}): Promise<Running> => {
  const child = spawn(process.execPath, [...startFlags, fileOf(name), typeof order === 'string' ? order : JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
    child.once('exit', code => reject(new Error(`${name} ended with ${code}`)))
  })
  return {
    process: child,
    said: JSON.parse(line) as unknown,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** Runs `bench/<name>` to its end and gives what it printed. */
export const runChild = async (name: string, order?: unknown): Promise<string> => {
  const child = spawn(process.execPath, [fileOf(name), ...(order === undefined ? [] : [JSON.stringify(order)])], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString() })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${name} ended with ${code}`)
  return text
}
