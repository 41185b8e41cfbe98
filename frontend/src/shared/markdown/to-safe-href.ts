import { decodeEntities } from './decode-entities.ts'

const protocols: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/**
 * An address an answer may link to, normalised; null for any other. Agents write links, so only whole addresses with a
 * harmless protocol count: no `javascript:`, no `data:`, nothing relative to our own site.
 */
export function toSafeHref(href: string): string | null {
  try {
    const url = new URL(decodeEntities(href))
    return protocols.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
