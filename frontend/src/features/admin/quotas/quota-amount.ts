import type { QuotaMeasure } from '@llmchat/protocol/api/quota-schema'

const maxAmount = 4_000_000_000_000_000

/** What was typed, as the server counts it: money in millionths, without a detour over fractions. Null: it is no amount. */
export function parseAmount(measure: QuotaMeasure, typed: string): number | null {
  const pattern = measure === 'money' ? /^(\d{1,10})(?:[.,](\d{1,6}))?$/ : /^(\d{1,16})$/
  const [, whole, decimals = ''] = pattern.exec(typed.trim()) ?? []
  if (whole === undefined) return null
  const amount = measure === 'money' ? Number(whole + decimals.padEnd(6, '0')) : Number(whole)
  return amount <= maxAmount ? amount : null
}

/** The other way, for a field. */
export function toTypedAmount(measure: QuotaMeasure, amount: number | null): string {
  if (amount === null) return ''
  if (measure !== 'money') return String(amount)
  const digits = String(amount).padStart(7, '0')
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '')
}
