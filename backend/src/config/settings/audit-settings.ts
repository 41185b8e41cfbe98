import { parseText, parseWebUrl } from '../setting-parsers.ts'
import { createTextSetting } from '../setting.ts'

export const auditSettings = {
  auditPushUrl: createTextSetting({
    variable: 'AUDIT_PUSH_URL',
    description:
      'Every entry of the audit log is posted there, as JSON lines. A private address must be allowed by OUTBOUND_ALLOWED_HOSTS.',
    rule: 'an http or https address',
    example: 'https://siem.corp.example/llmchat',
    default: null,
    parse: parseWebUrl,
  }),
  auditPushToken: createTextSetting({
    variable: 'AUDIT_PUSH_TOKEN',
    description: 'Sent there as a bearer token.',
    rule: 'a token',
    example: '(a token of the receiver)',
    default: null,
    parse: parseText,
  }),
  auditPushSyslog: createTextSetting({
    variable: 'AUDIT_PUSH_SYSLOG',
    description: 'Every entry of the audit log is sent there, as syslog after RFC 5424.',
    rule: 'tcp://, tls:// or udp:// with a host and a port',
    example: 'tls://syslog.corp.example:6514',
    default: null,
    parse: (text) => (findSyslogAddress(text) === null ? undefined : text),
  }),
}

/** Null: it is none. */
export function findSyslogAddress(
  text: string,
): { transport: 'tcp' | 'tls' | 'udp'; host: string; port: number } | null {
  const [, transport, host, port] = /^(tcp|tls|udp):\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? []
  if (transport === undefined || host === undefined || Number(port) > 65_535 || Number(port) === 0) return null
  return { transport: transport as 'tcp' | 'tls' | 'udp', host: host.replace(/[[\]]/g, ''), port: Number(port) }
}
