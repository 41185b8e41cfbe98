import { createHash } from 'node:crypto'
import type { JSHandle, Locator, Page } from '@playwright/test'
import { expect } from './fixtures.ts'

export interface TestFile {
  name: string
  mimeType: string
  buffer: Buffer
}

/** Chooses files as people do, in the browser's own dialog. */
export async function pick(page: Page, ...files: TestFile[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.locator('#composer').getByTestId('attach').click()
  await (await chooser).setFiles(files)
}

/** Pastes files into the composer, alone or as a picture of copied words, or drops them on the thread. */
export async function bring(
  page: Page,
  how: 'paste' | 'paste-with-words' | 'drop',
  ...files: TestFile[]
): Promise<void> {
  const data = await createTransfer(page, files)
  if (how !== 'drop') {
    if (how === 'paste-with-words') await data.evaluate((transfer) => transfer.setData('text/plain', 'words'))
    await page.getByTestId('composer-input').evaluate((area, clipboardData) => {
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, data)
  } else {
    await hover(page, data)
    await page.locator('.chat-scroll').dispatchEvent('drop', { dataTransfer: data })
  }
}

/** Drags files over the page without letting go. */
export async function dragOver(page: Page, ...files: TestFile[]): Promise<() => Promise<void>> {
  const dataTransfer = await createTransfer(page, files)
  await hover(page, dataTransfer)
  return () => page.locator('.chat-scroll').dispatchEvent('dragleave', { dataTransfer })
}

/** As a browser does: the event comes again and again as long as the files are over the page. */
async function hover(page: Page, dataTransfer: JSHandle<DataTransfer>): Promise<void> {
  await expect(async () => {
    await page.locator('.chat-scroll').dispatchEvent('dragover', { dataTransfer })
    await expect(page.getByTestId('drop-zone')).toBeVisible({ timeout: 200 })
  }).toPass()
}

async function createTransfer(page: Page, files: readonly TestFile[]) {
  const contents = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }))
  return page.evaluateHandle((given) => {
    const data = new DataTransfer()
    for (const { name, mimeType, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
      data.items.add(new File([bytes], name, { type: mimeType }))
    }
    return data
  }, contents)
}

/** The files beside what is typed. */
export function chips(page: Page): Locator {
  return page.locator('#composer').getByTestId('attachment')
}

/** The newest question in the thread. */
export function lastQuestion(page: Page): Locator {
  return page.locator('[data-testid="message"][data-role="user"]').last()
}

/** Whether the image has come, and is no broken one. */
export function isLoaded(image: Locator): Promise<boolean> {
  return image.evaluate((element) => element instanceof HTMLImageElement && element.naturalWidth > 0)
}

export function toSha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Keeps uploads on their way until the returned function lets them go. */
export async function holdUploads(page: Page): Promise<() => Promise<void>> {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/api/uploads', async (route) => {
    await released
    // Called off meanwhile: there is nothing left to go on.
    await route.continue().catch(() => undefined)
  })
  return async () => {
    release()
    await page.unroute('**/api/uploads')
  }
}
