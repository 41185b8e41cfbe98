import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOutboundClient } from '../../../backend/src/outbound/create-outbound-client.ts'
import type { OutboundClient } from '../../../backend/src/outbound/outbound-client.ts'
import { createUrlGuard } from '../../../backend/src/outbound/url-guard.ts'
import { collectLog } from '../../support/collect-log.ts'
import { openDnsServer, type TestDnsServer } from '../../support/dns-server.ts'

/**
 * The real client against a real name server. What must not be reached listens on loopback and counts; nothing here
 * leaves the machine, because every trick is refused before a connection is made.
 */
let inside: Server
let port = 0
let reached: string[] = []
const log = collectLog()
let dns: TestDnsServer
let client: OutboundClient

beforeAll(async () => {
  inside = createServer((request, response) => {
    reached.push(`${request.socket.localAddress ?? ''} ${request.url ?? ''}`)
    if (request.url === '/redirect')
      response.writeHead(302, { location: `http://127.0.0.1:${String(port)}/secret` }).end()
    else response.end('secret')
  })
  inside.listen(0, '0.0.0.0')
  await once(inside, 'listening')
  port = (inside.address() as AddressInfo).port
  dns = await openDnsServer({
    'private.example': () => ['127.0.0.1'],
    'ten.example': () => ['10.1.2.3'],
    'metadata.example': () => ['169.254.169.254'],
    'zero.example': () => ['0.0.0.0'],
    'six.example': () => ['::1'],
    'mapped.example': () => ['::ffff:127.0.0.1'],
    'compatible.example': () => ['::7f00:1'],
    'nat64.example': () => ['64:ff9b::7f00:1'],
    'local-nat64.example': () => ['64:ff9b:1::7f00:1'],
    'sixtofour.example': () => ['2002:7f00:1::'],
    'teredo.example': () => ['2001:0:7f00:1::1'],
    'isatap.example': () => ['2a00::5efe:7f00:1'],
    'unique-local.example': () => ['fd00:ec2::254'],
    'azure.example': () => ['168.63.129.16'],
    'alias.example': () => ['private.example'],
    'long-alias.example': () => ['alias.example'],
    'mixed.example': () => ['93.184.216.34', '127.0.0.1'],
    'mixed-families.example': () => ['93.184.216.34', '::1'],
    // Harmless when it is checked, private a moment later: what DNS rebinding does.
    'rebinding.example': (count) => [count === 0 ? '127.0.0.1' : '127.0.0.9'],
    'turning.example': (count) => [count === 0 ? '127.0.0.1' : '10.1.2.3'],
  })
  client = openClient([])
})
afterAll(async () => {
  await client.close()
  await dns.close()
  inside.close()
})
beforeEach(() => {
  reached = []
  log.lines.length = 0
})

function openClient(allowedHosts: string[]): OutboundClient {
  return createOutboundClient({ urlGuard: createUrlGuard({ allowedHosts }), logger: log.logger, lookup: dns.lookup })
}

function get(url: string, by = client) {
  return by.send({ method: 'GET', url, headers: {} }, { totalMs: 5000, maxBytes: 1000 })
}

async function expectRefused(url: string): Promise<void> {
  await expect(get(url), url).rejects.toMatchObject({ code: 'outbound_blocked' })
  expect(reached).toEqual([])
  expect(log.lines).toMatchObject([{ level: 40, msg: 'outbound request refused', err: { code: 'outbound_blocked' } }])
}

describe('names that lead inside', () => {
  test.each([
    'private.example',
    'ten.example',
    'metadata.example',
    'zero.example',
    'six.example',
    'mapped.example',
    'compatible.example',
    'nat64.example',
    'local-nat64.example',
    'sixtofour.example',
    'teredo.example',
    'isatap.example',
    'unique-local.example',
    'azure.example',
    'alias.example',
    'long-alias.example',
    'mixed.example',
    'mixed-families.example',
    'private.example.',
    'PRIVATE.EXAMPLE',
  ])('%s is refused at the look-up', async (name) => {
    await expectRefused(`http://${name}:${String(port)}/secret`)
    expect(dns.countOf(name.toLowerCase().replace(/\.$/, ''))).toBeGreaterThan(0)
  })
})

