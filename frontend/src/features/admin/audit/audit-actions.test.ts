import { auditActions as written } from '@llmchat/protocol/api/audit-schema'
import { expect, it } from 'vitest'
import { auditActions, isKnownAction } from './audit-actions.ts'

it('offers exactly what the server writes down', () => {
  expect(auditActions).toEqual(written)
})

it('knows an action of a newer server for one it has no words for', () => {
  expect(isKnownAction('agent.created')).toBe(true)
  expect(isKnownAction('agent.exploded')).toBe(false)
})
