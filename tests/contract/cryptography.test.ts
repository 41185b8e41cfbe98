import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** `import`s of node:crypto are found by their calls; packages that do cryptography are in the inventory by name. */
const calls =
  /\b(createHash|createHmac|createCipheriv|createDecipheriv|hkdfSync|pbkdf2\w*|scrypt\w*|createSign)\(\s*([^,)]*)/g
const inventoryPath = 'docs/SECURITY_INVENTORY.md'

/** HMAC with SHA-1 is what authenticator apps speak, and a Redis script's name keeps no secret. */
const exceptions = new Set([
  'backend/src/redis/create-redis-script.ts: createHash sha1',
  'backend/src/stream-log/run-redis-script.ts: createHash sha1',
  'backend/src/users/totp.ts: createHmac sha1',
])
const approved = new Set(['sha256', 'aes-256-gcm'])

interface Source {
  path: string
  text: string
}

const sources: Source[] = ['backend/src', 'packages/protocol/src', 'frontend/src']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

function listUses({ path, text }: Source): string[] {
  return [...text.matchAll(calls)].map(([, call = '', name = '']) => `${path}: ${call} ${name.replaceAll("'", '')}`)
}

const listUnknown = (found: readonly Source[]): string[] =>
  found.flatMap(listUses).filter((use) => !exceptions.has(use) && !approved.has(use.split(' ')[2] ?? ''))

test('every algorithm in the sources is one of the inventory', () => {
  expect(sources.length).toBeGreaterThan(300)
  expect(sources.flatMap(listUses).length).toBeGreaterThan(15)
  expect(listUnknown(sources)).toEqual([])
  const inventory = readFileSync(inventoryPath, 'utf8')
  for (const name of ['AES-256-GCM', 'HMAC-SHA-256', 'HKDF-SHA-256', 'SHA-256', 'HMAC-SHA-1', 'argon2id']) {
    expect(inventory).toContain(name)
  }
})

test('the check sees an algorithm that is not in the inventory, and one that is no constant', () => {
  const lines = ["createHash('md5')", "createCipheriv('aes-256-ecb', key, null)", 'createHmac(algorithm, key)']
  expect(lines.flatMap((text) => listUnknown([{ path: 'a.ts', text }]))).toHaveLength(3)
  expect(listUnknown([{ path: 'a.ts', text: "createHash('sha256')" }])).toEqual([])
})

test('nothing that must not be guessed comes from Math.random', () => {
  const users = sources.filter(({ text }) => text.includes('Math.random')).map(({ path }) => path)
  // The times between attempts, and between reconnects.
  expect(users.sort()).toEqual([
    'backend/src/app.ts',
    'backend/src/http/sse/open-sse-pinger.ts',
    'frontend/src/features/chat/runtime/browser-runtime.ts',
  ])
})
