import type { Quota } from '@llmchat/protocol/api/quota-schema'
import { useState } from 'react'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { changeLimits } from '../api/quotas.ts'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { LimitFields, toLimits } from './LimitFields.tsx'
import { toTypedAmount } from './quota-amount.ts'
import { toKind, toKindName, toSubjectName } from './quota-names.ts'

interface EditQuotaDialogProps {
  quota: Quota
  currency: string
  onClose: () => void
}

/** The limits of a quota that is there. */
export function EditQuotaDialog({ quota, currency, onClose }: EditQuotaDialogProps) {
  const text = useAdminText()
  const { id, measure, softLimit, hardLimit } = quota
  const [typed, setTyped] = useState({
    soft: toTypedAmount(measure, softLimit),
    hard: toTypedAmount(measure, hardLimit),
  })
  const [isChecked, setIsChecked] = useState(false)
  const save = useAct({
    run: (limits: NonNullable<ReturnType<typeof toLimits>>) => changeLimits(id, limits),
    done: text('admin.quotas.edit.done'),
    onDone: onClose,
  })
  return (
    <Dialog isOpen onClose={onClose} title={text('admin.quotas.edit.title', { who: toSubjectName(text, quota) })}>
      <form
        className="admin-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setIsChecked(true)
          const limits = toLimits(measure, typed)
          if (limits && !save.isPending) save.mutate(limits)
        }}
      >
        <p>{toKindName(text, toKind(quota), currency)}</p>
        <LimitFields measure={measure} typed={typed} isChecked={isChecked} onChange={setTyped} isFirst />
        <FormError error={save.error} />
        <FormActs act={text('common.save')} isPending={save.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
