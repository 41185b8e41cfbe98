import { describe, expect, it } from 'vitest'
import { createMessage } from '../test-support/answer-events.ts'
import { buildBranch, findNewestLeaf, toNextTime } from './message-tree.ts'

let second = 0
const row = (id: string, parentId: string | null) =>
  createMessage({
    id,
    parentId,
    role: id.startsWith('a') ? 'assistant' : 'user',
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second++)).toISOString(),
  })
const toMap = (rows: ReturnType<typeof row>[]) => new Map(rows.map((message) => [message.id, message]))

// u1 ── a1 ── u2 ── a2        an edited question (u2b) and a second answer to it (a3, a3b)
//         └── u2b ── a3
//                 └─ a3b ── u4
const messages = toMap([
  row('u1', null),
  row('a1', 'u1'),
  row('u2', 'a1'),
  row('a2', 'u2'),
  row('u2b', 'a1'),
  row('a3', 'u2b'),
  row('a3b', 'u2b'),
  row('u4', 'a3b'),
])
const listIds = (throughId: string | null, isOpenEnded = true) =>
  buildBranch(messages, throughId, isOpenEnded).map((item) => item.message.id)

describe('buildBranch', () => {
  it('shows the branch through a message, up to its newest descendant', () => {
    expect(listIds('a2')).toEqual(['u1', 'a1', 'u2', 'a2'])
    expect(listIds('u2b')).toEqual(['u1', 'a1', 'u2b', 'a3b', 'u4'])
    expect(listIds('a3')).toEqual(['u1', 'a1', 'u2b', 'a3'])
  })

  it('falls back to the newest message when the leaf is unknown', () => {
    expect(listIds(null)).toEqual(['u1', 'a1', 'u2b', 'a3b', 'u4'])
    expect(listIds('not-loaded')).toEqual(['u1', 'a1', 'u2b', 'a3b', 'u4'])
  })

  it('stops at the message under which a new version is being made', () => {
    expect(listIds('u2b', false)).toEqual(['u1', 'a1', 'u2b'])
  })

  it('names the versions of each message, oldest first', () => {
    const siblings = buildBranch(messages, 'a3').map((item) => item.siblingIds)
    expect(siblings).toEqual([['u1'], ['a1'], ['u2', 'u2b'], ['a3', 'a3b']])
  })

  it('begins at the oldest loaded message when earlier pages are missing', () => {
    const loaded = new Map([...messages].filter(([id]) => id !== 'u1' && id !== 'a1'))
    expect(buildBranch(loaded, 'a2').map((item) => item.message.id)).toEqual(['u2', 'a2'])
  })

  it('survives rows that hang on each other in a circle', () => {
    const circle = toMap([row('u8', 'a9'), row('a9', 'u8')])
    expect(buildBranch(circle, 'u8').map((item) => item.message.id)).toEqual(['a9', 'u8'])
  })

  it('is empty without messages', () => {
    expect(buildBranch(new Map(), 'u1')).toEqual([])
  })
})

it('lands on the newest end of a version one switches to', () => {
  expect(findNewestLeaf(messages, 'u2')).toBe('a2')
  expect(findNewestLeaf(messages, 'u2b')).toBe('u4')
})

it('dates a new row after all others, even when this clock is behind', () => {
  const newestMs = Date.parse(messages.get('u4')?.createdAt ?? '')
  expect(Date.parse(toNextTime(messages, 0))).toBe(newestMs + 1)
  expect(Date.parse(toNextTime(messages, newestMs + 5_000))).toBe(newestMs + 5_000)
})
