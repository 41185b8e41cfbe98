import type { AuditEntry } from '@llmchat/protocol/api/audit-schema'
import { useAdminText } from '../use-admin-text.ts'
import { isTargetKind } from './audit-actions.ts'

/** What people and groups are called now, by id. */
export type Names = ReadonlyMap<string, string>

interface EntryProps {
  entry: AuditEntry
  names: Names
}

/** Who acted: their address now, or the id that is all that is left; or what is no person. */
export function ActorName({ entry: { actorKind, actorId, apiKeyId }, names }: EntryProps) {
  const text = useAdminText()
  if (actorKind !== 'user') return text(`admin.audit.actor.${actorKind}`)
  const name = actorId === null ? text('admin.none') : (names.get(actorId) ?? actorId)
  return apiKeyId === null ? (
    name
  ) : (
    <>
      {name} <small>{text('admin.audit.byKey')}</small>
    </>
  )
}

export function TargetName({ entry: { targetKind, targetId }, names }: EntryProps) {
  const text = useAdminText()
  if (targetKind === null) return <span className="admin-none">{text('admin.none')}</span>
  const kind = isTargetKind(targetKind) ? text(`admin.audit.kind.${targetKind}`) : targetKind
  const name = targetId === null ? '' : (names.get(targetId) ?? targetId)
  return (
    <>
      {name} <small>{kind}</small>
    </>
  )
}

/** A word and a colour; on failure the code says why. */
export function OutcomeBadge({ entry: { outcome, errorCode } }: { entry: AuditEntry }) {
  const text = useAdminText()
  return (
    <>
      <span className={outcome === 'success' ? 'badge ok' : 'badge bad'}>{text(`admin.audit.outcome.${outcome}`)}</span>
      {errorCode === null ? null : (
        <>
          {' '}
          <small>{errorCode}</small>
        </>
      )}
    </>
  )
}
