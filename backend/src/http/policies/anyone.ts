import type { Policy } from './policy.ts'

/** Known or not: sign-in, health, this program's own pages. What it answers must be fit for everybody to read. */
export const anyone: Policy = { name: 'anyone', assert: () => undefined }
