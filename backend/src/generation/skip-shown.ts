import type { MessagePart } from '@llmchat/protocol/message-part'
import type { ProviderPart } from '../providers/provider-part.ts'

/** Characters that an upstream sent as deltas: what is counted when it says some of them again. */
export function countStreamed(parts: readonly MessagePart[]): number {
  return parts.reduce((sum, part) => {
    if (part.type === 'text' || part.type === 'reasoning') return sum + part.text.length
    return part.type === 'tool' ? sum + part.inputText.length : sum
  }, 0)
}

/**
 * An upstream that is joined again goes on from a saved position. People may have seen `ahead` characters more than that:
 * those are said a second time, in the same order, and are dropped here. What is left to drop is told with the ids, so
 * that the next owner, if this one is lost too, counts on from there.
 */
export function createShownSkipper(ahead: number): (parts: ProviderPart[]) => ProviderPart[] {
  let left = ahead
  return (parts) => {
    if (left === 0) return parts
    const kept = parts.map((part) => {
      if (!('delta' in part)) return part
      const dropped = Math.min(left, part.delta.length)
      left -= dropped
      return { ...part, delta: part.delta.slice(dropped) }
    })
    return [...kept, { type: 'ids', ids: { ahead: left } }]
  }
}
