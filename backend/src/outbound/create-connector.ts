import { lookup as lookupBySystem, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { buildConnector } from 'undici'
import type { Logger } from '../base/logger.ts'
import type { ReadRhythm } from './read-rhythm.ts'
import { type OnRead, RestingSocket } from './resting-socket.ts'
import type { OutboundHost, UrlGuard } from './url-guard.ts'

interface ConnectorDeps {
  urlGuard: UrlGuard
  rhythm: ReadRhythm
  logger: Logger
  /** Ends attempts nobody waits for any more. */
  connectTimeoutMs: number
  /** All addresses of a name. Default: as the system resolves it. */
  lookup?: LookupAll | undefined
}

/** The part of `dns.lookup` that is used. */
export type LookupAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Resolves a host and checks every address it has. The socket connects to the addresses handed over here, so a name
 * that resolves to something else a moment later gains nothing.
 */
function createCheckedLookup(deps: ConnectorDeps, host: OutboundHost): LookupFunction {
  const lookup = deps.lookup ?? lookupBySystem
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const refusal = error ?? findRefusal(deps, host, addresses)
      const first = refusal ? undefined : addresses[0]
      if (!first) callback(refusal, '', 0)
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function findRefusal(deps: ConnectorDeps, host: OutboundHost, addresses: readonly LookupAddress[]): Error | null {
  try {
    for (const { address } of addresses) deps.urlGuard.checkAddress(host, address)
    return null
  } catch (error) {
    deps.logger.warn({ err: error }, 'outbound request refused')
    return error instanceof Error ? error : new Error('refused', { cause: error })
  }
}

/** Opens the sockets of the HTTP client: checked addresses, TCP or TLS, resting between beats. */
export function createConnector(deps: ConnectorDeps): buildConnector.connector {
  /** One TLS session per host and port: resuming saves most of the handshake. */
  const tlsSessions = new Map<string, Buffer>()

  function openTls(options: buildConnector.Options, host: OutboundHost, onread: OnRead): Socket {
    const key = `${host.hostname} ${host.port}`
    const session = tlsSessions.get(key)
    const servername = options.servername ?? (isIP(host.hostname) === 0 ? host.hostname : '')
    const socket = connectTls({
      ...toSocketOptions(host, onread),
      ALPNProtocols: ['http/1.1'],
      ...(servername === '' ? {} : { servername }),
      ...(session ? { session } : {}),
    })
    // To whoever asked it is just not reachable; that somebody else may sit there is for whoever runs this place.
    socket.once('error', () => {
      // Null unless it was the certificate, whatever the types say.
      const reason: unknown = socket.authorizationError
      if (typeof reason === 'string') deps.logger.warn({ ...host, reason }, 'certificate of an upstream refused')
    })
    return socket.on('session', (fresh) => tlsSessions.set(key, fresh))
  }

  function toSocketOptions(host: OutboundHost, onread: OnRead) {
    return {
      host: host.hostname,
      port: host.port,
      onread,
      lookup: createCheckedLookup(deps, host),
      autoSelectFamily: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
    }
  }

  function openSocket(options: buildConnector.Options, onConnect: () => void): RestingSocket {
    const isTls = options.protocol === 'https:'
    const host = { hostname: options.hostname, port: Number(options.port) || (isTls ? 443 : 80) }
    if (isIP(host.hostname) !== 0) deps.urlGuard.checkAddress(host, host.hostname)
    return new RestingSocket({
      rhythm: deps.rhythm,
      connect(onread) {
        if (isTls) return openTls(options, host, onread).once('secureConnect', onConnect)
        return connectTcp(toSocketOptions(host, onread)).once('connect', onConnect)
      },
    })
  }

  return (options, callback) => {
    let isSettled = false
    const settle = (error: Error | null): void => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      if (error) callback(error, null)
      // undici asks for a net.Socket but uses a duplex stream with ref and unref.
      else callback(null, socket as unknown as Socket)
    }
    const socket = openSocket(options, () => settle(null))
    const timer = setTimeout(() => socket.destroy(new Error('connect timeout')), deps.connectTimeoutMs)
    timer.unref()
    socket.on('error', settle)
    socket.on('close', () => settle(new Error('closed before it was connected')))
  }
}
