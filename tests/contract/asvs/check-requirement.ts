import { requirementLevels } from './requirement-ids.ts'
import { listProofs, states, type Proof, type Requirement, type State } from './read-chapter.ts'

/** Text of a file of the repository, or null where there is none. */
export type ReadText = (path: string) => string | null

/** A reason that is shorter says nothing. */
const MIN_REASON = 25
/** What `npm test` runs. */
const TEST_FILE = /\.(test|spec)\.tsx?$/

function isState(text: string): text is State {
  return states.some((state) => state === text)
}

/** Named in a test file outside of comments, or a heading of a page. */
function isNamed({ path, name }: Proof, text: string): boolean {
  const lines = text.split('\n').filter((line) => line.includes(name))
  if (path.endsWith('.md')) return lines.some((line) => /^#{1,4} /.test(line))
  return lines.some((line) => !/^\s*(\/\/|\/?\*)/.test(line) && /['"`]/.test(line))
}

/** Why a proof is none, or null. */
export function findProofProblem(proof: Proof, readText: ReadText): string | null {
  if (!TEST_FILE.test(proof.path) && !/^(docs\/|SECURITY).*\.md$/.test(proof.path)) {
    return `${proof.path} is neither a test nor a page of docs/`
  }
  const text = readText(proof.path)
  if (text === null) return `${proof.path} is not there`
  return isNamed(proof, text) ? null : `${proof.path} has nothing called "${proof.name}"`
}

/** What is wrong with one row; empty: nothing. */
export function listProblems(requirement: Requirement, readText: ReadText): string[] {
  const { id, level, asks, state, proof } = requirement
  const problems: string[] = []
  const expected = requirementLevels.get(id)
  if (expected === undefined) problems.push('no requirement of level 1 or 2 has this id')
  else if (String(expected) !== level) problems.push(`is of level ${String(expected)}`)
  if (asks.length < 15) problems.push('does not say what it asks')
  if (!isState(state)) problems.push(`"${state}" is no state`)
  const proofs = listProofs(proof)
  if (state === 'met' && proofs.length === 0) problems.push('is met without a proof')
  if (state !== 'met' && proof.length < MIN_REASON) problems.push('gives no reason')
  for (const one of proofs) {
    const problem = findProofProblem(one, readText)
    if (problem !== null) problems.push(problem)
  }
  return problems.map((problem) => `${id}: ${problem}`)
}

/** Ids that are there twice, and those that are nowhere. */
export function listCountProblems(ids: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [
    ...[...counts].filter(([, count]) => count > 1).map(([id]) => `${id}: is there more than once`),
    ...[...requirementLevels.keys()].filter((id) => !counts.has(id)).map((id) => `${id}: is not there`),
  ]
}
