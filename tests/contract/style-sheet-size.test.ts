import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** As for code: what is longer has more than one reason to change. No linter here counts the lines of style sheets. */
const maxLines = 400
const root = 'frontend/src'

test(`no style sheet has more than ${maxLines} lines`, () => {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.css'))
  expect(paths.length).toBeGreaterThan(5)
  const tooLong = paths
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > maxLines)
  expect(tooLong).toEqual([])
})
