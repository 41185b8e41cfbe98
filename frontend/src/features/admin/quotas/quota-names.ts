import type { Quota } from '@llmchat/protocol/api/quota-schema'
import type { AdminText } from '../use-admin-text.ts'

/** Each way to limit something, as one choice. */
export const quotaKinds = [
  'messages.day',
  'messages.month',
  'tokens.day',
  'tokens.month',
  'money.day',
  'money.month',
  'running.now',
] as const
export type QuotaKind = (typeof quotaKinds)[number]

export function toKind({ measure, period }: Pick<Quota, 'measure' | 'period'>): QuotaKind {
  return quotaKinds.find((kind) => kind === `${measure}.${period}`) ?? 'messages.day'
}

export function toKindName(text: AdminText, kind: QuotaKind, currency: string): string {
  if (kind === 'money.day' || kind === 'money.month') return text(`admin.quotas.kind.${kind}`, { currency })
  return text(`admin.quotas.kind.${kind}`)
}

export function toSubjectName(text: AdminText, { scope, subjectName, subjectId }: Quota): string {
  if (scope === 'everyone') return text('admin.quotas.named.everyone')
  return text(`admin.quotas.named.${scope}`, { name: subjectName ?? subjectId ?? '' })
}
