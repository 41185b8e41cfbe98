import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { promisify } from 'node:util'

export interface SyslogServer {
  port: number
  /** For TLS. */
  ca?: string
  /** In the order in which they came. */
  lines: string[]
  close(): Promise<void>
}

/** Frames counted after RFC 6587: `LENGTH SP MESSAGE`. Anything else throws. */
function takeFrames(bytes: Buffer): string[] {
  const lines: string[] = []
  for (let rest = bytes; rest.length > 0;) {
    const head = /^(\d+) /.exec(rest.subarray(0, 12).toString('latin1'))
    if (!head) throw new Error(`no frame: ${rest.subarray(0, 40).toString()}`)
    const start = head[0].length
    const length = Number(head[1])
    if (rest.length < start + length) throw new Error('a frame is cut off')
    lines.push(rest.subarray(start, start + length).toString('utf8'))
    rest = rest.subarray(start + length)
  }
  return lines
}

async function listenStream(
  server: TcpServer,
  event: 'connection' | 'secureConnection',
  listenPort = 0,
): Promise<SyslogServer> {
  const lines: string[] = []
  const take = (socket: Socket): void => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => undefined)
    socket.on('end', () => lines.push(...takeFrames(Buffer.concat(chunks))))
  }
  server.on(event, take)
  server.listen(listenPort, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Default: a free port. */
export function openTcpSyslog(port?: number): Promise<SyslogServer> {
  return listenStream(createTcpServer(), 'connection', port)
}

export async function openTlsSyslog(): Promise<SyslogServer> {
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-syslog-'))
  const [keyFile, certificateFile] = [join(folder, 'key'), join(folder, 'certificate')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-nodes', '-days', '2', '-keyout', keyFile, '-out', certificateFile]
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...names, ...files])
  const [key, ca] = [await readFile(keyFile, 'utf8'), await readFile(certificateFile, 'utf8')]
  await rm(folder, { recursive: true })
  return { ...(await listenStream(createTlsServer({ key, cert: ca }), 'secureConnection')), ca }
}

export async function openUdpSyslog(): Promise<SyslogServer> {
  const socket = createSocket('udp4')
  const lines: string[] = []
  socket.on('message', (message) => lines.push(message.toString('utf8')))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    lines,
    async close() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

export interface HttpReceiver {
  url: string
  /** What was posted and answered 200, in order: sequence numbers. */
  taken: number[]
  authorization: string | undefined
  /** What it answers from now on. */
  status: number
  close(): Promise<void>
}

export async function openHttpReceiver(): Promise<HttpReceiver> {
  const receiver: HttpReceiver = { url: '', taken: [], authorization: undefined, status: 200, close }
  const server = createHttpServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      receiver.authorization = request.headers.authorization
      const entries = body.trimEnd().split('\n')
      if (receiver.status === 200)
        receiver.taken.push(...entries.map((line) => (JSON.parse(line) as { seq: number }).seq))
      response.writeHead(receiver.status).end()
    })
  })
  async function close(): Promise<void> {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit`
  return receiver
}
