import { useEffect, useEffectEvent, useState } from 'react'
import { bringsFiles, listDroppedFiles } from './pasted-files.ts'

type DragListener = (event: DragEvent & { dataTransfer: DataTransfer }) => void

/**
 * Takes files that are dropped anywhere on the page, which would otherwise leave it to show the file. True while some are
 * dragged over it. Not while a dialog is open.
 */
export function useFileDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  const take = useEffectEvent(onFiles)
  useEffect(() => {
    const listeners: Record<'dragover' | 'dragleave' | 'drop', DragListener> = {
      // Comes again and again, so that a drag that began before this was loaded is seen too.
      dragover(event) {
        event.preventDefault()
        const isBehind = isBehindDialog()
        event.dataTransfer.dropEffect = isBehind ? 'none' : 'copy'
        setIsOver(!isBehind)
      },
      dragleave({ relatedTarget }) {
        // Out of the window, and not from one element to the next.
        if (relatedTarget === null) setIsOver(false)
      },
      drop(event) {
        event.preventDefault()
        setIsOver(false)
        if (!isBehindDialog()) take(listDroppedFiles(event.dataTransfer))
      },
    }
    const controller = new AbortController()
    for (const [type, listener] of Object.entries(listeners)) {
      const onDrag = (event: Event) => {
        if (event instanceof DragEvent && hasFiles(event)) listener(event)
      }
      window.addEventListener(type, onDrag, { signal: controller.signal })
    }
    return () => controller.abort()
  }, [])
  return isOver
}

function hasFiles(event: DragEvent): event is DragEvent & { dataTransfer: DataTransfer } {
  return bringsFiles(event.dataTransfer)
}

function isBehindDialog(): boolean {
  return document.querySelector('dialog:modal') !== null
}
