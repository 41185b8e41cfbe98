import { lazy } from 'react'

const importCutRow = () => import('./CutRow.tsx')
const importEditor = () => import('./QuestionEditor.tsx')
const importFiles = () => import('./MessageFiles.tsx')
const importForm = () => import('./InputRequestForm.tsx')
const importSources = () => import('./Sources.tsx')
const importSteps = () => import('./StepList.tsx')

/** Parts of messages that the first answer most often does not have. */
export const LazyCutRow = lazy(async () => ({ default: (await importCutRow()).CutRow }))
export const LazyQuestionEditor = lazy(async () => ({ default: (await importEditor()).QuestionEditor }))
export const LazyMessageFiles = lazy(async () => ({ default: (await importFiles()).MessageFiles }))
export const LazyInputRequestForm = lazy(async () => ({ default: (await importForm()).InputRequestForm }))
export const LazySources = lazy(async () => ({ default: (await importSources()).Sources }))
export const LazyStepList = lazy(async () => ({ default: (await importSteps()).StepList }))

/** Fetches them all. Fails when one cannot be had. */
export async function preloadThreadParts(): Promise<void> {
  const parts = [importCutRow, importEditor, importFiles, importForm, importSources, importSteps]
  await Promise.all(parts.map((load) => load()))
}
