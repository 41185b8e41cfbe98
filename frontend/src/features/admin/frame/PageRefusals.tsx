import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { Link } from 'wouter'
import { Say } from '../../../shared/ui/Say.tsx'
import { adminPages } from '../admin-pages.ts'
import { useAdminText } from '../use-admin-text.ts'
import { toRoleNames } from '../to-role-names.ts'
import { useViewer } from '../use-viewer.ts'
import './admin-frame.css'

/** In place of a page that is for other roles. */
export function ForbiddenPage({ roles }: { roles: readonly UserRole[] }) {
  const text = useAdminText()
  const { role } = useViewer()
  return (
    <div className="admin-center">
      <Say icon="shield" kind="warn" title={text('admin.forbidden.title')} headingLevel={1}>
        <p>{text('admin.forbidden.text', { roles: toRoleNames(text, roles), role: text(`admin.role.${role}`) })}</p>
        <code>forbidden</code>
      </Say>
    </div>
  )
}

/** For whoever may see no page at all. */
export function ForbiddenArea() {
  const text = useAdminText()
  const { role } = useViewer()
  const roles = [...new Set(adminPages.flatMap((page) => page.roles))]
  return (
    <main className="admin-center">
      <Say icon="shield" kind="warn" title={text('admin.forbidden.title')} headingLevel={1}>
        <p>{text('admin.forbidden.any', { roles: toRoleNames(text, roles), role: text(`admin.role.${role}`) })}</p>
        <code>forbidden</code>
        <div className="do">
          <Link href="/" className="btn primary">
            {text('admin.back')}
          </Link>
        </div>
      </Say>
    </main>
  )
}

export function UnknownPage() {
  const text = useAdminText()
  return (
    <div className="admin-center">
      <Say icon="search" title={text('admin.notFound.title')} headingLevel={1}>
        <p>{text('admin.notFound.text')}</p>
      </Say>
    </div>
  )
}
