import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Counts over a time. `byScripts`: run inside Redis by a script, so no way to it and back. */
export interface RedisCommands {
  byClients: number
  byScripts: number
  names: Record<string, number>
}

/** What Redis is told for a while, from MONITOR: its own statistics count what scripts do like what clients send. */
export async function watchRedisCommands(port: number, forMs: number): Promise<RedisCommands> {
  const found: RedisCommands = { byClients: 0, byScripts: 0, names: {} }
  const socket = connect({ port, host: '127.0.0.1' })
  let rest = ''
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString('latin1')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) countLine(found, line)
  })
  socket.write('MONITOR\r\n')
  await delay(forMs)
  socket.destroy()
  return found
}

function countLine(found: RedisCommands, line: string): void {
  const [, client, name] = /^\+[\d.]+ \[\d+ (\S+)\] "(\w+)"/.exec(line) ?? []
  if (client === undefined || name === undefined) return
  if (client === 'lua') {
    found.byScripts += 1
    return
  }
  found.byClients += 1
  const key = name.toLowerCase()
  found.names[key] = (found.names[key] ?? 0) + 1
}

/** Established TCP connections of a process to a port of this machine. */
export function countConnections(pid: number, port: number): number {
  const own = new Set(listSocketInodes(pid))
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[2] === wanted && fields[3] === '01' && own.has(fields[9] ?? '')).length
}

function listSocketInodes(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? []
    } catch {
      return []
    }
  })
}
