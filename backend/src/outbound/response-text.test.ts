import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReadRhythm } from './read-rhythm.ts'
import { ResponseText } from './response-text.ts'

async function read(pieces: readonly Uint8Array[]): Promise<string> {
  const rhythm = createReadRhythm({ gatherMs: 1 })
  const text = new ResponseText({
    rhythm,
    flow: { pause: () => undefined, resume: () => undefined },
    onReturn: () => undefined,
  })
  let whole = ''
  async function take(): Promise<void> {
    for await (const part of text) whole += part
  }
  const taking = take()
  for (const piece of pieces) {
    text.add(Buffer.from(piece))
    // A round of its own.
    await new Promise<void>((resolve) => rhythm.afterReads(resolve))
  }
  text.end(null)
  await taking
  rhythm.stop()
  return whole
}

/** Cut at these places, each counted from the one before. */
function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return [...pieces, bytes.subarray(at)]
}

const lengths = fc.array(fc.nat({ max: 5 }), { maxLength: 20 })

test('any text is read as it was written, wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), lengths, async (text, cuts) => {
      expect(await read(cut(Buffer.from(text), cuts))).toBe(new TextDecoder().decode(Buffer.from(text)))
    }),
  )
})

test.each([
  { what: 'one', bytes: [0xef, 0xbb, 0xbf, 0x61], text: 'a' },
  { what: 'only the first', bytes: [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x61], text: '\uFEFFa' },
  { what: 'none within', bytes: [0x61, 0xef, 0xbb, 0xbf], text: 'a\uFEFF' },
])('a byte order mark is dropped: $what', async ({ bytes, text }) => {
  for (let length = 0; length < bytes.length; length++)
    expect(await read(cut(Uint8Array.from(bytes), [length]))).toBe(text)
})

test('a character that never comes whole is shown as missing', async () => {
  expect(await read([Uint8Array.from([0x61, 0xe4, 0xb8])])).toBe('a\uFFFD')
})
