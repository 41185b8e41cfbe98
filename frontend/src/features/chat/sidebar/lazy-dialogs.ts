import { lazy } from 'react'

export const RenameDialog = lazy(async () => ({ default: (await import('./SessionDialogs.tsx')).RenameDialog }))
export const DeleteDialog = lazy(async () => ({ default: (await import('./SessionDialogs.tsx')).DeleteDialog }))
