import type { ChatEvent } from '@llmchat/protocol/chat-event'

/** Joins neighbouring deltas of the same part: what one flush tick gathered becomes one numbered event. */
export function pushCoalesced(events: ChatEvent[], event: ChatEvent): void {
  const last = events.at(-1)
  if (last?.type === 'text-delta' && event.type === 'text-delta' && last.id === event.id) {
    events[events.length - 1] = { type: 'text-delta', id: last.id, delta: last.delta + event.delta }
  } else if (last?.type === 'reasoning-delta' && event.type === 'reasoning-delta' && last.id === event.id) {
    events[events.length - 1] = { type: 'reasoning-delta', id: last.id, delta: last.delta + event.delta }
  } else {
    events.push(event)
  }
}
