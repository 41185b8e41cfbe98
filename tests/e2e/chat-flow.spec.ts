import AxeBuilder from '@axe-core/playwright'
import { toSimulatedText } from '@llmchat/simulator/simulated-text'
import type { Page } from '@playwright/test'
import { adminEmail } from '../support/start-server.ts'
import { answers, expect, lastText, send, setOffline, signIn, test, waitForState } from './fixtures.ts'

/** The simulator's `ascii` text has no Markdown and single spaces: what is shown is what was sent. */
function toPlain(seed: number, tokens: number): string {
  return toSimulatedText({ seed, tokens, corpus: 'ascii' })
}

async function expectNoSeriousViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

test('the server is healthy', async ({ request }) => {
  for (const path of ['/health', '/health/live', '/health/ready', '/health/startup'])
    expect((await request.get(path)).status(), path).toBe(200)
})

test('the first load shows the login, under a strict CSP, within its time', async ({ page }) => {
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) problems.push(message.text())
  })
  const response = await page.goto('/')
  expect(response?.headers()['content-security-policy']).toContain("script-src 'self'")
  await expect(page.getByRole('button', { name: /^sign in$/i })).toBeVisible()
  expect(problems).toEqual([])
  const loadedMs = await page.evaluate(() => performance.getEntriesByType('navigation')[0]?.duration ?? Infinity)
  expect(loadedMs).toBeLessThan(3000)
  await expectNoSeriousViolation(page)
})

test('a wrong password is refused, and the right one opens the chat', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel(/email/i).fill(adminEmail)
  await page.locator('input[type="password"]').fill('not the password')
  await page.getByRole('button', { name: /^sign in$/i }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await signIn(page)
  await expectNoSeriousViolation(page)
})

test('a message is answered, exactly, and stays in the history', async ({ chat }) => {
  await send(chat, '[[sim tokens=60 gap=5 seed=51 corpus=ascii]]')
  await expect(chat.locator('[data-testid="message"][data-role="user"]')).toBeVisible()
  await waitForState(chat, 'complete')
  await expect(lastText(chat)).toHaveText(toPlain(51, 60))
  await expect(chat).toHaveURL(/\/chat\/[\w-]+$/)
  const url = chat.url()
  await chat.goto('/')
  await chat.getByTestId('session-item').first().getByRole('link').click()
  await expect(chat).toHaveURL(url)
  await expect(lastText(chat)).toHaveText(toPlain(51, 60))
  await expectNoSeriousViolation(chat)
})

test('the agent is switched inside a chat', async ({ chat }) => {
  await send(chat, '[[sim tokens=5 seed=1]]')
  await waitForState(chat, 'complete')
  await chat.getByTestId('agent-picker').click()
  await chat.getByRole('option', { name: /Test anthropic/ }).click()
  await send(chat, '[[sim tokens=5 seed=2]]')
  await expect(answers(chat)).toHaveCount(2)
  await waitForState(chat, 'complete')
  await expect(answers(chat).last()).toContainText('Test anthropic')
  await expect(answers(chat).first()).toContainText('Test openai')
})

test('the theme changes and stays', async ({ chat }) => {
  const html = chat.locator('html')
  const before = await html.getAttribute('data-theme')
  await chat.getByTestId('theme-toggle').first().click()
  await expect(html).not.toHaveAttribute('data-theme', before ?? 'none')
  const after = await html.getAttribute('data-theme')
  await chat.reload()
  await expect(html).toHaveAttribute('data-theme', after ?? '')
  await expectNoSeriousViolation(chat)
})

test('a reload in the middle goes on without a gap or a double', async ({ chat }) => {
  await send(chat, '[[sim tokens=150 gap=20 seed=52 corpus=ascii]]')
  await expect.poll(async () => (await lastText(chat).innerText()).length).toBeGreaterThan(50)
  await chat.reload()
  await waitForState(chat, 'streaming')
  await waitForState(chat, 'complete')
  await expect(lastText(chat)).toHaveText(toPlain(52, 150))
  await expect(answers(chat)).toHaveCount(1)
})

