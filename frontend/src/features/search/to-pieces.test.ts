import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRanges, toHitLabel, toPieces } from './to-pieces.ts'

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

describe('toHitLabel', () => {
  it.each([
    ['a long title that goes on and on before it comes to drain', 'drain'],
    ['一个很长很长的标题，里面还有很多其他的内容，最后才说到部署', '部署'],
    [`${'😀'.repeat(40)}drain`, 'DRAIN'],
    ['x'.repeat(180) + 'drain', 'drain'],
  ])('brings a late hit to the front: %s', (title, query) => {
    const { label, ranges } = toHitLabel(title, query)
    const [[start, end] = [99, 99]] = ranges
    expect(label.slice(start, end).toLowerCase()).toBe(query.toLowerCase())
    expect(start).toBeLessThanOrEqual(14)
    expect(label.startsWith('…')).toBe(true)
    expect(() => encodeURIComponent(label)).not.toThrow()
  })

  it('leaves a title alone whose hit stands early, or that has none', () => {
    expect(toHitLabel('Why we drain instances one by one', 'drain')).toEqual({
      label: 'Why we drain instances one by one',
      ranges: [[7, 12]],
    })
    expect(toHitLabel('Why', 'x')).toEqual({ label: 'Why', ranges: [] })
  })
})
