import { expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { parseCursor, toCursor } from './keyset-cursor.ts'

test('a cursor comes back as it went out', () => {
  const position = { isPinned: true, timestamp: '2026-11-22T10:00:00.123456Z', id: 'a:b.c-d_e' }
  expect(parseCursor(toCursor(position))).toEqual(position)
})

test.each([
  ['', 'empty'],
  ['not base64 at all', 'noise'],
  [Buffer.from('[1,"2026-11-22T10:00:00.123Z","x"]').toString('base64url'), 'milliseconds'],
  [Buffer.from('[1,"2026-99-22T10:00:00.123456Z","x"]').toString('base64url'), 'no such month'],
  [Buffer.from('[1,"2026-11-22T10:00:00.123456Z"]').toString('base64url'), 'no id'],
])('%j is refused (%s)', (cursor) => {
  expect(() => parseCursor(cursor)).toThrow(AppError)
})
