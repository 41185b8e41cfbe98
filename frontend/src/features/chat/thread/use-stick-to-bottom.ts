import { useCallback, useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** Nearer than this to its end a list counts as at its end: browsers scroll in fractions of a pixel. */
const endTolerancePx = 2
/** Further away than this the way back is offered. */
const farPx = 120

export interface StickToBottom {
  scrollRef: RefObject<HTMLDivElement | null>
  contentRef: RefObject<HTMLDivElement | null>
  /** The reader has scrolled away from the end. */
  isAway: boolean
  /** Goes to the end and follows again. */
  jump: () => void
  /** To be called before scrolling elsewhere by script: the end is not followed any more. */
  release: () => void
  /** To be called when something was put on top: what was visible stays where it was. */
  restorePlace: () => void
}

/**
 * The one owner of the thread's scrolling. At the end it follows in the frame of the paint; one wheel tick, touch or
 * PageUp lets go, reaching the end takes hold again.
 */
export function useStickToBottom(): StickToBottom {
  const scrollRef = useRef<HTMLDivElement>(null)
  const contentRef = useRef<HTMLDivElement>(null)
  const isPinned = useRef(true)
  const distanceFromEnd = useRef(0)
  const [isAway, setIsAway] = useState(false)

  useEffect(() => {
    const box = scrollRef.current
    const content = contentRef.current
    if (!box || !content) return
    let last = { top: box.scrollTop, height: box.scrollHeight }
    let touchY = 0
    const follow = () => {
      if (isPinned.current) box.scrollTop = box.scrollHeight
      last = { top: box.scrollTop, height: box.scrollHeight }
      distanceFromEnd.current = measureDistance(box)
    }
    const letGo = () => {
      if (box.scrollHeight > box.clientHeight) isPinned.current = false
    }
    const onScroll = () => {
      const distance = measureDistance(box)
      distanceFromEnd.current = distance
      // Moved up although the content did not shrink: a hand on the scroll bar.
      if (box.scrollTop < last.top - endTolerancePx && box.scrollHeight >= last.height) letGo()
      if (distance <= endTolerancePx) isPinned.current = true
      last = { top: box.scrollTop, height: box.scrollHeight }
      setIsAway(!isPinned.current && distance > farPx)
    }
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY < 0) letGo()
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (['PageUp', 'Home', 'ArrowUp'].includes(event.key) && event.target === box) letGo()
    }
    const onTouchStart = (event: TouchEvent) => {
      touchY = event.touches[0]?.clientY ?? 0
    }
    const onTouchMove = (event: TouchEvent) => {
      if ((event.touches[0]?.clientY ?? 0) > touchY) letGo()
    }
    // Runs after layout and before the paint of the same frame.
    const observer = new ResizeObserver(follow)
    observer.observe(content)
    observer.observe(box)
    follow()
    const options = { passive: true }
    box.addEventListener('scroll', onScroll, options)
    box.addEventListener('wheel', onWheel, options)
    box.addEventListener('keydown', onKeyDown)
    box.addEventListener('touchstart', onTouchStart, options)
    box.addEventListener('touchmove', onTouchMove, options)
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', onScroll)
      box.removeEventListener('wheel', onWheel)
      box.removeEventListener('keydown', onKeyDown)
      box.removeEventListener('touchstart', onTouchStart)
      box.removeEventListener('touchmove', onTouchMove)
    }
  }, [])

  const jump = useCallback(() => {
    const box = scrollRef.current
    isPinned.current = true
    setIsAway(false)
    if (box) box.scrollTop = box.scrollHeight
  }, [])

  const release = useCallback(() => {
    isPinned.current = false
  }, [])

  const restorePlace = useCallback(() => {
    const box = scrollRef.current
    if (box && !isPinned.current) box.scrollTop = box.scrollHeight - box.clientHeight - distanceFromEnd.current
  }, [])

  return { scrollRef, contentRef, isAway, jump, release, restorePlace }
}

function measureDistance(box: HTMLElement): number {
  return box.scrollHeight - box.scrollTop - box.clientHeight
}
