import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { buildHashingWorker } from '../../../tests/support/build-pglite-worker.ts'
import { openHashingThread } from './open-hashing-thread.ts'
import { createPasswordHasher } from './password-hasher.ts'

await buildHashingWorker()
const thread = openHashingThread()
afterAll(() => thread.close())

/** The nice value of every thread of this process. */
function listNice(): number[] {
  return readdirSync('/proc/self/task').flatMap((id) => {
    const fields = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return fields[16] === undefined ? [] : [Number(fields[16])]
  })
}

test('hashes and checks as the library does', async () => {
  const inThread = createPasswordHasher(thread)
  const here = createPasswordHasher()
  const hash = await inThread.hashPassword('correct horse')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
  expect([await here.isPassword('correct horse', hash), await inThread.isPassword('correct horse', hash)]).toEqual([
    true,
    true,
  ])
  expect(await inThread.isPassword('wrong', hash)).toBe(false)
  await expect(thread.verify('no hash at all', 'x')).rejects.toThrow()
})

test('is the only thread that stands back, and the event loop goes on meanwhile', async () => {
  await thread.hash('x', { memoryCost: 1024, timeCost: 1 })
  if (process.platform === 'linux') expect(listNice().filter((nice) => nice === 10)).toHaveLength(1)
  let turns = 0
  const beat = setInterval(() => (turns += 1), 1)
  await thread.hash('x', { memoryCost: 65_536, timeCost: 3, parallelism: 1 })
  clearInterval(beat)
  expect(turns).toBeGreaterThan(3)
})

test('goes on after the thread was ended', async () => {
  await thread.close()
  const hash = await thread.hash('again', { memoryCost: 1024, timeCost: 1 })
  expect(await thread.verify(hash, 'again')).toBe(true)
})
