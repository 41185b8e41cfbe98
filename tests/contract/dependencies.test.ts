import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface LockedPackage {
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  dev?: boolean
  devOptional?: boolean
  hasInstallScript?: boolean
}
type Lock = Record<string, LockedPackage>

const REGISTRY = 'https://registry.npmjs.org/'
const workspaces = ['.', 'backend', 'frontend', 'packages/protocol', 'packages/simulator']
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
const { packages: lock } = readJson('package-lock.json') as { packages: Lock }

/** What must not be in a lock file: `path: what`. Our own workspaces are links and folders, without a download. */
function listLockProblems(packages: Lock): string[] {
  return Object.entries(packages).flatMap(([path, one]) => {
    if (!path.includes('node_modules/') || one.link === true) return []
    const isProduction = one.dev !== true && one.devOptional !== true
    const problems = [
      one.integrity?.startsWith('sha512-') === true ? null : 'no SHA-512',
      one.resolved === undefined || one.resolved.startsWith(REGISTRY) ? null : `from ${one.resolved}`,
      isProduction && one.hasInstallScript === true ? 'runs a script when it is installed' : null,
    ]
    return problems.filter((problem) => problem !== null).map((problem) => `${path}: ${problem}`)
  })
}

/** Exactly one version of the registry: no range, tag, address, file or git. */
function isExact(version: string): boolean {
  return /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)
}

describe('package-lock.json', () => {
  test('holds what is installed: everything with its hash, from one registry, nothing of production with a script', () => {
    expect(Object.keys(lock).length).toBeGreaterThan(400)
    expect(listLockProblems(lock)).toEqual([])
  })

  test.each([
    ['no hash', { integrity: '' }, 'no SHA-512'],
    ['a weak hash', { integrity: 'sha1-abc' }, 'no SHA-512'],
    ['another host', { resolved: 'https://mirror.example/a.tgz' }, 'from https://mirror.example'],
    ['git', { resolved: 'git+ssh://git@github.com/a/b.git#1' }, 'from git+ssh'],
    ['an install script', { hasInstallScript: true }, 'runs a script'],
  ])('would be found with %s', (_name, change, problem) => {
    const good: LockedPackage = { version: '1.0.0', integrity: 'sha512-abc' }
    expect(listLockProblems({ 'node_modules/a': good })).toEqual([])
    expect(listLockProblems({ 'node_modules/a': { ...good, ...change } }).join()).toContain(problem)
  })

  test('a script of the tools alone is let through', () => {
    const tool: LockedPackage = { integrity: 'sha512-abc', hasInstallScript: true, dev: true }
    expect(listLockProblems({ 'node_modules/a': tool })).toEqual([])
  })
})

test('SECURITY.md speaks of the versions that are locked', () => {
  const rows = [...readFileSync('SECURITY.md', 'utf8').matchAll(/^\| `([^`]+)`\s+\| (\d[\w.]*)\s+\|/gm)]
  expect(rows.length).toBeGreaterThan(10)
  for (const [, name = '', version] of rows) {
    const own = lock[`backend/node_modules/${name}`] ?? lock[`node_modules/${name}`]
    expect([name, version]).toEqual([name, own?.version])
  }
})

describe('package.json', () => {
  test.each(workspaces)('%s names exact versions, the ones that are locked', (workspace) => {
    const { dependencies = {}, devDependencies = {} } = readJson(`${workspace}/package.json`) as Record<
      string,
      Record<string, string> | undefined
    >
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect([name, version, isExact(version)]).toEqual([name, version, true])
      const own = lock[`${workspace}/node_modules/${name}`] ?? lock[`node_modules/${name}`]
      expect([name, own?.version]).toEqual([name, version])
    }
  })

  test.each(['^1.0.0', '~1.0.0', '1.x', '*', 'latest', '>=1.0.0', 'file:../a', 'github:a/b', 'npm:b@1.0.0'])(
    '%s is not exact',
    (version) => expect(isExact(version)).toBe(false),
  )
})
