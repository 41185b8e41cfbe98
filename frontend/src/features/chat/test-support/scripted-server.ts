import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { ApiError } from '../../../shared/api/api-error.ts'
import type { ClientErrorCode } from '../../../shared/api/api-error.ts'
import type { RequestOptions } from '../../../shared/api/request-json.ts'

/** A request that has reached the server and waits for its answer. */
export interface ScriptedRequest {
  path: string
  options: RequestOptions
  isAborted: () => boolean
  /** Answers with an event stream that stays open. */
  stream: () => ScriptedStream
  /** Answers without a body. */
  reply: (status: number) => void
  fail: (code: ClientErrorCode, status: number, retryAfterMs?: number) => void
}

export interface ScriptedStream {
  event: (frameId: string | null, event: ChatEvent | { type: string }) => void
  text: (text: string) => void
  /** The connection ends without a word. */
  end: () => void
  break: () => void
}

/** The server's end of the chat's requests: real `Response` objects over real streams, answered by the test. */
export interface ScriptedServer {
  request: (path: string, options: RequestOptions) => Promise<Response>
  requests: ScriptedRequest[]
}

export function createScriptedServer(): ScriptedServer {
  const requests: ScriptedRequest[] = []
  return {
    requests,
    request: (path, options) =>
      new Promise((resolve, reject) => {
        let isAborted = false
        options.signal?.addEventListener('abort', () => {
          isAborted = true
          reject(new DOMException('aborted', 'AbortError'))
        })
        requests.push({
          path,
          options,
          isAborted: () => isAborted,
          stream() {
            const { response, stream } = createStreamResponse()
            resolve(response)
            return stream
          },
          reply: (status) => resolve(new Response(null, { status })),
          fail: (code, status, retryAfterMs) =>
            reject(new ApiError({ code, message: code, requestId: 'r1', status, retryAfterMs: retryAfterMs ?? null })),
        })
      }),
  }
}

function createStreamResponse(): { response: Response; stream: ScriptedStream } {
  const encoder = new TextEncoder()
  let sink: ReadableStreamDefaultController<Uint8Array> | null = null
  let isOpen = true
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      sink = controller
    },
    cancel: () => {
      isOpen = false
    },
  })
  const text = (value: string) => {
    if (isOpen) sink?.enqueue(encoder.encode(value))
  }
  const stream: ScriptedStream = {
    text,
    event: (frameId, event) => text(`${frameId === null ? '' : `id: ${frameId}\n`}data: ${JSON.stringify(event)}\n\n`),
    end: () => sink?.close(),
    break: () => sink?.error(new TypeError('network error')),
  }
  return { response: new Response(body, { headers: { 'content-type': 'text/event-stream' } }), stream }
}
