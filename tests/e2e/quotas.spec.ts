import type { Browser, Page } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'
import { expect, send, signIn, test, waitForState } from './fixtures.ts'

const question = '[[sim tokens=5 gap=1 seed=9]]'

/** A browser of a person whom the administrator in `page` invites. */
async function openMember(browser: Browser, page: Page, email: string): Promise<Page> {
  const link = await page.evaluate(async (address) => {
    const headers = {
      'content-type': 'application/json',
      'x-xsrf-token': /XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1] ?? '',
    }
    const body = JSON.stringify({ email: address, role: 'member', name: 'Quinn' })
    const response = await fetch('/api/admin/invitations', { method: 'POST', headers, body })
    return ((await response.json()) as { url: string }).url
  }, email)
  const member = await (await browser.newContext()).newPage()
  await member.goto(link)
  await member.getByLabel('Password', { exact: true }).fill('seven quiet lanterns drift')
  await member.getByRole('button', { name: 'Create the account and enter' }).click()
  await expect(member.getByTestId('composer-input')).toBeVisible()
  return member
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

test('a member is warned, then stopped with the text kept, and goes on when the administrator raises the limit', async ({
  page,
  browser,
}) => {
  const email = 'quinn.quota@example.com'
  await signIn(page)
  const member = await openMember(browser, page, email)

  await page.goto('/admin/quotas')
  await expect(page.getByText('No quotas yet')).toBeVisible()
  await page.getByRole('button', { name: 'New quota' }).click()
  const form = page.getByRole('dialog', { name: 'New quota' })
  await form.getByLabel('For whom').selectOption({ label: 'One person' })
  await form.getByLabel('Person').fill(email)
  await form.getByLabel('Person').press('Tab')
  await form.getByLabel('Limit', { exact: true }).fill('2')
  await form.getByLabel('Warn at').fill('3')
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(form.getByText('Not above the limit')).toBeVisible()
  await form.getByLabel('Warn at').fill('1')
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(form).toHaveCount(0)
  const row = page.getByRole('row').filter({ hasText: 'Quinn' }).filter({ hasText: 'Messages a day' })
  await expect(row).toContainText('0 of 2')
  await expectAccessible(page)

  await send(member, question)
  await waitForState(member, 'complete')
  await expect(member.getByTestId('quota-warning')).toContainText('1 of 2 messages used today, 1 left')
  await expectAccessible(member)
  await member.getByRole('button', { name: 'Dismiss' }).click()
  await send(member, question)
  await expect(member.locator('[data-role="assistant"][data-state="complete"]')).toHaveCount(2)
  await expect(member.getByTestId('quota-warning')).toHaveCount(0)

  await send(member, `${question} and this is kept`)
  const kept = member.getByTestId('outbox-item')
  await expect(kept).toHaveAttribute('data-state', 'failed')
  await expect(kept).toContainText('2 of 2 messages used today')
  await expect(kept).toContainText('its text is still here')
  await kept.getByRole('button', { name: 'Edit this message' }).click()
  await expect(member.getByTestId('composer-input')).toHaveValue(`${question} and this is kept`)

  await page.reload()
  await expect(row).toContainText('2 of 2')
  await row.getByRole('button', { name: 'Change' }).click()
  const limits = page.getByRole('dialog', { name: /^Change the quota/ })
  await limits.getByLabel('Limit', { exact: true }).fill('5')
  await limits.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('2 of 5')

  await member.getByTestId('send').click()
  await expect(member.locator('[data-role="assistant"][data-state="complete"]')).toHaveCount(3)
  await member
    .getByRole('button', { name: /^settings$/i })
    .first()
    .click()
  await member.getByRole('dialog').getByRole('button', { name: 'Quotas' }).click()
  await expect(member.getByRole('dialog').getByText('3 of 5 messages used today')).toBeVisible()
  await expectAccessible(member)
  await member.context().close()
})
