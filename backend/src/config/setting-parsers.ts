const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host)
}

function findUrl(text: string, protocols: readonly string[]): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return protocols.includes(url.protocol) && url.hostname !== '' ? url : undefined
}

/** An http(s) address without query and fragment; a trailing slash is taken off. */
export function parseWebUrl(text: string): string | undefined {
  const url = findUrl(text, ['http:', 'https:'])
  if (url === undefined || url.search !== '' || url.hash !== '') return undefined
  return url.href.replace(/\/$/, '')
}

export function parsePostgresUrl(text: string): string | undefined {
  return findUrl(text, ['postgres:', 'postgresql:']) === undefined ? undefined : text
}

export function parseRedisUrl(text: string): string | undefined {
  return findUrl(text, ['redis:', 'rediss:']) === undefined ? undefined : text
}

/** Ollama's own variable: a host, host:port or address; `0.0.0.0` is where it listens, not where it is reached. */
export function parseOllamaHost(text: string): string | undefined {
  const url = findUrl(/^https?:\/\//.test(text) ? text : `http://${text}`, ['http:', 'https:'])
  if (url === undefined) return undefined
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.port === '' && url.protocol === 'http:') url.port = '11434'
  return url.origin
}

export function parseEmail(text: string): string | undefined {
  return /^[^@\s]+@[^@\s]+$/.test(text) && text.length <= 254 ? text.toLowerCase() : undefined
}

/** Text of at least `min` characters. */
export function createLengthParser(min: number): (text: string) => string | undefined {
  return (text) => (text.length >= min ? text : undefined)
}

/** Any text but the empty one, which counts as not set. */
export function parseText(text: string): string {
  return text
}
