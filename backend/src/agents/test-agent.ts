import type { AgentTest } from '@llmchat/protocol/api/admin-schema'
import type { Clock } from '../base/clock.ts'
import type { CreateId } from '../base/ids.ts'
import type { ProviderCall, ProviderTarget } from '../providers/provider-adapter.ts'
import { isContentPart, type ProviderFailure, type ProviderPart } from '../providers/provider-part.ts'

export interface TestAgentDeps {
  clock: Clock
  createId: CreateId
  streamAnswer: (call: ProviderCall, options: { signal: AbortSignal }) => AsyncIterable<ProviderPart[]>
}

const question = 'Reply with the single word OK.'
const limitMs = 30_000

/** Asks the agent a short question over its real adapter, in a conversation that nobody goes on with. */
export async function testAgent(deps: TestAgentDeps, target: ProviderTarget): Promise<AgentTest> {
  const { clock } = deps
  const startMs = clock.monotonicMs()
  const id = deps.createId()
  const call: ProviderCall = {
    target,
    turns: [{ role: 'user', content: question }],
    endUserId: 'connection-test',
    upstream: target.provider === 'fastgpt' ? { conversationId: id } : {},
    answerId: id,
    continueFrom: null,
    passThrough: {},
  }
  const abort = new AbortController()
  const cancel = clock.setTimer(limitMs, () => abort.abort())
  let firstContentMs: number | null = null
  let failure: Pick<ProviderFailure, 'code' | 'message'> | null = null
  let isFinished = false
  for await (const parts of deps.streamAnswer(call, { signal: abort.signal })) {
    if (firstContentMs === null && parts.some(isContentPart)) firstContentMs = Math.round(clock.monotonicMs() - startMs)
    for (const part of parts) {
      if (part.type === 'failure') failure = part.failure
      isFinished ||= part.type === 'finish'
    }
  }
  cancel()
  if (failure === null && !isFinished) failure = { code: 'upstream_deadline', message: 'There was no end within 30 s.' }
  return {
    isWorking: failure === null,
    errorCode: failure?.code ?? null,
    message: failure?.message ?? null,
    firstContentMs,
    durationMs: Math.round(clock.monotonicMs() - startMs),
  }
}
