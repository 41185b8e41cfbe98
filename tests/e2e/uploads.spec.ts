import { createPdf, createPng } from '../integration/uploads/upload-bytes.ts'
import { expectAccessible, expectNoSidewaysScroll, openAdmin } from './admin-steps.ts'
import { answers, expect, send, setOffline, test, waitForState } from './fixtures.ts'
import { bring, chips, dragOver, holdUploads, isLoaded, lastQuestion, pick, toSha256 } from './upload-steps.ts'

const image = { name: 'week 47 图.png', mimeType: 'image/png', buffer: createPng(64) }
const second = { name: 'second.png', mimeType: 'image/png', buffer: createPng(32) }
const pdf = { name: 'policy.pdf', mimeType: 'application/pdf', buffer: createPdf('policy') }
const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('the words of the notes') }
const program = { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ\0\0\0\0') }

const ask = '[[sim tokens=3 seed=71 corpus=ascii]] look at this'

test('a picked image is shown, sent byte for byte, and stays in the history', async ({ chat, simulator }) => {
  await pick(chat, image)
  await expect(chips(chat)).toHaveAttribute('data-phase', 'ready')
  await expect(chips(chat)).toContainText(image.name)
  expect(await isLoaded(chips(chat).locator('img'))).toBe(true)
  await expect(chat.getByText('Write what to do with the files')).toBeVisible()
  await expect(chat.getByTestId('send')).toBeDisabled()
  await expectAccessible(chat)
  await send(chat, ask)
  await expect(chips(chat)).toHaveCount(0)
  await waitForState(chat, 'complete')
  expect(simulator.files().at(-1)).toMatchObject({ mediaType: 'image/png', sha256: toSha256(image.buffer) })
  const thumbnail = lastQuestion(chat).getByTestId('thumbnail')
  await expect.poll(() => isLoaded(thumbnail.locator('img'))).toBe(true)
  await chat.reload()
  await expect(lastQuestion(chat)).toContainText('look at this')
  await expect.poll(() => isLoaded(thumbnail.locator('img'))).toBe(true)
  await expectAccessible(chat)
})

test('an image opens large by the keyboard and gives the focus back', async ({ chat }) => {
  await pick(chat, image)
  await expect(chips(chat)).toHaveAttribute('data-phase', 'ready')
  await send(chat, ask)
  await waitForState(chat, 'complete')
  const thumbnail = lastQuestion(chat).getByTestId('thumbnail')
  await thumbnail.focus()
  await chat.keyboard.press('Enter')
  const dialog = chat.getByRole('dialog', { name: image.name })
  await expect.poll(() => isLoaded(dialog.locator('img'))).toBe(true)
  await expectAccessible(chat)
  const download = chat.waitForEvent('download')
  await dialog.getByRole('link', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe(image.name)
  await chat.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(thumbnail).toBeFocused()
})

test('pasted and dropped files are added, sent, and can be had again', async ({ chat, simulator }) => {
  await bring(chat, 'paste', image)
  await expect(chips(chat)).toHaveCount(1)
  await bring(chat, 'drop', pdf, notes)
  await expect(chips(chat)).toHaveCount(3)
  await expect(chat.getByTestId('drop-zone')).toHaveCount(0)
  await expect(chat.locator('#composer [data-phase="ready"]')).toHaveCount(3)
  await send(chat, ask)
  await waitForState(chat, 'complete')
  const seen = simulator.files().map(({ sha256 }) => sha256)
  expect(seen).toContain(toSha256(image.buffer))
  expect(seen).toContain(toSha256(pdf.buffer))
  const link = lastQuestion(chat).getByRole('link', { name: notes.name })
  const download = chat.waitForEvent('download')
  await link.click()
  expect((await download).suggestedFilename()).toBe(notes.name)
})

test('a paste that brings words too is a paste of words', async ({ chat }) => {
  await bring(chat, 'paste-with-words', image)
  await bring(chat, 'paste', second)
  await expect(chips(chat)).toHaveCount(1)
  await expect(chips(chat)).toContainText(second.name)
})

test('dragged away again, nothing is added', async ({ chat }) => {
  const leave = await dragOver(chat, image)
  await expect(chat.getByTestId('drop-zone')).toContainText('Drop here')
  await leave()
  await expect(chat.getByTestId('drop-zone')).toHaveCount(0)
  await expect(chips(chat)).toHaveCount(0)
})

test('what is too large or of a refused type says so before it is sent, and can be removed', async ({ chat }) => {
  const uploads: string[] = []
  chat.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/uploads')) uploads.push(request.url())
  })
  await chat.getByTestId('composer-input').fill('kept words')
  await pick(chat, { ...image, name: 'huge.png', buffer: Buffer.alloc(21 * 1024 * 1024, 1) }, program)
  await expect(chips(chat)).toHaveCount(2)
  await expect(chips(chat).nth(0)).toContainText('too large')
  await expect(chips(chat).nth(0)).toContainText('upload_too_large')
  await expect(chips(chat).nth(1)).toContainText('upload_type_refused')
  expect(uploads).toEqual([])
  await expect(chat.getByTestId('send')).toBeDisabled()
  await expectAccessible(chat)
  await chat.getByRole('button', { name: 'Remove “huge.png”' }).click()
  await chat.getByRole('button', { name: 'Remove “setup.exe”' }).click()
  await expect(chips(chat)).toHaveCount(0)
  await expect(chat.getByTestId('composer-input')).toHaveValue('kept words')
  await expect(chat.getByTestId('send')).toBeEnabled()
})

