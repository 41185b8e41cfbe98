import type { Kysely } from 'kysely'
import { AppError } from '../base/app-error.ts'
import type { DatabaseSchema } from '../db/schema.ts'

/**
 * Before somebody stops being an administrator. All administrators' rows are locked, so that of two who step down at the
 * same moment one stays. Errors: `last_admin`.
 */
export async function assertAdminStays(trx: Kysely<DatabaseSchema>, userId: string): Promise<void> {
  const admins = await trx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('is_active', '=', true)
    .orderBy('id')
    .forUpdate()
    .execute()
  if (admins.some((row) => row.id === userId) && admins.length === 1) throw new AppError('last_admin')
}
