import { describe, expect, it } from 'vitest'
import { createUrlGuard } from './url-guard.ts'

const guard = createUrlGuard({
  allowedHosts: ['ollama.local:11434', '10.0.0.5', '*.corp.example', '[fd00::1]:8080', ' ', ''],
})

function isRefused(url: string): boolean {
  try {
    guard.checkUrl(url)
    return false
  } catch (error) {
    expect(error).toMatchObject({ code: 'outbound_blocked' })
    return true
  }
}

function isAddressRefused(hostname: string, port: number, address: string): boolean {
  try {
    guard.checkAddress({ hostname, port }, address)
    return false
  } catch (error) {
    expect(error).toMatchObject({ code: 'outbound_blocked' })
    return true
  }
}

describe('checkUrl', () => {
  it.each([
    'ftp://example.com',
    'file:///etc/passwd',
    'not a url',
    'http://user:pass@example.com/',
    'https://user@example.com/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://10.0.0.6/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://198.18.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://[fd00::1]/',
    'http://[::7f00:1]/',
    'http://[200::1]/',
    'http://[2a00::5efe:7f00:1]/',
    'http://168.63.129.16/machine',
  ])('refuses %s', (url) => {
    expect(isRefused(url)).toBe(true)
  })

  it.each([
    'https://api.openai.com/v1',
    'http://8.8.8.8/',
    'http://[2606:4700::1111]/',
    'http://10.0.0.5/',
    'http://10.0.0.5:9000/',
    'http://[fd00::1]:8080/',
    'http://localhost/',
  ])('lets %s pass as far as it can be told without a look-up', (url) => {
    expect(isRefused(url)).toBe(false)
  })
})

describe('checkAddress', () => {
  it('refuses private addresses behind any name that is not listed', () => {
    for (const address of ['127.0.0.1', '10.1.2.3', '::1', '::ffff:192.168.0.1', '169.254.169.254', 'rubbish']) {
      expect(isAddressRefused('example.com', 443, address), address).toBe(true)
    }
    expect(isAddressRefused('example.com', 443, '93.184.216.34')).toBe(false)
  })

  it('keeps to the listed port and to real sub-domains', () => {
    expect(isAddressRefused('ollama.local', 11434, '192.168.1.9')).toBe(false)
    expect(isAddressRefused('OLLAMA.local.', 11434, '192.168.1.9')).toBe(false)
    expect(isAddressRefused('ollama.local', 80, '192.168.1.9')).toBe(true)
    expect(isAddressRefused('ai.corp.example', 443, '10.9.9.9')).toBe(false)
    expect(isAddressRefused('corp.example', 443, '10.9.9.9')).toBe(true)
    expect(isAddressRefused('evilcorp.example', 443, '10.9.9.9')).toBe(true)
  })

  it('allows a host and port at run time, and no other', () => {
    const own = createUrlGuard({ allowedHosts: [] })
    own.allowHostPort('127.0.0.1', 4000)
    expect(own.checkUrl('http://127.0.0.1:4000/x').port).toBe('4000')
    expect(() => own.checkUrl('http://127.0.0.1:4001/x')).toThrow()
    expect(() => own.checkAddress({ hostname: 'localhost', port: 4000 }, '127.0.0.1')).toThrow()
  })
})
