import { Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { enAdminCatalogue } from '../../shared/i18n/catalogue/en-admin-catalogue.ts'
import { zhAdminCatalogue } from '../../shared/i18n/catalogue/zh-admin-catalogue.ts'
import { useMoreTexts } from '../../shared/i18n/use-more-texts.ts'
import { adminPages } from './admin-pages.ts'
import { AdminFrame } from './frame/AdminFrame.tsx'
import { ForbiddenArea, ForbiddenPage, UnknownPage } from './frame/PageRefusals.tsx'
import { PageSkeleton } from './frame/PageSkeleton.tsx'
import { useViewer } from './use-viewer.ts'

/** Everything under `/admin`. Its texts are loaded here, in both languages, so that switching cannot blank a form. */
export default function AdminPage() {
  return useMoreTexts(zhAdminCatalogue, enAdminCatalogue) ? <AdminArea /> : null
}

function AdminArea() {
  const { role } = useViewer()
  const open = adminPages.filter(({ roles }) => roles.includes(role))
  const [first] = open
  if (first === undefined) return <ForbiddenArea />
  return (
    <AdminFrame pages={open}>
      <Suspense fallback={<PageSkeleton />}>
        <Switch>
          <Route path="/admin">
            <Redirect to={`/admin/${first.path}`} replace />
          </Route>
          {adminPages.map(({ path, Page, roles }) => (
            <Route key={path} path={`/admin/${path}`}>
              {roles.includes(role) ? <Page /> : <ForbiddenPage roles={roles} />}
            </Route>
          ))}
          <Route>
            <UnknownPage />
          </Route>
        </Switch>
      </Suspense>
    </AdminFrame>
  )
}
