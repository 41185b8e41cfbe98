import type { AdminUser } from '@llmchat/protocol/api/admin-schema'
import { StepLink } from '../ui/StepLink.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'

/** Opens a person's details. */
export function UserLink({ user }: { user: AdminUser }) {
  const text = useAdminText()
  const { id } = useViewer()
  return (
    <>
      <StepLink changes={{ user: user.id }}>{user.email}</StepLink>
      {user.id === id ? (
        <>
          {' '}
          <span className="badge">{text('admin.users.you')}</span>
        </>
      ) : null}
    </>
  )
}

/** Active, inactive or erased, and whether a legal hold is on. */
export function UserState({ user }: { user: AdminUser }) {
  const text = useAdminText()
  const state = user.erasedAt !== null ? 'erased' : user.isActive ? 'active' : 'inactive'
  return (
    <>
      <span className="admin-state">
        <i className={state === 'active' ? 'dot' : 'dot none'} aria-hidden="true" />
        {text(`admin.users.state.${state}`)}
      </span>
      {user.isOnLegalHold ? (
        <>
          {' '}
          <span className="badge warn">{text('admin.users.hold')}</span>
        </>
      ) : null}
    </>
  )
}
