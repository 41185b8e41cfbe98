import { randomUUID } from 'node:crypto'
import type { ChatMessagePage } from '@llmchat/protocol/api/chat-schema'
import type { Upload } from '@llmchat/protocol/api/upload-schema'
import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvents, type FoldedMessage } from '@llmchat/protocol/fold-message'
import { createParser } from 'eventsource-parser'

export interface ClientFrame {
  id: string | null
  event: ChatEvent
}

interface ClientOptions {
  url: string
  apiKey: string
}

interface SendOptions {
  agentId?: string
  sessionId?: string
  messageId?: string
  /** The message that this one is an edit of. */
  editOf?: string
  files?: readonly Pick<Upload, 'url'>[]
  signal?: AbortSignal
}

/** A plain client of the HTTP API, by API key. */
export function createChatClient({ url, apiKey }: ClientOptions) {
  const headers = { authorization: `Bearer ${apiKey}` }
  const jsonHeaders = { ...headers, 'content-type': 'application/json' }

  function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    return fetch(url + path, {
      method: 'POST',
      headers: jsonHeaders,
      body: JSON.stringify(body),
      signal: signal ?? null,
    })
  }

  return {
    headers,
    post,
    get: (path: string, extra: Record<string, string> = {}) => fetch(url + path, { headers: { ...headers, ...extra } }),
    /** Sends a message; the response is the stream. */
    send(text: string, options: SendOptions = {}) {
      const files = (options.files ?? []).map((file) => ({ type: 'file', ...file }))
      const parts = [{ type: 'text', text }, ...files]
      const messages = [{ id: options.messageId ?? randomUUID(), role: 'user', parts }]
      const body = {
        id: options.sessionId ?? randomUUID(),
        messages,
        ...(options.agentId ? { agentId: options.agentId } : {}),
        ...(options.editOf ? { messageId: options.editOf } : {}),
      }
      return post('/api/chat', body, options.signal)
    },
    async upload(name: string, bytes: Uint8Array | string): Promise<Upload> {
      const response = await fetch(`${url}/api/uploads`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(name) },
        body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
      })
      if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`)
      return (await response.json()) as Upload
    },
    stop: (sessionId: string, generationId?: string) =>
      post(`/api/chat/${sessionId}/stop`, generationId ? { generationId } : {}),
    follow: (sessionId: string, after?: string) =>
      fetch(`${url}/api/chat/${sessionId}/stream`, {
        headers: { ...headers, ...(after ? { 'last-event-id': after } : {}) },
      }),
    async messages(sessionId: string): Promise<ChatMessagePage> {
      const response = await fetch(`${url}/api/chat/sessions/${sessionId}/messages?limit=100`, { headers })
      if (!response.ok) throw new Error(`messages: ${response.status} ${await response.text()}`)
      return (await response.json()) as ChatMessagePage
    },
  }
}

export type ChatClient = ReturnType<typeof createChatClient>

/** The frames of a stream, as they come. */
export async function* readFrames(response: Response): AsyncGenerator<ClientFrame> {
  if (!response.ok || !response.body) throw new Error(`${response.status}: ${await response.text()}`)
  const ready: ClientFrame[] = []
  const parser = createParser({
    onEvent: ({ id, data }) => {
      if (data !== '[DONE]') ready.push({ id: id ?? null, event: JSON.parse(data) as ChatEvent })
    },
  })
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    yield* ready.splice(0)
  }
}

/** Reads a stream to its end and folds it. */
export async function readAnswer(response: Response): Promise<FoldedMessage> {
  let message = emptyMessage
  for await (const { event } of readFrames(response)) message = foldEvents(message, [event])
  return message
}
