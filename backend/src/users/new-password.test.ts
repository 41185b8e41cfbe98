import { describe, expect, test } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { assertNewPassword, toContextWords } from './new-password.ts'

const context = toContextWords({ email: 'anna.lindqvist@northwind.example', name: 'Anna Lindqvist' })

async function findReason(password: string): Promise<unknown> {
  try {
    await assertNewPassword(password, context)
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.code).toBe('password_refused')
    return error.details
  }
}

describe('a new password', () => {
  test.each(['', 'x7$kPq9!vLm', 'a'.repeat(1025)])('%# of a wrong length is refused', async (password) => {
    expect(await findReason(password)).toMatchObject({ reason: 'length' })
  })

  test.each([
    'Password1234!',
    'passwordpassword',
    '123456789012',
    'aaaaaaaaaaaa',
    'qwertyuiop12',
    'P@ssw0rd!2024',
    'iloveyou123456',
    'northwind2026',
    'anna.lindqvist1',
    'LindqvistAnna!!',
    'llmchat-llmchat',
    'LLMChat-anna-2026',
  ])('%s is refused: lists and the person lead to it', async (password) => {
    expect(await findReason(password)).toMatchObject({ reason: 'guessable' })
  })

  test.each([
    'correct horse battery staple',
    'a long password',
    'x7$kPq9!vLm2',
    '我的密码是长长的秘密句子',
    'the lindqvist summer lasts forever',
  ])('%s is taken', async (password) => {
    expect(await findReason(password)).toBeNull()
  })

  test('of the greatest length is judged in no time', async () => {
    await assertNewPassword('correct horse battery staple', [])
    const startMs = performance.now()
    await assertNewPassword('ab1'.repeat(341), []).catch(() => undefined)
    expect(performance.now() - startMs).toBeLessThan(1000)
  })
})
