import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { AppError } from '../base/app-error.ts'

/** Where a connection is meant to go. `hostname` without brackets, lower case. */
export interface OutboundHost {
  hostname: string
  port: number
}

/** Decides which addresses the process may connect to. Every refusal is an AppError `outbound_blocked`. */
export interface UrlGuard {
  /** Parses and checks what can be known before any look-up. */
  checkUrl(text: string): URL
  /** Checks one resolved address of a host; must run on the very address that is then connected to. */
  checkAddress(host: OutboundHost, address: string): void
  /** Allows one exact host and port from now on, private or not: for upstreams that are wired in. */
  allowHostPort(hostname: string, port: number): void
}

function toHostname(text: string): string {
  return text
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

function toHostPort(hostname: string, port: number): string {
  return `${toHostname(hostname)} ${port}`
}

function matchesSuffix(hostname: string, entry: string): boolean {
  return entry.startsWith('*.') && hostname.endsWith(entry.slice(1)) && hostname.length > entry.length - 1
}

/** `host:port`, `[v6]:port` → host and port; anything else names a host on every port. */
function parseEntry(entry: string): { hostname: string; port: number | null } {
  const withPort = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(entry.trim())
  if (withPort?.[1] === undefined) return { hostname: toHostname(entry.trim()), port: null }
  return { hostname: toHostname(withPort[1]), port: Number(withPort[2]) }
}

/** Azure's host answers here to every machine it carries, with their secrets: a public address only by its number. */
const hostPlatformAddress = '168.63.129.16'
/** What is handed out of IPv6 so far; `::7f00:1` and the like lie outside, and no registry's table names them. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** Only plain unicast is public: ranges that embed or tunnel IPv4 (mapped, NAT64, 6to4, Teredo) may lead back inside. */
function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  if (address instanceof ipaddr.IPv4) return address.toString() !== hostPlatformAddress
  return address.match(globalUnicast) && !isIsatap(address)
}

/** RFC 5214: an IPv4 address behind any prefix at all, marked by `0:5efe` or `200:5efe`. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)
}

/**
 * `allowedHosts`: entries such as `ollama.local:11434`, `10.0.0.5`, `[fd00::1]:8080`, `*.corp.example`. A host on the list
 * may resolve to any address; all others only to public ones.
 */
export function createUrlGuard(deps: { allowedHosts: readonly string[] }): UrlGuard {
  const entries = deps.allowedHosts.map(parseEntry).filter((entry) => entry.hostname !== '')
  const allowedPairs = new Set<string>()

  function isListed(host: OutboundHost): boolean {
    const hostname = toHostname(host.hostname)
    if (allowedPairs.has(toHostPort(hostname, host.port))) return true
    return entries.some(
      (entry) =>
        (entry.port === null || entry.port === host.port) &&
        (entry.hostname === hostname || matchesSuffix(hostname, entry.hostname)),
    )
  }

  function checkAddress(host: OutboundHost, address: string): void {
    if (isListed(host) || isPublicAddress(address)) return
    throw new AppError('outbound_blocked', { details: { host: host.hostname, port: host.port } })
  }

  return {
    checkAddress,
    checkUrl(text) {
      const url = URL.canParse(text) ? new URL(text) : null
      const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
      if (!url || !isHttp) throw new AppError('outbound_blocked', { message: 'Only http and https URLs are allowed.' })
      if (url.username !== '' || url.password !== '') {
        throw new AppError('outbound_blocked', { message: 'A URL must not carry credentials.' })
      }
      const host = toOutboundHost(url)
      // The URL parser has already turned decimal, octal and hexadecimal spellings into the address they mean.
      if (isIP(host.hostname) !== 0) checkAddress(host, host.hostname)
      return url
    },
    allowHostPort(hostname, port) {
      allowedPairs.add(toHostPort(hostname, port))
    },
  }
}

/** Host and effective port of a URL. */
function toOutboundHost(url: URL): OutboundHost {
  const defaultPort = url.protocol === 'https:' ? 443 : 80
  return { hostname: toHostname(url.hostname), port: url.port === '' ? defaultPort : Number(url.port) }
}
