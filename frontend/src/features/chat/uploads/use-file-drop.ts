import { useEffect, useEffectEvent, useState } from 'react'
import { bringsFiles, listDroppedFiles } from './pasted-files.ts'

/**
 * Takes files that are dropped anywhere on the page, which would otherwise leave it to show the file. True while some are
 * dragged over it. Not while a dialog is open.
 */
export function useFileDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  const take = useEffectEvent(onFiles)
  useEffect(() => {
    // Every element that the pointer crosses says "enter" before the one it comes from says "leave".
    let depth = 0
    const move = (step: number) => {
      depth = Math.max(0, depth + step)
      setIsOver(depth > 0 && !document.querySelector('dialog:modal'))
    }
    const listeners: Partial<Record<'dragenter' | 'dragleave' | 'dragover' | 'drop', (event: DragEvent) => void>> = {
      dragenter: () => move(1),
      dragleave: () => move(-1),
      dragover(event) {
        event.preventDefault()
        if (event.dataTransfer) event.dataTransfer.dropEffect = document.querySelector('dialog:modal') ? 'none' : 'copy'
      },
      drop(event) {
        event.preventDefault()
        move(-depth)
        if (event.dataTransfer && !document.querySelector('dialog:modal')) take(listDroppedFiles(event.dataTransfer))
      },
    }
    const controller = new AbortController()
    for (const [type, listener] of Object.entries(listeners)) {
      const onDrag = (event: Event) => {
        if (event instanceof DragEvent && bringsFiles(event.dataTransfer)) listener(event)
      }
      window.addEventListener(type, onDrag, { signal: controller.signal })
    }
    return () => controller.abort()
  }, [])
  return isOver
}
