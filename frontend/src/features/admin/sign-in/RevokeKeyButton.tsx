import { revokeApiKey } from '../api/sign-in.ts'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { useAdminText } from '../use-admin-text.ts'

interface RevokeKeyButtonProps {
  apiKey: { id: string; name: string }
  owner: { id: string; email: string }
  onConfirm: (confirmation: Confirmation) => void
}

/** Asks first. */
export function RevokeKeyButton({ apiKey: { id, name }, owner, onConfirm }: RevokeKeyButtonProps) {
  const text = useAdminText()
  return (
    <button
      type="button"
      className="btn"
      aria-label={text('admin.keys.revokeNamed', { name })}
      onClick={() =>
        onConfirm({
          title: text('admin.keys.revoke.title', { name }),
          text: text('admin.keys.revoke.text', { owner: owner.email }),
          act: text('admin.keys.revoke'),
          done: text('admin.keys.revoke.done', { name }),
          run: () => revokeApiKey(owner.id, id),
        })
      }
    >
      {text('admin.keys.revoke')}
    </button>
  )
}
