import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import type { Text } from '../i18n/text-key.ts'

/** An amount as people read it, without its unit: money with its currency, in the language of the page. */
export function toAmountText(quota: Pick<QuotaUse, 'measure' | 'currency'>, amount: number): string {
  if (quota.measure !== 'money') return new Intl.NumberFormat(findTag()).format(amount)
  const style = { style: 'currency', currency: quota.currency ?? 'USD' } as const
  return new Intl.NumberFormat(findTag(), style).format(amount / 1_000_000)
}

/** Whose quota it is. */
export function toQuotaOwner(text: Text, { scope, name }: Pick<QuotaUse, 'scope' | 'name'>): string {
  if (scope === 'group') return text('quota.of.group', { name: name ?? '' })
  if (scope === 'agent') return text('quota.of.agent', { name: name ?? '' })
  return text('quota.of.person')
}

/** `of 50 messages a day, 40 are used` */
export function toUseText(text: Text, quota: QuotaUse): string {
  const { measure, period } = quota
  const values = { used: toAmountText(quota, quota.used), limit: toAmountText(quota, quota.hardLimit) }
  if (measure === 'running' || period === 'now') return text('quota.use.running', values)
  return text(`quota.use.${measure}.${period}`, values)
}

/** What it is, how far it is used, what became of the message, when it goes on. */
export function toRefusalText(text: Text, quota: QuotaUse): string {
  const values = { owner: toQuotaOwner(text, quota), use: toUseText(text, quota), date: toRenewalText(quota) }
  return text('quota.refused', values)
}

/** What is left. */
export function toWarningText(text: Text, quota: QuotaUse): string {
  const left = toAmountText(quota, Math.max(0, quota.hardLimit - quota.used))
  const values = { owner: toQuotaOwner(text, quota), use: toUseText(text, quota), left, date: toRenewalText(quota) }
  return text('quota.warning', values)
}

/** When the count begins anew, on the reader's clock; empty where it has no end. */
export function toRenewalText({ renewsAt }: Pick<QuotaUse, 'renewsAt'>): string {
  if (renewsAt === null) return ''
  const style = { month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(findTag(), style).format(new Date(renewsAt))
}

/** The quota that an error speaks of; null where it speaks of none. */
export function findQuota(details: unknown): QuotaUse | null {
  if (typeof details !== 'object' || details === null || !('quota' in details)) return null
  const { quota } = details
  const isQuota = typeof quota === 'object' && quota !== null && 'hardLimit' in quota && 'measure' in quota
  return isQuota ? (quota as QuotaUse) : null
}

function findTag(): string {
  return typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en'
}
