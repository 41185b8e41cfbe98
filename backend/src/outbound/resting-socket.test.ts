import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createReadRhythm } from './read-rhythm.ts'
import { RestingSocket } from './resting-socket.ts'

const pieces = Array.from({ length: 100 }, (_, index) => String(index))

/** Sends each connection its own text in many small pieces, all connections in turns. */
async function openTrickler(): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const name = sockets.size
    sockets.add(socket)
    let at = 0
    const timer = setInterval(() => {
      const piece = pieces[at++]
      if (piece !== undefined) socket.write(`<${name}:${piece}>`)
      else socket.end()
      if (piece === undefined) clearInterval(timer)
    }, 1)
    socket.on('close', () => clearInterval(timer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => server.close() }
}

test('sockets that read into the same buffer never see bytes of each other', async () => {
  const server = await openTrickler()
  const rhythm = createReadRhythm({ gatherMs: 10 })
  const texts = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const socket = new RestingSocket({
        rhythm,
        connect: (onread) => connect({ host: '127.0.0.1', port: server.port, onread }),
      })
      const chunks: Buffer[] = []
      for await (const chunk of socket) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks).toString()
    }),
  )
  rhythm.stop()
  server.close()
  const expected = texts.map((_, name) => pieces.map((piece) => `<${name}:${piece}>`).join(''))
  expect(texts.toSorted()).toEqual(expected.toSorted())
})
