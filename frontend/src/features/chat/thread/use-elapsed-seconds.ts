import { useEffect, useState } from 'react'

/** Whole seconds since `sinceMs` (ms since the epoch), counted up once a second; never below zero. */
export function useElapsedSeconds(sinceMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.floor((nowMs - sinceMs) / 1000))
}
