import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { readTotpApp } from '../support/totp-app.ts'
import { expect, signIn, test } from './fixtures.ts'

const newPassword = 'seven quiet lanterns drift'

async function openSecurity(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^settings$/i })
    .first()
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign-in and security' }).click()
  await expect(page.getByText('Where you are signed in')).toBeVisible()
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

/** A person of their own, invited by the administrator in `page`; the link is opened in it. */
async function acceptInvitation(page: Page, email: string): Promise<void> {
  await signIn(page)
  const link = await page.evaluate(async (address) => {
    const headers = {
      'content-type': 'application/json',
      'x-xsrf-token': /XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1] ?? '',
    }
    const body = JSON.stringify({ email: address, role: 'member', name: 'Bo' })
    const response = await fetch('/api/admin/invitations', { method: 'POST', headers, body })
    return ((await response.json()) as { url: string }).url
  }, email)
  await page.context().clearCookies()
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Accept the invitation' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Password', { exact: true }).fill('Password1234!')
  await page.getByRole('button', { name: 'Create the account and enter' }).click()
  await expect(page.getByRole('alert')).toContainText('too easy to guess')
  await page.getByLabel('Password', { exact: true }).fill(newPassword)
  await page.getByRole('button', { name: 'Create the account and enter' }).click()
  await expect(page.getByTestId('composer-input')).toBeVisible()
  await expect(page).toHaveURL(/\/$/)
}

test('an invited person sets a password, switches two-step sign-in on, and signs in with it', async ({ page }) => {
  const email = 'bo.invited@example.com'
  await acceptInvitation(page, email)
  await openSecurity(page)
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByLabel('Current password').fill(newPassword)
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByRole('img', { name: 'QR code for an authenticator app' })).toBeVisible()
  await expectAccessible(page)
  const secret = ((await page.locator('.settings-form code').textContent()) ?? '').replaceAll(' ', '')
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill(readTotpApp(secret, Date.now()))
  await page.getByRole('button', { name: 'Switch two-step sign-in on' }).click()
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await expect(codes).toHaveCount(10)
  const recoveryCode = (await codes.first().textContent()) ?? ''
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await expect(page.getByText('On, 10 recovery codes left')).toBeVisible()
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()

  await page.getByLabel('Email').fill(email)
  await page.locator('input[type="password"]').fill(newPassword)
  await page.getByRole('button', { name: /^sign in$/i }).click()
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill('000000')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('alert')).toContainText('The code is wrong')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Without the phone: use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(recoveryCode)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByTestId('composer-input')).toBeVisible()
})

test('a person changes the password and ends the login of another browser', async ({ page, browser }) => {
  const email = 'cy.invited@example.com'
  await acceptInvitation(page, email)
  const other = await browser.newPage()
  await other.goto(page.url())
  await other.getByLabel('Email').fill(email)
  await other.locator('input[type="password"]').fill(newPassword)
  await other.getByRole('button', { name: /^sign in$/i }).click()
  await expect(other.getByTestId('composer-input')).toBeVisible()

  await openSecurity(page)
  await expectAccessible(page)
  await expect(page.getByText('This device')).toHaveCount(1)
  await page.getByRole('button', { name: /^End the login of/ }).click()
  await expect(page.getByRole('button', { name: /^End the login of/ })).toHaveCount(0)
  await other.reload()
  await expect(other.getByRole('button', { name: /^sign in$/i })).toBeVisible()
  await other.close()

  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByLabel('Current password').fill('wrong')
  await page.getByLabel('New password').fill('nine copper kettles wander')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('alert')).toContainText('The current password is wrong')
  await page.getByLabel('Current password').fill(newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('Password changed, other devices are signed out')).toBeVisible()
  await page.reload()
  await expect(page.getByTestId('composer-input')).toBeVisible()
})
