import type { AuditFilter } from '../api/audit.ts'
import { FilterBar, SelectFilter, TextFilter } from '../ui/FilterBar.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { auditActions, targetKinds } from './audit-actions.ts'
import { toLocalField, toTimestamp } from './local-time.ts'
import { PersonFilter } from '../ui/PersonFilter.tsx'

interface AuditFiltersProps {
  filter: AuditFilter
  onChange: (changes: Partial<Record<keyof AuditFilter, string>>) => void
  onClear: (() => void) | null
}

/** Everything by which the log can be narrowed. */
export function AuditFilters({ filter, onChange, onClear }: AuditFiltersProps) {
  const text = useAdminText()
  return (
    <FilterBar onClear={onClear}>
      <PersonFilter
        label={text('admin.audit.filter.actor')}
        userId={filter.actorId}
        onChange={(actorId) => onChange({ actorId })}
      />
      <SelectFilter
        label={text('admin.audit.action')}
        value={filter.action}
        options={auditActions.map((action) => ({
          value: action,
          label: `${text(`admin.act.${action}`)} · ${action}`,
        }))}
        onChange={(action) => onChange({ action })}
      />
      <SelectFilter
        label={text('admin.audit.filter.kind')}
        value={filter.targetKind}
        options={targetKinds.map((kind) => ({ value: kind, label: text(`admin.audit.kind.${kind}`) }))}
        onChange={(targetKind) => onChange({ targetKind })}
      />
      <TextFilter
        label={text('admin.audit.filter.target')}
        value={filter.targetId}
        onChange={(targetId) => onChange({ targetId: targetId.trim() })}
      />
      <SelectFilter
        label={text('admin.audit.outcome')}
        value={filter.outcome}
        options={(['success', 'failure'] as const).map((outcome) => ({
          value: outcome,
          label: text(`admin.audit.outcome.${outcome}`),
        }))}
        onChange={(outcome) => onChange({ outcome })}
      />
      <TextFilter
        type="datetime-local"
        label={text('admin.audit.filter.from')}
        value={toLocalField(filter.from)}
        onChange={(from) => onChange({ from: toTimestamp(from) })}
      />
      <TextFilter
        type="datetime-local"
        label={text('admin.audit.filter.until')}
        value={toLocalField(filter.until)}
        onChange={(until) => onChange({ until: toTimestamp(until) })}
      />
    </FilterBar>
  )
}
