import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MessagePart } from '@llmchat/protocol/message-part'
import type { ProviderPart } from '../providers/provider-part.ts'
import { countStreamed, createShownSkipper } from './skip-shown.ts'

const kind = fc.constantFrom('text', 'reasoning')
const deltas = fc.array(fc.record({ type: kind, delta: fc.string({ minLength: 1, maxLength: 5 }) }), { maxLength: 20 })

function toCharacters(parts: readonly ProviderPart[]): string[] {
  return parts.flatMap((part) => ('delta' in part ? Array.from(part.delta, (one) => `${part.type} ${one}`) : []))
}

function countDeltas(parts: readonly ProviderPart[]): number {
  return parts.reduce((sum, part) => sum + ('delta' in part ? part.delta.length : 0), 0)
}

it('shows each character once, however often the owner is lost', () => {
  fc.assert(
    fc.property(deltas, fc.nat(20), fc.nat(20), fc.nat(20), (parts: ProviderPart[], ...places) => {
      const [saved = 0, reached = 0, lostAgain = 0] = toPlaces(parts.length, places)
      const beyond = countDeltas(parts.slice(saved, reached))
      const second = createShownSkipper(beyond)(parts.slice(saved, lostAgain))
      const told = second.findLast((part) => part.type === 'ids')
      const third = createShownSkipper(told?.ids.ahead ?? beyond)(parts.slice(lostAgain))
      expect(toCharacters([...parts.slice(0, reached), ...second, ...third])).toEqual(toCharacters(parts))
    }),
  )
})

/** Where the first owner saved its place, how far it showed, and where the second was lost, which may be earlier. */
function toPlaces(length: number, [one = 0, two = 0, three = 0]: readonly number[]): number[] {
  const saved = one % (length + 1)
  const toLater = (step: number): number => saved + (step % (length - saved + 1))
  return [saved, toLater(two), toLater(three)]
}

it('counts what came as deltas', () => {
  const parts: MessagePart[] = [
    { type: 'reasoning', id: 'r1', text: 'ab' },
    { type: 'step', id: 's1', kind: 'tool', name: 'search', status: 'done' },
    { type: 'tool', id: 'c1', toolName: 'f', inputText: '{}' },
    { type: 'text', id: 't2', text: 'cde', isOpen: true },
  ]
  expect(countStreamed(parts)).toBe(7)
})
