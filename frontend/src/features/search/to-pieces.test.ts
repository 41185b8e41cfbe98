import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRanges, toPieces } from './to-pieces.ts'

describe('toPieces', () => {
  it('marks the hits', () => {
    expect(toPieces('逐个 drain 完', [[3, 8]])).toEqual([
      { text: '逐个 ', isHit: false },
      { text: 'drain', isHit: true },
      { text: ' 完', isHit: false },
    ])
  })

  it('never loses a character, whatever the ranges', () => {
    const range = fc.tuple(fc.integer({ min: -3, max: 20 }), fc.integer({ min: -3, max: 20 }))
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), fc.array(range), (text, ranges) => {
        expect(
          toPieces(text, ranges)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})

describe('findRanges', () => {
  it('ignores case and finds nothing for nothing', () => {
    expect(findRanges('Why Drain', 'drain')).toEqual([[4, 9]])
    expect(findRanges('Why', '')).toEqual([])
  })
})
