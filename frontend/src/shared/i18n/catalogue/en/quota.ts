import type { zhQuota } from '../zh/quota.ts'

export const enQuota = {
  'quota.of.person': 'Your quota',
  'quota.of.group': 'The quota of the group “{name}”',
  'quota.of.agent': 'The quota of the agent “{name}”',
  'quota.use.messages.day': '{used} of {limit} messages used today',
  'quota.use.messages.month': '{used} of {limit} messages used this month',
  'quota.use.tokens.day': '{used} of {limit} tokens used today',
  'quota.use.tokens.month': '{used} of {limit} tokens used this month',
  'quota.use.money.day': '{used} of {limit} used today',
  'quota.use.money.month': '{used} of {limit} used this month',
  'quota.use.running': '{used} of {limit} answers at the same time',
  'quota.refused':
    '{owner} does not suffice: {use}. Your message was not sent; its text is still here. It renews on {date}; an administrator can raise it.',
  'quota.warning': '{owner} is running out: {use}, {left} left. It renews on {date}.',
  'quota.dismiss': 'Dismiss',
} satisfies Record<keyof typeof zhQuota, string>
