// What is built from what. Uses nothing but Node, so that it can tell what is missing before anything is installed.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const SHARED = ['package-lock.json', 'tsconfig.base.json', 'scripts/bundle.mjs', 'scripts/build.mjs']

/** `output` shows that the part was built; the hash of its inputs lies beside it. */
export const parts = [
  {
    name: 'backend',
    inputs: ['backend/src', 'backend/package.json', 'packages/protocol/src', 'packages/simulator/src'],
    output: 'backend/dist/llmchat.js',
    hashFile: 'backend/dist/.build-hash',
  },
  {
    name: 'simulator',
    inputs: ['packages/simulator/src'],
    output: 'packages/simulator/dist/simulator.js',
    hashFile: 'packages/simulator/dist/.build-hash',
  },
  {
    name: 'frontend',
    inputs: [
      'frontend/src',
      'frontend/public',
      'frontend/vite',
      'frontend/index.html',
      'frontend/vite.config.ts',
      'frontend/package.json',
      'packages/protocol/src',
    ],
    output: 'frontend/dist/index.html',
    hashFile: 'frontend/dist/.build-hash',
  },
]

function listFiles(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)))
}

/** Of the contents, not of the times: a checkout of another branch and back builds nothing. */
export function toInputHash(part) {
  const hash = createHash('sha256')
  for (const input of [...part.inputs, ...SHARED]) {
    for (const file of listFiles(join(root, input))) {
      if (/\.test\.tsx?$/.test(file)) continue
      const content = readFileSync(file)
      hash.update(`${file.slice(root.length)}\0${content.length}\0`).update(content)
    }
  }
  return hash.digest('hex')
}

export function isStale(part) {
  const hashFile = join(root, part.hashFile)
  if (!existsSync(join(root, part.output)) || !existsSync(hashFile)) return true
  return readFileSync(hashFile, 'utf8') !== toInputHash(part)
}

export function recordHash(part, hash) {
  writeFileSync(join(root, part.hashFile), hash)
}
