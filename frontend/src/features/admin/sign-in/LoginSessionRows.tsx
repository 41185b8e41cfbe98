import type { AdminUser, LoginSessionSummary } from '@llmchat/protocol/api/admin-schema'
import { useQuery } from '@tanstack/react-query'
import { loginSessionsOfQuery, signOutEverywhere } from '../api/sign-in.ts'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { DrawerSection } from '../ui/Drawer.tsx'
import { LoadFailure } from '../ui/LoadFailure.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { EndLoginButton } from './EndLoginButton.tsx'

interface LoginSessionRowsProps {
  user: AdminUser
  onConfirm: (confirmation: Confirmation) => void
}

/** Where one person is signed in. */
export function LoginSessionRows({ user, onConfirm }: LoginSessionRowsProps) {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  const { data, error, refetch } = useQuery(loginSessionsOfQuery(user.id))
  const { id, name } = user
  const action =
    mayOperate && data !== undefined && data.length > 0 ? (
      <button
        type="button"
        className="btn"
        onClick={() =>
          onConfirm({
            title: text('admin.users.signOut.title', { name }),
            text: text('admin.users.signOut.text'),
            act: text('admin.users.signOut'),
            done: text('admin.users.signOut.done', { name }),
            run: () => signOutEverywhere(id),
          })
        }
      >
        {text('admin.users.signOut')}
      </button>
    ) : null
  return (
    <DrawerSection title={text('admin.page.loginSessions')} action={action}>
      {error === null ? null : <LoadFailure error={error} onRetry={() => void refetch()} isSmall />}
      {data?.length === 0 ? <p>{text('admin.logins.none')}</p> : null}
      <ul className="admin-rows" aria-busy={data === undefined}>
        {data?.map((session) => (
          <LoginSessionRow key={session.id} user={user} session={session} onConfirm={onConfirm} />
        ))}
      </ul>
    </DrawerSection>
  )
}

function LoginSessionRow({ user, session, onConfirm }: LoginSessionRowsProps & { session: LoginSessionSummary }) {
  const text = useAdminText()
  const { mayOperate } = useViewer()
  return (
    <li>
      <span>
        {text('admin.logins.created')} <Moment iso={session.createdAt} />
        <small>
          {text('admin.logins.seen')} <Moment iso={session.lastSeenAt} /> · {text('admin.logins.expires')}{' '}
          <Moment iso={session.expiresAt} />
        </small>
      </span>
      {mayOperate ? <EndLoginButton loginSession={session} owner={user} onConfirm={onConfirm} /> : null}
    </li>
  )
}
