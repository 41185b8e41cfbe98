import type { CreateQuotaRequest, QuotaScope } from '@llmchat/protocol/api/quota-schema'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../../shared/ui/Dialog.tsx'
import { adminAgentsQuery } from '../api/agents.ts'
import { groupsQuery } from '../api/groups.ts'
import { createQuota } from '../api/quotas.ts'
import { PersonFilter } from '../ui/PersonFilter.tsx'
import { FormActs } from '../ui/FormActs.tsx'
import { FormError } from '../ui/FormError.tsx'
import { useAct } from '../ui/use-act.ts'
import { useAdminText } from '../use-admin-text.ts'
import { LimitFields, toLimits } from './LimitFields.tsx'
import { quotaKinds, toKindName, type QuotaKind } from './quota-names.ts'
import { SelectField } from './SelectField.tsx'

interface QuotaForm {
  scope: QuotaScope
  /** Empty: not chosen. */
  subjectId: string
  kind: QuotaKind
  soft: string
  hard: string
}

const emptyForm: QuotaForm = { scope: 'everyone', subjectId: '', kind: 'messages.day', soft: '', hard: '' }
const scopes: readonly QuotaScope[] = ['everyone', 'user', 'group', 'group-member', 'agent']
const kindParts: Record<QuotaKind, Pick<CreateQuotaRequest, 'measure' | 'period'>> = {
  'messages.day': { measure: 'messages', period: 'day' },
  'messages.month': { measure: 'messages', period: 'month' },
  'tokens.day': { measure: 'tokens', period: 'day' },
  'tokens.month': { measure: 'tokens', period: 'month' },
  'money.day': { measure: 'money', period: 'day' },
  'money.month': { measure: 'money', period: 'month' },
  'running.now': { measure: 'running', period: 'now' },
}

/** Null: something is missing or is no limit. */
function toRequest({ scope, subjectId, kind, soft, hard }: QuotaForm): CreateQuotaRequest | null {
  const parts = kindParts[kind]
  const limits = toLimits(parts.measure, { soft, hard })
  if (limits === null || (scope !== 'everyone' && subjectId === '')) return null
  return { scope, ...parts, ...limits, ...(scope === 'everyone' ? {} : { subjectId }) }
}

/** For whom, what, and how much. */
export function CreateQuotaDialog({ currency, onClose }: { currency: string; onClose: () => void }) {
  const text = useAdminText()
  const [form, setForm] = useState(emptyForm)
  const [isChecked, setIsChecked] = useState(false)
  const create = useAct({ run: createQuota, done: text('admin.quotas.create.done'), onDone: onClose })
  const change = (changes: Partial<QuotaForm>) => setForm({ ...form, ...changes })
  return (
    <Dialog isOpen onClose={onClose} title={text('admin.quotas.create')}>
      <form
        className="admin-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setIsChecked(true)
          const request = toRequest(form)
          if (request && !create.isPending) create.mutate(request)
        }}
      >
        <SelectField
          label={text('admin.quotas.scope')}
          value={form.scope}
          options={scopes.map((scope) => ({ value: scope, label: text(`admin.quotas.scope.${scope}`) }))}
          onChange={(scope) => change({ scope, subjectId: '' })}
        />
        <SubjectField form={form} isChecked={isChecked} onChange={(subjectId) => change({ subjectId })} />
        <SelectField
          label={text('admin.quotas.measure')}
          value={form.kind}
          options={quotaKinds.map((kind) => ({ value: kind, label: toKindName(text, kind, currency) }))}
          onChange={(kind) => change({ kind })}
        />
        <LimitFields measure={kindParts[form.kind].measure} typed={form} isChecked={isChecked} onChange={change} />
        <FormError error={create.error} />
        <FormActs act={text('admin.quotas.create.act')} isPending={create.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  )
}

interface SubjectFieldProps {
  form: QuotaForm
  isChecked: boolean
  onChange: (subjectId: string) => void
}

/** Whom exactly. */
function SubjectField({ form: { scope, subjectId }, isChecked, onChange }: SubjectFieldProps) {
  const text = useAdminText()
  const groups = useQuery({ ...groupsQuery, enabled: scope === 'group' || scope === 'group-member' }).data
  const agents = useQuery({ ...adminAgentsQuery, enabled: scope === 'agent' }).data
  const error = isChecked && subjectId === '' ? text('admin.required') : undefined
  if (scope === 'everyone') return null
  if (scope === 'user') {
    return (
      <div className="field">
        <PersonFilter label={text('admin.quotas.subject.user')} userId={subjectId} onChange={onChange} />
        {error === undefined ? null : <small className="admin-problem">{error}</small>}
      </div>
    )
  }
  const things = (scope === 'agent' ? agents : groups) ?? []
  return (
    <SelectField
      label={text(scope === 'agent' ? 'admin.quotas.subject.agent' : 'admin.quotas.subject.group')}
      value={subjectId}
      options={things.map(({ id, name }) => ({ value: id, label: name }))}
      placeholder={text('admin.quotas.subject.choose')}
      error={error}
      onChange={onChange}
    />
  )
}
