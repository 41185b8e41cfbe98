import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { createReadRhythm, type ReadRhythm, type Rest } from './read-rhythm.ts'
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

/** Rests for as long as the test says. */
function createHeldRhythm() {
  const rests: { length: Rest; end: () => void }[] = []
  const rhythm: ReadRhythm = {
    assignSlot: () => 0,
    rest(slot, length, end) {
      rests.push({ length, end })
      return slot
    },
    afterReads: (callback) => callback(),
    stop: () => undefined,
  }
  return { rhythm, rests }
}

test('a stream that brought much in one read rests long, and what comes while it rests is one read', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const { rhythm, rests } = createHeldRhythm()
  const socket = new RestingSocket({ rhythm, connect: (onread) => connect({ host: '127.0.0.1', port, onread }) })
  const [peer] = await accepted
  /** Until the event loop has looked at all sockets once more: who does not rest has read it by then. */
  const send = async (text: string): Promise<void> => {
    await new Promise<void>((resolve) => peer.write(text, () => resolve()))
    for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  }
  const chunks = socket[Symbol.asyncIterator]()
  const read = async () => String((await chunks.next()).value)

  await send('a'.repeat(100))
  expect(await read()).toBe('a'.repeat(100))
  await send('b'.repeat(400))
  await send('c'.repeat(400))
  expect(rests.map(({ length }) => length)).toEqual(['short'])
  rests[0]?.end()
  expect(await read()).toBe('b'.repeat(400) + 'c'.repeat(400))
  expect(rests.map(({ length }) => length)).toEqual(['short', 'long'])

  peer.destroy()
  socket.destroy()
  server.close()
})
