/** One forward-only step. Runs in one transaction; its text is checksummed, so it never changes once released. */
export interface Migration {
  /** `NNNN-slug`; the order of application. */
  name: string
  sql: string
  /** The oldest version of this program that can still work on the schema after this step; default: any. */
  minAppVersion?: string
}
