import { lazy } from 'react'

/** The messages are drawn by chunks of their own: writing the first one does not wait for them. */
export const LazyThread = lazy(async () => ({ default: (await import('./Thread.tsx')).Thread }))

/** Fetches, side by side, what the first message will be drawn with. A failure shows when it is needed. */
export function preloadThread(): void {
  Promise.all([import('./Thread.tsx'), import('../../../shared/markdown/Markdown.tsx')]).catch(() => undefined)
}
