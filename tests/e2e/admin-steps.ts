import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { expect } from './fixtures.ts'

export const personPassword = 'seven quiet lanterns drift'

export async function expectAccessible(page: Page): Promise<void> {
  // A drawer that slides in is not what people read.
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null))))
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(over).toBeLessThanOrEqual(0)
}

/** Opens an administration page by its address and waits until its lists are there. */
export async function openAdmin(page: Page, path: string, title: string): Promise<void> {
  await page.goto(`/admin/${path}`)
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0)
}

/** The row of a table that names `name`. */
export function findRow(page: Page, name: string | RegExp) {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) })
}

/** Says yes in the confirmation on top, after it has been seen to name its object. */
export async function confirm(page: Page, title: string, act: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title })
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: act, exact: true }).click()
  await expect(dialog).toHaveCount(0)
}

/** Makes an invitation on the users page and gives its link. */
export async function invite(page: Page, email: string, name: string): Promise<string> {
  await openAdmin(page, 'users', 'Users')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' })
  await dialog.getByRole('button', { name: 'Create invitation link' }).click()
  await expect(dialog.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel('Email').fill(email)
  await dialog.getByLabel('Name (may be left out)').fill(name)
  await dialog.getByRole('button', { name: 'Create invitation link' }).click()
  const link = await dialog.getByLabel('One-time link').inputValue()
  await dialog.getByRole('button', { name: 'I have kept it' }).click()
  await expect(dialog).toHaveCount(0)
  return link
}

/** A browser of their own in which somebody accepts an invitation. */
export async function enterByLink(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(link)
  await page.getByLabel('Password', { exact: true }).fill(personPassword)
  await page.getByRole('button', { name: 'Create the account and enter' }).click()
  await expect(page.getByTestId('composer-input')).toBeVisible()
  return page
}
