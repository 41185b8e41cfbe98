import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

interface CuttableProxy {
  url: string
  /** From now on nothing goes through, and nobody is told. */
  cut(): void
  /** New connections work again; those that were cut stay dead. */
  mend(): void
  close(): Promise<void>
}

/** A way to a local port that can be cut like a cable. */
export async function openCuttableProxy(port: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>()
  let isCut = false

  function keep(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    return socket
  }

  const server = createServer((near) => {
    keep(near)
    if (isCut) return
    const far = keep(connect(port, '127.0.0.1'))
    near.pipe(far)
    far.pipe(near)
    near.on('close', () => far.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `redis://127.0.0.1:${address.port}`,
    cut() {
      isCut = true
      for (const socket of sockets) {
        socket.unpipe()
        socket.resume()
      }
    },
    mend() {
      isCut = false
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
