/** `npm run bench [-- name …]`: every measurement, each in processes of its own; writes docs/benchmarks.md when all of them ran. Ends with 1 when a goal is missed. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { buildPages } from '../scripts/build.ts'
import { root } from '../scripts/run.ts'
import { runChild } from './child.ts'
import { isReached, readMeasurement, type Figure, type Measurement } from './figures.ts'

const all = ['intake', 'burst', 'decide', 'memory', 'tab']
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

const section = ({ title, how, figures }: Measurement): string => [
  `## ${title}`, '', how, '', '| What | Figure | Demanded |', '|---|---:|---|',
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
const measurements: Measurement[] = []
for (const name of names) {
  console.error(`\n${name}`)
  measurements.push(readMeasurement(await runChild(`${name}.ts`)))
}
if (names.length === all.length) {
  writeFileSync(join(root, 'docs/benchmarks.md'), [
    '# Benchmarks', '',
    `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, after commit ${commit()}.`, '',
    `Machine: ${machine()}. Everything that a measurement needs (load generator, PostgreSQL, emulated portals, browser) ran on it at the same time.`, '',
    ...measurements.map(section),
  ].join('\n'))
}
const missed = measurements.flatMap(({ title, figures }) => figures.filter(one => !isReached(one)).map(one => `${title}: ${one.what}: ${one.value} ${one.unit}, demanded ${goalOf(one)}`))
for (const line of missed) console.error(`missed  ${line}`)
process.exitCode = missed.length === 0 ? 0 : 1
