import { useLingui } from '@lingui/react'
import { Suspense, useEffect, useSyncExternalStore } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { enAdminCatalogue } from '../../shared/i18n/catalogue/en-admin-catalogue.ts'
import { zhAdminCatalogue } from '../../shared/i18n/catalogue/zh-admin-catalogue.ts'
import { compileCatalogue } from '../../shared/i18n/compile-message.ts'
import { adminPages } from './admin-pages.ts'
import { AdminFrame } from './frame/AdminFrame.tsx'
import { ForbiddenArea, ForbiddenPage, UnknownPage } from './frame/PageRefusals.tsx'
import { PageSkeleton } from './frame/PageSkeleton.tsx'
import { useViewer } from './use-viewer.ts'

/** Everything under `/admin`. Its texts are loaded here, in both languages, so that switching cannot blank a form. */
export default function AdminPage() {
  const { i18n } = useLingui()
  const isReady = useSyncExternalStore(
    (onChange) => i18n.on('change', onChange),
    () => Object.hasOwn(i18n.messages, 'admin.title'),
  )
  useEffect(() => {
    i18n.load({ zh: compileCatalogue(zhAdminCatalogue), en: compileCatalogue(enAdminCatalogue) })
  }, [i18n])
  return isReady ? <AdminArea /> : null
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
