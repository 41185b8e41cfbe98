import { isJsonObject, type JsonObject } from '../http/json-fields.ts'

/** One event of a stream, or a comment. */
export interface SseFrame {
  event: string | null
  /** Null where the block had no data line. */
  data: string | null
  comment: string | null
}

export interface StreamReading {
  status: number
  headers: Headers
  text: string
  frames: SseFrame[]
  /** Whether the body came to a clean end; false after a reset. */
  isClean: boolean
}

/** How a test waits for a condition: often, and long enough for a busy machine. */
export const POLL = { timeout: 20_000, interval: 5 }

/** Reads blank-line separated blocks; strict about what it is given, since a simulator must be exact. */
export function parseSse(text: string): SseFrame[] {
  const blocks = text.split(/\r?\n\r?\n/).filter((block) => block !== '')
  return blocks.map((block) => {
    const frame: SseFrame = { event: null, data: null, comment: null }
    for (const line of block.split(/\r?\n/)) {
      const match = /^(event|data|):\s?(.*)$/s.exec(line)
      if (match === null) throw new Error(`not a line of an event stream: ${line.slice(0, 80)}`)
      if (match[1] === 'event') frame.event = match[2] ?? ''
      else if (match[1] === 'data') frame.data = match[2] ?? ''
      else frame.comment = match[2] ?? ''
    }
    return frame
  })
}

export function parseObject(text: string | null): JsonObject {
  const parsed: unknown = JSON.parse(text ?? '')
  if (!isJsonObject(parsed)) throw new Error('not a JSON object')
  return parsed
}

/** The JSON objects of all data lines but `[DONE]`. */
export function listObjectsOf(frames: readonly SseFrame[]): JsonObject[] {
  return frames
    .filter((frame) => frame.data !== null && frame.data !== '[DONE]')
    .map((frame) => parseObject(frame.data))
}

/** A value deep in unknown JSON; undefined where the path ends early. */
export function pick(value: unknown, ...path: (string | number)[]): unknown {
  let current: unknown = value
  for (const step of path) {
    if (Array.isArray(current) && typeof step === 'number') current = current.at(step)
    else if (isJsonObject(current)) current = current[step]
    else return undefined
  }
  return current
}

/** The texts at one path of all objects, joined; other values count as nothing. */
export function joinTexts(objects: readonly JsonObject[], ...path: (string | number)[]): string {
  return objects
    .map((object) => pick(object, ...path))
    .filter((value) => typeof value === 'string')
    .join('')
}

async function readBody(response: Response, onText: (text: string) => void): Promise<boolean> {
  if (response.body === null) return true
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return true
      onText(decoder.decode(value, { stream: true }))
    }
  } catch {
    return false
  }
}

export interface PostOptions {
  headers?: Record<string, string>
  signal?: AbortSignal
  method?: string
  /** Called once, with the status, when the headers have come. */
  onHeaders?: (status: number) => void
  /** Called with the whole text so far. */
  onText?: (text: string) => void
}

/** Sends JSON and reads the answer to its end, clean or not. */
export async function post(url: string, body: unknown, options: PostOptions = {}): Promise<StreamReading> {
  const response = await fetch(url, {
    method: options.method ?? 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  options.onHeaders?.(response.status)
  let text = ''
  const isClean = await readBody(response, (piece) => {
    text += piece
    options.onText?.(text)
  })
  const isStream = /^(event|data|):/.test(text)
  return {
    status: response.status,
    headers: response.headers,
    text,
    frames: isStream && isClean ? parseSse(text) : [],
    isClean,
  }
}

/** Sends a request, closes the connection once the text (or the condition) has come, and gives all text so far. */
export async function readUntil(
  send: (options: PostOptions) => Promise<StreamReading>,
  wanted: string | ((text: string) => boolean),
): Promise<string> {
  const abort = new AbortController()
  const isEnough = typeof wanted === 'string' ? (text: string) => text.includes(wanted) : wanted
  const reading = await send({
    signal: abort.signal,
    onText: (text) => {
      if (isEnough(text)) abort.abort()
    },
  })
  if (!abort.signal.aborted)
    throw new Error(`the stream ended without what was waited for: ${reading.text.slice(-200)}`)
  return reading.text
}
