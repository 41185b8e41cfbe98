import { endLoginSession } from '../api/sign-in.ts'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { useMomentText } from '../ui/use-moment-text.ts'
import { useAdminText } from '../use-admin-text.ts'

interface EndLoginButtonProps {
  loginSession: { id: string; createdAt: string }
  owner: { id: string; name: string }
  onConfirm: (confirmation: Confirmation) => void
}

/** Asks first. */
export function EndLoginButton({ loginSession, owner: { id, name }, onConfirm }: EndLoginButtonProps) {
  const text = useAdminText()
  const toMomentText = useMomentText()
  const time = toMomentText(loginSession.createdAt)
  return (
    <button
      type="button"
      className="btn"
      aria-label={text('admin.logins.endNamed', { name, time })}
      onClick={() =>
        onConfirm({
          title: text('admin.logins.end.title', { name }),
          text: text('admin.logins.end.text', { time }),
          act: text('admin.logins.end'),
          done: text('admin.logins.end.done', { name }),
          run: () => endLoginSession(id, loginSession.id),
        })
      }
    >
      {text('admin.logins.end')}
    </button>
  )
}
