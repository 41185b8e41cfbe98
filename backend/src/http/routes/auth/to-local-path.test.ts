import { expect, test } from 'vitest'
import { toLocalPath } from './to-local-path.ts'

test.each(['/', '/chat/abc?x=1#y', '/set-up'])('%s is of this place', (path) => expect(toLocalPath(path)).toBe(path))

test.each([
  undefined,
  '',
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '/a\\b',
  '/a\nb',
  `/${'x'.repeat(500)}`,
])('%s is not', (path) => expect(toLocalPath(path)).toBe('/'))
