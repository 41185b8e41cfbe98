import { createIntegerSetting, createTextSetting } from '../setting.ts'

function parseTimeZone(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

export const quotaSettings = {
  quotaTimeZone: createTextSetting({
    variable: 'QUOTA_TIME_ZONE',
    description: 'Where the days and months of quotas begin. The same on all instances.',
    rule: 'an IANA time zone',
    example: 'Asia/Shanghai',
    default: 'UTC',
    parse: parseTimeZone,
  }),
  quotaCurrency: createTextSetting({
    variable: 'QUOTA_CURRENCY',
    description: "What agents' prices and quotas of money are in. Amounts are not converted when it changes.",
    rule: 'three capital letters, as ISO 4217 has them',
    example: 'CNY',
    default: 'USD',
    parse: (text) => (/^[A-Z]{3}$/.test(text) ? text : undefined),
  }),
  quotaReservedOutputTokens: createIntegerSetting({
    variable: 'QUOTA_RESERVED_OUTPUT_TOKENS',
    description:
      'Tokens that an answer is taken to write until it has ended, for quotas of tokens and money; less where its agent has a lower limit.',
    min: 0,
    max: 1_000_000,
    default: 1000,
  }),
}
