import { expect, signIn, test } from './fixtures.ts'
import type { Page } from '@playwright/test'

async function seed(page: Page) {
  await page.evaluate(async () => {
    const send = async (method: string, path: string, body?: unknown) => {
      const headers: Record<string, string> = { 'x-xsrf-token': /XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1] ?? '' }
      if (body !== undefined) headers['content-type'] = 'application/json'
      const r = await fetch(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      return r.status === 204 ? null : r.json()
    }
    for (const [email, name] of [['chen.jiaming@corp.example', '陈嘉明'], ['priya.nair@corp.example', 'Priya Nair'], ['lin.xiaowen@corp.example', '林晓雯'], ['a.very.long.address.of.somebody@department.subsidiary.corp.example', 'Maximiliane von Hohenlohe-Schillingsfürst']]) {
      const { url } = (await send('POST', '/api/admin/invitations', { email, role: 'member', name })) as { url: string }
      ;(window as unknown as Record<string, string[]>)['links'] = [...((window as unknown as Record<string, string[]>)['links'] ?? []), url]
    }
    const a = (await send('POST', '/api/admin/groups', { name: 'Finance', description: '财务部，只看财务问答' })) as { id: string }
    await send('POST', '/api/admin/groups', { name: 'Operations', description: 'On-call people' })
    await send('PUT', '/api/admin/agents/dify/access', { rules: [{ groupId: a.id, effect: 'allow' }] })
    await send('POST', '/api/auth/api-keys', { name: 'nightly-eval', scopes: ['chat', 'read', 'admin'], expiresAt: '2027-01-01T00:00:00Z', rateLimitPerMinute: 120 })
    await send('PATCH', '/api/admin/users/none', { role: 'member' })
    const { users } = (await send('GET', '/api/admin/users')) as { users: { id: string }[] }
    for (const u of users) await send('PUT', `/api/admin/groups/${a.id}/members/${u.id}`)
  })
}

test('shots', async ({ page }) => {
  test.setTimeout(400_000)
  await signIn(page)
  await seed(page)
  const dir = process.env['SHOTS'] ?? '/tmp/shots'
  const only = process.env['ONLY']?.split(',')
  const pages = ['instances', 'agents', 'users', 'groups', 'login-sessions', 'api-keys', 'audit']
  const shoot = async (name: string) => {
    await page.waitForLoadState('networkidle')
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
    await page.screenshot({ path: `${dir}/${name}.png` })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 0) console.log(`${name}: ${wide}px sideways`)
  }
  const variants = [
    { name: '1440-light-en', w: 1440, h: 900, theme: 'light', language: 'en' },
    { name: '390-light-zh', w: 390, h: 844, theme: 'light', language: 'zh' },
    { name: '1440-dark-zh', w: 1440, h: 900, theme: 'dark', language: 'zh' },
    { name: '390-dark-en', w: 390, h: 844, theme: 'dark', language: 'en' },
  ].filter((v) => !only || only.includes(v.name))
  for (const v of variants) {
    await page.setViewportSize({ width: v.w, height: v.h })
    await page.evaluate((s) => localStorage.setItem('llmchat.settings', JSON.stringify(s)), { theme: v.theme, language: v.language })
    for (const p of pages) {
      await page.goto(`/admin/${p}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await shoot(`${v.name}-${p}`)
      const row = page.locator('.admin-table tbody th').first().locator('a, button').first()
      if (['agents', 'users', 'groups', 'audit'].includes(p)) {
        await row.click()
        await expect(page.getByRole('dialog')).toBeVisible()
        await shoot(`${v.name}-${p}-drawer`)
        if (p === 'agents') {
          await page.getByRole('button', { name: /^(edit|编辑)$/i }).click()
          await shoot(`${v.name}-${p}-form`)
        }
        if (p === 'users') {
          await page.getByRole('button', { name: /^(deactivate|停用)$/i }).click()
          await shoot(`${v.name}-${p}-confirm`)
        }
      }
      if (['users', 'groups', 'api-keys', 'agents'].includes(p)) {
        await page.goto(`/admin/${p}`)
        await page.locator('.admin-head .btn.primary').click()
        await shoot(`${v.name}-${p}-new`)
      }
    }
  }
})
