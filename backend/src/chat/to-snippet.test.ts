import { expect, test } from 'vitest'
import { toContainsPattern } from './to-contains-pattern.ts'
import { toSearchTerms } from './to-search-terms.ts'
import { toSnippet } from './to-snippet.ts'

function toHits(text: string, terms: string[]): string[] {
  const snippet = toSnippet(text, terms)
  return snippet.ranges.map(([start, end]) => snippet.text.slice(start, end))
}

test('ranges name the hits, in any case', () => {
  expect(toSnippet('Deploy the Docker image', ['docker'])).toEqual({
    text: 'Deploy the Docker image',
    ranges: [[11, 17]],
  })
})

test('one and two Chinese characters are found, offsets count UTF-16 units after an emoji', () => {
  expect(toSnippet('🚀 部署说明', ['部署'])).toEqual({ text: '🚀 部署说明', ranges: [[3, 5]] })
  expect(toHits('部署说明，再部署', ['部'])).toEqual(['部', '部'])
})

test('a long text is cut round the first hit and says so on both sides', () => {
  const snippet = toSnippet(`${'a '.repeat(200)}needle ${'b '.repeat(200)}`, ['needle'])
  expect(snippet.text.startsWith('…')).toBe(true)
  expect(snippet.text.endsWith('…')).toBe(true)
  expect(snippet.text.length).toBeLessThan(170)
  expect(snippet.ranges.map(([start, end]) => snippet.text.slice(start, end))).toEqual(['needle'])
})

test.each([
  ['English', `${'some words go before it and '.repeat(20)}needle and more`, 'needle'],
  ['Chinese', `${'前面还有很多很多的说明文字，'.repeat(20)}部署之后再说`, '部署'],
  ['one long word', `${'x'.repeat(500)}needle${'y'.repeat(500)}`, 'needle'],
  ['a long address before it', `see https://example.com/${'path/'.repeat(40)} needle`, 'needle'],
  ['the very end', `${'some words go before it and '.repeat(20)}needle`, 'needle'],
  ['the very end in Chinese', `${'前面还有很多很多的说明文字，'.repeat(20)}部署`, '部署'],
])('the hit stands in the first columns, where a narrow list shows it: %s', (_name, text, term) => {
  const { text: snippet, ranges } = toSnippet(text, [term])
  const [start, end] = ranges[0] ?? [NaN, NaN]
  expect(snippet.slice(start, end)).toBe(term)
  const columns = snippet.slice(0, start).replace(/[\u1100-\uffff]/g, 'xx').length
  // With the ellipsis before it.
  expect(columns).toBeLessThanOrEqual(14)
})

test('begins at a word where there is one near, and takes what stands before a hit at the start', () => {
  expect(toSnippet(`${'somewhere '.repeat(20)}the needle`, ['needle']).text).toBe('…the needle')
  expect(toSnippet('in the needle', ['needle']).text).toBe('in the needle')
})

test('a hit longer than the room is shown whole', () => {
  const long = 'n'.repeat(180)
  expect(toHits(`${'a '.repeat(50)}${long} and more`, [long])).toEqual([long])
})

test('the end of a long text ends without an ellipsis', () => {
  expect(toSnippet(`${'word '.repeat(100)}last needle`, ['needle']).text.endsWith('needle')).toBe(true)
})

test('a surrogate pair is never cut', () => {
  for (let shift = 0; shift < 4; shift += 1) {
    const { text } = toSnippet(`${'x'.repeat(shift)}${'😀'.repeat(100)}needle${'😀'.repeat(100)}`, ['needle'])
    expect(() => encodeURIComponent(text)).not.toThrow()
  }
})

test('characters with a meaning in a pattern are plain text', () => {
  expect(toHits('price (50%) [a-z] $1.00', ['(50%)', '[a-z]', '$1.00'])).toEqual(['(50%)', '[a-z]', '$1.00'])
  expect(toContainsPattern('50%_\\')).toBe('%50\\%\\_\\\\%')
})

test('terms: distinct, longest first, at most five', () => {
  expect(toSearchTerms('  a docker a 日志 ')).toEqual(['docker', '日志', 'a'])
  expect(toSearchTerms('1 2 3 4 5 6')).toHaveLength(5)
  expect(toSearchTerms(' \n\t ')).toEqual([])
})
