import type { CustomFetch } from 'openid-client'
import type { OutboundClient } from '../../outbound/outbound-client.ts'

const TOTAL_MS = 10_000
/** Keys, claims and descriptions of providers are a few kilobytes. */
const MAX_BYTES = 1_000_000
const BODILESS = [204, 205, 304]

function toMethod(method: string): 'GET' | 'POST' {
  if (method === 'GET' || method === 'POST') return method
  throw new TypeError(`a sign-in needs no ${method}`)
}

/** `fetch` for the OpenID Connect library, by the one way out: addresses checked, no redirects followed. */
export function createOutboundFetch(outbound: Pick<OutboundClient, 'send'>): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const text = body instanceof URLSearchParams ? body.toString() : body
    if (typeof text !== 'string' && text !== undefined && text !== null) throw new TypeError('a body must be text')
    const request = { method: toMethod(method), url, headers, ...(typeof text === 'string' ? { body: text } : {}) }
    const limits = { totalMs: TOTAL_MS, maxBytes: MAX_BYTES, ...(signal ? { signal } : {}) }
    const reply = await outbound.send(request, limits)
    const type = reply.headers['content-type']
    return new Response(BODILESS.includes(reply.status) ? null : reply.body, {
      status: reply.status,
      headers: type === undefined ? {} : { 'content-type': type },
    })
  }
}
