import type { AgentAccessRule } from '@llmchat/protocol/api/admin-schema'
import { expect, it } from 'vitest'
import { toEffect, withEffect } from './access-rules.ts'

const rules: AgentAccessRule[] = [
  { groupId: 'a', effect: 'allow' },
  { groupId: 'b', effect: 'deny' },
]

it('reads the rule of a group', () => {
  expect([toEffect(rules, 'a'), toEffect(rules, 'b'), toEffect(rules, 'c')]).toEqual(['allow', 'deny', 'none'])
})

it('changes the rule of one group and no other', () => {
  expect(withEffect(rules, 'a', 'deny')).toEqual([
    { groupId: 'b', effect: 'deny' },
    { groupId: 'a', effect: 'deny' },
  ])
  expect(withEffect(rules, 'b', 'none')).toEqual([{ groupId: 'a', effect: 'allow' }])
  expect(withEffect(rules, 'c', 'allow')).toHaveLength(3)
})