test('a second tab sees the same answer grow', async ({ chat, context }) => {
  await send(chat, '[[sim tokens=500 gap=20 seed=53 corpus=ascii]]')
  await expect(chat).toHaveURL(/\/chat\//)
  const second = await context.newPage()
  await second.goto(chat.url())
  await waitForState(second, 'streaming')
  await waitForState(second, 'complete')
  await expect(lastText(second)).toHaveText(toPlain(53, 500))
  await waitForState(chat, 'complete')
  await expect(lastText(chat)).toHaveText(toPlain(53, 500))
})

test('a stop keeps what was shown, says so, and reaches the agent', async ({ chat, simulator }) => {
  const before = simulator.counters().providers.openai.abortedByClient
  await send(chat, '[[sim tokens=3000 gap=10 seed=54 corpus=ascii]]')
  await expect.poll(async () => (await lastText(chat).innerText()).length).toBeGreaterThan(50)
  await chat.getByTestId('stop').click()
  await waitForState(chat, 'stopped')
  await expect.poll(() => simulator.counters().providers.openai.abortedByClient).toBeGreaterThan(before)
  const shown = await lastText(chat).innerText()
  expect(toPlain(54, 3000).startsWith(shown)).toBe(true)
  await chat.reload()
  await expect(lastText(chat)).toHaveText(shown)
  await waitForState(chat, 'stopped')
  await expectNoSeriousViolation(chat)
})

test('a message written offline waits, and is sent by itself', async ({ chat, context }) => {
  await send(chat, '[[sim tokens=3 seed=55 corpus=ascii]]')
  await waitForState(chat, 'complete')
  await setOffline(context, true)
  await send(chat, '[[sim tokens=30 seed=56 corpus=ascii]]')
  await expect(chat.getByTestId('outbox-item')).toHaveCount(1)
  await setOffline(context, false)
  await expect(answers(chat)).toHaveCount(2)
  await waitForState(chat, 'complete')
  await expect(lastText(chat)).toHaveText(toPlain(56, 30))
  await expect(chat.getByTestId('outbox-item')).toHaveCount(0)
})

test('a message far too large is refused with a clear word, and its text is kept', async ({ chat }) => {
  const requests: string[] = []
  chat.on('request', (request) => requests.push(request.url()))
  await chat.getByTestId('composer-input').fill(`start ${'word '.repeat(4_000_000)}`)
  await chat.getByTestId('send').click()
  const item = chat.getByTestId('outbox-item')
  await expect(item).toHaveAttribute('data-state', 'failed', { timeout: 30_000 })
  await expect(item).toContainText('body_too_large')
  expect(requests.filter((url) => url.endsWith('/api/chat'))).toEqual([])
  await item.getByRole('button', { name: /edit/i }).click()
  await expect
    .poll(() => chat.getByTestId('composer-input').evaluate((area) => (area as HTMLTextAreaElement).value.length))
    .toBe(6 + 20_000_000)
})

test('a degraded server is told, and that it has recovered', async ({ chat }) => {
  let isDegraded = true
  await chat.route('**/health/ready', async (route) => {
    const reply = await route.fetch()
    await route.fulfill({ response: reply, json: { ...((await reply.json()) as object), isDegraded } })
  })
  await chat.clock.install()
  await chat.reload()
  await expect(chat.getByRole('status').filter({ hasText: 'Degraded' })).toBeVisible()
  await expectNoSeriousViolation(chat)
  isDegraded = false
  await chat.clock.runFor(16_000)
  await expect(chat.getByRole('status').filter({ hasText: 'Degraded' })).toHaveCount(0)
})

test('the server dies in the middle and comes back: the page goes on by itself', async ({ chat, server }) => {
  await send(chat, '[[sim tokens=400 gap=20 seed=57 corpus=ascii]]')
  await expect.poll(async () => (await lastText(chat).innerText()).length).toBeGreaterThan(50)
  await server.kill('SIGKILL')
  await server.start()
  await expect(answers(chat).last()).toHaveAttribute('data-state', /interrupted|complete/, { timeout: 45_000 })
  const shown = await lastText(chat).innerText()
  expect(toPlain(57, 400).startsWith(shown)).toBe(true)
})

test('a failing agent is told with its cause, and tried again', async ({ chat }) => {
  await send(chat, '[[sim tokens=5 seed=58 fault=status=403 times=1]]')
  await waitForState(chat, 'failed')
  await expect(answers(chat).last()).toContainText('upstream_auth')
  await expectNoSeriousViolation(chat)
  await answers(chat)
    .last()
    .getByRole('button', { name: /retry|try again/i })
    .click()
  await waitForState(chat, 'complete')
})

test('a cut answer keeps its text, says so, and can be continued', async ({ chat }) => {
  await send(chat, '[[sim tokens=40 gap=2 seed=59 corpus=ascii fault=cut@20 times=1]]')
  await waitForState(chat, 'interrupted')
  await expect(lastText(chat)).toHaveText(toPlain(59, 20))
  await answers(chat)
    .last()
    .getByRole('button', { name: /continue/i })
    .click()
  await waitForState(chat, 'complete')
})

test('a question is edited, and both branches stay', async ({ chat }) => {
  await send(chat, '[[sim tokens=5 seed=60 corpus=ascii]]')
  await waitForState(chat, 'complete')
  await chat.getByTestId('composer-input').press('ArrowUp')
  await chat.keyboard.press('ControlOrMeta+A')
  await chat.keyboard.type('[[sim tokens=6 seed=61 corpus=ascii]]')
  await chat.keyboard.press('Enter')
  await expect(lastText(chat)).toHaveText(toPlain(61, 6))
  await expect(chat.getByText('2 / 2')).toBeVisible()
})

test('search finds a message and opens its chat', async ({ chat }) => {
  const word = `needle${Date.now()}`
  await send(chat, `${word} [[sim tokens=4 seed=62]]`)
  await waitForState(chat, 'complete')
  const url = chat.url()
  await chat.goto('/')
  await expect(chat.getByTestId('composer-input')).toBeFocused()
  await chat.keyboard.press('ControlOrMeta+K')
  await chat.getByRole('combobox').fill(word)
  await chat.getByRole('option').filter({ hasText: word }).first().click()
  await expect(chat).toHaveURL(url)
})

test('what an agent says cannot run', async ({ chat }) => {
  const dialogs: string[] = []
  chat.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await send(chat, '<img src=x onerror=alert(1)> [x](javascript:alert(2)) [[sim tokens=400 gap=0 corpus=demo]]')
  await waitForState(chat, 'complete')
  await expect(answers(chat).last().locator('script, img[onerror], a[href^="javascript:"]')).toHaveCount(0)
  expect(dialogs).toEqual([])
})

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' })

  test('the page speaks the language of its reader', async ({ chat }) => {
    await expect(chat.locator('html')).toHaveAttribute('lang', 'zh-CN')
    await send(chat, '[[sim tokens=5 seed=66]]')
    await waitForState(chat, 'complete')
    await expect(chat.getByRole('button', { name: '重新生成' }).last()).toBeVisible()
    await expectNoSeriousViolation(chat)
  })
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('the whole road works and nothing scrolls sideways', async ({ chat }) => {
    await send(chat, '[[sim tokens=60 gap=2 seed=63]]')
    await waitForState(chat, 'complete')
    const overflow = await chat.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    await expectNoSeriousViolation(chat)
  })
})

test('time from pressing Enter to the first text stays within its budget', async ({ chat }) => {
  await send(chat, '[[sim tokens=2 ttft=0 seed=64]]')
  await waitForState(chat, 'complete')
  const startMs = Date.now()
  await send(chat, '[[sim tokens=200 gap=10 ttft=0 seed=65 corpus=ascii]]')
  await expect(answers(chat)).toHaveCount(2)
  await expect.poll(async () => (await lastText(chat).innerText()).length, { intervals: [10] }).toBeGreaterThan(0)
  expect(Date.now() - startMs).toBeLessThan(1500)
})
