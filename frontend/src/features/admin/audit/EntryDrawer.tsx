import type { AuditEntry } from '@llmchat/protocol/api/audit-schema'
import type { ReactNode } from 'react'
import { toAdminCodeText } from '../admin-error-text.ts'
import type { AuditFilter } from '../api/audit.ts'
import { Drawer, DrawerSection, Facts } from '../ui/Drawer.tsx'
import { Moment } from '../ui/Moment.tsx'
import { useAdminText } from '../use-admin-text.ts'
import { isKnownAction } from './audit-actions.ts'
import { ActorName, OutcomeBadge, TargetName } from './AuditParts.tsx'
import type { Names } from './AuditParts.tsx'

interface EntryDrawerProps {
  entry: AuditEntry
  names: Names
  onClose: () => void
  /** Shows the log again, narrowed to this. */
  onFilter: (changes: Partial<AuditFilter>) => void
}

/** Everything that was written down of one act. */
export function EntryDrawer({ entry, names, onClose, onFilter }: EntryDrawerProps) {
  const text = useAdminText()
  const { actorId, targetKind, targetId } = entry
  return (
    <Drawer title={text('admin.audit.entry', { seq: entry.seq })} onClose={onClose}>
      <Facts facts={useFacts(entry, names)} />
      <div className="admin-acts">
        {actorId === null ? null : (
          <button type="button" className="btn" onClick={() => onFilter({ actorId })}>
            {text('admin.audit.only.actor')}
          </button>
        )}
        {targetKind === null || targetId === null ? null : (
          <button type="button" className="btn" onClick={() => onFilter({ targetKind, targetId })}>
            {text('admin.audit.only.target')}
          </button>
        )}
      </div>
      <DrawerSection title={text('admin.audit.details')}>
        {Object.keys(entry.details).length === 0 ? (
          <p>{text('admin.none')}</p>
        ) : (
          <Facts facts={Object.entries(entry.details).map(([name, value]) => [name, toDetailText(value)])} />
        )}
      </DrawerSection>
      <DrawerSection title={text('admin.audit.hash')}>
        <p>{text('admin.audit.hash.hint')}</p>
        <code className="admin-hash">{entry.hash}</code>
      </DrawerSection>
    </Drawer>
  )
}

function useFacts(entry: AuditEntry, names: Names): (readonly [string, ReactNode])[] {
  const text = useAdminText()
  const none = text('admin.none')
  const { action, errorCode, apiKeyId, requestId, actorId, targetId } = entry
  return [
    [text('admin.audit.time'), <Moment key="time" iso={entry.at} hasSeconds />],
    [
      text('admin.audit.who'),
      <>
        <ActorName entry={entry} names={names} />
        {actorId === null ? null : <code>{actorId}</code>}
      </>,
    ],
    [
      text('admin.audit.action'),
      <>
        {isKnownAction(action) ? text(`admin.act.${action}`) : null} <code>{action}</code>
      </>,
    ],
    [
      text('admin.audit.target'),
      <>
        <TargetName entry={entry} names={names} />
        {targetId === null || !names.has(targetId) ? null : <code>{targetId}</code>}
      </>,
    ],
    [text('admin.audit.from'), entry.address ?? none],
    [text('admin.audit.outcome'), <OutcomeBadge key="outcome" entry={entry} />],
    ...(errorCode === null ? [] : [[text('admin.audit.error'), toAdminCodeText(text, errorCode)] as const]),
    ...(apiKeyId === null ? [] : [[text('admin.audit.key'), <code key="key">{apiKeyId}</code>] as const]),
    [text('admin.audit.request'), requestId === null ? none : <code key="request">{requestId}</code>],
  ]
}

function toDetailText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
