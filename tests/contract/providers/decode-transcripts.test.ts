import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { getAdapter } from '../../../backend/src/providers/find-adapter.ts'
import type { ProviderPart } from '../../../backend/src/providers/provider-part.ts'
import { type AnswerSummary, toSummary } from './answer-summary.ts'
import { createCall } from './provider-call.ts'
import { type Transcript, transcripts } from './transcripts.ts'

const fixtures = new URL('./fixtures/', import.meta.url)

function readFixture(name: string): Buffer {
  return readFileSync(new URL(`${name}.sse`, fixtures))
}

/** Bytes → text as the client does it → parts, in the given pieces. */
function decode(transcript: Transcript, pieces: readonly Uint8Array[]): ProviderPart[] {
  const { provider, options = {}, conversationId } = transcript
  const call = createCall(provider, {
    target: { options },
    upstream: conversationId === undefined ? {} : { conversationId },
  })
  const decoder = getAdapter(provider).createDecoder(call)
  const text = new TextDecoder()
  const parts = pieces.flatMap((piece) => decoder.push(text.decode(piece, { stream: true })))
  return [...parts, ...decoder.push(text.decode()), ...decoder.end()]
}

function summarise(transcript: Transcript, pieces: readonly Uint8Array[]): AnswerSummary {
  return toSummary(decode(transcript, pieces))
}

function toSingleBytes(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1))
}

describe('the list of transcripts', () => {
  it('names every fixture', () => {
    const files = readdirSync(fixtures).map((file) => file.replace(/\.sse$/, ''))
    expect(transcripts.map(({ name }) => name).sort()).toEqual(files.sort())
  })
})

describe.each(transcripts)('$name', (transcript) => {
  const bytes = readFixture(transcript.name)
  const whole = summarise(transcript, [bytes])

  it('is read as expected', () => {
    expect(whole).toMatchObject(transcript.expected)
    expect(whole.finish === null).toBe(whole.failure !== null)
  })

  it('is the same cut in two at any byte', () => {
    for (let at = 0; at <= bytes.length; at++) {
      expect(summarise(transcript, [bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual(whole)
    }
  })

  it('is the same byte by byte', () => {
    expect(summarise(transcript, toSingleBytes(bytes))).toEqual(whole)
  })

  it.each([
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('is the same with %s line ends', (_name, lineEnd) => {
    const framed = Buffer.from(bytes.toString().replaceAll('\n', lineEnd))
    expect(summarise(transcript, [framed])).toEqual(whole)
    expect(summarise(transcript, toSingleBytes(framed))).toEqual(whole)
  })

  it('is the same with a byte order mark, comments, unknown events and no last blank line', () => {
    const noise =
      ': comment\n\nevent: some-future-event\ndata: {"type":"some-future-event","event":"some-future-event"}\n\n'
    const noisy = `\uFEFF${noise}${bytes.toString().replaceAll('\n\n', `\n\n${noise}`)}`
    expect(summarise(transcript, [Buffer.from(noisy)])).toMatchObject(transcript.expected)
    expect(summarise(transcript, [Buffer.from(bytes.toString().trimEnd())])).toEqual(whole)
  })

  it('never claims success when it is cut off before the success marker', () => {
    if (whole.finish === null) return
    for (let at = 0; at < bytes.length; at++) {
      const cut = summarise(transcript, [bytes.subarray(0, at)])
      expect(cut.failure, `cut at ${at}`).toBeNull()
      if (cut.finish !== null) expect(cut.text, `cut at ${at}`).toBe(whole.text)
      expect(whole.superseded > 0 || whole.text.startsWith(cut.text), `cut at ${at}`).toBe(true)
    }
  })
})
