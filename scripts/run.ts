/** Starts a Node.js program of `node_modules` with this very Node.js: the shell's own may be older. */
import { spawn } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Exit code of `program`, a file path under the root. Its output goes where ours goes. */
export const runNode = (program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<number> =>
  run(process.execPath, [join(root, program), ...args], env)

/** Exit code of any program; it is given nothing to read. */
export const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)))
  })

/** The file of a package's command, e.g. `eslint` → `node_modules/eslint/bin/eslint.js`. */
export const binOf = (name: string, command = name): string => {
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { bin: string | Record<string, string> }
  const file = typeof bin === 'string' ? bin : bin[command]
  if (file === undefined) throw new Error(`${name} has no command ${command}`)
  return join('node_modules', name, file)
}

/** Is this file the one that was started? */
export const isStarted = (moduleUrl: string): boolean => process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(moduleUrl)
