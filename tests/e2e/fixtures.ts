import { expect, test as base, type BrowserContext, type Locator, type Page } from '@playwright/test'
import { openSimulator, type Simulator } from '@llmchat/simulator/open-simulator'
import { adminEmail, adminPassword, startServer, type TestServer } from '../support/start-server.ts'
import { toOutboundEnv, toTestAgents } from '../support/test-agents.ts'

interface WorkerFixtures {
  simulator: Simulator
  server: TestServer
}

interface TestFixtures {
  /** Signed in, on the page of a new chat. */
  chat: Page
}

/** One simulator and one server for all tests of a worker; each test has a browser context of its own. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  simulator: [
    async ({}, use) => {
      const simulator = await openSimulator()
      await use(simulator)
      await simulator.close()
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ simulator }, use) => {
      const server = await startServer({
        agents: toTestAgents(simulator),
        env: { ...toOutboundEnv(simulator), LOGIN_ATTEMPTS_PER_MINUTE: '1000' },
      })
      await use(server)
      await server.close()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  chat: async ({ page }, use) => {
    await signIn(page)
    await use(page)
  },
})

export { expect }

export async function signIn(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByLabel(/email|邮箱/i).fill(adminEmail)
  await page.locator('input[type="password"]').fill(adminPassword)
  await page.getByRole('button', { name: /^(sign in|登录)$/i }).click()
  await expect(page.getByTestId('composer-input')).toBeVisible()
}

export async function send(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer-input').fill(text)
  await page.keyboard.press('Enter')
}

/** Answers, oldest first. */
export function answers(page: Page): Locator {
  return page.locator('[data-testid="message"][data-role="assistant"]')
}

export async function waitForState(page: Page, state: string): Promise<void> {
  await expect(answers(page).last()).toHaveAttribute('data-state', state, { timeout: 30_000 })
}

/** What a reader sees of the last answer's text. */
export function lastText(page: Page): Locator {
  return answers(page).last().locator('.prose')
}

export async function setOffline(context: BrowserContext, isOffline: boolean): Promise<void> {
  await context.setOffline(isOffline)
}
