import { lazy } from 'react'
import type { QuestionEditor } from './QuestionEditor.tsx'

const importCutRow = () => import('./CutRow.tsx')
const importEditor = () => import('./QuestionEditor.tsx')
const importFiles = () => import('./MessageFiles.tsx')
const importForm = () => import('./InputRequestForm.tsx')
const importSources = () => import('./Sources.tsx')
const importSteps = () => import('./StepList.tsx')

/** Parts of messages that the first answer most often does not have. */
export const LazyCutRow = lazy(async () => ({ default: (await importCutRow()).CutRow }))
export const LazyMessageFiles = lazy(async () => ({ default: (await importFiles()).MessageFiles }))
export const LazyInputRequestForm = lazy(async () => ({ default: (await importForm()).InputRequestForm }))
export const LazySources = lazy(async () => ({ default: (await importSources()).Sources }))
export const LazyStepList = lazy(async () => ({ default: (await importSteps()).StepList }))

interface EditorModule {
  default: typeof QuestionEditor
}

let editor: EditorModule | null = null

async function fetchEditor(): Promise<EditorModule> {
  editor = { default: (await importEditor()).QuestionEditor }
  return editor
}

/** Tells at once what a promise tells a moment later. */
function toThenable(ready: EditorModule): PromiseLike<EditorModule> {
  return {
    then(resolve) {
      resolve?.(ready)
      return this as never
    },
  }
}

/** Once it is fetched it is there in the same moment: keys that are pressed right after the edit began are meant for it. */
export const LazyQuestionEditor = lazy(() => (editor ? (toThenable(editor) as Promise<EditorModule>) : fetchEditor()))

/** Fetches them all. Fails when one cannot be had. */
export async function preloadThreadParts(): Promise<void> {
  const parts = [importCutRow, fetchEditor, importFiles, importForm, importSources, importSteps]
  await Promise.all(parts.map((load) => load()))
}
