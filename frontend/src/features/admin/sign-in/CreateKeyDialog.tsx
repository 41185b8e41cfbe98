import type { ApiKeyScope } from '@llmchat/protocol/api/user-schema'
import { useState } from 'react'
import { createApiKey } from '../../../shared/api/auth.ts'
import { NewSecret } from '../../../shared/secret/NewSecret.tsx'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { emptyKeyForm, findKeyProblems, toKeyRequest } from './key-form.ts'

const scopes: readonly ApiKeyScope[] = ['chat', 'read', 'admin', 'scim']

/** A key of one's own with all it can have; then its secret, this once. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const text = useAdminText()
  const create = useAct({ run: createApiKey, done: null })
  return (
    <Dialog isOpen onClose={onClose} title={text('admin.keys.create.title')} isDismissable={create.data === undefined}>
      {create.data ? (
        <div className="admin-form">
          <NewSecret
            title={`${text('admin.keys.made')} · ${create.data.apiKey.name}`}
            note={text('admin.keys.once')}
            label={text('admin.keys.secret')}
            secret={create.data.secret}
            done={text('admin.copy.done')}
            onDone={onClose}
          />
        </div>
      ) : (
        <KeyFields create={create} onClose={onClose} />
      )}
    </Dialog>
  )
}

interface KeyFieldsProps {
  create: { mutate: (request: ReturnType<typeof toKeyRequest>) => void; error: unknown; isPending: boolean }
  onClose: () => void
}

function KeyFields({ create, onClose }: KeyFieldsProps) {
  const text = useAdminText()
  const [form, setForm] = useState(emptyKeyForm)
  const [checkedMs, setCheckedMs] = useState<number | null>(null)
  const problems = checkedMs === null ? {} : findKeyProblems(form, checkedMs)
  return (
    <form
      className="admin-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const nowMs = Date.now()
        setCheckedMs(nowMs)
        const isRight = Object.keys(findKeyProblems(form, nowMs)).length === 0
        if (isRight && !create.isPending) create.mutate(toKeyRequest(form))
      }}
    >
      <p>{text('admin.keys.create.text')}</p>
      <Field
        label={text('admin.keys.name')}
        value={form.name}
        onChange={(name) => setForm({ ...form, name })}
        maxLength={120}
        error={problems.name ? text('admin.required') : undefined}
        isFirst
      />
      <fieldset aria-describedby={problems.scopes ? 'admin-key-scopes' : undefined}>
        <legend>{text('admin.keys.scopes')}</legend>
        {scopes.map((scope) => (
          <label key={scope} className="admin-check">
            <input
              type="checkbox"
              checked={form.scopes.includes(scope)}
              onChange={(event) =>
                setForm({
                  ...form,
                  scopes: scopes.filter((each) => (each === scope ? event.target.checked : form.scopes.includes(each))),
                })
              }
            />
            <span>
              {text(`admin.keys.scope.${scope}`)}
              <small>{text(`admin.keys.scope.hint.${scope}`)}</small>
            </span>
          </label>
        ))}
        {problems.scopes ? (
          <p id="admin-key-scopes" className="admin-problem">
            {text('admin.keys.scopes.none')}
          </p>
        ) : null}
      </fieldset>
      <div className="two">
        <Field
          label={text('admin.keys.expires')}
          type="datetime-local"
          value={form.expiresAt}
          onChange={(expiresAt) => setForm({ ...form, expiresAt })}
          hint={text('admin.keys.expires.hint')}
          error={problems.expiresAt ? text('admin.keys.expires.past') : undefined}
        />
        <Field
          label={text('admin.keys.rate')}
          value={form.rateLimit}
          onChange={(rateLimit) => setForm({ ...form, rateLimit })}
          maxLength={8}
          hint={text('admin.keys.rate.hint')}
          error={problems.rateLimit ? text('admin.keys.rate.invalid') : undefined}
        />
      </div>
      <FormError error={create.error} />
      <FormActs act={text('admin.keys.create.act')} isPending={create.isPending} onCancel={onClose} />
    </form>
  )
}
