import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A wire that can be cut, in front of one server and for one client of it. */
export interface TcpProxy {
  port: number
  /** Connections break and new ones are refused at once, until `heal`. */
  cut(): void
  /** Connections stay and nothing passes, as when a network swallows packets, until `heal`. */
  pause(): void
  heal(): void
  /** The connections there are carry nothing more, for ever and unnoticed, as behind a firewall that forgot them. */
  silence(): void
  close(): Promise<void>
}

export async function openTcpProxy(target: { port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const silenced = new Set<readonly [Socket, Socket]>()
  let state: 'open' | 'cut' | 'paused' = 'open'
  const server = createServer({ noDelay: true }, (client) => {
    if (state === 'cut') {
      client.resetAndDestroy()
      return
    }
    const upstream = connect({ port: target.port, host: '127.0.0.1', noDelay: true })
    const pair = [client, upstream] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      silenced.delete(pair)
      client.destroy()
      upstream.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    client.pipe(upstream)
    upstream.pipe(client)
    if (state === 'paused') hold(pair)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function hold([client, upstream]: readonly [Socket, Socket]): void {
    client.unpipe(upstream).pause()
    upstream.unpipe(client).pause()
  }

  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut'
      for (const [client, upstream] of pairs) {
        client.resetAndDestroy()
        upstream.destroy()
      }
    },
    pause() {
      state = 'paused'
      pairs.forEach(hold)
    },
    heal() {
      if (state === 'paused')
        for (const [client, upstream] of pairs) {
          client.pipe(upstream)
          upstream.pipe(client)
        }
      state = 'open'
    },
    silence() {
      for (const pair of pairs) {
        hold(pair)
        silenced.add(pair)
      }
      pairs.clear()
    },
    async close() {
      for (const socket of [...pairs, ...silenced].flat()) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
