import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useText } from '../i18n/use-text.ts'
import { Icon } from './Icon.tsx'
import { IconButton } from './IconButton.tsx'
import { removeToast, toastStore } from './toast-store.ts'
import type { Toast } from './toast-store.ts'
import './toaster.css'

const shownMs = 5000

/**
 * The one live region for toasts, always in the page so that screen readers know it. Own code: the libraries inject
 * `<style>`, which the content security policy forbids, and weigh more than these lines. A manual popover, because only
 * the top layer lies above an open dialog.
 */
export function Toaster() {
  const text = useText()
  const toasts = useStore(toastStore, (state) => state.toasts)
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const region = ref.current
    if (!region || toasts.length === 0) return
    // Shown again for each toast: what entered the top layer last lies on top.
    if (region.matches(':popover-open')) region.hidePopover()
    region.showPopover()
  }, [toasts])
  return (
    <div ref={ref} className="toasts ui-toasts" popover="manual" role="status" aria-label={text('common.toasts')}>
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastItem({ toast }: { toast: Toast }) {
  const text = useText()
  const [isHeld, setIsHeld] = useState(false)
  const { id, kind, action } = toast
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => removeToast(id), shownMs)
    return () => clearTimeout(timer)
  }, [id, isHeld])
  const hold = { onPointerEnter: () => setIsHeld(true), onPointerLeave: () => setIsHeld(false) }
  return (
    <div className={`toast ${kind}`} {...hold} onFocus={() => setIsHeld(true)} onBlur={() => setIsHeld(false)}>
      <Icon name={kind === 'ok' ? 'check' : 'warning'} />
      <p>{toast.text}</p>
      {action ? (
        <button
          type="button"
          className="btn quiet"
          onClick={() => {
            removeToast(id)
            action.onSelect()
          }}
        >
          {action.label}
        </button>
      ) : null}
      <IconButton icon="close" isSmall label={text('common.toast.close')} onClick={() => removeToast(id)} />
    </div>
  )
}
