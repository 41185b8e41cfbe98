import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvents } from '@llmchat/protocol/fold-message'
import { describe, expect, it } from 'vitest'
import { completed, createDelta, createStart, finish, textStart } from '../test-support/answer-events.ts'
import { dropSnapshot, noProgress, pickShown, takeFrame } from './answer-progress.ts'
import type { AnswerProgress } from './answer-progress.ts'

const events: ChatEvent[] = [
  createStart('g1', 'u1'),
  { type: 'data-delivery', data: { state: 'streaming' } },
  textStart,
  createDelta('one '),
  createDelta('two '),
  createDelta('three'),
  completed,
  finish,
]
const takeAll = (numbered: [number, ChatEvent][], from = noProgress) =>
  numbered.reduce((progress, [seq, event]) => takeFrame(progress, `g1:${seq}`, event), from)
const numbered = events.map((event, index): [number, ChatEvent] => [index + 1, event])

describe('takeFrame', () => {
  it('folds a stream as the protocol does, and knows its end', () => {
    const progress = takeAll(numbered)
    expect(progress.folded).toEqual(foldEvents(emptyMessage, events))
    expect(progress).toMatchObject({ lastSeq: 8, terminal: finish })
  })

  it('takes no frame twice, wherever a reconnect overlaps', () => {
    for (let seen = 1; seen <= numbered.length; seen++) {
      for (let from = 1; from <= seen; from++) {
        const progress = takeAll(numbered.slice(from), takeAll(numbered.slice(0, seen)))
        expect(progress.folded).toEqual(foldEvents(emptyMessage, events))
      }
    }
  })

  const takeSnapshot = (seq: number, text: string, from: AnswerProgress) => {
    const begun = takeFrame(takeFrame(from, null, createStart('g1', 'u1')), null, textStart)
    return takeFrame(begun, `g1:${seq}`, createDelta(text))
  }

  it('starts anew from a snapshot, of which only the last frame has an id', () => {
    const progress = takeSnapshot(6, 'one two three', takeAll(numbered.slice(0, 4)))
    expect(progress).toMatchObject({ lastSeq: 6, snapshot: null })
    expect(takeAll(numbered, progress).folded).toEqual(foldEvents(emptyMessage, events))
  })

  it('follows a snapshot that is older than what was read', () => {
    const progress = takeSnapshot(4, 'one ', takeAll(numbered.slice(0, 6)))
    expect(progress.lastSeq).toBe(4)
    expect(takeAll(numbered.slice(4), progress).folded.parts).toEqual(foldEvents(emptyMessage, events).parts)
  })

  it('forgets a snapshot that broke off, and goes on from the log', () => {
    const before = takeAll(numbered.slice(0, 4))
    const broken = dropSnapshot(takeFrame(before, null, createStart('g1', 'u1')))
    expect(takeAll(numbered.slice(4), broken).folded).toEqual(foldEvents(emptyMessage, events))
  })

  it('ignores what it does not know', () => {
    const before = takeAll(numbered.slice(0, 4))
    const unknown = JSON.parse('{"type":"from-the-future","id":"t1"}') as ChatEvent
    expect(takeFrame(before, 'g1:5', unknown).folded).toBe(before.folded)
  })
})

describe('pickShown', () => {
  const shown = foldEvents(emptyMessage, events.slice(0, 5))

  it('keeps what is on the screen until a replay has caught up with it', () => {
    expect(pickShown(shown, takeAll(numbered.slice(0, 4)))).toBe(shown)
    const caughtUp = takeAll(numbered.slice(0, 6))
    expect(pickShown(shown, caughtUp)).toBe(caughtUp.folded)
  })

  it('lets the end decide, and gives it a final state when the events named none', () => {
    const stopped = takeFrame(takeAll(numbered.slice(0, 4)), 'g1:5', { type: 'abort', reason: 'stopped' })
    expect(pickShown(shown, stopped).delivery).toEqual({ state: 'stopped' })
    expect(pickShown(shown, takeAll(numbered)).delivery).toEqual({ state: 'complete', finishReason: 'stop' })
  })

  it('leaves parts it did not touch as they are', () => {
    const before = takeAll([
      ...numbered.slice(0, 6),
      [7, { type: 'text-end', id: 't1' }],
      [8, { type: 'reasoning-start', id: 'r1' }],
    ])
    const after = takeFrame(before, 'g1:9', { type: 'reasoning-delta', id: 'r1', delta: 'hm' })
    expect(after.folded.parts[0]).toBe(before.folded.parts[0])
    expect(after.folded.parts[1]).not.toBe(before.folded.parts[1])
  })
})