test('a type that lies is refused by the server, in words', async ({ chat }) => {
  await pick(chat, { name: 'not-really.png', mimeType: 'image/png', buffer: program.buffer })
  await expect(chips(chat)).toHaveAttribute('data-phase', 'failed')
  await expect(chips(chat)).toContainText('Files of this type are not accepted')
})

test('more files than a message takes are not added, and it is said', async ({ chat }) => {
  const files = Array.from({ length: 12 }, (_, index) => ({ ...notes, name: `note-${index}.txt` }))
  await pick(chat, ...files)
  await expect(chips(chat)).toHaveCount(10)
  await expect(chat.getByText('A message takes 10 files at most. Not added: 2')).toBeVisible()
})

test('sending waits for the files, keeps the words, and goes by itself', async ({ chat }) => {
  const release = await holdUploads(chat)
  await pick(chat, image)
  await expect(chips(chat)).toHaveAttribute('data-phase', 'uploading')
  await send(chat, ask)
  await expect(chat.getByText('Sends when the files are uploaded')).toBeVisible()
  await expect(chat.getByTestId('composer-input')).toHaveValue(ask)
  await expectAccessible(chat)
  await chat.getByRole('button', { name: 'Not yet' }).click()
  await expect(chat.getByText('Sends when the files are uploaded')).toHaveCount(0)
  await chat.getByTestId('send').click()
  await release()
  await waitForState(chat, 'complete')
  await expect(lastQuestion(chat).getByTestId('thumbnail')).toBeVisible()
  await expect(answers(chat)).toHaveCount(1)
})

test('an upload is called off, and the message goes without it', async ({ chat }) => {
  const release = await holdUploads(chat)
  await pick(chat, image)
  await chat.getByRole('button', { name: `Cancel the upload of “${image.name}”` }).click()
  await expect(chips(chat)).toHaveCount(0)
  await release()
  await send(chat, ask)
  await waitForState(chat, 'complete')
  await expect(lastQuestion(chat).getByTestId('thumbnail')).toHaveCount(0)
})

test('a removed file leaves the server', async ({ chat }) => {
  const created = chat.waitForResponse(
    (response) => response.request().method() === 'POST' && response.status() === 201,
  )
  await pick(chat, image)
  const { url } = (await (await created).json()) as { url: string }
  await expect(chips(chat)).toHaveAttribute('data-phase', 'ready')
  expect((await chat.request.get(url)).status()).toBe(200)
  await chat.getByRole('button', { name: /^Remove/ }).click()
  await expect.poll(async () => (await chat.request.get(url)).status()).toBe(404)
})

test('added files stay with their draft through a reload and other chats', async ({ chat }) => {
  await chat.getByTestId('composer-input').fill(ask)
  await pick(chat, image, notes)
  await expect(chat.locator('#composer [data-phase="ready"]')).toHaveCount(2)
  await chat.reload()
  await expect(chips(chat)).toHaveCount(2)
  await expect.poll(() => isLoaded(chips(chat).first().locator('img'))).toBe(true)
  await expect(chat.getByTestId('composer-input')).toHaveValue(ask)
  await chat.getByTestId('send').click()
  await waitForState(chat, 'complete')
  await expect(lastQuestion(chat).locator('.files li')).toHaveCount(2)
  await chat.goto('/')
  await expect(chat.getByTestId('composer-input')).toHaveValue('')
  await expect(chips(chat)).toHaveCount(0)
})

