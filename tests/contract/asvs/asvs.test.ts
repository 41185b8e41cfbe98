import { existsSync, readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { describe, expect, test } from 'vitest'
import { findProofProblem, listCountProblems, listProblems } from './check-requirement.ts'
import { listProofs, readChapter, toChapterPath, type Requirement } from './read-chapter.ts'
import { chapterNumbers, requirementLevels } from './requirement-ids.ts'
import { replaceAuditTables, toAuditTables } from './to-audit-tables.ts'

const auditPath = 'docs/ENTERPRISE_READINESS_AUDIT_2025.md'
const readText = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null)

function getChapter(number: number) {
  return readChapter(readFileSync(toChapterPath(number), 'utf8'))
}

test('the standard has 253 requirements of levels 1 and 2', () => {
  expect(requirementLevels.size).toBe(253)
})

describe('the ASVS table', () => {
  test.each(chapterNumbers)(
    'chapter %i has a title, every id of its own, and a proof or a reason for each',
    (number) => {
      const { title, requirements } = getChapter(number)
      expect(title).toMatch(new RegExp(`^V${String(number)} [A-Z]`))
      expect(requirements.every(({ id }) => id.startsWith(`V${String(number)}.`))).toBe(true)
      expect(requirements.flatMap((one) => listProblems(one, readText))).toEqual([])
    },
  )

  test('has every id once', () => {
    const ids = chapterNumbers.flatMap((number) => getChapter(number).requirements.map(({ id }) => id))
    expect(listCountProblems(ids)).toEqual([])
  })

  test('is counted as it is in the audit page (else: npm run generate:asvs)', async () => {
    const page = readFileSync(auditPath, 'utf8')
    const fresh = replaceAuditTables(page, toAuditTables(chapterNumbers.map(getChapter)))
    const options = await resolveConfig(auditPath)
    expect(page).toBe(await format(fresh, { ...options, parser: 'markdown' }))
  })
})

test('every proof in the audit page is there', () => {
  const proofs = listProofs(readFileSync(auditPath, 'utf8'))
  expect(proofs.length).toBeGreaterThan(30)
  expect(proofs.map((proof) => findProofProblem(proof, readText)).filter((problem) => problem !== null)).toEqual([])
})

describe('the check itself', () => {
  const good: Requirement = {
    id: 'V1.2.4',
    level: '1',
    asks: 'Values reach SQL as parameters.',
    state: 'met',
    proof: '`a.test.ts` › "values are parameters"',
  }
  const files: Record<string, string> = {
    'a.test.ts': "test('values are parameters', check)\n// a comment about moons\n",
    'docs/A.md': '## Rules for input\n\nPlain words.\n',
  }
  const check = (change: Partial<Requirement>) => listProblems({ ...good, ...change }, (path) => files[path] ?? null)

  test('finds nothing wrong with a good row', () => {
    expect(check({})).toEqual([])
    expect(check({ proof: '`docs/A.md` › "Rules for input": said there.' })).toEqual([])
    expect(check({ state: 'not met', proof: 'Nobody has built it so far, and nobody asked.' })).toEqual([])
  })

  test.each([
    ['an id nobody knows', { id: 'V1.2.10' }, 'no requirement'],
    ['another level', { level: '2' }, 'is of level 1'],
    ['no words', { asks: '' }, 'does not say'],
    ['another state', { state: 'partly' }, 'no state'],
    ['no proof', { proof: 'Trust us, it is so.' }, 'without a proof'],
    ['no reason', { state: 'n/a', proof: 'No.' }, 'no reason'],
    ['a file that is not there', { proof: '`b.test.ts` › "values"' }, 'not there'],
    ['a name that is not there', { proof: '`a.test.ts` › "moonlight"' }, 'has nothing called'],
    ['a name in a comment alone', { proof: '`a.test.ts` › "moons"' }, 'has nothing called'],
    ['words that are no heading', { proof: '`docs/A.md` › "Plain words"' }, 'has nothing called'],
    ['a proof that is no test', { proof: '`src/a.ts` › "values"' }, 'neither a test'],
    ['one bad proof of two', { proof: `${good.proof}; \`b.test.ts\` › "x"` }, 'not there'],
  ])('finds %s', (_name, change, problem) => {
    expect(check(change).join()).toContain(problem)
  })

  test('finds ids that are missing or doubled, and rows of other shapes', () => {
    const ids = [...requirementLevels.keys()]
    expect(listCountProblems(ids)).toEqual([])
    expect(listCountProblems(ids.slice(1))).toEqual(['V1.1.1: is not there'])
    expect(listCountProblems([...ids, 'V1.1.1'])).toEqual(['V1.1.1: is there more than once'])
    expect(() => readChapter('| V1.1.1 | 2 | asks | met |')).toThrow('five columns')
  })
})
