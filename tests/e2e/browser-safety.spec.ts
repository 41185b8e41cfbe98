import { randomUUID } from 'node:crypto'
import { expect, test as base, type Page } from '@playwright/test'
import { openEchoUpstream } from '../support/echo-upstream.ts'
import { openEvilSite, type EvilSite } from '../support/open-evil-site.ts'
import { startServer, type TestServer } from '../support/start-server.ts'
import { signIn } from './fixtures.ts'
import { xssPayloads } from './xss-payloads.ts'

interface Worker {
  evil: EvilSite
  server: TestServer
  payloads: readonly string[]
}

/** Some as names of agents, with the other texts an administrator may give them. */
const namedAgents = 12

const test = base.extend<{ watched: Page }, Worker>({
  evil: [
    async ({}, use) => {
      const evil = await openEvilSite()
      await use(evil)
      evil.close()
    },
    { scope: 'worker' },
  ],
  payloads: [
    async ({ evil }, use) => use(xssPayloads.map((payload) => payload.replaceAll('HOME', evil.host))),
    { scope: 'worker' },
  ],
  server: [
    async ({ payloads }, use) => {
      const echo = await openEchoUpstream()
      const agent = { provider: 'openai', baseUrl: echo.baseUrl, apiKey: 'sk-echo', model: 'echo' }
      const named = payloads.slice(0, namedAgents).map((payload, index) => ({
        ...agent,
        id: `named-${String(index)}`,
        name: payload.slice(0, 100),
        description: payload,
        suggestions: [payload],
      }))
      const server = await startServer({
        agents: [{ ...agent, id: 'echo', name: 'Echo', isDefault: true }, ...named],
        env: { OUTBOUND_ALLOWED_HOSTS: echo.host, LOGIN_ATTEMPTS_PER_MINUTE: '1000' },
      })
      await use(server)
      await server.close()
      echo.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  watched: async ({ page, server, evil }, use) => {
    const dialogs: string[] = []
    const elsewhere: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (/^https?:$/.test(protocol) && origin !== server.url) elsewhere.push(request.url())
    })
    evil.calls.length = 0
    await use(page)
    expect(dialogs).toEqual([])
    expect(elsewhere).toEqual([])
    expect(evil.calls).toEqual([])
  },
})

