import { lazy } from 'react'
import { preloadThreadParts } from './lazy-thread-parts.ts'

const importThread = () => import('./Thread.tsx')

/** The messages are drawn by chunks of their own: writing the first one does not wait for them. */
export const LazyThread = lazy(async () => ({ default: (await importThread()).Thread }))

/**
 * Fetches, side by side, what the first message will be drawn with, then what only some ever need, so that it is there
 * when the network is not. A failure shows when it is needed.
 */
export async function preloadThread(): Promise<void> {
  try {
    await Promise.all([importThread(), import('../../../shared/markdown/Markdown.tsx')])
    await preloadThreadParts()
  } catch {
    // Whoever draws it asks again.
  }
}
