import type { Group } from '@llmchat/protocol/api/admin-schema'
import { useState } from 'react'
import { Field } from '../ui/Field.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'

interface GroupFormProps {
  /** Null: a new one. */
  group: Group | null
  /** The verb on the button. */
  act: string
  run: (values: { name: string; description: string }) => Promise<Group>
  toDone: (name: string) => string
  onClose: () => void
}

/** Name and description. */
export function GroupForm({ group, act, run, toDone, onClose }: GroupFormProps) {
  const text = useAdminText()
  const [name, setName] = useState(group?.name ?? '')
  const [description, setDescription] = useState(group?.description ?? '')
  const [isChecked, setIsChecked] = useState(false)
  const trimmed = name.trim()
  const save = useAct({ run, done: toDone(trimmed), onDone: onClose })
  return (
    <form
      className="admin-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setIsChecked(true)
        if (trimmed !== '' && !save.isPending) save.mutate({ name: trimmed, description: description.trim() })
      }}
    >
      <Field
        label={text('admin.groups.name')}
        value={name}
        onChange={setName}
        maxLength={120}
        error={isChecked && trimmed === '' ? text('admin.required') : undefined}
        isFirst
      />
      <Field
        label={text('admin.groups.description')}
        value={description}
        onChange={setDescription}
        maxLength={500}
        lines={3}
      />
      <FormError error={save.error} />
      <FormActs act={act} isPending={save.isPending} onCancel={onClose} />
    </form>
  )
}
