import { createSocket } from 'node:dgram'
import { connect as connectTcp, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { sendLimitMs, type AuditReceiver } from './receiver.ts'
import { toSyslogLine } from './to-syslog-line.ts'

export interface SyslogAddress {
  transport: 'tcp' | 'tls' | 'udp'
  host: string
  port: number
  /** For `tls`, in place of the well-known ones; PEM. */
  ca?: string
}

/**
 * Syslog after RFC 5424, by TCP or TLS with counted frames (RFC 6587, RFC 5425) or by UDP. The protocol knows no answer: what
 * a stream's other end has closed in order counts as taken, and a datagram as soon as it is sent.
 */
export function createSyslogReceiver(address: SyslogAddress): AuditReceiver {
  const host = hostname()
  return {
    name: 'syslog',
    async send(entries) {
      const lines = entries.map((entry) => toSyslogLine(entry, host))
      if (address.transport === 'udp') await sendDatagrams(address, lines)
      else await sendStream(address, lines.map((line) => `${Buffer.byteLength(line)} ${line}`).join(''))
    },
  }
}

function open({ transport, host, port, ca }: SyslogAddress): Socket {
  if (transport === 'tcp') return connectTcp({ host, port })
  return connectTls({ host, port, ...(ca === undefined ? {} : { ca }) })
}

/** A connection for each batch: only its orderly end says that all of it arrived. */
function sendStream(address: SyslogAddress, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = open(address)
    const timer = setTimeout(() => socket.destroy(new Error('the receiver did not take it in time')), sendLimitMs)
    let failure: Error | null = null
    socket.once('error', (error) => (failure = error))
    socket.once('close', () => {
      clearTimeout(timer)
      if (failure) reject(failure)
      else if (socket.writableFinished) resolve()
      else reject(new Error('the receiver closed the connection before it had all of it'))
    })
    socket.resume()
    socket.end(text)
  })
}

async function sendDatagrams({ host, port }: SyslogAddress, lines: readonly string[]): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    for (const line of lines)
      await new Promise<void>((resolve, reject) => {
        socket.send(line, port, host, (error) => (error ? reject(error) : resolve()))
      })
  } finally {
    socket.close()
  }
}
