import type { OutboundRequest } from '../outbound/outbound-client.ts'

/** A POST of JSON that asks for a stream. */
export function toStreamRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): OutboundRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
  }
}

/** A POST of JSON that asks for JSON. */
export function toJsonRequest(url: string, headers: Readonly<Record<string, string>>, body: unknown): OutboundRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}

/** `Authorization: Bearer …`, or nothing without a key. */
export function toBearerHeaders(apiKey: string | null): Record<string, string> {
  return apiKey === null || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }
}
