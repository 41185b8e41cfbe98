import type { OutboundStream } from '../outbound/outbound-client.ts'

/** What a response turned out to be. */
type AnswerBody = { kind: 'events' } | { kind: 'other'; body: string }

const maxBodyCharacters = 65_536
/** The longest beginning that tells: `event:`, `retry:`, `data:`, `id:` or a comment. */
const tellingCharacters = 6

/**
 * Looks at the content type, and where that does not say so, at the first characters: some agents set the header of an
 * event stream too late, others answer a page or JSON with status 200. Events are all still to be taken.
 */
export async function readAnswerBody(stream: OutboundStream): Promise<AnswerBody> {
  const isSuccess = stream.status >= 200 && stream.status < 300
  if (isSuccess && /^text\/event-stream\b/i.test(stream.headers['content-type'] ?? '')) {
    return { kind: 'events' }
  }
  let body = ''
  while (body.length < maxBodyCharacters && (await stream.text.arrived())) {
    body += stream.text.take()
    const begin = body.trimStart()
    if (isSuccess && begin.length >= tellingCharacters && /^((event|retry|data|id)?:)/.test(begin)) {
      stream.text.putBack(body)
      return { kind: 'events' }
    }
  }
  return { kind: 'other', body: body.slice(0, maxBodyCharacters) }
}
