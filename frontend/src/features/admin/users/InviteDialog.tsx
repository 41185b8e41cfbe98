import type { Invitation } from '@llmchat/protocol/api/identity-schema'
import { useState } from 'react'
import { NewSecret } from '../../../shared/secret/NewSecret.tsx'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { createInvitation } from '../api/users.ts'
import { Field } from '../ui/Field.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useMomentText } from '../ui/use-moment-text.ts'
import { useAdminText } from '../use-admin-text.ts'

const roles: readonly Invitation['role'][] = ['member', 'admin']

/** An address and a role; then the link, this once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const text = useAdminText()
  const toMomentText = useMomentText()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Invitation['role']>('member')
  const [isChecked, setIsChecked] = useState(false)
  const invite = useAct({ run: createInvitation, done: null })
  const isEmail = /^[^@\s]+@[^@\s]+$/.test(email.trim())
  if (invite.data) {
    const { invitation, url } = invite.data
    return (
      <Dialog isOpen onClose={onClose} title={text('admin.invite.title')} isDismissable={false}>
        <div className="admin-form">
          <NewSecret
            title={`${text('admin.invite.done')} · ${invitation.email}`}
            note={text('admin.users.link.once', { time: toMomentText(invitation.expiresAt) })}
            label={text('admin.users.link.label')}
            secret={url}
            done={text('admin.copy.done')}
            onDone={onClose}
          />
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog isOpen onClose={onClose} title={text('admin.invite.title')}>
      <form
        className="admin-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setIsChecked(true)
          if (isEmail && !invite.isPending) invite.mutate({ email: email.trim(), name: name.trim(), role })
        }}
      >
        <p>{text('admin.invite.text')}</p>
        <Field
          label={text('admin.users.email')}
          error={isChecked && !isEmail ? text('auth.email.invalid') : undefined}
          value={email}
          onChange={setEmail}
          type="email"
          maxLength={254}
          isFirst
        />
        <Field label={text('admin.invite.name')} value={name} onChange={setName} maxLength={120} />
        <fieldset>
          <legend>{text('admin.users.role')}</legend>
          {roles.map((each) => (
            <label key={each} className="admin-check">
              <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
              <span>
                {text(`admin.role.${each}`)}
                <small>{text(`admin.users.role.hint.${each}`)}</small>
              </span>
            </label>
          ))}
          <small>{text('admin.invite.roleHint')}</small>
        </fieldset>
        <FormError error={invite.error} />
        <FormActs act={text('admin.invite.act')} isPending={invite.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
