import pg from 'pg'
import { createUuidV7 } from '../../../backend/src/base/ids.ts'
import { createPasswordHasher } from '../../../backend/src/users/password-hasher.ts'
import { createApiKeySecret, toTokenHash } from '../../../backend/src/users/secret-token.ts'

export interface SeededUser {
  id: string
  email: string
  apiKey: string
}

/** Everybody's: a hash of their own for each of a thousand people would take minutes, which is its purpose. */
export const seededPassword = 'everybody has this password'

/** People with a password and an API key each, written straight into the database. */
export async function seedUsers(databaseUrl: string, count: number): Promise<SeededUser[]> {
  const passwordHash = await createPasswordHasher().hashPassword(seededPassword)
  const users = Array.from({ length: count }, (_, index) => ({
    id: createUuidV7(),
    email: `person-${index + 1}@example.com`,
    apiKey: createApiKeySecret(),
  }))
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `INSERT INTO users (id, email, name, password_hash, role)
       SELECT id, email, email, $3, 'member' FROM unnest($1::text[], $2::text[]) AS new (id, email)`,
      [users.map(({ id }) => id), users.map(({ email }) => email), passwordHash],
    )
    await client.query(
      `INSERT INTO api_keys (id, user_id, name, prefix, key_hash)
       SELECT id, user_id, 'seeded', 'lc_', key_hash FROM unnest($1::text[], $2::text[], $3::text[]) AS new (id, user_id, key_hash)`,
      [users.map(() => createUuidV7()), users.map(({ id }) => id), users.map(({ apiKey }) => toTokenHash(apiKey))],
    )
  } finally {
    await client.end()
  }
  return users
}
