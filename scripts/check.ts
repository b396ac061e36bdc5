/** `npm run check`: lint with the doors of the house, types, and the references in documents. What CI runs, nothing else. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { buildPages } from './build.ts'
import { binOf, isStarted, root, runNode } from './run.ts'

/** Exit code: 0 when everything holds. */
export const check = async (): Promise<number> => {
  const faults = textFaults()
  for (const fault of faults) console.error(fault)
  // The types of the interface's components are written by the build of the pages.
  await buildPages({ only: 'stale' })
  const codes = [
    await runNode(binOf('eslint'), ['--max-warnings', '0', '.']),
    await runNode(binOf('vue-tsc'), ['--noEmit', '-p', 'tsconfig.json']),
  ]
  return faults.length === 0 && codes.every(code => code === 0) ? 0 : 1
}

/** One line for each broken reference and each text that must not be there. */
export const textFaults = (): string[] => sourceFiles().flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8')
  return [...(file.endsWith('.md') ? brokenReferences(file, text) : []), ...forbidden(file, text)]
})

const sourceFiles = (): string[] =>
  listedFiles().filter(file => /\.(ts|js|vue|css|html|md|json|example|yml)$/.test(file) && file !== 'package-lock.json' && existsSync(join(root, file)))

/** What git knows, whoever owns the checkout; every file where there is no git, as in an unpacked archive. */
const listedFiles = (): string[] => {
  const listed = spawnSync('git', ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  if (listed.status === 0) return listed.stdout.split('\n')
  const made = /(^|\/)(node_modules|dist|data|\.git|\.cache|\.vitest)(\/|$)/
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(file => !made.test(file))
}

/** Links of a document, and paths of ours in its code spans, must lead to something. */
const brokenReferences = (file: string, text: string): string[] => {
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)
    .filter(target => !/^[a-z]+:/.test(target)).map(target => join(dirname(file), decodeURI(target)))
  const spans = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`((?:server|client|placements|test|scripts|bench|docs|\.github|\.ci)\/[\w./@-]*[\w])`/g)].map(([, path = '']) => path)
  return [...new Set([...links, ...spans])].filter(path => !existsSync(join(root, path))).map(path => `${file}: ${path} does not exist`)
}

/** Habits that this house does without. Written in pieces, so that this file may name them. */
const never: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\b(${['TO', 'FIX'].map((half, index) => half + ['DO', 'ME'][index]).join('|')})\\b(?!')`), 'an issue is the place for what is left to do'],
  [new RegExp(`eslint-${'disable'}|@ts-${'ignore'}|@ts-${'nocheck'}`), 'rules are changed in one place or kept'],
  [new RegExp(`\\b(describe|it|test)\\.(${'only'}|${'skip'}|${'todo'})\\b`), 'every test runs'],
  [/[\s'"`(]\/(work|root|home)\/\w/, 'a path of one machine'],
]

const forbidden = (file: string, text: string): string[] => text.split('\n').flatMap((line, index) =>
  never.filter(([pattern]) => pattern.test(line)).map(([, why]) => `${file}:${index + 1}: ${why}`))

if (isStarted(import.meta.url)) process.exitCode = await check()
