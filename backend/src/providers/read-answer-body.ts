import type { OutboundStream } from '../outbound/outbound-client.ts'

/** What a response turned out to be. */
type AnswerBody = { kind: 'events'; text: AsyncIterable<string> } | { kind: 'other'; body: string }

const maxBodyCharacters = 65_536
/** The longest beginning that tells: `event:`, `retry:`, `data:`, `id:` or a comment. */
const tellingCharacters = 6

/**
 * Looks at the content type, and where that does not say so, at the first characters: some agents set the header of an
 * event stream too late, others answer a page or JSON with status 200.
 */
export async function readAnswerBody(stream: OutboundStream): Promise<AnswerBody> {
  const isSuccess = stream.status >= 200 && stream.status < 300
  if (isSuccess && /^text\/event-stream\b/i.test(stream.headers['content-type'] ?? '')) {
    return { kind: 'events', text: stream.text }
  }
  const iterator = stream.text[Symbol.asyncIterator]()
  let body = ''
  while (body.length < maxBodyCharacters) {
    const next = await iterator.next()
    if (next.done) break
    body += next.value
    const begin = body.trimStart()
    if (isSuccess && begin.length >= tellingCharacters && /^((event|retry|data|id)?:)/.test(begin)) {
      return { kind: 'events', text: continueWith(body, iterator) }
    }
  }
  return { kind: 'other', body: body.slice(0, maxBodyCharacters) }
}

async function* continueWith(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}
