const key = 'llmchat.reloadedAtMs'
const minGapMs = 60_000

/**
 * After an upgrade the server no longer has the chunks an open tab asks for. Loading the page anew heals that; at most
 * once a minute, so that a server that is really broken ends in the error page and not in a loop. Returns what ends it.
 */
export function openStaleChunkReload(): () => void {
  const onPreloadError = (event: Event) => {
    const nowMs = Date.now()
    if (nowMs - Number(sessionStorage.getItem(key) ?? 0) < minGapMs) return
    sessionStorage.setItem(key, String(nowMs))
    event.preventDefault()
    window.location.reload()
  }
  window.addEventListener('vite:preloadError', onPreloadError)
  return () => window.removeEventListener('vite:preloadError', onPreloadError)
}
