import { lazy } from 'react'

const importThread = () => import('./Thread.tsx')
const importEditor = () => import('./QuestionEditor.tsx')
const importFiles = () => import('./MessageFiles.tsx')
const importSteps = () => import('./StepList.tsx')
const importSources = () => import('./Sources.tsx')
const importForm = () => import('./InputRequestForm.tsx')

/** The messages are drawn by chunks of their own: writing the first one does not wait for them. */
export const LazyThread = lazy(async () => ({ default: (await importThread()).Thread }))
export const LazyQuestionEditor = lazy(async () => ({ default: (await importEditor()).QuestionEditor }))
export const LazyMessageFiles = lazy(async () => ({ default: (await importFiles()).MessageFiles }))
export const LazyStepList = lazy(async () => ({ default: (await importSteps()).StepList }))
export const LazySources = lazy(async () => ({ default: (await importSources()).Sources }))
export const LazyInputRequestForm = lazy(async () => ({ default: (await importForm()).InputRequestForm }))

/**
 * Fetches, side by side, what the first message will be drawn with, then what only some ever need, so that it is there
 * when the network is not. A failure shows when it is needed.
 */
export async function preloadThread(): Promise<void> {
  try {
    await Promise.all([importThread(), import('../../../shared/markdown/Markdown.tsx')])
    const later = [importFiles, importEditor, importSteps, importSources, importForm]
    await Promise.all(later.map((load) => load()))
  } catch {
    // Whoever draws it asks again.
  }
}
