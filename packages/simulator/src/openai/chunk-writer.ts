import type { AdmittedGeneration } from '../run/admit-generation.ts'
import type { RunProgress } from '../run/beat.ts'
import { toFixedCreatedAt, toHexDigits } from '../text/stable-hash.ts'
import type { ChatDialect } from './chat-dialect.ts'
import type { ChatRequest } from './chat-request.ts'
import { toChatUsage } from './chat-usage.ts'

export interface ChatFramesRequest {
  admitted: AdmittedGeneration
  chat: ChatRequest
  dialect: ChatDialect
  id: string
}

function toFixedFields(request: ChatFramesRequest): string {
  const { dialect, id, chat, admitted } = request
  return [
    `"id":${JSON.stringify(id)}`,
    ...(dialect.hasObject ? ['"object":"chat.completion.chunk"'] : []),
    `"created":${String(toFixedCreatedAt(admitted.seed))}`,
    `"model":${JSON.stringify(chat.model)}`,
    ...(admitted.plan.quirk === null ? ['"service_tier":"default"'] : []),
    ...(dialect.systemFingerprint === null ? [] : [`"system_fingerprint":"${dialect.systemFingerprint}"`]),
  ].join(',')
}

/** Writes chunks around deltas; the fixed text is built once, since this runs for every token. */
export class ChunkWriter {
  readonly hasUsage: boolean
  private readonly request: ChatFramesRequest
  private readonly head: string
  private readonly tail: string
  private readonly tokenTail: string

  constructor(request: ChatFramesRequest) {
    const { dialect, chat, admitted } = request
    this.request = request
    this.hasUsage =
      admitted.plan.usage === 'normal' &&
      !admitted.faults.has('no-usage') &&
      (dialect.usage === 'finish' || chat.includesUsage)
    const fixed = toFixedFields(request)
    const padding = admitted.plan.quirk === null && chat.includesObfuscation
    const nullUsage = chat.includesUsage && dialect.usage === 'chunk' ? ',"usage":null' : ''
    const rest = `${nullUsage}${padding ? `,"obfuscation":"${toHexDigits(admitted.seed, 'pad', 8)}"` : ''}`
    this.head = dialect.startsWithChoices ? 'data: {"choices":[' : `data: {${fixed},"choices":[`
    this.tail = dialect.startsWithChoices ? `]${rest},${fixed}}\n\n` : `]${rest}}\n\n`
    const filter = dialect.hasAzureFilter ? ',"content_filter_results":{}' : ''
    this.tokenTail = `,"logprobs":null,"finish_reason":null${filter}}${this.tail}`
  }

  toDeltaFrame(delta: string): string {
    return `${this.head}{"index":0,"delta":${delta}${this.tokenTail}`
  }

  toFinishFrame(delta: string, reason: string, extra: string): string {
    return this.withExtra(
      `${this.head}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":"${reason}"}${this.tail}`,
      extra,
    )
  }

  toUsageFrame(usageJson: string): string {
    return this.withExtra(this.head + this.tail, `,"usage":${usageJson}`)
  }

  /** A later key of the same name wins in JSON, but no real server writes one twice: the null is taken out first. */
  withExtra(frame: string, extra: string): string {
    if (extra === '') return frame
    const base = extra.startsWith(',"usage"') ? frame.replace(',"usage":null', '') : frame
    return `${base.slice(0, -3)}${extra}}\n\n`
  }

  toUsageJson(progress: RunProgress): string {
    const { admitted } = this.request
    const { answerTokens: answer, reasoningTokens: reasoning } = progress
    return JSON.stringify(toChatUsage({ prompt: admitted.promptTokens, answer, reasoning }, admitted.plan.quirk))
  }
}
