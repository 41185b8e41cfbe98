import type { Quirk } from '../plan.ts'

/** How one server writes chat completion chunks. The functions get and give JSON text. */
export interface ChatDialect {
  /** The delta of the chunk before the first token; null = there is none. */
  firstDelta: string | null
  toContentDelta: (tokenJson: string) => string
  toReasoningDelta: (tokenJson: string) => string
  finishDelta: string
  /** Frames carry `object`. */
  hasObject: boolean
  /** `choices` comes before the fixed fields. */
  startsWithChoices: boolean
  /** Where the token figures are: in a chunk of their own when asked for, or always in the finish chunk. */
  usage: 'chunk' | 'finish'
  /** The last token, the finish reason and the usage share one chunk. */
  mergesLastToken: boolean
  tools: 'pieces' | 'pieces-empty-id' | 'whole' | 'whole-without-index'
  lengthReason: string
  systemFingerprint: string | null
  /** Adds `x_groq` to the first and the last chunk. */
  hasGroqField: boolean
  /** Adds Azure's content filter chunks and fields. */
  hasAzureFilter: boolean
  /** Reasoning is part of the content, between `<think>` and `</think>`. */
  hasThinkTags: boolean
  /** Headers come with the first event only. */
  hasLateHeaders: boolean
}

const OPENAI: ChatDialect = {
  firstDelta: '{"role":"assistant","content":"","refusal":null}',
  toContentDelta: (token) => `{"content":${token}}`,
  toReasoningDelta: (token) => `{"reasoning_content":${token}}`,
  finishDelta: '{}',
  hasObject: true,
  startsWithChoices: false,
  usage: 'chunk',
  mergesLastToken: false,
  tools: 'pieces',
  lengthReason: 'length',
  systemFingerprint: 'fp_simulated',
  hasGroqField: false,
  hasAzureFilter: false,
  hasThinkTags: false,
  hasLateHeaders: false,
}

const DIALECTS: Readonly<Record<Quirk, Partial<ChatDialect>>> = {
  deepseek: {
    firstDelta: '{"role":"assistant","content":null,"reasoning_content":""}',
    toContentDelta: (token) => `{"content":${token},"reasoning_content":null}`,
    toReasoningDelta: (token) => `{"content":null,"reasoning_content":${token}}`,
    finishDelta: '{"content":"","reasoning_content":null}',
    usage: 'finish',
  },
  qwen: {
    firstDelta: '{"content":null,"role":"assistant","reasoning_content":""}',
    toContentDelta: (token) => `{"content":${token},"reasoning_content":null}`,
    toReasoningDelta: (token) => `{"content":null,"reasoning_content":${token}}`,
    finishDelta: '{"content":"","reasoning_content":null}',
    startsWithChoices: true,
    tools: 'pieces-empty-id',
    systemFingerprint: null,
  },
  groq: {
    firstDelta: '{"role":"assistant","content":""}',
    toReasoningDelta: (token) => `{"reasoning":${token}}`,
    usage: 'finish',
    tools: 'whole',
    hasGroqField: true,
  },
  mistral: {
    firstDelta: '{"role":"assistant","content":""}',
    toContentDelta: (token) => `{"content":[{"type":"text","text":${token}}]}`,
    toReasoningDelta: (token) => `{"content":[{"type":"thinking","thinking":[{"type":"text","text":${token}}]}]}`,
    finishDelta: '{"content":""}',
    usage: 'finish',
    tools: 'whole-without-index',
    lengthReason: 'model_length',
    systemFingerprint: null,
  },
  kimi: {
    firstDelta: '{"role":"assistant","content":""}',
    hasObject: false,
    usage: 'finish',
    mergesLastToken: true,
  },
  vllm: {
    firstDelta: '{"role":"assistant","content":""}',
    toReasoningDelta: (token) => `{"reasoning":${token}}`,
    systemFingerprint: null,
  },
  ollama: {
    firstDelta: null,
    toContentDelta: (token) => `{"role":"assistant","content":${token}}`,
    toReasoningDelta: (token) => `{"role":"assistant","content":"","reasoning":${token}}`,
    finishDelta: '{"role":"assistant","content":""}',
    tools: 'whole',
    systemFingerprint: 'fp_ollama',
    hasLateHeaders: true,
  },
  azure: { hasAzureFilter: true },
  'think-tags': {
    firstDelta: '{"role":"assistant","content":""}',
    hasThinkTags: true,
  },
}

/** The dialect of a compatible server; null is OpenAI itself. */
export function toChatDialect(quirk: Quirk | null): ChatDialect {
  return quirk === null ? OPENAI : { ...OPENAI, ...DIALECTS[quirk] }
}
