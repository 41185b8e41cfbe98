import AxeBuilder from '@axe-core/playwright'
import { expect, test as base, type Page } from '@playwright/test'
import { openOidcProvider, type TestOidcProvider } from '../support/oidc/open-oidc-provider.ts'
import { adminEmail, adminPassword, findFreePort, startServer, type TestServer } from '../support/start-server.ts'

interface Place {
  server: TestServer
  provider: TestOidcProvider
}

const test = base.extend<object, { place: Place }>({
  place: [
    async ({}, use) => {
      const port = await findFreePort()
      const provider = await openOidcProvider(`http://127.0.0.1:${String(port)}`)
      const env = { ...provider.env, PASSWORD_SIGN_IN: 'break-glass', BREAK_GLASS_ADMIN: adminEmail }
      const server = await startServer({ port, env })
      await use({ server, provider })
      await server.close()
      await provider.close()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ place }, use) => use(place.server.url),
})

const company = /^(Sign in with your company account|用公司账号登录)$/

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

test('a person signs in with the company account and lands where they wanted to go', async ({ page, place }) => {
  await place.provider.setAccounts({
    ann: { email: 'ann@corp.example', email_verified: true, name: 'Ann Corp', groups: [] },
    admin: { email: adminEmail, email_verified: true, name: 'Not the admin', groups: [] },
  })
  await page.goto('/chat/one-that-is-gone')
  await expect(page.getByRole('link', { name: company })).toBeVisible()
  await expect(page.getByLabel('Email')).toHaveCount(0)
  await expectAccessible(page)
  await page.getByRole('link', { name: company }).click()

  // Called off at the provider: back on our page, which says so, in both languages.
  await page.getByRole('link', { name: /cancel/i }).click()
  await expect(page.getByRole('alert')).toContainText('The sign-in was cancelled')
  await expectAccessible(page)
  await page.getByRole('button', { name: '简体中文' }).click()
  await expect(page.getByRole('alert')).toContainText('登录已取消')
  await page.getByRole('button', { name: 'English' }).click()

  // Somebody whose address has an account already.
  await page.getByRole('link', { name: company }).click()
  await page.getByPlaceholder('Enter any login').fill('admin')
  await page.getByPlaceholder('and password').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await expect(page.getByRole('alert')).toContainText('There is an account of this address already')
  await page.context().clearCookies()

  await page.goto('/chat/one-that-is-gone')
  await page.getByRole('link', { name: company }).click()
  await page.getByPlaceholder('Enter any login').fill('ann')
  await page.getByPlaceholder('and password').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await expect(page).toHaveURL(/\/chat\/one-that-is-gone$/)
  await expect(page.getByText('Ann Corp').first()).toBeVisible()
})

test('on the day the provider is away one administrator gets in by password', async ({ page, place }) => {
  await place.provider.setDown(true)
  await page.goto('/')
  await page.getByRole('button', { name: 'Sign in with a password' }).click()
  await page.getByLabel('Email').fill(adminEmail)
  await page.locator('input[type="password"]').fill(adminPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByTestId('composer-input')).toBeVisible()
})
