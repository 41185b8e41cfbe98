import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import {
  confirm,
  enterByLink,
  expectAccessible,
  expectNoSidewaysScroll,
  findRow,
  invite,
  openAdmin,
  personPassword,
} from './admin-steps.ts'
import { expect, signIn, test } from './fixtures.ts'

const pages = [
  ['instances', 'Instances'],
  ['agents', 'Agents'],
  ['users', 'Users'],
  ['groups', 'Groups'],
  ['login-sessions', 'Login sessions'],
  ['api-keys', 'API keys'],
  ['audit', 'Audit log'],
] as const

/** A person with this role, made by the administrator in `admin`. */
async function openPerson(admin: Page, email: string, role: 'Auditor' | 'Operator' | null): Promise<Page> {
  const browser = admin.context().browser()
  if (browser === null) throw new Error('no browser')
  const name = email.split('@')[0] ?? email
  const person = await enterByLink(browser, await invite(admin, email, name))
  if (role !== null) {
    await openAdmin(admin, `users?q=${encodeURIComponent(email)}`, 'Users')
    await admin.getByRole('link', { name: email }).click()
    await admin.getByRole('radio', { name: role }).check()
    await admin.getByRole('button', { name: `Change to ${role}` }).click()
    await confirm(admin, `Change the role of “${name}” to ${role}`, `Change to ${role}`)
    await expect(admin.getByRole('dialog').getByText(role, { exact: true }).first()).toBeVisible()
  }
  return person
}

