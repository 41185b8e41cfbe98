import { hash, verify, type Options } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { createHashingGate, type HashingGate } from './hashing-gate.ts'

/** Where the work is done. */
export interface HashingEngine {
  hash(password: string, cost: Options): Promise<string>
  verify(storedHash: string, password: string): Promise<boolean>
}

/**
 * Argon2id. One at work takes 64 MiB and a core for about 80 ms, so a single one runs at a time: whatever is offered, the
 * other cores are the answers'. Requests from outside come through `admit`.
 */
export interface PasswordHasher extends HashingGate {
  hashPassword(password: string): Promise<string>
  /** `storedHash` null: nobody of that name; takes as long as a real check and is false. */
  isPassword(password: string, storedHash: string | null): Promise<boolean>
}

/**
 * Above each row of OWASP's table (Password Storage Cheat Sheet: 46 MiB with one pass, 19 MiB with two, 12 MiB with
 * three). Argon2id is the library's default algorithm; naming it would need its const enum.
 */
const COST = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }

/** The last in the queue waits for about two seconds. */
const GATE = { maxInside: 24, reservedForKnown: 8, maxPerClient: 4, maxWorking: 2, expectedMs: 80 }

/** For commands and tests, where nothing else wants the processor. */
const libraryEngine: HashingEngine = {
  hash: (password, cost) => hash(password, cost),
  verify: (storedHash, password) => verify(storedHash, password),
}

export function createPasswordHasher(engine: HashingEngine = libraryEngine): PasswordHasher {
  const limit = pLimit(1)
  let decoy: Promise<string> | null = null
  const hashPassword = (password: string): Promise<string> => limit(() => engine.hash(password, COST))

  return {
    ...createHashingGate(GATE),
    hashPassword,
    async isPassword(password, storedHash) {
      decoy ??= hashPassword('nobody has this password')
      const decoyHash = await decoy
      const isRight = await limit(() => engine.verify(storedHash ?? decoyHash, password))
      return isRight && storedHash !== null
    },
  }
}