test('a message with a file waits offline, is there after an edit, and is sent by itself', async ({
  chat,
  context,
}) => {
  await send(chat, '[[sim tokens=3 seed=72 corpus=ascii]]')
  await waitForState(chat, 'complete')
  await pick(chat, image)
  await expect(chips(chat)).toHaveAttribute('data-phase', 'ready')
  await setOffline(context, true)
  await send(chat, ask)
  const item = chat.getByTestId('outbox-item')
  await expect(item).toContainText('1')
  await item.getByRole('button', { name: 'Edit this message' }).click()
  await expect(chips(chat)).toHaveCount(1)
  await expect(chat.getByTestId('composer-input')).toHaveValue(ask)
  // A file added without a network waits for it too.
  await bring(chat, 'paste', second)
  await expect(chips(chat).nth(1)).toContainText('Waiting for the network')
  await chat.getByTestId('composer-input').press('Enter')
  await expect(chat.getByText('Sends when the files are uploaded')).toBeVisible()
  await setOffline(context, false)
  await expect(answers(chat)).toHaveCount(2)
  await waitForState(chat, 'complete')
  await expect(lastQuestion(chat).getByTestId('thumbnail')).toHaveCount(2)
})

test('an edited question keeps its files, and can lose and gain some', async ({ chat }) => {
  await pick(chat, image, notes)
  await expect(chat.locator('#composer [data-phase="ready"]')).toHaveCount(2)
  await send(chat, ask)
  await waitForState(chat, 'complete')
  await chat.getByTestId('composer-input').press('ArrowUp')
  const editor = lastQuestion(chat).locator('form')
  await expect(editor.getByTestId('attachment')).toHaveCount(2)
  await editor.getByRole('button', { name: `Remove “${notes.name}”` }).click()
  await editor.locator('input[type="file"]').setInputFiles(second)
  await expect(editor.locator('[data-phase="ready"]')).toHaveCount(2)
  await expectAccessible(chat)
  await editor.getByRole('textbox').fill('[[sim tokens=4 seed=73 corpus=ascii]] and now')
  await editor.getByRole('button', { name: 'Send' }).click()
  await expect(chat.getByText('2 / 2')).toBeVisible()
  await waitForState(chat, 'complete')
  await expect(lastQuestion(chat).getByTestId('thumbnail')).toHaveCount(2)
  await lastQuestion(chat).getByRole('button', { name: 'Previous version' }).click()
  await expect(lastQuestion(chat).getByRole('link', { name: notes.name })).toBeVisible()
})

test('an agent that takes no images says so at the file, before anything is sent', async ({ chat }) => {
  await pick(chat, image, notes)
  await expect(chat.locator('#composer [data-phase="ready"]')).toHaveCount(2)
  await chat.getByTestId('composer-input').fill(ask)
  await chat.getByTestId('agent-picker').click()
  await chat.getByRole('option', { name: /Prefill/ }).click()
  await expect(chips(chat).first()).toContainText('Prefill does not look at images')
  await expect(chips(chat).last()).not.toContainText('Prefill')
  await expect(chat.getByTestId('send')).toBeDisabled()
  await expect(chat.getByRole('button', { name: 'Add text files' })).toBeVisible()
  await expectAccessible(chat)
  await chat.getByRole('button', { name: `Remove “${image.name}”` }).click()
  await chat.getByTestId('send').click()
  await waitForState(chat, 'complete')
  await expect(lastQuestion(chat).getByRole('link', { name: notes.name })).toBeVisible()
})

test('an administrator says what an agent takes', async ({ chat }) => {
  await openAdmin(chat, 'agents?agent=refused', 'Agents')
  const drawer = chat.getByRole('dialog')
  await expect(drawer.getByText('Text only')).toBeVisible()
  await drawer.getByRole('button', { name: 'Edit' }).click()
  await chat.getByRole('switch', { name: /Looks at images/ }).check()
  await chat.getByRole('switch', { name: /Takes other files/ }).check()
  await expectAccessible(chat)
  await chat.getByRole('button', { name: 'Save' }).click()
  await expect(chat.getByText('Text, images, other files')).toBeVisible()
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('files are added and shown without scrolling sideways', async ({ chat }) => {
    const long = { ...notes, name: `${'a very long name '.repeat(6)}.txt` }
    await pick(chat, image, long, program)
    await expect(chips(chat)).toHaveCount(3)
    await expectNoSidewaysScroll(chat)
    await chat.getByRole('button', { name: 'Remove “setup.exe”' }).click()
    await expect(chat.locator('#composer [data-phase="ready"]')).toHaveCount(2)
    await send(chat, ask)
    await waitForState(chat, 'complete')
    await expectNoSidewaysScroll(chat)
    await expectAccessible(chat)
  })
})
