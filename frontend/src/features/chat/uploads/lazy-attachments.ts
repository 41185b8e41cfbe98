import { lazy } from 'react'

/** Drawn with the first file; nobody who only types waits for it. */
export const LazyAttachmentList = lazy(async () => ({
  default: (await import('./AttachmentList.tsx')).AttachmentList,
}))
export const LazyImageDialog = lazy(async () => ({ default: (await import('./ImageDialog.tsx')).ImageDialog }))
