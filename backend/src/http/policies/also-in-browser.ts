import { isInBrowser } from './is-in-browser.ts'
import type { Policy } from './policy.ts'

/** `policy`, and no API key: what it gives could be turned into a way in for somebody else. */
export function alsoInBrowser(policy: Policy): Policy {
  return {
    name: `is-in-browser, ${policy.name}`,
    async assert(request) {
      await isInBrowser.assert(request)
      await policy.assert(request)
    },
  }
}
