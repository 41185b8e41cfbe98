import type { ChatEvent } from '@llmchat/protocol/chat-event'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventStreamDecoder } from './event-stream-decoder.ts'
import { readEventStream } from './read-event-stream.ts'
import type { StreamItem } from './read-event-stream.ts'

const delta = (text: string) => ({ type: 'text-delta', id: 't1', delta: text })
const wire = [
  ': ping',
  '',
  'id: g:1',
  `data: ${JSON.stringify(delta('你好 🌏'))}`,
  '',
  'retry: 1500',
  '',
  'event: whatever',
  'id:g:2',
  `data:${JSON.stringify({ type: 'from-the-future', id: 1 })}`,
  '',
  'data: {"type":"text-delta","id":"t1",',
  'data: "delta":"two lines"}',
  '',
  'data: not json',
  '',
  'data: [DONE]',
  '',
  '',
]
const expected: StreamItem[] = [
  { type: 'event', frameId: 'g:1', event: { type: 'text-delta', id: 't1', delta: '你好 🌏' } },
  { type: 'retry', retryMs: 1500 },
  { type: 'event', frameId: 'g:2', event: JSON.parse('{"type":"from-the-future","id":1}') as ChatEvent },
  { type: 'event', frameId: null, event: { type: 'text-delta', id: 't1', delta: 'two lines' } },
  { type: 'done' },
]

async function readPieces(pieces: Uint8Array[]): Promise<StreamItem[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
  const items: StreamItem[] = []
  const { signal } = new AbortController()
  for await (const item of readEventStream(body, { signal, onBytes: () => undefined })) items.push(item)
  return items
}

describe.each(['\n', '\r\n', '\r'])('an event stream with %j as its line end', (lineEnd) => {
  const bytes = new TextEncoder().encode(wire.join(lineEnd))

  it('reads the same wherever it is cut in two', async () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await readPieces([bytes.slice(0, cut), bytes.slice(cut)])).toEqual(expected)
    }
  })

  it('reads the same byte by byte', async () => {
    expect(await readPieces([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected)
  })
})

describe('readEventStream', () => {
  it('drops a frame cut off by the end of the stream', async () => {
    const text = `id: g:1\ndata: ${JSON.stringify(delta('whole'))}\n\nid: g:2\ndata: ${JSON.stringify(delta('half'))}\n`
    expect(await readPieces([new TextEncoder().encode(text)])).toHaveLength(1)
  })

  it('ends without an error when its signal aborts, and cancels the body', async () => {
    const controller = new AbortController()
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      cancel: () => {
        isCancelled = true
      },
    })
    const reading = readEventStream(body, { signal: controller.signal, onBytes: () => undefined }).next()
    controller.abort()
    expect((await reading).done).toBe(true)
    expect(isCancelled).toBe(true)
  })

  it('gives back any frames, cut anywhere, with any line ends', () => {
    const frame = fc.record({
      id: fc.option(fc.stringMatching(/^[a-z0-9:]{1,8}$/)),
      data: fc.array(fc.string(), { minLength: 1 }),
    })
    const end = fc.constantFrom('\n', '\r\n', '\r')
    fc.assert(
      fc.property(
        fc.array(frame),
        end,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (frames, lineEnd, sizes) => {
          const clean = frames.map(({ id, data }) => ({ id, data: data.map((line) => line.replace(/[\r\n]/g, '')) }))
          const text = clean
            .map(({ id, data }) =>
              [...(id === null ? [] : [`id: ${id}`]), ...data.map((line) => `data: ${line}`), '', ''].join(lineEnd),
            )
            .join('')
          const decoder = createEventStreamDecoder()
          const blocks = []
          for (let start = 0, index = 0; start < text.length; index++) {
            const size = sizes[index % sizes.length] ?? 1
            blocks.push(...decoder.push(text.slice(start, start + size)))
            start += size
          }
          expect(blocks).toEqual(clean.map(({ id, data }) => ({ id, data: data.join('\n'), retryMs: null })))
        },
      ),
    )
  })
})
