import type { QuotaLimits, QuotaMeasure } from '@llmchat/protocol/api/quota-schema'
import { Field } from '../ui/Field.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { parseAmount } from './quota-amount.ts'

export interface TypedLimits {
  soft: string
  hard: string
}

/** Null: something typed is no limit. */
export function toLimits(measure: QuotaMeasure, { soft, hard }: TypedLimits): QuotaLimits | null {
  const hardLimit = parseAmount(measure, hard)
  const hasSoft = measure !== 'running' && soft.trim() !== ''
  const softLimit = hasSoft ? parseAmount(measure, soft) : null
  if (hardLimit === null || (hasSoft && (softLimit === null || softLimit > hardLimit))) return null
  return { softLimit, hardLimit }
}

interface LimitFieldsProps {
  measure: QuotaMeasure
  typed: TypedLimits
  isChecked: boolean
  onChange: (typed: TypedLimits) => void
  isFirst?: boolean
}

/** The hard limit, and where to warn before it. */
export function LimitFields({ measure, typed, isChecked, onChange, isFirst = false }: LimitFieldsProps) {
  const text = useAdminText()
  const invalid = text(measure === 'money' ? 'admin.quotas.money.invalid' : 'admin.quotas.amount.invalid')
  const hard = parseAmount(measure, typed.hard)
  const soft = parseAmount(measure, typed.soft)
  const isSoftWrong = typed.soft.trim() !== '' && soft === null
  const isSoftAbove = soft !== null && hard !== null && soft > hard
  return (
    <div className="two">
      <Field
        label={text('admin.quotas.hard')}
        value={typed.hard}
        onChange={(value) => onChange({ ...typed, hard: value })}
        maxLength={20}
        error={isChecked && hard === null ? invalid : undefined}
        isFirst={isFirst}
      />
      {measure === 'running' ? null : (
        <Field
          label={text('admin.quotas.soft')}
          value={typed.soft}
          onChange={(value) => onChange({ ...typed, soft: value })}
          maxLength={20}
          hint={text('admin.quotas.soft.hint')}
          error={
            isChecked && isSoftWrong ? invalid : isChecked && isSoftAbove ? text('admin.quotas.soft.above') : undefined
          }
        />
      )}
    </div>
  )
}
