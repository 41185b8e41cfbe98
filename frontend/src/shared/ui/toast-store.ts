import { createStore } from 'zustand/vanilla'

export interface Toast {
  id: number
  kind: 'ok' | 'warn' | 'bad'
  text: string
  action?: { label: string; onSelect: () => void } | undefined
}

interface ToastState {
  toasts: readonly Toast[]
  nextId: number
}

/** More than this many at once are not read; the oldest goes. */
const maxToasts = 3

/** What `Toaster` shows. One per document, so that a store outside React can speak too. */
export const toastStore = createStore<ToastState>(() => ({ toasts: [], nextId: 1 }))

/** Shows a short message at the top right. It never takes the focus and leaves by itself. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  toastStore.setState(({ toasts, nextId }) => ({
    toasts: [...toasts, { ...toast, id: nextId }].slice(-maxToasts),
    nextId: nextId + 1,
  }))
}

export function removeToast(id: number): void {
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}
