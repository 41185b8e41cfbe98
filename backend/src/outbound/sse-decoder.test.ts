import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSseDecoder, type SseEvent } from './sse-decoder.ts'

/** The standard's algorithm, line by line, on the whole text; the rest counts as an event, as here. */
function parseWhole(text: string): SseEvent[] {
  const events: SseEvent[] = []
  let event = ''
  let id: string | null = null
  let data: string[] = []
  for (const line of [...text.split(/\r\n|\n|\r/), '', '']) {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? []
    if (line === '') {
      if (data.join('\n') !== '') events.push({ event, data: data.join('\n'), id })
      event = ''
      id = null
      data = []
    } else if (field === 'data') data.push(value)
    else if (field === 'event') event = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }
  return events
}

function decode(pieces: readonly string[]): SseEvent[] {
  const decoder = createSseDecoder()
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.end()]
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((left, right) => left - right)
  return places.slice(1).map((end, index) => text.slice(places[index], end))
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
const value = fc.string({ unit: fc.constantFrom('a', ' ', ':', '{', '}', '"', '世', '👋', 'data:'), maxLength: 12 })
const line = fc.oneof(
  value.map((text) => `data: ${text}`),
  value.map((text) => `data:${text}`),
  value.map((text) => `event: ${text}`),
  value.map((text) => `id: ${text}`),
  value.map((text) => `: ${text}`),
  fc.constantFrom('', '', 'data', 'retry: 100', 'retry: x', 'unknown: field'),
)
const stream = fc
  .array(fc.tuple(line, lineEnd), { maxLength: 30 })
  .map((lines) => lines.map((pair) => pair.join('')).join(''))

describe('createSseDecoder', () => {
  it('does what the standard says, however the text is cut', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
        const expected = parseWhole(text)
        expect(decode([text])).toEqual(expected)
        expect(decode(cutAt(text, cuts))).toEqual(expected)
        expect(decode(text.split(/(?:)/))).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('gives events out as soon as they are complete', () => {
    const decoder = createSseDecoder()
    expect(decoder.push('data: a\n\ndata: b\n')).toEqual([{ event: '', data: 'a', id: null }])
    expect(decoder.push('\n')).toEqual([{ event: '', data: 'b', id: null }])
  })

  it('leaves out comments and events without data', () => {
    expect(decode([': keep-alive\n\nevent: ping\n\ndata:\n\ndata: x\n\n'])).toEqual([
      { event: '', data: 'x', id: null },
    ])
  })

  it('gives a last event out that lacks its blank line', () => {
    expect(decode(['event: e\nid: 1\ndata: [DONE]'])).toEqual([{ event: 'e', data: '[DONE]', id: '1' }])
    expect(decode(['data: x\r'])).toEqual([{ event: '', data: 'x', id: null }])
  })

  it('reads an event of a megabyte and stops at its limit', () => {
    const big = 'x'.repeat(1_048_576)
    const pieces = Array.from({ length: 64 }, (_value, at) => big.slice(at * 16_384, (at + 1) * 16_384))
    expect(decode(['data: ', ...pieces, '\n\n'])[0]?.data).toBe(big)
    const decoder = createSseDecoder({ maxCharacters: 1000 })
    expect(decoder.push(`data: ${'x'.repeat(2000)}`)).toEqual([])
    expect(decoder.hasOverflowed()).toBe(true)
    expect(decoder.push('\n\ndata: x\n\n')).toEqual([])
  })
})
