import { expect, it } from 'vitest'
import { findFileProblem } from './check-file.ts'

const limits = { maxFileBytes: 8, maxFilesPerMessage: 2, mediaTypes: ['image/png'] }
const create = (content: string, type = '') => new File([content], 'x', { type })

it.each([
  ['an empty file', create(''), 'upload_empty'],
  ['one byte too much', create('123456789'), 'upload_too_large'],
  ['the very limit', create('12345678'), null],
  ['a type that is taken', create('\0png', 'image/png'), null],
  ['a binary file of another type', create('MZ\0\0', 'application/x-msdownload'), 'upload_type_refused'],
  ['text under the name of a video', create('let a', 'video/mp2t'), null],
  ['a binary file that says nothing of itself', create('\0\0'), null],
])('%s', async (_case, file, problem) => {
  expect(await findFileProblem(file, limits)).toBe(problem)
})

it('leaves all but the empty file to the server when the limits are not known', async () => {
  expect(await findFileProblem(create('123456789', 'video/mp4'), null)).toBeNull()
  expect(await findFileProblem(create(''), null)).toBe('upload_empty')
})
