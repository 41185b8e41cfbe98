import { createStore } from 'zustand/vanilla'

/**
 * Whether the server has refused this document's login. The page stays as it is, with all that was typed, and `App`
 * lays the login dialog over it. One per document, like the cookie it speaks of.
 */
export const authExpiry = createStore<{ isExpired: boolean }>(() => ({ isExpired: false }))

/** To be called on every 401 of an endpoint that needs a login. */
export function reportAuthExpired(): void {
  authExpiry.setState({ isExpired: true })
}

/** To be called after a login: whoever waits for it may send again. */
export function reportSignedIn(): void {
  authExpiry.setState({ isExpired: false })
}
