import type { Kysely } from 'kysely'
import type { DatabaseSchema } from './schema.ts'

/** Work of the caller's that shares the fate of a write: it runs last in its transaction. */
export type Alongside<Result = void> = (trx: Kysely<DatabaseSchema>, result: Result) => Promise<void>
