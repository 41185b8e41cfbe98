import { useId, useLayoutEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useText } from '../i18n/use-text.ts'
import { IconButton } from './IconButton.tsx'

interface DialogProps {
  isOpen: boolean
  /** Asked for by Esc, the close button or a press on the scrim. The owner decides by setting `isOpen`. */
  onClose: () => void
  /** Its name, drawn as its heading unless `hasHeading` is false. */
  title: string
  hasHeading?: boolean
  /** False: only its own buttons end it; no close button, Esc and scrim do nothing. */
  isDismissable?: boolean
  className?: string
  children: ReactNode
}

/**
 * A modal native `<dialog>`: the browser moves the focus in, keeps it there, makes the page behind it inert and gives
 * the focus back. Its content is mounted only while it is open.
 */
export function Dialog(props: DialogProps) {
  return props.isOpen ? <OpenDialog {...props} /> : null
}

function OpenDialog({
  onClose,
  title,
  hasHeading = true,
  isDismissable = true,
  className = '',
  children,
}: DialogProps) {
  const text = useText()
  const headingId = useId()
  const ref = useRef<HTMLDialogElement>(null)
  // Not useEffect: its end comes when the element has left the page, too late to give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // The browser takes the first control it finds; React's autoFocus came too early for it.
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    // Removing an open dialog would lose the focus; closing it first gives it back.
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className={`dialog ${className}`}
      {...(hasHeading ? { 'aria-labelledby': headingId } : { 'aria-label': title })}
      closedby={isDismissable ? 'closerequest' : 'none'}
      onCancel={(event) => {
        // Events of dialogs inside this one bubble through React's tree.
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        if (isDismissable) onClose()
      }}
      onClose={(event) => {
        // The event comes late: React's strict mode has opened the dialog again by then.
        if (event.target !== event.currentTarget || event.currentTarget.open) return
        // A browser lets nobody prevent a second Esc; what must stay is shown again.
        if (isDismissable) onClose()
        else event.currentTarget.showModal()
      }}
      onPointerDown={(event) => {
        if (isDismissable && event.target === event.currentTarget && isOnScrim(event)) onClose()
      }}
    >
      {hasHeading ? (
        <header>
          <h2 id={headingId}>{title}</h2>
          {isDismissable ? <IconButton icon="close" label={text('common.close')} onClick={onClose} /> : null}
        </header>
      ) : null}
      {children}
    </dialog>
  )
}

/** The scrim is drawn by the dialog itself, so a press on it has the dialog as its target but lies outside its box. */
function isOnScrim({ currentTarget, clientX, clientY }: React.PointerEvent<HTMLDialogElement>): boolean {
  const box = currentTarget.getBoundingClientRect()
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom
}
