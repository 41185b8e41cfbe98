import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface LockedPackage {
  version?: string
  integrity?: string
  resolved?: string
  link?: boolean
}

const ourOwn = /^(backend|frontend|packages\/[a-z-]+|)$/

/** Whatever does not come from the registry in exactly one known shape. */
function listStrange(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages)
    .filter(([path, { link, integrity = '', version, resolved }]) => {
      if (ourOwn.test(path)) return false
      if (link === true) return !ourOwn.test(resolved ?? '?')
      const isElsewhere = resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')
      return isElsewhere || version === undefined || !integrity.startsWith('sha512-')
    })
    .map(([path]) => path)
}

const packages = (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> })
  .packages

test('every package of the lock file is from the registry, and is known by its hash', () => {
  expect(Object.keys(packages).length).toBeGreaterThan(400)
  expect(listStrange(packages)).toEqual([])
})

test('what we ask for ourselves is asked for in one exact version', () => {
  const files = ['package.json', 'backend/package.json', 'frontend/package.json', 'packages/protocol/package.json']
  const wanted = files.flatMap((path) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as Record<
      string,
      Record<string, string>
    >
    return Object.entries({ ...dependencies, ...devDependencies })
  })
  expect(wanted.length).toBeGreaterThan(50)
  expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

test('the check sees a foreign source, a missing hash and a link out of the repository', () => {
  const good = { version: '1.0.0', integrity: 'sha512-x' }
  expect(
    listStrange({
      'node_modules/good': good,
      'node_modules/foreign': { ...good, resolved: 'https://evil.example/a.tgz' },
      'node_modules/bare': { version: '1.0.0' },
      'node_modules/out': { link: true, resolved: '../elsewhere' },
    }),
  ).toEqual(['node_modules/foreign', 'node_modules/bare', 'node_modules/out'])
})
