import type { AdminUser } from '@llmchat/protocol/api/admin-schema'
import { eraseUser, updateUser } from '../api/users.ts'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { DrawerSection } from '../ui/Drawer.tsx'
import { useAdminText } from '../use-admin-text.ts'

interface EraseSectionProps {
  user: AdminUser
  onConfirm: (confirmation: Confirmation) => void
}

/** The legal hold, and the one thing that cannot be undone. */
export function EraseSection({ user, onConfirm }: EraseSectionProps) {
  const text = useAdminText()
  const { id, name, email, isOnLegalHold } = user
  const hold = isOnLegalHold ? 'holdLift' : 'holdSet'
  return (
    <DrawerSection title={text('admin.users.danger')}>
      <div className="admin-acts">
        <button
          type="button"
          className="btn"
          onClick={() =>
            onConfirm({
              title: text(`admin.users.${hold}.title`, { name }),
              text: text(`admin.users.${hold}.text`),
              act: text(`admin.users.${hold}`),
              done: text(`admin.users.${hold}.done`, { name }),
              run: () => updateUser(id, { isOnLegalHold: !isOnLegalHold }),
              isDanger: isOnLegalHold,
            })
          }
        >
          {text(`admin.users.${hold}`)}
        </button>
        <button
          type="button"
          className="btn"
          disabled={isOnLegalHold}
          onClick={() =>
            onConfirm({
              title: text('admin.users.erase.title', { name }),
              text: text('admin.users.erase.text'),
              act: text('admin.users.erase'),
              done: text('admin.users.erase.done', { name }),
              run: () => eraseUser(id),
              typed: { label: text('admin.users.erase.type', { email }), value: email },
            })
          }
        >
          {text('admin.users.erase')}
        </button>
      </div>
      {isOnLegalHold ? <p>{text('admin.users.erase.held')}</p> : null}
    </DrawerSection>
  )
}
