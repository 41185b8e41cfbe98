import type { AuditEntry } from '@llmchat/protocol/api/audit-schema'

/** RFC 5424: facility 13 (log audit) × 8, and warning or informational. */
const priorities = { failure: 108, success: 110 } as const
/** The number that RFC 5612 sets aside for documentation: ours is nobody's. */
const enterprise = 32_473

/** One entry as a message of RFC 5424: its facts as structured data, all of it as JSON. Pure. */
export function toSyslogLine(entry: AuditEntry, host: string): string {
  const facts = {
    seq: String(entry.seq),
    actorKind: entry.actorKind,
    actorId: entry.actorId,
    targetKind: entry.targetKind,
    targetId: entry.targetId,
    outcome: entry.outcome,
    errorCode: entry.errorCode,
    address: entry.address,
  }
  const parameters = Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ` ${name}="${toParameter(value ?? '')}"`)
  const head = `<${priorities[entry.outcome]}>1 ${entry.at} ${toHeader(host)} llmchat - ${toHeader(entry.action)}`
  return `${head} [audit@${enterprise}${parameters.join('')}] ${JSON.stringify(entry)}`
}

/** RFC 5424 §6.3.3: three characters are escaped. */
function toParameter(text: string): string {
  return text.replace(/[\\"\]]/g, (character) => `\\${character}`)
}

/** Printable ASCII without a blank; 32 characters are what the shortest of the fields holds. */
function toHeader(text: string): string {
  return text.replace(/[^!-~]/g, '_').slice(0, 32) || '-'
}
