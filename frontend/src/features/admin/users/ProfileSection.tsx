import type { AdminUser } from '@llmchat/protocol/api/admin-schema'
import { useState } from 'react'
import { updateUser } from '../api/users.ts'
import { DrawerSection, Facts } from '../ui/Drawer.tsx'
import { Field } from '../ui/Field.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { useViewer } from '../use-viewer.ts'
import { UserState } from './UserParts.tsx'

/** Who it is; an administrator may correct the name. */
export function ProfileSection({ user }: { user: AdminUser }) {
  const text = useAdminText()
  const { mayAdminister } = useViewer()
  const [isRenaming, setIsRenaming] = useState(false)
  const mayRename = mayAdminister && user.erasedAt === null && !isRenaming
  const action = mayRename ? (
    <button type="button" className="btn" onClick={() => setIsRenaming(true)}>
      {text('admin.users.rename')}
    </button>
  ) : null
  return (
    <DrawerSection title={text('admin.users.profile')} action={action}>
      {isRenaming ? <RenameForm user={user} onClose={() => setIsRenaming(false)} /> : null}
      <Facts
        facts={[
          [text('admin.users.email'), user.email],
          [text('admin.users.role'), text(`admin.role.${user.role}`)],
          [text('admin.users.state'), <UserState key="state" user={user} />],
          [
            text('admin.users.groups'),
            user.groups.length === 0
              ? text('admin.none')
              : user.groups.map(({ id, name }) => (
                  <span key={id} className="badge">
                    {name}
                  </span>
                )),
          ],
          [text('admin.users.source'), text(`admin.users.source.${user.source}`)],
          [
            text('admin.users.secondFactor'),
            text(user.hasSecondFactor ? 'admin.users.secondFactor.on' : 'admin.users.secondFactor.off'),
          ],
          [text('admin.users.lastSeen'), <Moment key="seen" iso={user.lastSeenAt} none={text('admin.never')} />],
          [text('admin.users.created'), <Moment key="created" iso={user.createdAt} />],
          [text('admin.users.id'), <code key="id">{user.id}</code>],
        ]}
      />
    </DrawerSection>
  )
}

function RenameForm({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const text = useAdminText()
  const [name, setName] = useState(user.name)
  const rename = useAct({
    run: (next: string) => updateUser(user.id, { name: next }),
    done: text('admin.users.renamed'),
    onDone: onClose,
  })
  const trimmed = name.trim()
  return (
    <form
      className="admin-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (trimmed !== '' && !rename.isPending) rename.mutate(trimmed)
      }}
    >
      <Field
        label={text('admin.users.name')}
        value={name}
        onChange={setName}
        maxLength={120}
        error={trimmed === '' ? text('admin.required') : undefined}
      />
      <FormError error={rename.error} />
      <FormActs act={text('common.save')} isPending={rename.isPending} onCancel={onClose} />
    </form>
  )
}
