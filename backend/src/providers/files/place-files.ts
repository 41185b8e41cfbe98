import type { OutboundReply, OutboundRequest } from '../../outbound/outbound-client.ts'
import type { HistoryTurn, ProviderAdapter, ProviderCall, TurnFile } from '../provider-adapter.ts'
import type { JsonRecord } from '../lenient-json.ts'
import type { ProviderFailure } from '../provider-part.ts'
import { putTextInto, type ReadText } from './put-text-into.ts'

export interface PlaceFilesDeps {
  /** Errors: `upload_not_found`, `file_store_unavailable`. */
  readFile: (fileId: string) => Promise<Uint8Array>
  send: (request: OutboundRequest) => Promise<OutboundReply>
  /** Of one text file, in a question. */
  maxTextChars: number
  signal: AbortSignal
}

export type Placement = { kind: 'placed'; call: ProviderCall } | { kind: 'failed'; failure: ProviderFailure }

/** Pictures and documents of one request; providers refuse more, and an older one is seldom what the question is about. */
const maxInlineBytes = 20 * 1024 * 1024

/** Whether the files of one question can be sent together. */
export function fitsRequest(adapter: Pick<ProviderAdapter, 'uploadFile'>, files: readonly TurnFile[]): boolean {
  const inline = files.filter(({ kind }) => kind !== 'text')
  return adapter.uploadFile !== null || inline.reduce((sum, file) => sum + file.sizeBytes, 0) <= maxInlineBytes
}

export function hasFiles(call: ProviderCall): boolean {
  return call.turns.some((turn) => (turn.files ?? []).length > 0)
}

/**
 * The call with its files in it: text in the words of its turn, all else in the request itself, or where the upstream keeps
 * files. Nothing of them is held after the request. Errors: of `readFile` and `send`; aborted.
 */
export async function placeFiles(
  deps: PlaceFilesDeps,
  adapter: ProviderAdapter,
  call: ProviderCall,
): Promise<Placement> {
  const sent = adapter.uploadFile !== null && !carriesHistory(call) ? withoutFilesBefore(call) : call
  const withText = { ...sent, turns: await Promise.all(sent.turns.map((turn) => placeText(deps, turn))) }
  return adapter.uploadFile === null
    ? { kind: 'placed', call: await placeInline(deps, withText) }
    : uploadAll(deps, adapter.uploadFile, withText)
}

/** An upstream that keeps the conversation has the files of its earlier turns. */
function carriesHistory(call: ProviderCall): boolean {
  return call.upstream.conversationId === undefined || call.passThrough['carryHistory'] === true
}

function withoutFilesBefore(call: ProviderCall): ProviderCall {
  const last = call.turns.length - 1
  return { ...call, turns: call.turns.map((turn, index) => (index === last ? turn : { ...turn, files: [] })) }
}

async function placeText(deps: PlaceFilesDeps, turn: HistoryTurn): Promise<HistoryTurn> {
  const files = turn.files ?? []
  const texts = await Promise.all(files.filter(({ kind }) => kind === 'text').map((file) => readText(deps, file)))
  if (texts.length === 0) return turn
  const content = putTextInto(turn.content, texts, deps.maxTextChars)
  return { ...turn, content, files: files.filter(({ kind }) => kind !== 'text') }
}

async function readText(deps: PlaceFilesDeps, file: TurnFile): Promise<ReadText> {
  return { file, text: new TextDecoder().decode(await deps.readFile(file.id)) }
}

/** Newest first, until the request is full; what does not fit is named. */
async function placeInline(deps: PlaceFilesDeps, call: ProviderCall): Promise<ProviderCall> {
  let leftBytes = maxInlineBytes
  const turns: HistoryTurn[] = []
  for (const turn of [...call.turns].reverse()) {
    const files = turn.files ?? []
    const fitting = files.filter(({ sizeBytes }) => {
      const fits = sizeBytes <= leftBytes
      if (fits) leftBytes -= sizeBytes
      return fits
    })
    const named = files.filter((file) => !fitting.includes(file)).map(({ name }) => `[${name}: no longer sent]`)
    const text = [turn.content, ...named].filter((part) => part !== '').join('\n')
    const parts = await Promise.all(fitting.map((file) => toInlinePart(deps, file)))
    turns.unshift(parts.length > 0 ? { ...turn, raw: toRaw(text, parts) } : { ...turn, content: text })
  }
  return { ...call, turns }
}

async function toInlinePart(deps: PlaceFilesDeps, file: TurnFile): Promise<JsonRecord> {
  const base64 = Buffer.from(await deps.readFile(file.id)).toString('base64')
  const url = `data:${file.mediaType};base64,${base64}`
  return file.kind === 'image'
    ? { type: 'image_url', image_url: { url } }
    : { type: 'file', file: { filename: file.name, file_data: url } }
}

function toRaw(text: string, parts: readonly JsonRecord[]): JsonRecord {
  return { role: 'user', content: [...(text === '' ? [] : [{ type: 'text', text }]), ...parts] }
}

async function uploadAll(
  deps: PlaceFilesDeps,
  uploadFile: NonNullable<ProviderAdapter['uploadFile']>,
  call: ProviderCall,
): Promise<Placement> {
  const uploaded: JsonRecord[] = []
  for (const file of call.turns.flatMap((turn) => turn.files ?? [])) {
    deps.signal.throwIfAborted()
    const result = await uploadFile({ call, file, bytes: await deps.readFile(file.id), send: deps.send })
    if (result.kind === 'failed') return result
    uploaded.push(result.part)
  }
  return { kind: 'placed', call: { ...call, uploaded } }
}
