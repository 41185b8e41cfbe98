import type { Generated } from 'kysely'
import type { QuotaMeasure, QuotaPeriod, QuotaScope } from '@llmchat/protocol/api/quota-schema'
import type { DefaultTimestamp, NullableNumber } from './column-types.ts'

export interface QuotaTable {
  id: string
  scope: QuotaScope
  user_id: string | null
  group_id: string | null
  agent_id: string | null
  measure: QuotaMeasure
  period: QuotaPeriod
  soft_limit: NullableNumber
  hard_limit: number
  created_at: DefaultTimestamp
  updated_at: DefaultTimestamp
}

export interface QuotaUsageTable {
  quota_id: string
  /** `2026-11-26`, `2026-11` or `now`. */
  window_key: string
  /** A person's id; '' where all share one count. */
  subject_id: string
  used: Generated<number>
  reserved: Generated<number>
  /** Somebody was told that the soft limit is passed. */
  is_warned: Generated<boolean>
  created_at: DefaultTimestamp
}

export interface QuotaReservationTable {
  generation_id: string
  quota_id: string
  window_key: string
  subject_id: string
  measure: QuotaMeasure
  amount: number
}

export interface AgentPriceTable {
  agent_id: string
  /** Of a million tokens, in millionths of the currency. */
  input_micros: number
  output_micros: number
  updated_at: DefaultTimestamp
}

export interface UsageRecordTable {
  generation_id: string
  user_id: string
  agent_id: string
  input_tokens: number
  output_tokens: number
  cost_micros: number
  is_estimated: boolean
  ended_at: DefaultTimestamp
}
