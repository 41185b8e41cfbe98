import type { QuotaUse } from '@llmchat/protocol/api/quota-schema'
import './quota-bar.css'

interface QuotaBarProps {
  use: Pick<QuotaUse, 'used' | 'softLimit' | 'hardLimit'>
  /** What it shows, in words. */
  label: string
}

/** How far a quota is used: calm, past its soft limit, used up. */
export function QuotaBar({ use: { used, softLimit, hardLimit }, label }: QuotaBarProps) {
  const isFull = used >= hardLimit
  const state = isFull ? 'is-full' : softLimit !== null && used >= softLimit ? 'is-warned' : ''
  return (
    <meter
      className={`quota-bar ${state}`}
      aria-label={label}
      min={0}
      max={Math.max(1, hardLimit)}
      value={isFull ? Math.max(1, hardLimit) : used}
    />
  )
}
