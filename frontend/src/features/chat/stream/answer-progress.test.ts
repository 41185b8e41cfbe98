import type { ChatEvent } from '@llmchat/protocol/chat-event'
import { emptyMessage, foldEvents } from '@llmchat/protocol/fold-message'
import { describe, expect, it } from 'vitest'
import { completed, createDelta, createStart, finish, textStart } from '../test-support/answer-events.ts'
import { noProgress, pickShown, takeFrame } from './answer-progress.ts'

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

  it('starts anew from a snapshot whose frames share one seq', () => {
    const snapshot: [number, ChatEvent][] = [
      [6, createStart('g1', 'u1')],
      [6, textStart],
      [6, createDelta('one two three')],
    ]
    const progress = takeAll([...snapshot, [7, completed], [8, finish]], takeAll(numbered.slice(0, 4)))
    expect(progress.folded.parts).toEqual([{ type: 'text', id: 't1', text: 'one two three', isOpen: true }])
    expect(progress.lastSeq).toBe(8)
  })

  it('ignores what it does not know', () => {
    const before = takeAll(numbered.slice(0, 4))
    const unknown: ChatEvent = JSON.parse('{"type":"from-the-future","id":"t1"}')
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
