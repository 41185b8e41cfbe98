import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { isTerminalEvent } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvents } from '@llmchat/protocol/fold-message'
import { toPlainText } from '@llmchat/protocol/message-part'
import { systemClock } from '../base/clock.ts'
import { createFailpoints } from '../base/failpoints.ts'
import type { ProviderPart, UpstreamIds } from '../providers/provider-part.ts'
import { openMemoryStreamLog } from '../stream-log/memory-stream-log.ts'
import type { AppendRequest } from '../stream-log/stream-log.ts'
import { GenerationWriter } from './generation-writer.ts'
import { openFlushLoop } from './open-flush-loop.ts'
import { findLastNote } from './owner-note.ts'
import { toChatEvents } from './parse-frames.ts'

const delta = fc.string({ minLength: 1, maxLength: 8 })
const part: fc.Arbitrary<ProviderPart> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), delta }),
  fc.record({ type: fc.constant('reasoning' as const), delta }),
  fc.record({
    type: fc.constant('step' as const),
    stepId: fc.constantFrom('1', '2'),
    step: fc.record({
      name: fc.constant('node'),
      kind: fc.constant('node' as const),
      status: fc.constantFrom('running' as const, 'done' as const),
    }),
  }),
  fc.record({
    type: fc.constant('tool-input-start' as const),
    toolCallId: fc.constantFrom('c1', 'c2'),
    toolName: delta,
  }),
  fc.record({ type: fc.constant('superseded' as const), reason: delta }),
)

async function writeThroughLog(batches: ProviderPart[][]) {
  const streamLog = openMemoryStreamLog({ clock: systemClock })
  const loop = openFlushLoop({
    streamLog,
    failpoints: createFailpoints(null),
    onError: (error) => expect.fail(String(error)),
  })
  await streamLog.open('g', 1, 0)
  const options = { generationId: 'g', fence: 1, baseSeq: 0, message: emptyMessage, upstream: {} }
  const writer = new GenerationWriter({ ...options, onDirty: (dirty) => loop.schedule(dirty) })
  for (const [index, parts] of batches.entries()) {
    writer.writeParts(parts, { sequence: index })
    if (index % 2 === 0) await writer.flushed()
  }
  writer.closeParts('done')
  writer.write({ type: 'finish', finishReason: 'stop' })
  await writer.flushed()
  const frames = await streamLog.read('g', 0)
  return { writer, frames: frames ?? expect.fail('no log') }
}

describe('GenerationWriter', () => {
  it('numbers from 1 without a gap, ends every start, and ends once, last (I1)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(part, { maxLength: 5 }), { maxLength: 12 }), async (batches) => {
        const { frames } = await writeThroughLog(batches)
        expect(frames.map((frame) => frame.seq)).toEqual(frames.map((_, index) => index + 1))
        const events = toChatEvents(frames)
        expect(events.filter(isTerminalEvent)).toHaveLength(1)
        expect(events.at(-1)?.type).toBe('finish')
        expect(listUnended(events)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('loses and doubles no text, however it is cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(delta, { maxLength: 5 }), { maxLength: 12 }), async (batches) => {
        const { frames, writer } = await writeThroughLog(
          batches.map((deltas) => deltas.map((one) => ({ type: 'text' as const, delta: one }))),
        )
        const expected = batches.flat().join('')
        expect(toPlainText(foldEvents(emptyMessage, toChatEvents(frames)).parts)).toBe(expected)
        expect(toPlainText(writer.snapshot().message.parts)).toBe(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('says in the append that first shows text how the upstream calls its run, and again only of another run', async () => {
    const streamLog = openMemoryStreamLog({ clock: systemClock })
    const requests: AppendRequest[] = []
    const options = { generationId: 'g', fence: 1, baseSeq: 0, message: emptyMessage, upstream: {} }
    const writer = new GenerationWriter({ ...options, onDirty: () => undefined })
    await streamLog.open('g', 1, 0)
    const say = async (delta: string, upstream: UpstreamIds): Promise<void> => {
      writer.writeParts([{ type: 'text', delta }], upstream)
      const request = writer.takeAppend() ?? expect.fail('nothing to append')
      requests.push(request)
      const [outcome = 'refused'] = await streamLog.append([request])
      writer.acknowledge(outcome)
    }
    await say('a', { taskId: 't', runId: 'r', sequence: 1 })
    await say('b', { taskId: 't', runId: 'r', sequence: 2 })
    await say('c', { taskId: 't', runId: 's', sequence: 1 })
    expect(requests.map(({ frames }) => findLastNote(frames)?.upstream ?? null)).toEqual([
      { taskId: 't', runId: 'r', sequence: 1 },
      null,
      { taskId: 't', runId: 's', sequence: 1 },
    ])
    expect(toPlainText(foldEvents(emptyMessage, toChatEvents(requests.flatMap(({ frames }) => frames))).parts)).toBe(
      'abc',
    )
  })

  it('takes no append after a refusal, and says so', async () => {
    const streamLog = openMemoryStreamLog({ clock: systemClock })
    const loop = openFlushLoop({ streamLog, failpoints: createFailpoints(null), onError: () => undefined })
    await streamLog.open('g', 1, 0)
    const options = { generationId: 'g', fence: 1, baseSeq: 0, message: emptyMessage, upstream: {} }
    const writer = new GenerationWriter({ ...options, onDirty: (dirty) => loop.schedule(dirty) })
    writer.writeParts([{ type: 'text', delta: 'mine' }], {})
    await writer.flushed()
    await streamLog.seal('g', 2)
    writer.writeParts([{ type: 'text', delta: 'late' }], {})
    await writer.flushed()
    expect(writer.isSuperseded).toBe(true)
    expect(toPlainText(writer.snapshot().message.parts)).toBe('mine')
  })
})

function listUnended(events: readonly ChatEvent[]): string[] {
  const open = new Set<string>()
  for (const event of events) {
    if (event.type === 'text-start' || event.type === 'reasoning-start') open.add(event.id)
    if (event.type === 'text-end' || event.type === 'reasoning-end') open.delete(event.id)
    if (event.type === 'data-step' && event.data.status === 'running') open.add(event.id)
    if (event.type === 'data-step' && event.data.status !== 'running') open.delete(event.id)
  }
  return [...open]
}
