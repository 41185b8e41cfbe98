import { authExpiry } from '../../../shared/api/auth-expiry.ts'

/** Tells waiting work that trying again at once makes sense. */
export interface BrowserWake {
  listen: (wake: () => void) => () => void
  /** A person asked for it. */
  fire: () => void
  close: () => void
}

/** The network is back, the tab is looked at again, the person has signed in again. */
export function openBrowserWake(): BrowserWake {
  const listeners = new Set<() => void>()
  const fire = () => {
    for (const listener of [...listeners]) listener()
  }
  const onVisible = () => {
    if (document.visibilityState === 'visible') fire()
  }
  const stopAuth = authExpiry.subscribe((state, before) => {
    if (before.isExpired && !state.isExpired) fire()
  })
  window.addEventListener('online', fire)
  document.addEventListener('visibilitychange', onVisible)
  return {
    listen(wake) {
      listeners.add(wake)
      return () => listeners.delete(wake)
    },
    fire,
    close() {
      stopAuth()
      window.removeEventListener('online', fire)
      document.removeEventListener('visibilitychange', onVisible)
      listeners.clear()
    },
  }
}
