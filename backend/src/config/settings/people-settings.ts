import { DAY_MS, createDurationSetting } from './duration-setting.ts'
import { createIntegerSetting, createTextSetting } from '../setting.ts'
import { createLengthParser, parseEmail } from '../setting-parsers.ts'

export const peopleSettings = {
  adminEmail: createTextSetting({
    variable: 'ADMIN_EMAIL',
    description: 'An administrator made at start when there is none of this address. Needs ADMIN_PASSWORD.',
    rule: 'an e-mail address',
    example: 'admin@corp.example',
    default: null,
    parse: parseEmail,
  }),
  adminPassword: createTextSetting({
    variable: 'ADMIN_PASSWORD',
    description: 'The first password of ADMIN_EMAIL. A later change of it here changes nothing.',
    rule: 'at least 12 characters',
    example: '(a password of your own)',
    default: null,
    parse: createLengthParser(12),
  }),
  loginIdleMs: createDurationSetting(
    'LOGIN_IDLE_MS',
    7 * DAY_MS,
    'A browser that was not used for so long must sign in again.',
    { maxMs: 366 * DAY_MS },
  ),
  loginAbsoluteMs: createDurationSetting('LOGIN_ABSOLUTE_MS', 30 * DAY_MS, 'A login ends after so long in any case.', {
    maxMs: 366 * DAY_MS,
  }),
  loginAttemptsPerMinute: createIntegerSetting({
    variable: 'LOGIN_ATTEMPTS_PER_MINUTE',
    description: 'Attempts to sign in, per address and account.',
    min: 1,
    max: 100_000,
    default: 10,
  }),
  auditRetentionDays: createIntegerSetting({
    variable: 'AUDIT_RETENTION_DAYS',
    description: 'Older entries of the audit log are removed, except those of people on legal hold. 0 keeps them all.',
    min: 0,
    max: 36_500,
    default: 0,
  }),
  rateLimitPerMinute: createIntegerSetting({
    variable: 'RATE_LIMIT_PER_MINUTE',
    description: 'Requests per minute and user, or address where nobody is signed in. 0 is no limit.',
    min: 0,
    max: 10_000_000,
    default: null,
    defaultText: '1000 in production, else no limit',
    example: '1000',
  }),
}
