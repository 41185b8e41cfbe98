import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface TcpProxy {
  port: number
  /** The connections there are stay open and carry nothing more, as behind a firewall that forgot them. New ones work. */
  silence(): void
  close(): Promise<void>
}

/** Carries bytes to `target` on this machine. */
export async function openTcpProxy(target: number): Promise<TcpProxy> {
  let pairs: [Socket, Socket][] = []
  const silenced: [Socket, Socket][] = []
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true })
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    near.pipe(far)
    far.pipe(near)
    pairs.push([near, far])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far)
        far.unpipe(near)
        near.resume()
      }
      silenced.push(...pairs)
      pairs = []
    },
    async close() {
      for (const socket of [...pairs, ...silenced].flat()) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
