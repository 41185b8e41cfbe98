import { lazy } from 'react'

const importList = () => import('./AttachmentList.tsx')
const importDialog = () => import('./ImageDialog.tsx')
const importDropZone = () => import('./FileDropZone.tsx')

/** Nobody who only types waits for these. */
export const LazyAttachmentList = lazy(async () => ({ default: (await importList()).AttachmentList }))
export const LazyImageDialog = lazy(async () => ({ default: (await importDialog()).ImageDialog }))
export const LazyFileDropZone = lazy(async () => ({ default: (await importDropZone()).FileDropZone }))

/** Fetches all that files are added and shown with. Fails when it cannot be had. */
export async function preloadAttachments(): Promise<void> {
  await Promise.all([importList(), importDialog()])
}
