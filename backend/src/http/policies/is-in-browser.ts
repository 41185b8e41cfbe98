import { AppError } from '../../base/app-error.ts'
import type { Policy } from './policy.ts'

/** A person at their browser, and no API key: a key that could make keys could give itself more than it has. */
export const isInBrowser: Policy = {
  name: 'is-in-browser',
  assert({ requester }) {
    if (requester === null) throw new AppError('unauthenticated')
    if (requester.loginSessionId === null) throw new AppError('forbidden', { message: 'No API key may do this.' })
  },
}
