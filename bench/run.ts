/** `npm run bench [-- name …]`: all measurements or some, each in processes of its own; writes docs/benchmarks.md from the latest of each. Ends with 1 when a goal is missed. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { buildPages } from '../scripts/build.ts'
import { root } from '../scripts/run.ts'
import { runChild } from './child.ts'
import { isReached, readMeasurement, type Figure, type Measurement } from './figures.ts'

const all = ['intake', 'burst', 'decide', 'regulation', 'calendar', 'simulation', 'memory', 'tab']
const wanted = process.argv.slice(2)
const names = wanted.length === 0 ? all : all.filter(name => wanted.includes(name))
if (names.length === 0) throw new Error(`There is: ${all.join(', ')}`)

const machine = (): string => {
  const processors = cpus()
  return `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}, Node.js ${process.versions.node}`
}

const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 3 })

const goalOf = ({ goal }: Figure): string => {
  if (goal === null) return ''
  const { least, most } = goal
  if (least !== undefined && most !== undefined) return least === most ? `exactly ${number(least)}` : `${number(least)} to ${number(most)}`
  return least === undefined ? `at most ${number(most ?? 0)}` : `at least ${number(least)}`
}

interface Kept { readonly measuredAt: string; readonly after: string; readonly machine: string; readonly measurement: Measurement }

const folder = join(root, '.cache', 'bench')
const fileOf = (name: string) => join(folder, `${name}.json`)

const section = ({ measuredAt, after, measurement: { title, how, figures } }: Kept): string => [
  `## ${title}`, '', `${how} Measured on ${measuredAt}, after commit ${after}.`, '', '| What | Figure | Demanded |', '|---|---:|---|',
  ...figures.map(one => `| ${one.what} | ${number(one.value)} ${one.unit} | ${goalOf(one)}${isReached(one) ? '' : ' — **missed**'} |`), '',
].join('\n')

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

await buildPages({ only: 'stale' })
mkdirSync(folder, { recursive: true })
const missed: string[] = []
for (const name of names) {
  console.error(`\n${name}`)
  const measurement = readMeasurement(await runChild(`${name}.ts`))
  const kept: Kept = { measuredAt: new Date().toISOString().slice(0, 10), after: commit(), machine: machine(), measurement }
  writeFileSync(fileOf(name), JSON.stringify(kept))
  missed.push(...measurement.figures.filter(one => !isReached(one)).map(one => `${measurement.title}: ${one.what}: ${one.value} ${one.unit}, demanded ${goalOf(one)}`))
}

const kept = all.filter(name => existsSync(fileOf(name))).map(name => JSON.parse(readFileSync(fileOf(name), 'utf8')) as Kept)
if (kept.length === all.length) {
  writeFileSync(join(root, 'docs/benchmarks.md'), [
    '# Benchmarks', '',
    'Written by `npm run bench`; `npm run bench -- intake` measures one part again.', '',
    `Machine: ${[...new Set(kept.map(one => one.machine))].join('; ')}. Everything that a measurement needs (load generator, PostgreSQL, emulated portals, browser) ran on it at the same time.`, '',
    ...kept.map(section),
  ].join('\n'))
}
for (const line of missed) console.error(`missed  ${line}`)
process.exitCode = missed.length === 0 ? 0 : 1
