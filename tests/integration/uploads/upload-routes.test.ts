import { createHash, randomBytes } from 'node:crypto'
import type { Upload } from '@llmchat/protocol/api/upload-schema'
import { afterAll, describe, expect, test } from 'vitest'
import type { HttpClient, HttpReply } from '../../support/create-http-client.ts'
import { openTestApp } from '../../support/open-test-app.ts'
import { createPdf, createPng } from './upload-bytes.ts'

const app = await openTestApp()
afterAll(() => app.close())
const { client } = await app.signIn()

function send(bytes: Uint8Array | string, name = 'file.bin', by: HttpClient = client): Promise<HttpReply> {
  const headers = { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(name) }
  return by.request('/api/uploads', { rawBody: typeof bytes === 'string' ? bytes : new Uint8Array(bytes), headers })
}

async function put(bytes: Uint8Array | string, name?: string): Promise<Upload> {
  const reply = await send(bytes, name)
  expect(reply.text).not.toContain('"error"')
  return reply.json() as Upload
}

function codeOf(reply: HttpReply): string {
  return (reply.json() as { error: { code: string } }).error.code
}

async function readBytes(path: string): Promise<Buffer> {
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return Buffer.from(await (await fetch(app.url + path, { headers: { cookie } })).arrayBuffer())
}

async function countRows(): Promise<number> {
  return (await app.database.kysely.selectFrom('attachments').select('id').execute()).length
}

describe('a file that is put here', () => {
  test('is read back as it was', async () => {
    const png = createPng(40)
    const upload = await put(png, '图 表.png')
    expect(upload).toMatchObject({
      name: '图 表.png',
      mediaType: 'image/png',
      kind: 'image',
      sizeBytes: png.length,
      widthPx: 40,
      heightPx: 40,
      url: `/api/uploads/${upload.id}`,
    })
    expect((await readBytes(upload.url)).equals(png)).toBe(true)
  })

  test('is what its bytes are, whatever it is called', async () => {
    expect(await put('<svg onload="alert(1)"/>', 'picture.png')).toMatchObject({
      kind: 'text',
      mediaType: 'text/plain',
    })
    expect(await put(createPng(2), 'notes.txt')).toMatchObject({ kind: 'image', mediaType: 'image/png' })
    expect(await put(createPdf('x'), 'x.exe')).toMatchObject({ kind: 'file', mediaType: 'application/pdf' })
    expect(await put('价格,数量\n1,2\n', 'x.csv')).toMatchObject({ kind: 'text', widthPx: null })
  })

  test('runs nowhere and is not guessed at', async () => {
    const { url } = await put('<html><script>alert(1)</script>', 'page.html')
    const page = await client.request(url)
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(page.headers.get('content-disposition')).toMatch(/^attachment; filename="page.html"/)
    const picture = await client.request((await put(createPng(2), 'a.png')).url)
    expect(picture.headers.get('content-disposition')).toMatch(/^inline; filename="a.png"/)
  })

  test('is sent once to whoever has it already', async () => {
    const { url } = await put('the same', 'a.txt')
    const etag = (await client.request(url)).headers.get('etag') ?? ''
    expect(etag).toBe(`"${createHash('sha256').update('the same').digest('hex')}"`)
    expect((await client.request(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect((await client.request(url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\report.pdf', 'report.pdf'],
    ['.htaccess', 'htaccess'],
    ['', 'file'],
    ['a\u0000b\u202Egpj.exe', 'abgpj.exe'],
    ['what? "this" <is>.txt', 'what_ _this_ _is_.txt'],
  ])('%j becomes %j', async (given, name) => {
    expect((await put('x', given)).name).toBe(name)
  })

  test('keeps the ending of a name that is too long', async () => {
    const { name } = await put('x', `${'长'.repeat(300)}.txt`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
    expect(name).toMatch(/^长+\.txt$/)
  })
})

describe('refused, and nothing is left of it', () => {
  test.each([
    ['nothing', '', 'upload_empty'],
    ['an unknown type', randomBytes(2000), 'upload_type_refused'],
    ['a text that breaks off within a character', Buffer.from('语').subarray(0, 2), 'upload_type_refused'],
    ['a text with a NUL', 'a\0b', 'upload_type_refused'],
    ['a picture without a size', createPng(2).subarray(0, 12), 'upload_type_refused'],
    ['more than is allowed', Buffer.alloc(1_000_001, 'a'), 'upload_too_large'],
  ])('%s', async (_what, bytes, code) => {
    const before = await countRows()
    expect(codeOf(await send(bytes))).toBe(code)
    expect(await countRows()).toBe(before)
  })

  test('more than is allowed, of a size that was not said', async () => {
    const before = await countRows()
    const rawBody = new Blob([Buffer.alloc(3_000_000, 'a')]).stream()
    const headers = { 'content-type': 'application/octet-stream' }
    expect(codeOf(await client.request('/api/uploads', { rawBody, headers }))).toBe('upload_too_large')
    await expect.poll(countRows).toBe(before)
  })

  test('more than one person may keep, while another still may', async () => {
    const mine = await app.signIn()
    const full = Buffer.alloc(999_000, 'a')
    for (let count = 0; count < 5; count++) expect((await send(full, 'a.txt', mine.client)).status).toBe(201)
    expect(codeOf(await send(full, 'a.txt', mine.client))).toBe('upload_space_full')
    const other = await app.signIn()
    expect((await send(full, 'a.txt', other.client)).status).toBe(201)
  })

  test('a name that is not encoded', async () => {
    const reply = await client.request('/api/uploads', { rawBody: 'x', headers: { 'x-file-name': '%E4%B8' } })
    expect(codeOf(reply)).toBe('invalid_request')
  })

  test('without a CSRF token', async () => {
    const reply = await client.request('/api/uploads', { rawBody: 'x', headers: { 'x-xsrf-token': 'none' } })
    expect(codeOf(reply)).toBe('csrf_failed')
  })
})

describe('whose it is', () => {
  test('nobody else reads, sends or deletes it', async () => {
    const { url } = await put('mine', 'a.txt')
    const other = await app.signIn('admin')
    expect(codeOf(await other.client.request(url))).toBe('upload_not_found')
    expect(codeOf(await other.client.request(url, { method: 'DELETE' }))).toBe('upload_not_found')
    expect((await client.request(url)).text).toBe('mine')
  })

  test('its owner deletes it once', async () => {
    const { url } = await put('mine', 'a.txt')
    expect((await client.request(url, { method: 'DELETE' })).status).toBe(204)
    expect(codeOf(await client.request(url))).toBe('upload_not_found')
    expect(codeOf(await client.request(url, { method: 'DELETE' }))).toBe('upload_not_found')
  })
})
