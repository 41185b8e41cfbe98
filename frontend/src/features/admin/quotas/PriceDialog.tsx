import type { AdminAgent } from '@llmchat/protocol/api/admin-schema'
import type { AgentPrice } from '@llmchat/protocol/api/quota-schema'
import { useState } from 'react'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { setPrice } from '../api/quotas.ts'
import { Field } from '../ui/Field.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { parseAmount, toTypedAmount } from './quota-amount.ts'

interface PriceDialogProps {
  agent: AdminAgent
  price: AgentPrice | null
  onClose: () => void
}

/** What a million tokens of one agent cost. */
export function PriceDialog({ agent, price, onClose }: PriceDialogProps) {
  const text = useAdminText()
  const { id, name } = agent
  const [input, setInput] = useState(toTypedAmount('money', price?.inputMicros ?? null))
  const [output, setOutput] = useState(toTypedAmount('money', price?.outputMicros ?? null))
  const [isChecked, setIsChecked] = useState(false)
  const save = useAct({
    run: (next: AgentPrice | null) => setPrice(id, next),
    done: text('admin.prices.edit.done', { name }),
    onDone: onClose,
  })
  const isFree = input.trim() === '' && output.trim() === ''
  const inputMicros = parseAmount('money', input)
  const outputMicros = parseAmount('money', output)
  const toError = (amount: number | null) =>
    isChecked && !isFree && amount === null ? text('admin.quotas.money.invalid') : undefined
  const submit = () => {
    setIsChecked(true)
    if (save.isPending) return
    if (isFree) save.mutate(null)
    else if (inputMicros !== null && outputMicros !== null) save.mutate({ inputMicros, outputMicros })
  }
  return (
    <Dialog isOpen onClose={onClose} title={text('admin.prices.edit.title', { name })}>
      <form
        className="admin-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <p>{text('admin.prices.edit.hint')}</p>
        <div className="two">
          <Field
            label={text('admin.prices.input')}
            value={input}
            onChange={setInput}
            maxLength={20}
            error={toError(inputMicros)}
            isFirst
          />
          <Field
            label={text('admin.prices.output')}
            value={output}
            onChange={setOutput}
            maxLength={20}
            error={toError(outputMicros)}
          />
        </div>
        <FormError error={save.error} />
        <FormActs act={text('common.save')} isPending={save.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
