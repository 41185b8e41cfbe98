import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, get as getByHttps, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOutboundClient } from '../../../backend/src/outbound/create-outbound-client.ts'
import { createUrlGuard } from '../../../backend/src/outbound/url-guard.ts'
import { collectLog } from '../../support/collect-log.ts'

const log = collectLog()
let server: Server
let certificate: string
let port: number
let requests = 0

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'llmchat-tls-'))
  const [keyFile, certificateFile] = [join(folder, 'key'), join(folder, 'certificate')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-nodes', '-days', '2', '-keyout', keyFile, '-out', certificateFile]
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...names, ...files])
  certificate = await readFile(certificateFile, 'utf8')
  server = createServer({ key: await readFile(keyFile, 'utf8'), cert: certificate }, (_request, response) => {
    requests += 1
    response.end('secret')
  })
  await rm(folder, { recursive: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

test('an upstream whose certificate nobody vouches for gets no request, and the log says so', async () => {
  const urlGuard = createUrlGuard({ allowedHosts: ['127.0.0.1'] })
  const client = createOutboundClient({ urlGuard, logger: log.logger })
  const url = `https://127.0.0.1:${String(port)}/v1`
  const limits = { totalMs: 5000, maxBytes: 1000 }
  await expect(client.send({ method: 'GET', url, headers: {} }, limits)).rejects.toMatchObject({
    code: 'upstream_unreachable',
  })
  expect(requests).toBe(0)
  const reason = 'DEPTH_ZERO_SELF_SIGNED_CERT'
  expect(log.lines).toMatchObject([{ msg: 'certificate of an upstream refused', hostname: '127.0.0.1', port, reason }])
  await client.close()

  // Whoever vouches for it is answered: it was the certificate.
  const [response] = (await once(getByHttps(url, { ca: certificate, agent: false }), 'response')) as [
    { resume(): void },
  ]
  response.resume()
  expect(requests).toBe(1)
})
