interface MigrationBase {
  /** `NNNN-slug`; the order of application. */
  name: string
  /** The oldest version of this program that can still work on the schema after this step; default: any. */
  minAppVersion?: string
}

/** Runs in one transaction. */
interface TransactionMigration extends MigrationBase {
  sql: string
}

export interface IndexBuild {
  name: string
  /** What follows ON, e.g. `chat_messages USING brin (created_at)`. */
  on: string
}

/**
 * Builds and drops indexes beside the running system, which no transaction can. Each step can be cut off and done again;
 * builds come first, so that what replaces an index is there before it goes.
 */
export interface IndexMigration extends MigrationBase {
  builds: readonly IndexBuild[]
  /** Names of indexes that are no longer wanted. */
  drops: readonly string[]
}

/** One forward-only step; its text is checksummed, so it never changes once released. */
export type Migration = TransactionMigration | IndexMigration