describe('addresses in disguise', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '017700000001',
    '0177.0.0.1',
    '0177.1',
    '127.0.0.1.',
    '0x7f000001.',
    '127.0.0.2',
    '127.255.255.254',
    '0.0.0.0',
    '0',
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '168.63.129.16',
    '100.100.100.200',
    '%31%32%37.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '１２７.０.０.１',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::127.0.0.1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::1]',
    '[2a00::5efe:127.0.0.1]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '[fec0::1]',
    '[ff02::1]',
  ])('%s is refused', async (host) => {
    await expectRefused(`http://${host}:${String(port)}/secret`)
  })

  test.each([
    ['a user name that looks like a host', (at: string) => `http://example.com@${at}/secret`],
    ['user name and password', (at: string) => `http://example.com:80@${at}/secret`],
    ['two at signs', (at: string) => `http://a@b@${at}/secret`],
    ['an encoded at sign', (at: string) => `http://example.com%40${at}/secret`],
    ['a fragment that looks like a host', (at: string) => `http://${at}#@example.com/`],
    ['a query that looks like a host', (at: string) => `http://${at}?@example.com/`],
    ['a missing slash', (at: string) => `http:${at}/secret`],
    ['three slashes', (at: string) => `http:///${at}/secret`],
    ['backslashes', (at: string) => `http:\\\\${at}\\secret`],
    ['a tab in the name', (at: string) => `http://127.0.\t${at.slice(6)}/secret`],
    ['a line end before it', (at: string) => `\nhttp://${at}/secret`],
    ['a zone', () => 'http://[fe80::1%25lo]/secret'],
    ['another protocol', (at: string) => `gopher://${at}/secret`],
    ['a file', () => 'file:///etc/passwd'],
    ['data', () => 'data:text/plain,secret'],
  ])('%s is refused', async (_name, toUrl) => {
    await expectRefused(toUrl(`127.0.0.1:${String(port)}`))
  })
})

describe('what is checked is what is connected to', () => {
  test('one look-up per connection, and the connection goes where it pointed', async () => {
    const allowing = openClient([`rebinding.example:${String(port)}`])
    expect((await get(`http://rebinding.example:${String(port)}/first`, allowing)).body).toBe('secret')
    expect(reached).toEqual(['127.0.0.1 /first'])
    expect(dns.countOf('rebinding.example')).toBe(1)
    await allowing.close()
  })

  test('a name that turns inside is refused at its next connection', async () => {
    const guard = createUrlGuard({ allowedHosts: [] })
    // As if 127.0.0.1 were a public address; the rest is the guard's own judgement.
    const urlGuard = {
      ...guard,
      checkAddress: (host: { hostname: string; port: number }, address: string) => {
        if (address !== '127.0.0.1') guard.checkAddress(host, address)
      },
    }
    const turning = createOutboundClient({ urlGuard, logger: log.logger, lookup: dns.lookup })
    const url = `http://turning.example:${String(port)}/once`
    expect((await get(url, turning)).body).toBe('secret')
    await turning.close()
    const later = createOutboundClient({ urlGuard, logger: log.logger, lookup: dns.lookup })
    await expect(get(url, later)).rejects.toMatchObject({ code: 'outbound_blocked' })
    expect(reached).toEqual(['127.0.0.1 /once'])
    await later.close()
  })

  test('a redirect is an answer, not an order', async () => {
    const allowing = openClient([`private.example:${String(port)}`])
    const reply = await get(`http://private.example:${String(port)}/redirect`, allowing)
    expect(reply.status).toBe(302)
    expect(reached).toEqual(['127.0.0.1 /redirect'])
    await allowing.close()
  })

  test('an allowed name is allowed on its port alone', async () => {
    const allowing = openClient([`private.example:${String(port + 1)}`])
    const url = `http://private.example:${String(port)}/secret`
    await expect(get(url, allowing)).rejects.toMatchObject({ code: 'outbound_blocked' })
    expect(reached).toEqual([])
    await allowing.close()
  })
})
