import { useEffect, useState } from 'react'

interface SkeletonProps {
  /** CSS lengths of the content it stands for, so that nothing moves when that arrives. */
  height?: string
  width?: string
  isRound?: boolean
}

/** The place of content that is on its way. Put it inside an element with `aria-busy` and a name. */
export function Skeleton({ height = '.75rem', width = '100%', isRound = false }: SkeletonProps) {
  return <span className="skel" style={{ blockSize: height, inlineSize: width, borderRadius: isRound ? '50%' : '' }} />
}

/** False for the first `delayMs`: a skeleton that flashes by for less than 200 ms is noise. */
export function useIsLate(delayMs = 200): boolean {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs])
  return isLate
}
