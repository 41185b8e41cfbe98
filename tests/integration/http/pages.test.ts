import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../../support/open-test-app.ts'

const page = '<!doctype html><title>LLMChat</title>'
const script = 'console.log(1)\n'
const asPage = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }
let pagesDir: string
let built: TestApp
let unbuilt: TestApp

beforeAll(async () => {
  pagesDir = await mkdtemp(join(tmpdir(), 'llmchat-pages-'))
  await mkdir(join(pagesDir, 'assets'))
  await mkdir(join(pagesDir, '.git'))
  await writeFile(join(pagesDir, '.git', 'HEAD'), 'ref: refs/heads/main')
  await writeFile(join(pagesDir, 'index.html'), page)
  await writeFile(join(pagesDir, 'early-theme.js'), script)
  await writeFile(join(pagesDir, 'assets', 'main-Ab12.js'), script)
  await writeFile(join(pagesDir, 'assets', 'main-Ab12.js.gz'), gzipSync(script))
  built = await openTestApp({ pagesDir })
  unbuilt = await openTestApp({ pagesDir: join(pagesDir, 'missing') })
})
afterAll(async () => {
  await built.close()
  await unbuilt.close()
  await rm(pagesDir, { recursive: true })
})

test.each(['/', '/index.html', '/chat/some-id', '/login?next=%2F'])(
  '%s is the page, asked for anew each time',
  async (path) => {
    const reply = await built.createClient().request(path, asPage)
    expect(reply.status).toBe(200)
    expect(reply.text).toBe(page)
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(reply.headers.get('cache-control')).toBe('no-cache')
  },
)

test('hashed assets are kept for ever and come compressed, the rest does not', async () => {
  const asset = await fetch(`${built.url}/assets/main-Ab12.js`, { headers: { 'accept-encoding': 'gzip' } })
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-type')).toBe('application/javascript; charset=utf-8')
  expect(asset.headers.get('content-encoding')).toBe('gzip')
  expect(asset.headers.get('vary')).toBe('accept-encoding')
  expect(await asset.text()).toBe(script)
  const plain = await built.createClient().request('/early-theme.js')
  expect(plain.text).toBe(script)
  expect(plain.headers.get('cache-control')).toBe('no-cache')
})

test.each([
  '/assets/main-Old.js',
  '/api/nothing',
  '/v1/nothing',
  '/health/nothing',
  '/..%2f..%2fetc/passwd',
  '/.env',
  '/.git/HEAD',
  '/a%5Cb',
  '/a//b',
  '/assets',
  '/assets/',
])('%s is a 404, not the page', async (path) => {
  const reply = await built.createClient().request(path)
  expect(reply.status).toBe(404)
  expect(reply.json()).toMatchObject({ error: { code: 'not_found' } })
})

test('a directory that is not known is a 404 in its own shape', async () => {
  const reply = await built.createClient().request('/scim/v2/nothing', asPage)
  expect(reply.json()).toMatchObject({ status: '404' })
})

test('programs that ask for JSON at an unknown address get a 404', async () => {
  const reply = await built.createClient().request('/chat/some-id', { headers: { accept: 'application/json' } })
  expect(reply.status).toBe(404)
})

test('pages that are not built say so', async () => {
  const reply = await unbuilt.createClient().request('/', asPage)
  expect(reply.status).toBe(503)
  expect(reply.text).toContain('npm run build')
})
