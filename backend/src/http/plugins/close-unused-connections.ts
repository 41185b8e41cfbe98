import type { Socket } from 'node:net'
import type { HttpApp } from '../app-types.ts'

/**
 * Browsers open connections ahead of need. Node counts one that has not sent a request yet as busy, and waits for it at
 * the end until the client gives up: a shut-down would hang.
 */
export function closeUnusedConnections(app: HttpApp): void {
  const unused = new Set<Socket>()
  let isClosing = false
  app.server.on('connection', (socket) => {
    if (isClosing) {
      socket.destroy()
      return
    }
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  app.server.on('request', (request) => unused.delete(request.socket))
  app.addHook('preClose', (done) => {
    isClosing = true
    for (const socket of unused) socket.destroy()
    done()
  })
}
