import { describe, expect, test } from 'vitest'
import { toTitle } from './to-title.ts'

describe('toTitle', () => {
  test.each([
    ['Hello there', 'Hello there'],
    ['\n\n  ## **Plan** for `npm start`\nmore', 'Plan for npm start'],
    ['> - a quoted list item', 'a quoted list item'],
    ['1. first', 'first'],
    ['see [the docs](https://example.com) now', 'see the docs now'],
    ['```ts\nconst a = 1\n```', 'const a = 1'],
    ['**重要：**请注意', '重要：请注意'],
    ['a\tb\u0000c', 'a b c'],
    ['', ''],
    ['   \n\t', ''],
  ])('%j becomes %j', (text, title) => {
    expect(toTitle(text)).toBe(title)
  })

  test('60 narrow characters stay whole, 61 are cut to 60 columns', () => {
    expect(toTitle('a'.repeat(60))).toBe('a'.repeat(60))
    expect(toTitle('a'.repeat(61))).toBe(`${'a'.repeat(59)}…`)
  })

  test('Chinese counts double', () => {
    expect(toTitle('字'.repeat(30))).toBe('字'.repeat(30))
    expect(toTitle('字'.repeat(31))).toBe(`${'字'.repeat(29)}…`)
  })

  test('a character of several code units is never cut', () => {
    const title = toTitle('👩‍👩‍👧‍👦'.repeat(40))
    expect(title).toBe(`${'👩‍👩‍👧‍👦'.repeat(29)}…`)
    expect(() => encodeURIComponent(title)).not.toThrow()
  })
})
