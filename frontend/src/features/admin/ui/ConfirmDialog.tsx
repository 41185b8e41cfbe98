import { useId, useState } from 'react'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { FormError } from './FormError.tsx'
import { useAct } from './use-act.ts'

export interface Confirmation {
  /** Names the act and its object. */
  title: string
  /** What becomes of things. */
  text: string
  /** The verb on the button. */
  act: string
  /** Said when it is done. */
  done: string
  run: () => Promise<unknown>
  isDanger?: boolean
  /** For what cannot be undone: this has to be typed. */
  typed?: { label: string; value: string }
}

interface ConfirmDialogProps {
  confirmation: Confirmation
  onClose: () => void
  onDone?: () => void
}

/** Asks once more, on top of everything; stays with its reason when the server refuses. */
export function ConfirmDialog({ confirmation, onClose, onDone }: ConfirmDialogProps) {
  const { title, act, done, run, isDanger = true, typed } = confirmation
  const text = useAdminText()
  const id = useId()
  const [value, setValue] = useState('')
  const mutation = useAct({
    run,
    done,
    onDone: () => {
      onClose()
      onDone?.()
    },
  })
  const isReady = typed === undefined || value.trim() === typed.value
  return (
    <Dialog isOpen onClose={onClose} title={title}>
      <form
        className="admin-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady && !mutation.isPending) mutation.mutate()
        }}
      >
        <p>{confirmation.text}</p>
        {typed ? (
          <div className="field">
            <span>
              <label htmlFor={id}>{typed.label}</label>
            </span>
            <input
              id={id}
              className="input"
              autoComplete="off"
              value={value}
              onChange={(event) => setValue(event.target.value)}
              data-autofocus
            />
          </div>
        ) : null}
        <FormError error={mutation.error} />
        <footer>
          <button type="button" className="btn" onClick={onClose} {...(typed ? {} : { 'data-autofocus': true })}>
            {text('common.cancel')}
          </button>
          <button
            type="submit"
            className={isDanger ? 'btn danger' : 'btn primary'}
            disabled={!isReady}
            aria-disabled={mutation.isPending}
          >
            {act}
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