async function ask(server: TestServer, text: string, chat: { id: string; parentId?: string }): Promise<void> {
  const messages = [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }]
  const response = await fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.apiKey}` },
    body: JSON.stringify({ id: chat.id, agentId: 'echo', messages }),
  })
  const answer = await response.text()
  expect(answer, text).toContain('"state":"complete"')
}

/** Elements that no answer, question or name may bring into the page. */
const forbidden =
  'main :is(script, iframe, object, embed, link, style, base, meta, form[action], video, audio, marquee, img, svg script, svg a)'

async function expectHarmless(page: Page): Promise<void> {
  await expect(page.locator(forbidden)).toHaveCount(0)
  const handlers = await page.evaluate(() =>
    [...document.querySelectorAll('main *, aside *, nav *, dialog *')].flatMap((element) =>
      element.getAttributeNames().filter((name) => name.startsWith('on') || name === 'srcdoc' || name === 'ping'),
    ),
  )
  expect(handlers).toEqual([])
  const addresses = await page.evaluate(() =>
    [...document.querySelectorAll('main a[href]')].map((link) => (link as HTMLAnchorElement).protocol),
  )
  for (const protocol of addresses) expect(['http:', 'https:', 'mailto:']).toContain(protocol)
}

test('no payload of the corpus runs or phones home in questions and answers', async ({ watched, server, payloads }) => {
  test.setTimeout(180_000)
  expect(payloads.length).toBeGreaterThanOrEqual(60)
  const id = randomUUID()
  for (const payload of payloads) await ask(server, payload, { id })
  await signIn(watched)
  await watched.goto(`/chat/${id}`)
  const messages = watched.locator('[data-testid="message"]')
  await expect(messages).toHaveCount(payloads.length * 2, { timeout: 30_000 })
  // Every one is brought on the screen: what is off it may not be drawn yet.
  for (const message of await messages.all()) await message.scrollIntoViewIfNeeded()
  await expectHarmless(watched)
})

test('nor while it streams into the page', async ({ watched, payloads }) => {
  test.setTimeout(120_000)
  await signIn(watched)
  for (const payload of payloads.filter((_, index) => index % 6 === 0)) {
    const answers = watched.locator('[data-testid="message"][data-role="assistant"]')
    const before = await answers.count()
    await watched.getByTestId('composer-input').fill(payload)
    await watched.keyboard.press('Enter')
    await expect(answers).toHaveCount(before + 1)
    await expect(answers.last()).toHaveAttribute('data-state', 'complete')
  }
  await expectHarmless(watched)
})

test('nor as a title in the list, in search and in the window', async ({ watched, server, payloads }) => {
  test.setTimeout(180_000)
  const ids = payloads.map(() => randomUUID())
  for (const [index, payload] of payloads.entries()) await ask(server, payload, { id: ids[index] ?? '' })
  await signIn(watched)
  await expect(watched.getByTestId('session-item').first()).toBeVisible()
  await watched.goto(`/chat/${ids[0] ?? ''}`)
  await expect(watched.locator('[data-testid="message"]')).toHaveCount(2)
  await watched.keyboard.press('Control+k')
  const palette = watched.getByRole('dialog')
  await palette.getByRole('combobox').fill('alert')
  await expect(palette.getByRole('option').first()).toBeVisible()
  await expectHarmless(watched)
})

test('nor as a name: of agents, keys and people', async ({ watched, server, payloads }) => {
  await signIn(watched)
  await watched.getByTestId('agent-picker').click()
  await expect(watched.getByRole('option')).toHaveCount(namedAgents + 1)
  await watched.getByRole('option').nth(1).click()
  await expectHarmless(watched)
  const made = await watched.evaluate(
    async (names) => {
      const token = /XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1] ?? ''
      const headers = { 'content-type': 'application/json', 'x-xsrf-token': token }
      const send = async (path: string, body: object): Promise<number> =>
        (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).status
      const statuses: number[] = []
      for (const name of names) statuses.push(await send('/api/auth/api-keys', { name }))
      return statuses
    },
    payloads.slice(0, 20).map((payload) => payload.slice(0, 100)),
  )
  expect(new Set(made)).toEqual(new Set([201]))
  await watched.goto('/')
  await openSettings(watched)
  await watched
    .getByRole('dialog')
    .getByRole('button', { name: /^API keys$/ })
    .click()
  await expect(watched.getByRole('dialog').getByRole('listitem')).not.toHaveCount(0)
  await expectHarmless(watched)
  expect(server.url).toBe(new URL(watched.url()).origin)
})

async function openSettings(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^settings$/i })
    .first()
    .click()
  await expect(page.getByRole('dialog')).toBeVisible()
}

test.describe('the policy holds where the code would not', () => {
  test('inline scripts, handlers, eval and foreign files are stopped by the browser', async ({ page, evil }) => {
    await signIn(page)
    evil.calls.length = 0
    const ran = await page.evaluate(async (home) => {
      const state = window as unknown as { hasRun?: boolean }
      const findings: string[] = []
      const check = (name: string): void => {
        if (state.hasRun === true) findings.push(name)
        delete state.hasRun
      }
      const add = (tag: string, attributes: Record<string, string>, text = ''): Promise<void> =>
        new Promise((resolve) => {
          const element = document.createElement(tag)
          element.addEventListener('load', () => resolve())
          element.addEventListener('error', () => resolve())
          for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
          element.textContent = text
          document.body.append(element)
          if (tag === 'script' && text !== '') resolve()
        })
      await add('script', {}, 'window.hasRun = true')
      check('inline script')
      await add('script', { src: `${home}/a.js` })
      check('script of another origin')
      await add('script', { src: 'data:text/javascript,window.hasRun=true' })
      check('script of a data address')
      const button = document.createElement('button')
      button.setAttribute('onclick', 'window.hasRun = true')
      document.body.append(button)
      button.click()
      check('handler')
      await add('img', { src: `${home}/b.png` })
      await add('link', { rel: 'stylesheet', href: `${home}/c.css` })
      await fetch(`${home}/d`).catch(() => undefined)
      await new Promise<void>((resolve) => {
        document.addEventListener('securitypolicyviolation', () => resolve(), { once: true })
        const frame = document.createElement('iframe')
        frame.src = `${home}/e.html`
        frame.addEventListener('load', () => resolve())
        document.body.append(frame)
      })
      navigator.sendBeacon(`${home}/f`)
      return findings
    }, evil.origin)
    expect(ran).toEqual([])
    expect(evil.calls).toEqual([])
  })
})

test.describe('another origin', () => {
  /** Both kinds: one that browsers send our cookies from, and one that they do not. */
  for (const kind of ['origin', 'foreignOrigin'] as const) {
    test(`changes nothing by form, fetch, image, beacon or frame (${kind})`, async ({ page, server, evil }) => {
      await signIn(page)
      const statuses: string[] = []
      page.on('response', (response) => {
        const url = new URL(response.url())
        if (url.origin !== server.url || response.request().method() === 'GET') return
        statuses.push(`${String(response.status())} ${url.pathname}`)
      })
      evil.setPage(`
        <form id="logout" method="post" action="${server.url}/api/auth/logout" target="sink"></form>
        <form id="login" method="post" enctype="text/plain" action="${server.url}/api/auth/login" target="sink">
          <input name='{"email":"admin@example.com","password":"x","a":"' value='"}'></form>
        <iframe name="sink"></iframe><iframe id="framed" src="${server.url}/"></iframe>
        <img src="${server.url}/api/auth/logout"><img src="${server.url}/api/auth/login-sessions">`)
      await page.goto(`${evil[kind]}/page`)
      const readable = await page.evaluate(async (target) => {
        const wait = (id: string): Promise<void> =>
          new Promise((resolve) => {
            const sink = document.querySelector<HTMLIFrameElement>('iframe[name=sink]')
            sink?.addEventListener('load', () => resolve(), { once: true })
            document.querySelector<HTMLFormElement>(id)?.submit()
          })
        await wait('#logout')
        await wait('#login')
        const found: string[] = []
        const send = async (path: string, options: RequestInit): Promise<void> => {
          await fetch(target + path, { method: 'POST', credentials: 'include', ...options }).then(
            (response) => response.type !== 'opaque' && found.push(path),
            () => undefined,
          )
        }
        const json = { 'content-type': 'application/json', 'x-xsrf-token': 'guess' }
        const key = JSON.stringify({ name: 'evil' })
        await send('/api/auth/logout', { mode: 'no-cors' })
        await send('/api/auth/api-keys', { mode: 'no-cors', body: key, headers: { 'content-type': 'text/plain' } })
        await send('/api/auth/api-keys', { mode: 'cors', body: key, headers: json })
        await send('/api/auth/login-sessions', { mode: 'cors', method: 'DELETE' })
        await send('/api/auth/me', { mode: 'cors', method: 'GET' })
        navigator.sendBeacon(`${target}/api/auth/logout`)
        return found
      }, server.url)
      expect(readable).toEqual([])
      const isFramed = await page.evaluate(() => {
        const framed = document.querySelector<HTMLIFrameElement>('#framed')
        return framed?.contentDocument?.title ?? 'other origin'
      })
      expect(isFramed).toBe('other origin')
      await expect(page.frameLocator('#framed').locator('[data-testid="composer-input"], form')).toHaveCount(0)
      await expect.poll(() => statuses.length).toBeGreaterThanOrEqual(2)
      expect(statuses.filter((status) => /^2/.test(status))).toEqual([])
      // Still signed in, with what was there before.
      await page.goto(`${server.url}/`)
      await expect(page.getByTestId('composer-input')).toBeVisible()
      const keys = await page.evaluate(async () => (await fetch('/api/auth/api-keys')).text())
      expect(keys).not.toContain('evil')
    })
  }
})
