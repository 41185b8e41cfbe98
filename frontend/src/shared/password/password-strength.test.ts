import { expect, it } from 'vitest'
import { toPasswordLevel } from './password-strength.ts'

it.each([
  ['', 0],
  ['eleven chars'.slice(0, 11), 0],
  ['aaaaaaaaaaaaaaaa', 1],
  ['abcdefghijkl', 2],
  ['correct-horse1', 3],
  ['correct horse battery staple', 4],
  ['一二三四五六七八九十百千', 2],
])('rates %j as %i', (password, level) => {
  expect(toPasswordLevel(password)).toBe(level)
})
