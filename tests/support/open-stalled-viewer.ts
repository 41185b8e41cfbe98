import { connect } from 'node:net'
import { once } from 'node:events'
import type { ChatEvent } from '@llmchat/protocol/chat-event'
import type { ClientFrame } from './chat-client.ts'

interface StalledViewer {
  /** Begins to read: whole frames until the connection ends. `isWhole`: the stream came to its regular end. */
  readWhatArrived(): Promise<{ frames: ClientFrame[]; isWhole: boolean }>
}

/** Sends a message over a socket that is not read from until asked to: what a suspended laptop looks like. */
export async function openStalledViewer(
  server: { port: number; apiKey: string },
  body: object,
): Promise<StalledViewer> {
  const socket = connect(server.port, '127.0.0.1').pause()
  await once(socket, 'connect')
  const json = JSON.stringify(body)
  socket.write(
    [
      'POST /api/chat HTTP/1.1',
      `host: 127.0.0.1:${server.port}`,
      `authorization: Bearer ${server.apiKey}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(json)}`,
      '',
      json,
    ].join('\r\n'),
  )
  return {
    async readWhatArrived() {
      const chunks: Buffer[] = []
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk))
      socket.resume()
      await once(socket, 'close')
      return toFrames(unchunk(Buffer.concat(chunks)))
    },
  }
}

/** The body of a chunked response, as far as whole chunks go. */
function unchunk(raw: Buffer): string {
  let at = raw.indexOf('\r\n\r\n') + 4
  const parts: Buffer[] = []
  while (at < raw.length) {
    const lineEnd = raw.indexOf('\r\n', at)
    if (lineEnd < 0) break
    const size = Number.parseInt(raw.toString('latin1', at, lineEnd), 16)
    const end = lineEnd + 2 + size
    if (!(size > 0) || end > raw.length) break
    parts.push(raw.subarray(lineEnd + 2, end))
    at = end + 2
  }
  return Buffer.concat(parts).toString()
}

function toFrames(text: string): { frames: ClientFrame[]; isWhole: boolean } {
  const frames: ClientFrame[] = []
  for (const block of text.split('\n\n').slice(0, -1)) {
    const data = /^data: (.*)$/m.exec(block)?.[1]
    if (data === undefined) continue
    if (data === '[DONE]') return { frames, isWhole: true }
    frames.push({ id: /^id: (.*)$/m.exec(block)?.[1] ?? null, event: JSON.parse(data) as ChatEvent })
  }
  return { frames, isWhole: false }
}
