import type { AdminUser } from '@llmchat/protocol/api/admin-schema'
import { NewSecret } from '../../../shared/secret/NewSecret.tsx'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { createResetLink } from '../api/users.ts'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useMomentText } from '../ui/use-moment-text.ts'
import { useAdminText } from '../use-admin-text.ts'

/** Makes the link only when asked: each one made ends those before it. */
export function ResetLinkDialog({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const text = useAdminText()
  const toMomentText = useMomentText()
  const make = useAct({ run: () => createResetLink(user.id), done: null })
  const title = text('admin.users.reset.title', { name: user.name })
  return (
    <Dialog isOpen onClose={onClose} title={title} isDismissable={make.data === undefined}>
      <div className="admin-form">
        {make.data ? (
          <NewSecret
            title={user.email}
            note={text('admin.users.link.once', { time: toMomentText(make.data.expiresAt) })}
            label={text('admin.users.link.label')}
            secret={make.data.url}
            done={text('admin.copy.done')}
            onDone={onClose}
          />
        ) : (
          <>
            <p>{text('admin.users.reset.text')}</p>
            <FormError error={make.error} />
            <footer>
              <button type="button" className="btn" onClick={onClose}>
                {text('common.cancel')}
              </button>
              <button
                type="button"
                className="btn primary"
                aria-disabled={make.isPending}
                onClick={() => (make.isPending ? undefined : make.mutate())}
              >
                {text('admin.users.reset.act')}
              </button>
            </footer>
          </>
        )}
      </div>
    </Dialog>
  )
}
