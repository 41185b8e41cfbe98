import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'

/** Argon2id. One at work takes 64 MiB and a core for about 80 ms, so only a few run at once; the others wait. */
export interface PasswordHasher {
  hashPassword(password: string): Promise<string>
  /** `storedHash` null: nobody of that name; takes as long as a real check and is false. */
  isPassword(password: string, storedHash: string | null): Promise<boolean>
}

// Argon2id is the library's default algorithm; naming it would need its const enum.
const COST = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }

export function createPasswordHasher(options: { maxConcurrent: number } = { maxConcurrent: 2 }): PasswordHasher {
  const limit = pLimit(options.maxConcurrent)
  let decoy: Promise<string> | null = null
  const hashPassword = (password: string): Promise<string> => limit(() => hash(password, COST))

  return {
    hashPassword,
    async isPassword(password, storedHash) {
      decoy ??= hashPassword('nobody has this password')
      const decoyHash = await decoy
      const isRight = await limit(() => verify(storedHash ?? decoyHash, password))
      return isRight && storedHash !== null
    },
  }
}
