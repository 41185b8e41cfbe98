import type { QuotaMeasure, QuotaPeriod, QuotaUse } from '@llmchat/protocol/api/quota-schema'
import { AppError } from '../base/app-error.ts'
import type { QuotaWindows } from './quota-windows.ts'
import type { Verdict } from './reservation.ts'

export interface QuotaPlace {
  windows: QuotaWindows
  /** ISO 4217. */
  currency: string
}

/** An answer takes seconds: so soon one of those that run may have ended. */
const runningRetryMs = 3_000

const periodTexts: Record<QuotaPeriod, string> = { day: ' a day', month: ' a month', now: '' }
const measureTexts: Record<Exclude<QuotaMeasure, 'money'>, string> = {
  messages: 'messages',
  tokens: 'tokens',
  running: 'answers at the same time',
}

/** As the person is told. `extra`: what the message in question took or would take. */
export function toQuotaUse(
  verdict: Pick<
    Verdict,
    'scope' | 'measure' | 'period' | 'name' | 'softLimit' | 'hardLimit' | 'used' | 'windowKey' | 'subjectId'
  >,
  place: QuotaPlace,
  { nowMs, extra }: { nowMs: number; extra: number },
): QuotaUse {
  const { scope, measure, period, name, softLimit, hardLimit } = verdict
  const endMs = place.windows.findEndMs(period, nowMs)
  return {
    scope,
    measure,
    period,
    name,
    softLimit,
    hardLimit,
    used: verdict.used + extra,
    renewsAt: endMs === null ? null : new Date(endMs).toISOString(),
    currency: measure === 'money' ? place.currency : null,
  }
}

/** Whether `error` says that a quota leaves no room. */
export function isQuotaRefusal(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'quota_exceeded' || error.code === 'too_many_running')
}

/** Of several the one that lasts longest, so that whoever comes back when it renews is not refused by another one. */
export function toRefusal(refused: readonly Verdict[], place: QuotaPlace, nowMs: number): AppError {
  const [worst] = refused
    .map((verdict) => ({ verdict, use: toQuotaUse(verdict, place, { nowMs, extra: 0 }) }))
    .sort((left, right) => toEndMs(right.use) - toEndMs(left.use))
  if (worst === undefined) throw new Error('nothing was refused')
  const { use } = worst
  const details = { quota: use, needed: worst.verdict.amount }
  if (use.renewsAt === null) {
    const message = `Too many answers are running: ${toSubject(use)} may have ${use.hardLimit} at the same time.`
    return new AppError('too_many_running', { message, details, retryAfterMs: runningRetryMs })
  }
  const message = `The quota of ${toSubject(use)} does not suffice: ${toAmount(use, use.used)} of ${toAmount(use, use.hardLimit)} ${toUnit(use)} are used. It renews at ${use.renewsAt}.`
  return new AppError('quota_exceeded', { message, details, retryAfterMs: toEndMs(use) - nowMs })
}

function toEndMs(use: QuotaUse): number {
  return use.renewsAt === null ? 0 : Date.parse(use.renewsAt)
}

function toSubject({ scope, name }: QuotaUse): string {
  if (scope === 'group') return `the group ${name ?? ''}`
  if (scope === 'agent') return `the agent ${name ?? ''}`
  return 'this person'
}

function toUnit({ measure, period, currency }: QuotaUse): string {
  return `${measure === 'money' ? (currency ?? '') : measureTexts[measure]}${periodTexts[period]}`
}

function toAmount({ measure }: QuotaUse, amount: number): string {
  return measure === 'money' ? (amount / 1_000_000).toFixed(2) : String(amount)
}
