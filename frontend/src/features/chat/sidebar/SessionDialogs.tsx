import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { useId } from 'react'
import type { SubmitEvent } from 'react'
import { useText } from '../../../shared/i18n/use-text.ts'
import { Dialog } from '../../../shared/ui/Dialog.tsx'

interface SessionDialogProps {
  session: ChatSession
  onClose: () => void
}

export function RenameDialog({
  session,
  onClose,
  onRename,
}: SessionDialogProps & { onRename: (title: string) => void }) {
  const text = useText()
  const formId = useId()
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const title = new FormData(event.currentTarget).get('title')
    onClose()
    if (typeof title === 'string' && title.trim() !== '' && title.trim() !== session.title) onRename(title.trim())
  }
  return (
    <Dialog isOpen onClose={onClose} title={text('chat.rename.title')} className="chat-dialog">
      <form id={formId} onSubmit={submit}>
        <label className="field">
          <span>{text('chat.rename.label')}</span>
          <input
            className="input"
            name="title"
            defaultValue={session.title}
            maxLength={200}
            autoComplete="off"
            autoFocus
            onFocus={(event) => event.currentTarget.select()}
          />
        </label>
      </form>
      <footer>
        <button type="button" className="btn" onClick={onClose}>
          {text('common.cancel')}
        </button>
        <button type="submit" form={formId} className="btn primary">
          {text('chat.menu.rename')}
        </button>
      </footer>
    </Dialog>
  )
}

export function DeleteDialog({ session, onClose, onDelete }: SessionDialogProps & { onDelete: () => void }) {
  const text = useText()
  return (
    <Dialog isOpen onClose={onClose} title={text('chat.delete.title')} className="chat-dialog">
      <p>{text('chat.delete.text', { title: session.title })}</p>
      <footer>
        <button type="button" className="btn" onClick={onClose} autoFocus>
          {text('common.cancel')}
        </button>
        <button
          type="button"
          className="btn danger"
          onClick={() => {
            onClose()
            onDelete()
          }}
        >
          {text('chat.menu.delete')}
        </button>
      </footer>
    </Dialog>
  )
}
