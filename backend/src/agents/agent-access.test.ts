import { expect, test } from 'vitest'
import { isVisible } from './agent-access.ts'

const allow = (groupId: string) => ({ groupId, effect: 'allow' as const })
const deny = (groupId: string) => ({ groupId, effect: 'deny' as const })

test.each([
  ['no rule is everybody', [], ['a'], true],
  ['no rule is also whoever is in no group', [], [], true],
  ['allow lets its group in', [allow('a')], ['a', 'x'], true],
  ['allow keeps all others out', [allow('a')], ['b'], false],
  ['deny keeps its group out', [deny('a')], ['a'], false],
  ['deny alone lets the others in', [deny('a')], ['b'], true],
  ['deny wins over allow', [allow('a'), deny('b')], ['a', 'b'], false],
  ['one of several allowed groups is enough', [allow('a'), allow('b')], ['b'], true],
])('%s', (_name, rules, groupIds, expected) => {
  expect(isVisible(rules, new Set(groupIds))).toBe(expected)
})
