import type { AdminUser } from '@llmchat/protocol/api/admin-schema'
import type { UserRole } from '@llmchat/protocol/api/user-schema'
import { useState } from 'react'
import { removeSecondFactor, updateUser, userRoles } from '../api/users.ts'
import type { Confirmation } from '../ui/ConfirmDialog.tsx'
import { DrawerSection } from '../ui/Drawer.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { ResetLinkDialog } from './ResetLinkDialog.tsx'

interface RightsSectionProps {
  user: AdminUser
  onConfirm: (confirmation: Confirmation) => void
}

/** Role, state, the way back in. Only for administrators. */
export function RightsSection({ user, onConfirm }: RightsSectionProps) {
  const text = useAdminText()
  const { id: viewerId, mayAdminister } = useViewer()
  const [isResetting, setIsResetting] = useState(false)
  if (!mayAdminister) return null
  const { id, name, isActive } = user
  return (
    <DrawerSection title={text('admin.users.rights')}>
      <RoleForm key={user.role} user={user} onConfirm={onConfirm} />
      <div className="admin-acts">
        {isActive ? (
          <button
            type="button"
            className="btn"
            onClick={() =>
              onConfirm({
                title: text('admin.users.deactivate.title', { name }),
                text: text('admin.users.deactivate.text'),
                act: text('admin.users.deactivate'),
                done: text('admin.users.deactivate.done', { name }),
                run: () => updateUser(id, { isActive: false }),
              })
            }
          >
            {text('admin.users.deactivate')}
          </button>
        ) : (
          <ActivateButton user={user} />
        )}
        {user.source === 'local' ? (
          <button type="button" className="btn" onClick={() => setIsResetting(true)}>
            {text('admin.users.reset')}
          </button>
        ) : null}
        {user.hasSecondFactor && id !== viewerId ? (
          <button
            type="button"
            className="btn"
            onClick={() =>
              onConfirm({
                title: text('admin.users.secondFactor.remove.title', { name }),
                text: text('admin.users.secondFactor.remove.text'),
                act: text('admin.users.secondFactor.remove'),
                done: text('admin.users.secondFactor.remove.done', { name }),
                run: () => removeSecondFactor(id),
              })
            }
          >
            {text('admin.users.secondFactor.remove')}
          </button>
        ) : null}
      </div>
      {isResetting ? <ResetLinkDialog user={user} onClose={() => setIsResetting(false)} /> : null}
    </DrawerSection>
  )
}

function ActivateButton({ user: { id, name } }: { user: AdminUser }) {
  const text = useAdminText()
  const activate = useAct({
    run: () => updateUser(id, { isActive: true }),
    done: text('admin.users.activate.done', { name }),
  })
  return (
    <>
      <button
        type="button"
        className="btn"
        aria-disabled={activate.isPending}
        onClick={() => (activate.isPending ? undefined : activate.mutate())}
      >
        {text('admin.users.activate')}
      </button>
      <FormError error={activate.error} />
    </>
  )
}

function RoleForm({ user, onConfirm }: RightsSectionProps) {
  const text = useAdminText()
  const [role, setRole] = useState<UserRole>(user.role)
  const { id, name } = user
  const next = text(`admin.role.${role}`)
  return (
    <form
      className="admin-form"
      onSubmit={(event) => {
        event.preventDefault()
        onConfirm({
          title: text('admin.users.role.title', { name, role: next }),
          text: text('admin.users.role.text', { before: text(`admin.role.${user.role}`) }),
          act: text('admin.users.role.change', { role: next }),
          done: text('admin.users.role.done', { name, role: next }),
          run: () => updateUser(id, { role }),
          isDanger: false,
        })
      }}
    >
      <fieldset>
        <legend className="sr">{text('admin.users.role')}</legend>
        {userRoles.map((each) => (
          <label key={each} className="admin-check">
            <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
            <span>
              {text(`admin.role.${each}`)}
              <small>{text(`admin.users.role.hint.${each}`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {role === user.role ? null : (
        <footer>
          <button type="submit" className="btn primary">
            {text('admin.users.role.change', { role: next })}
          </button>
        </footer>
      )}
    </form>
  )
}
