import type { AdminUser } from '@llmchat/protocol/api/admin-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { userQuery } from '../api/users.ts'
import { ApiKeyRows } from '../sign-in/ApiKeyRows.tsx'
import { LoginSessionRows } from '../sign-in/LoginSessionRows.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { Drawer } from '../ui/Drawer.tsx'
import { DrawerSkeleton } from '../ui/DrawerSkeleton.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { EraseSection } from './EraseSection.tsx'
import { ProfileSection } from './ProfileSection.tsx'
import { RightsSection } from './RightsSection.tsx'

/** Everything about one person, and what may be done about them. */
export function UserDrawer({ userId, onClose }: { userId: string; onClose: () => void }) {
  const text = useAdminText()
  const { data: user, error, refetch } = useQuery(userQuery(userId))
  return (
    <Drawer title={user?.name ?? text('admin.details')} onClose={onClose}>
      {user ? <UserDetails user={user} /> : null}
      {!user && error ? <LoadFailure error={error} onRetry={() => void refetch()} /> : null}
      {!user && !error ? <DrawerSkeleton /> : null}
    </Drawer>
  )
}

function UserDetails({ user }: { user: AdminUser }) {
  const { mayAdminister } = useViewer()
  const [confirmation, setConfirmation] = useState<Confirmation | null>(null)
  return (
    <>
      <ProfileSection user={user} />
      {user.erasedAt === null ? <RightsSection user={user} onConfirm={setConfirmation} /> : null}
      <LoginSessionRows user={user} onConfirm={setConfirmation} />
      <ApiKeyRows user={user} onConfirm={setConfirmation} />
      {mayAdminister && user.erasedAt === null ? <EraseSection user={user} onConfirm={setConfirmation} /> : null}
      {confirmation ? <ConfirmDialog confirmation={confirmation} onClose={() => setConfirmation(null)} /> : null}
    </>
  )
}
