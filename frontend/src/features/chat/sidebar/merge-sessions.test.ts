import type { ChatSession } from '@llmchat/protocol/api/chat-schema'
import { expect, it } from 'vitest'
import { createPage } from '../test-support/answer-events.ts'
import { groupSessions, mergeOlder, mergeRecent } from './merge-sessions.ts'

const session = (id: string, day: number, isPinned = false): ChatSession => ({
  ...createPage([]).session,
  id,
  isPinned,
  updatedAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
})
const listIds = (sessions: ChatSession[]) => sessions.map(({ id }) => id)

it('takes the first page as it is and keeps what was loaded below it', () => {
  const known = [session('p', 2, true), session('c', 9), session('b', 8), session('a', 7), session('z', 1)]
  const page = {
    sessions: [session('p', 2, true), session('d', 10), session('c', 9), session('b', 8)],
    nextCursor: 'x',
  }
  expect(listIds(mergeRecent(known, page))).toEqual(['p', 'd', 'c', 'b', 'a', 'z'])
})

it('drops a chat that is gone from the first page, and everything else when that page is the last', () => {
  const known = [session('c', 9), session('gone', 8), session('a', 7)]
  expect(listIds(mergeRecent(known, { sessions: [session('c', 9), session('a', 7)], nextCursor: 'x' }))).toEqual([
    'c',
    'a',
  ])
  expect(listIds(mergeRecent(known, { sessions: [session('c', 9)], nextCursor: null }))).toEqual(['c'])
})

it('puts older pages behind and shows no chat twice', () => {
  const older = { sessions: [session('a', 7), session('y', 3)], nextCursor: null }
  expect(listIds(mergeOlder([session('b', 8), session('a', 7)], older))).toEqual(['b', 'a', 'y'])
})

it('groups by pin and by day', () => {
  const groups = groupSessions([session('p', 1, true), session('new', 9), session('old', 8)], Date.UTC(2026, 0, 9))
  expect([groups.pinned, groups.today, groups.earlier].map(listIds)).toEqual([['p'], ['new'], ['old']])
})
