import { createSocket } from 'node:dgram'
import { Resolver, type LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { decode, encode, type Answer } from 'dns-packet'
import type { LookupAll } from '../../backend/src/outbound/create-connector.ts'

/** What a name has when it is asked for the n-th time (from 0): addresses, or another name. */
export type Zone = Record<string, (count: number) => readonly string[]>

export interface TestDnsServer {
  /** Asks this server, over UDP, as `dns.lookup` asks the system's. */
  lookup: LookupAll
  /** How often addresses of a name were asked for. */
  countOf(name: string): number
  close(): Promise<void>
}

/** A name server on a port of its own. Every answer may be forgotten at once. */
export async function openDnsServer(zone: Zone): Promise<TestDnsServer> {
  const counts = new Map<string, number>()
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const query = decode(message)
    const [question] = query.questions ?? []
    if (question === undefined) return
    const name = question.name.toLowerCase()
    const answers = listAnswers(zone, counts, name, question.type)
    const reply = encode({ type: 'response', id: query.id ?? 0, questions: [question], answers, flags: 0x0180 })
    socket.send(reply, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const resolver = new Resolver({ timeout: 1000, tries: 2 })
  resolver.setServers([`127.0.0.1:${String(socket.address().port)}`])
  return {
    lookup: (hostname, _options, callback) =>
      void ask(resolver, hostname).then(
        (addresses) => callback(addresses.length === 0 ? toNotFound(hostname) : null, addresses),
        (error: unknown) => callback(error instanceof Error ? error : toNotFound(hostname), []),
      ),
    countOf: (name) => counts.get(name) ?? 0,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

/** Addresses are counted by the question for A alone: a look-up asks for both families. */
function listAnswers(zone: Zone, counts: Map<string, number>, name: string, type: string): Answer[] {
  const count = counts.get(name) ?? 0
  if (type === 'A') counts.set(name, count + 1)
  return (zone[name]?.(count) ?? []).flatMap((value): Answer[] => {
    if (/^[\d.]+$/.test(value)) return type === 'A' ? [{ type: 'A', name, ttl: 0, data: value }] : []
    if (value.includes(':')) return type === 'AAAA' ? [{ type: 'AAAA', name, ttl: 0, data: value }] : []
    return [{ type: 'CNAME', name, ttl: 0, data: value }, ...listAnswers(zone, counts, value, type)]
  })
}

async function ask(resolver: Resolver, hostname: string): Promise<LookupAddress[]> {
  const [four, six] = await Promise.all([
    new Promise<string[]>((resolve) => resolver.resolve4(hostname, (error, found) => resolve(error ? [] : found))),
    new Promise<string[]>((resolve) => resolver.resolve6(hostname, (error, found) => resolve(error ? [] : found))),
  ])
  return [...four.map((address) => ({ address, family: 4 })), ...six.map((address) => ({ address, family: 6 }))]
}

function toNotFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address of ${hostname}`), { code: 'ENOTFOUND' })
}
