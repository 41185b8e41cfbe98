import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeldFrames } from './held-frames.ts'
import type { LogFrame } from './stream-log.ts'

const anyFrames = fc
  .array(fc.record({ text: fc.string({ unit: 'grapheme' }), hasNote: fc.boolean() }), { maxLength: 150 })
  .map((contents) =>
    contents.map(({ text, hasNote }, index): LogFrame => ({
      seq: 8 + index,
      data: JSON.stringify({ delta: text }),
      isTerminal: index === contents.length - 1,
      ...(hasNote ? { ownerNote: JSON.stringify({ runId: text }) } : {}),
    })),
  )

test('gives back what was added, from any place on, also after the beginning was dropped', () => {
  fc.assert(
    fc.property(anyFrames, fc.nat(150), fc.nat(150), fc.integer({ min: 1, max: 40 }), (frames, from, dropped, step) => {
      const held = new HeldFrames()
      for (let at = 0; at < frames.length; at += step) held.add(frames.slice(at, at + step))
      expect(held.skip(from)).toEqual(frames.slice(from))
      held.drop(dropped)
      expect(held.skip(0)).toEqual(frames.slice(dropped))
      expect(held.skip(from)).toEqual(frames.slice(dropped).slice(from))
    }),
  )
})

test('counts little more than the bytes of what is packed, and nothing once all is dropped', () => {
  const held = new HeldFrames()
  const data = JSON.stringify('目标'.repeat(20))
  for (let seq = 1; seq <= 320; seq++) held.add([{ seq, data, isTerminal: false }])
  expect(held.bytes).toBeGreaterThan(320 * 120)
  expect(held.bytes).toBeLessThan(320 * 140)
  held.drop(320)
  expect(held.bytes).toBe(0)
})
