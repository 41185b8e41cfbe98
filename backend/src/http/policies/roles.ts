import { alsoInBrowser } from './also-in-browser.ts'
import { requireRole } from './require-role.ts'

/** Which roles do what: the whole of it. */
export const mayAdminister = requireRole('admin')
export const mayMakeLinks = alsoInBrowser(mayAdminister)
export const mayOperate = requireRole('admin', 'operator')
export const mayReadAdminLists = requireRole('admin', 'operator', 'auditor')
export const mayReadAudit = requireRole('admin', 'auditor')
