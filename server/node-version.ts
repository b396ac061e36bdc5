/** Imported first: an old Node.js is told what to do instead of failing somewhere deep. */
import { nodeVersionProblem } from './config.ts'

const problem = nodeVersionProblem(process.versions.node)
if (problem !== null) {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}
