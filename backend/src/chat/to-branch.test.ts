import { expect, test } from 'vitest'
import { toBranch } from './to-branch.ts'

const messages = [
  { id: 'q1', parentId: null },
  { id: 'a1', parentId: 'q1' },
  { id: 'a2', parentId: 'q1' },
  { id: 'q2', parentId: 'a1' },
]

test('the branch of a leaf, from the root', () => {
  expect(toBranch(messages, 'a2').map((message) => message.id)).toEqual(['q1', 'a2'])
})

test('without a known leaf, the branch of the newest message', () => {
  expect(toBranch(messages, null).map((message) => message.id)).toEqual(['q1', 'a1', 'q2'])
  expect(toBranch(messages, 'gone').map((message) => message.id)).toEqual(['q1', 'a1', 'q2'])
})

test('a circle ends', () => {
  const circle = [
    { id: 'a', parentId: 'b' },
    { id: 'b', parentId: 'a' },
  ]
  expect(toBranch(circle, 'a')).toHaveLength(2)
})
