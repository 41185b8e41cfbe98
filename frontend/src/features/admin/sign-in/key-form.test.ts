import { expect, it } from 'vitest'
import { emptyKeyForm, findKeyProblems, toKeyRequest } from './key-form.ts'

const nowMs = Date.parse('2026-05-01T12:00')
const form = { ...emptyKeyForm, name: ' nightly ' }

it('asks for the usual scopes, no end and no limit of its own', () => {
  expect(findKeyProblems(form, nowMs)).toEqual({})
  expect(toKeyRequest(form)).toEqual({
    name: 'nightly',
    scopes: ['chat', 'read'],
    expiresAt: null,
    rateLimitPerMinute: null,
  })
})

it('takes the end in the zone of whoever writes it', () => {
  const { expiresAt } = toKeyRequest({ ...form, expiresAt: '2026-05-02T08:30' })
  expect(expiresAt).toBe(new Date(2026, 4, 2, 8, 30).toISOString())
})

it.each([
  [{ name: ' ' }, { name: true }],
  [{ scopes: [] }, { scopes: true }],
  [{ expiresAt: '2026-05-01T12:00' }, { expiresAt: true }],
  [{ expiresAt: 'soon' }, { expiresAt: true }],
  [{ rateLimit: '0' }, { rateLimit: true }],
  [{ rateLimit: '1.5' }, { rateLimit: true }],
  [{ rateLimit: '10000001' }, { rateLimit: true }],
])('%j is refused', (change, problems) => {
  expect(findKeyProblems({ ...form, ...change }, nowMs)).toEqual(problems)
})
