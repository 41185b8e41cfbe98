import { AppError } from '../../base/app-error.ts'
import type { Policy } from './policy.ts'

/** A directory: an administrator's API key with the scope `scim`. No browser: nothing that is typed there is meant for this. */
export const mayProvision: Policy = {
  name: 'may-provision',
  assert({ requester }) {
    if (requester === null) throw new AppError('unauthenticated')
    if (requester.apiKey?.scopes.includes('scim') !== true)
      throw new AppError('scope_missing', { details: { scopes: ['scim'] } })
    if (requester.user.role !== 'admin') throw new AppError('forbidden')
  },
}
