import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { auditActions } from '../../../packages/protocol/src/api/audit-schema.ts'

const page = readFileSync('docs/SECURITY_DESIGN.md', 'utf8')

function getPart(begin: string, end: string): string {
  const [, rest = ''] = page.split(begin)
  return rest.split(end)[0] ?? ''
}

function listCode(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

/** The words in quotes of one statement of the sources. */
function readConstant(path: string, pattern: RegExp): string[] {
  const found = pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? ''
  return [...found.matchAll(/'([^']+)'/g)].map(([, word = '']) => word)
}

test('the page names every action of the audit log, in its order, and no other', () => {
  expect(listCode(getPart('<!-- actions: begin -->', '<!-- actions: end -->'))).toEqual([...auditActions])
})

test('the page names every word that is not enough for a password', () => {
  const words = readConstant('backend/src/users/new-password.ts', /PRODUCT_WORDS = \[([^\]]+)\]/)
  expect(words.length).toBeGreaterThan(3)
  expect(listCode(getPart('### Words that are not enough', '## A lost second factor'))).toEqual(words)
})

test('every setting and figure of sign-in that the page names is the one of the code', () => {
  const readNumbers = (path: string, pattern: RegExp): string[] =>
    [...readFileSync(path, 'utf8').matchAll(pattern)].map(([, value = '']) => value.replaceAll('_', ''))
  const one = (path: string, pattern: RegExp): string => readNumbers(path, pattern).join()
  const users = 'backend/src/users'
  const limit = 'backend/src/http/limits/create-login-limit.ts'
  const settings = 'backend/src/config/settings/people-settings.ts'
  const found = {
    factors: one(limit, /(?:addressFactor|accountFactor) = (\d+)/g),
    gate: one(`${users}/password-hasher.ts`, /(?:maxInside|reservedForKnown|maxPerClient): (\d+)/g),
    ticket: one(`${users}/second-factor.ts`, /(?:TICKET_TTL_MS|MAX_FAILURES) = (\d+)/g),
    lengths: one(`${users}/new-password.ts`, /(?:MIN_LENGTH|MAX_LENGTH) = (\d+)/g),
    days: one(settings, /(\d+) \* DAY_MS,\n? *'A/g),
    attempts: one(settings, /default: (10),/g),
  }
  expect(found).toEqual({
    factors: '20,10',
    gate: '24,8,4',
    ticket: '5,5',
    lengths: '12,1024',
    days: '7,30',
    attempts: '10',
  })
  for (const said of [
    '20 times the same',
    '10 times the same, in an hour',
    '4 per client, 16 strangers, 24 in all',
    '5 codes, 5 minutes',
    'At least 12 characters, at most 1,024',
    '`LOGIN_IDLE_MS`, 7 days',
    '`LOGIN_ABSOLUTE_MS`, 30 days',
    '`LOGIN_ATTEMPTS_PER_MINUTE` (10)',
  ]) {
    expect(page).toContain(said)
  }
})
