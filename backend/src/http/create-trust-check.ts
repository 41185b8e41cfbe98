import ipaddr from 'ipaddr.js'

export type TrustCheck = (address: string | undefined) => boolean

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]

/**
 * Is this socket's peer one of our own proxies? Only then are `x-forwarded-*` and `x-request-id` believed. Entries are
 * addresses or CIDR ranges; throws on anything else, at start-up.
 */
export function createTrustCheck(trustedProxies: readonly string[]): TrustCheck {
  const ranges = trustedProxies.map(toRange)
  return (address) => {
    if (address === undefined || !ipaddr.isValid(address)) return false
    const peer = ipaddr.process(address)
    return ranges.some(([range, bits]) => range.kind() === peer.kind() && peer.match(range, bits))
  }
}

function toRange(entry: string): Range {
  if (entry.includes('/')) return ipaddr.parseCIDR(entry)
  const address = ipaddr.process(entry)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}
