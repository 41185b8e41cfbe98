import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatEvent } from './chat-event.ts'
import { emptyMessage, foldEvent, foldEvents } from './fold-message.ts'
import { unfoldGrowth, unfoldMessage } from './unfold-message.ts'

const id = fc.constantFrom('a', 'b', 'c')
const text = fc.string({ unit: 'binary', maxLength: 6 })
const step = fc.record({
  name: text,
  kind: fc.constantFrom('node' as const, 'tool' as const),
  status: fc.constantFrom('running' as const, 'done' as const, 'failed' as const),
})
const start: ChatEvent = {
  type: 'start',
  messageId: 'm1',
  messageMetadata: { generationId: 'g1', sessionId: 's1', parentId: null, agentId: 'a1' },
}

const anyEvent: fc.Arbitrary<ChatEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom('text-start' as const, 'reasoning-start' as const), id }),
  fc.record({ type: fc.constantFrom('text-delta' as const, 'reasoning-delta' as const), id, delta: text }),
  fc.record({ type: fc.constantFrom('text-end' as const, 'reasoning-end' as const), id }),
  fc.record({ type: fc.constant('data-step' as const), id, data: step }),
  fc.record({ type: fc.constant('data-superseded' as const), data: fc.record({ reason: text }) }),
  fc.record({ type: fc.constant('source-url' as const), sourceId: id, url: text, title: text }),
  fc.record({
    type: fc.constant('tool-input-start' as const),
    toolCallId: id,
    toolName: text,
    dynamic: fc.constant(true as const),
  }),
  fc.record({ type: fc.constant('tool-input-delta' as const), toolCallId: id, inputTextDelta: text }),
  fc.record({
    type: fc.constant('data-agent' as const),
    data: fc.record({ agentId: id, agentName: text, insteadOf: text }),
  }),
  fc.record({ type: fc.constant('data-delivery' as const), data: fc.constant({ state: 'streaming' as const }) }),
  fc.constant(start),
)

describe('foldEvents', () => {
  it('folds all at once as it folds a snapshot and the rest, for every cut (I4)', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.nat(30), (events, cut) => {
        const snapshot = JSON.parse(
          JSON.stringify(foldEvents(emptyMessage, events.slice(0, cut))),
        ) as typeof emptyMessage
        expect(foldEvents(snapshot, events.slice(cut))).toEqual(foldEvents(emptyMessage, events))
      }),
    )
  })

  it('is not the same fold when an event is lost', () => {
    const events: ChatEvent[] = [start, { type: 'text-start', id: 'a' }, { type: 'text-delta', id: 'a', delta: 'hi' }]
    expect(foldEvents(emptyMessage, events.slice(0, 2))).not.toEqual(foldEvents(emptyMessage, events))
  })

  it('keeps the identity of parts that an event does not touch', () => {
    const before = foldEvents(emptyMessage, [
      { type: 'text-start', id: 'a' },
      { type: 'reasoning-start', id: 'b' },
    ])
    const after = foldEvent(before, { type: 'text-delta', id: 'a', delta: 'x' })
    expect(after.parts[1]).toBe(before.parts[1])
    expect(after.parts[0]).not.toBe(before.parts[0])
  })

  it('survives an event it does not know (I11)', () => {
    const unknown = JSON.parse('{"type":"data-from-the-future","id":"x","data":{}}') as ChatEvent
    expect(foldEvent(emptyMessage, unknown)).toBe(emptyMessage)
  })
})

describe('unfoldMessage', () => {
  it('gives events that fold back to the message', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const message = foldEvents(emptyMessage, [start, ...normalise(events)])
        expect(foldEvents(emptyMessage, unfoldMessage(message, 'm1', start.messageMetadata))).toEqual(message)
      }),
    )
  })
})

describe('unfoldGrowth', () => {
  it('leads from any state of an answer to any later one', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.nat(60), (events, cut) => {
        const log = normalise(events)
        const before = foldEvents(emptyMessage, [start, ...log.slice(0, cut)])
        const after = foldEvents(before, log.slice(cut))
        expect(foldEvents(before, unfoldGrowth(before, after))).toEqual(after)
      }),
    )
  })

  it('repeats nothing', () => {
    const shown = foldEvents(emptyMessage, [
      start,
      { type: 'text-start', id: 'a' },
      { type: 'text-delta', id: 'a', delta: 'hel' },
    ])
    const later = foldEvents(shown, [
      { type: 'text-delta', id: 'a', delta: 'lo' },
      { type: 'text-end', id: 'a' },
    ])
    expect(unfoldGrowth(shown, later)).toEqual([
      { type: 'text-delta', id: 'a', delta: 'lo' },
      { type: 'text-end', id: 'a' },
    ])
    expect(unfoldGrowth(later, later)).toEqual([])
  })
})

/** As a log has them: ids of parts are used once, and only after their start. */
function normalise(events: ChatEvent[]): ChatEvent[] {
  return events.flatMap((event, index): ChatEvent[] => {
    switch (event.type) {
      case 'start':
      case 'text-delta':
      case 'reasoning-delta':
      case 'text-end':
      case 'reasoning-end':
      case 'tool-input-delta':
        return []
      case 'text-start':
        return [
          { ...event, id: `t${index}` },
          { type: 'text-delta', id: `t${index}`, delta: 'x' },
        ]
      case 'reasoning-start':
        return [event, { type: 'reasoning-delta', id: event.id, delta: 'y' }].map(
          (one) => ({ ...one, id: `r${index}` }) as ChatEvent,
        )
      case 'data-step':
        return [{ ...event, id: `s${index}` }]
      case 'source-url':
        return [{ ...event, sourceId: `q${index}` }]
      case 'tool-input-start':
        return [{ ...event, toolCallId: `c${index}` }]
      default:
        return [event]
    }
  })
}