test('an administrator reaches every page from the chat, and none has a serious violation', async ({ chat }) => {
  await chat.getByRole('link', { name: 'Administration' }).click()
  await expect(chat).toHaveURL(/\/admin\/instances$/)
  const nav = chat.getByRole('navigation', { name: 'Administration pages' })
  for (const [path, title] of pages) {
    await nav.getByRole('link', { name: title, exact: true }).click()
    await expect(chat.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await expect(chat).toHaveURL(new RegExp(`/admin/${path}$`))
    await expect(nav.getByRole('link', { name: title, exact: true })).toHaveAttribute('aria-current', 'page')
    await expect(chat.locator('main [aria-busy="true"]')).toHaveCount(0)
    await expectAccessible(chat)
  }
  await chat.goto('/admin/nothing')
  await expect(chat.getByRole('heading', { name: 'There is no such administration page' })).toBeVisible()
  await chat.getByRole('link', { name: 'Back to chats' }).click()
  await expect(chat.getByTestId('composer-input')).toBeVisible()
})

test('somebody is invited, becomes an auditor, sees what auditors may, and is switched off', async ({ chat }) => {
  const email = 'ada.auditor@example.com'
  const auditor = await openPerson(chat, email, 'Auditor')
  await expectAccessible(chat)

  await auditor.goto('/admin')
  await expect(auditor.getByRole('heading', { level: 1, name: 'Instances' })).toBeVisible()
  await openAdmin(auditor, 'users', 'Users')
  await expect(auditor.getByText('Read only')).toBeVisible()
  await expect(auditor.getByRole('button', { name: 'Invite', exact: true })).toHaveCount(0)
  await auditor.getByRole('link', { name: email }).click()
  const details = auditor.getByRole('dialog', { name: 'ada.auditor' })
  await expect(details.getByText('Login sessions')).toBeVisible()
  for (const act of ['Deactivate', 'End', 'Rename', 'Erase everything', 'Sign out everywhere'])
    await expect(details.getByRole('button', { name: act })).toHaveCount(0)
  await openAdmin(auditor, 'agents', 'Agents')
  await expect(auditor.getByRole('button', { name: 'New agent' })).toHaveCount(0)
  await openAdmin(auditor, 'audit', 'Audit log')
  await expect(findRow(auditor, /./).first()).toBeVisible()

  await chat.getByRole('button', { name: 'Deactivate', exact: true }).click()
  await expectAccessible(chat)
  await confirm(chat, 'Deactivate “ada.auditor”', 'Deactivate')
  await expect(chat.getByRole('dialog').getByText('Inactive')).toBeVisible()
  await expect(chat.getByRole('button', { name: 'Activate', exact: true })).toBeVisible()
  // The next thing they do says that they are out, over the page as it was.
  await auditor.getByRole('link', { name: 'Login sessions', exact: true }).click()
  await expect(auditor.getByRole('dialog', { name: 'Sign in again' })).toBeVisible()
  await auditor.getByLabel('Password', { exact: true }).fill(personPassword)
  await auditor.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click()
  await expect(auditor.getByRole('alert')).toBeVisible()
  await auditor.context().close()
})

test('an operator may not see the audit log, a member nothing at all; ending a login ends its browser', async ({
  chat,
}) => {
  const operator = await openPerson(chat, 'otto.operator@example.com', 'Operator')
  await operator.goto('/admin/audit')
  await expect(operator.getByRole('heading', { name: 'You may not see this page' })).toBeVisible()
  await expect(operator.getByText('This page is for: Administrator · Auditor.')).toBeVisible()
  await expect(operator.getByRole('link', { name: 'Audit log' })).toHaveCount(0)
  await expectAccessible(operator)
  await openAdmin(operator, 'instances', 'Instances')
  // One instance serves here; without it nobody could call the drain off.
  await expect(operator.getByRole('button', { name: /^Drain / })).toBeDisabled()
  await expect(operator.getByText('The only running instance cannot be drained here')).toBeVisible()
  await expect(findRow(operator, 'Database').getByText('Well')).toBeVisible()
  await expect(findRow(operator, 'File store').getByText('Well')).toBeVisible()
  await operator.context().close()

  const member = await openPerson(chat, 'mia.member@example.com', null)
  await expect(member.getByRole('link', { name: 'Administration' })).toHaveCount(0)
  await member.goto('/admin/users')
  await expect(member.getByRole('heading', { name: 'You may not see this page' })).toBeVisible()
  await member.getByRole('link', { name: 'Back to chats' }).click()
  await expect(member.getByTestId('composer-input')).toBeVisible()

  await openAdmin(chat, 'login-sessions?q=mia.member', 'Login sessions')
  await expect(findRow(chat, 'mia.member@example.com')).toHaveCount(1)
  await chat.getByRole('button', { name: /^End the login of mia\.member/ }).click()
  await confirm(chat, 'End a login session of “mia.member”', 'End')
  await expect(chat.getByRole('heading', { name: 'Nothing matches' })).toBeVisible()
  await expect(member.getByRole('dialog', { name: 'Sign in again' })).toBeVisible()
  await member.context().close()
})

test('an agent is made and tested, a group is denied it, and its member no longer sees it', async ({
  chat,
  simulator,
}) => {
  await openAdmin(chat, 'agents', 'Agents')
  await chat.getByRole('button', { name: 'New agent' }).click()
  const form = chat.getByRole('dialog', { name: 'New agent' })
  await form.getByLabel('Id', { exact: true }).fill('made here')
  await form.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(form.getByLabel('Id', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await expectAccessible(chat)
  await form.getByLabel('Id', { exact: true }).fill('made-here')
  await form.getByLabel('Name', { exact: true }).fill('Made here')
  await form.getByLabel('Address').fill(simulator.baseUrl('openai'))
  await form.getByLabel('Key', { exact: true }).fill('sk-sim')
  await form.getByLabel('Model', { exact: true }).fill('sim')
  await form.getByLabel('Add a fall-back').selectOption('anthropic')
  await form.getByRole('button', { name: 'Create', exact: true }).click()

  const details = chat.getByRole('dialog', { name: 'Made here' })
  await expect(details).toBeVisible()
  await expect(chat).toHaveURL(/agent=made-here/)
  await details.getByRole('button', { name: 'Test the connection' }).click()
  await expect(details.getByText('It works')).toBeVisible()
  await details.getByRole('button', { name: 'Edit' }).click()
  const edit = chat.getByRole('dialog', { name: 'Edit “Made here”' })
  await expect(edit.getByLabel('Key', { exact: true })).toHaveValue('')
  await edit.getByLabel('Address').fill('http://127.0.0.1:9/v1')
  await edit.getByRole('button', { name: 'Save' }).click()
  await expect(edit.getByText('the key has to be written again')).toBeVisible()
  await edit.getByLabel('Key', { exact: true }).fill('sk-sim')
  await edit.getByRole('button', { name: 'Save' }).click()
  await details.getByRole('button', { name: 'Test the connection' }).click()
  await expect(details.getByText('The upstream is not reachable.')).toBeVisible()
  await expectAccessible(chat)

  const member = await openPerson(chat, 'gus.group@example.com', null)
  await openAdmin(chat, 'groups', 'Groups')
  await chat.getByRole('button', { name: 'New group' }).click()
  await chat.getByRole('dialog').getByLabel('Name').fill('Outsiders')
  await chat.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
  await chat.getByRole('link', { name: 'Outsiders' }).click()
  const group = chat.getByRole('dialog', { name: 'Outsiders' })
  await group.getByLabel('Find people to add').fill('gus.group')
  await group.getByRole('button', { name: 'Add “gus.group” to this group' }).click()
  await expect(group.getByRole('list', { name: 'Members' }).getByText('gus.group@example.com')).toBeVisible()

  const picker = member.getByTestId('agent-picker')
  await member.reload()
  await picker.click()
  await expect(member.getByRole('option', { name: /Made here/ })).toBeVisible()
  await group.getByRole('combobox', { name: 'Made here' }).selectOption('Deny')
  await group.getByRole('button', { name: 'Save access' }).click()
  await expect(group.getByRole('button', { name: 'Save access' })).toHaveCount(0)
  await expectAccessible(chat)
  await member.reload()
  await picker.click()
  await expect(member.getByRole('option', { name: /Test openai/ }).first()).toBeVisible()
  await expect(member.getByRole('option', { name: /Made here/ })).toHaveCount(0)
  await member.context().close()

  await group.getByRole('button', { name: 'Delete group' }).click()
  await confirm(chat, 'Delete the group “Outsiders”', 'Delete group')
  await expect(chat.getByRole('link', { name: 'Outsiders' })).toHaveCount(0)
  await openAdmin(chat, 'agents?agent=made-here', 'Agents')
  await details.getByRole('button', { name: 'Delete agent' }).click()
  await confirm(chat, 'Delete the agent “Made here”', 'Delete agent')
  await expect(findRow(chat, 'Made here')).toHaveCount(0)
  await expect(findRow(chat, 'Dead')).toBeVisible()
})

test('a key is made with its limits and revoked; both acts are in the audit log and its exports', async ({ chat }) => {
  await openAdmin(chat, 'api-keys', 'API keys')
  await chat.getByRole('button', { name: 'Create a key of mine' }).click()
  const dialog = chat.getByRole('dialog', { name: 'Create a key' })
  await dialog.getByLabel('Name').fill('nightly-eval')
  await dialog.getByRole('checkbox', { name: 'Chat' }).uncheck()
  await dialog.getByLabel('Requests per minute').fill('0')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(dialog.getByText('Write a whole number')).toBeVisible()
  await dialog.getByLabel('Requests per minute').fill('120')
  await dialog.getByLabel('Expires').fill('2099-12-31T23:59')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const secret = await dialog.getByLabel('New key').inputValue()
  expect(secret).toMatch(/^lc_/)
  // Esc does not throw away what is shown only once.
  await chat.keyboard.press('Escape')
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'I have kept it' }).click()
  const row = findRow(chat, 'nightly-eval')
  await expect(row).toContainText('120')
  await expect(row).toContainText('Read')
  await expect(row).not.toContainText('Chat')
  expect(await chat.content()).not.toContain(secret)
  await row.getByRole('button', { name: 'Revoke “nightly-eval”' }).click()
  await confirm(chat, 'Revoke the key “nightly-eval”', 'Revoke')
  await expect(row).toHaveCount(0)

  await openAdmin(chat, 'audit', 'Audit log')
  await chat.getByLabel('Action').selectOption('api-key.revoked')
  await expect(chat).toHaveURL(/action=api-key\.revoked/)
  await expect(findRow(chat, /./)).toHaveCount(1)
  await expect(findRow(chat, /./)).toContainText('admin@example.com')
  await findRow(chat, /./).getByRole('button').click()
  await expect(chat.getByRole('dialog').getByText('Revoked an API key')).toBeVisible()
  await expectAccessible(chat)
  await chat.getByRole('button', { name: 'Only this object' }).click()
  await expect(findRow(chat, /./)).toHaveCount(2)
  for (const [format, expected] of [
    ['CSV', /api-key\.created[\s\S]*api-key\.revoked/],
    ['JSON', /"action":"api-key\.created"[\s\S]*"action":"api-key\.revoked"/],
  ] as const) {
    const [download] = await Promise.all([
      chat.waitForEvent('download'),
      chat.getByRole('link', { name: `Export ${format}` }).click(),
    ])
    const text = await readFile(await download.path(), 'utf8')
    expect(text).toMatch(expected)
    expect(text).not.toContain('login.succeeded')
  }
})

test('with the keyboard alone: a drawer takes the focus, Esc gives it back, back and forward move', async ({
  chat,
}) => {
  await openAdmin(chat, 'users', 'Users')
  await chat.keyboard.press('Tab')
  await expect(chat.getByRole('link', { name: 'Skip to main content' })).toBeFocused()
  const link = chat.getByRole('link', { name: 'admin@example.com' })
  await link.focus()
  await chat.keyboard.press('Enter')
  const drawer = chat.getByRole('dialog', { name: 'admin@example.com' })
  await expect(drawer).toBeVisible()
  await expect(drawer.getByRole('button', { name: 'Close' })).toBeFocused()
  await chat.keyboard.press('Escape')
  await expect(drawer).toHaveCount(0)
  await expect(link).toBeFocused()
  await chat.keyboard.press('Enter')
  await expect(drawer).toBeVisible()
  await chat.goBack()
  await expect(drawer).toHaveCount(0)
  await openAdmin(chat, 'agents', 'Agents')
  const name = chat.getByRole('columnheader', { name: 'Name' })
  await expect(name).toHaveAttribute('aria-sort', 'ascending')
  await name.getByRole('button').focus()
  await chat.keyboard.press('Enter')
  await expect(name).toHaveAttribute('aria-sort', 'descending')
  await expect(chat.getByRole('rowheader').first()).toHaveText(/Test openai-responses/)
})

test('on a phone, in Chinese, nothing scrolls sideways and rows are stacked', async ({ browser, server }) => {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: 'zh-CN',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  })
  const page = await context.newPage()
  await signIn(page)
  for (const [path] of pages) {
    await page.goto(`/admin/${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/\p{Script=Han}|API/u)
    await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0)
    await expectNoSidewaysScroll(page)
    // A text that is missing would show its own name.
    await expect(page.getByText(/\badmin\.[a-z]+\./)).toHaveCount(0)
  }
  await page.goto('/admin/agents')
  const cells = page.getByRole('row').nth(1).getByRole('cell')
  await expect(cells.first()).toBeVisible()
  const boxes = await cells.evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().left))
  expect(new Set(boxes).size).toBe(1)
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Dead' }).click()
  await expect(page.getByRole('dialog', { name: 'Dead' })).toBeVisible()
  await expectNoSidewaysScroll(page)
  await context.close()
})
