import type { Instance } from '@llmchat/protocol/api/instance-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Say } from '../../../shared/ui/Say.tsx'
import { instancesQuery, setDraining } from '../api/instances.ts'
import { PageHead } from '../frame/PageHead.tsx'
import { toRoleNames } from '../to-role-names.ts'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { DrawerSkeleton } from '../ui/DrawerSkeleton.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { HealthCard } from './HealthCard.tsx'
import { InstanceArticle } from './InstanceArticle.tsx'
import './instances.css'

/** The processes that serve, and how the one that answers is. */
export default function InstancesPage() {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  return (
    <>
      <PageHead
        title={text('admin.page.instances')}
        note={
          mayOperate
            ? text('admin.instances.note')
            : text('admin.readOnly', { roles: toRoleNames(text, ['admin', 'operator']) })
        }
      />
      <div className="admin-body">
        <InstancesCard />
        {mayOperate ? <HealthCard /> : null}
      </div>
    </>
  )
}

function InstancesCard() {
  const text = useAdminText()
  const { data, error, refetch } = useQuery(instancesQuery)
  const [asked, setAsked] = useState<Instance | null>(null)
  const running = data?.filter(({ state }) => state === 'running').length ?? 0
  return (
    <section className="card" aria-label={text('admin.instances.list')} aria-busy={data === undefined}>
      <header>
        <h2>{text('admin.instances.list')}</h2>
        <span className="count num" role="status">
          {data ? text('admin.instances.count', { count: data.length }) : ''}
        </span>
      </header>
      {error === null ? null : (
        <LoadFailure error={error} onRetry={() => void refetch()} isSmall={data !== undefined} />
      )}
      {data === undefined && error === null ? (
        <div className="admin-instance">
          <DrawerSkeleton />
        </div>
      ) : null}
      {data?.length === 0 ? (
        <Say icon="info" title={text('admin.instances.none')}>
          <p>{text('admin.instances.none.text')}</p>
        </Say>
      ) : null}
      {data?.map((instance) => (
        <InstanceArticle
          key={instance.id}
          instance={instance}
          isOnly={running === 1}
          onDrain={() => setAsked(instance)}
        />
      ))}
      {asked ? (
        <ConfirmDialog
          confirmation={{
            title: text('admin.instances.drain.title', { id: asked.id }),
            text: text('admin.instances.drain.text'),
            act: text('admin.instances.drain'),
            done: text('admin.instances.drain.done', { id: asked.id }),
            run: () => setDraining(asked.id, true),
          }}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </section>
  )
}
