import { emptyMessage } from '@llmchat/protocol/fold-message'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../base/clock.ts'
import { createFailpoints } from '../base/failpoints.ts'
import { createUuidV7 } from '../base/ids.ts'
import { createLogger } from '../base/logger.ts'
import { createConfig } from '../config/create-config.ts'
import type { ProviderPart } from '../providers/provider-part.ts'
import { getAdapter } from '../providers/find-adapter.ts'
import { openMemoryStreamLog } from '../stream-log/memory-stream-log.ts'
import type { GenerationJob } from './generation-job.ts'
import { GenerationWriter } from './generation-writer.ts'
import { openFlushLoop } from './open-flush-loop.ts'
import { openResilience } from './resilience/open-resilience.ts'
import { resumeGeneration, type ResumeDeps } from './resume-generation.ts'
import { RunningGeneration } from './running-generation.ts'

const job: GenerationJob = {
  generationId: 'g',
  messageId: 'm',
  userId: 'u',
  sessionId: 's',
  parentId: 'q',
  agent: {
    id: 'fast',
    name: 'Fast',
    target: {
      provider: 'fastgpt',
      baseUrl: 'http://upstream.example/api',
      apiKey: 'key',
      model: null,
      appId: 'app',
      systemPrompt: null,
      temperature: null,
      maxTokens: null,
      options: {},
    },
    resilience: { fallbackAgentIds: [], maxConcurrent: null, hedgeAfterMs: null },
    takes: { images: false, files: false },
  },
  fence: 2,
  chain: [],
  question: 'why',
  questionFiles: [],
  continueText: null,
  rawTurns: null,
  passThrough: {},
  adopted: { baseSeq: 0, message: emptyMessage, upstream: { conversationId: 'c' }, ageMs: 0 },
}

const answer: ProviderPart[] = [
  { type: 'text', delta: 'because' },
  { type: 'finish', reason: 'stop' },
]

/** An answer of which nothing was shown; its upstream run does not let itself be fetched. */
describe('an adopted answer that must be asked for again', () => {
  let did: string[] = []
  beforeEach(() => {
    did = []
  })

  async function resume(saveCheckpoints: ResumeDeps['saveCheckpoints']) {
    const streamLog = openMemoryStreamLog({ clock: systemClock })
    await streamLog.open('g', 2, 0)
    const loop = openFlushLoop({
      streamLog,
      failpoints: createFailpoints(null),
      onError: (error) => expect.fail(String(error)),
    })
    const writer = new GenerationWriter({
      generationId: 'g',
      fence: 2,
      baseSeq: 0,
      message: emptyMessage,
      upstream: job.adopted?.upstream ?? {},
      onDirty: (dirty) => loop.schedule(dirty),
    })
    const running = new RunningGeneration(job, writer, 0)
    const deps: ResumeDeps = {
      clock: systemClock,
      getAdapter,
      resilience: await openResilience({
        config: createConfig({}).generation,
        clock: systemClock,
        createId: createUuidV7,
        logger: createLogger({ level: 'silent', instanceId: 'test' }),
        redis: null,
      }),
      fetchQuietly: () => Promise.resolve(null),
      poll: { everyMs: 1, times: 1 },
      saveCheckpoints,
      confirmOwnership: () => Promise.resolve(),
      sendQuietly({ url }) {
        did.push(new URL(url).pathname)
        return Promise.resolve(true)
      },
      async *streamAnswer(call) {
        did.push(`asked in ${call.upstream.conversationId === 'c' ? 'the old' : 'a new'} conversation`)
        yield await Promise.resolve(answer)
      },
      findConversationTail: () => Promise.resolve(null),
      toEndUserId: (id) => id,
      withConversation: (_key, _signal, work) => work(),
      random: () => 0,
      retryAttempts: 0,
      findActiveAgent: () => Promise.resolve(null),
      onFellBack: () => undefined,
    }
    return { delivery: await resumeGeneration(deps, running), running }
  }

  it('forgets the run, stops it, and asks in another conversation', async () => {
    const { delivery } = await resume(([snapshot]) => {
      did.push(`saved ${JSON.stringify(snapshot?.upstream)}`)
      return Promise.resolve(['g'])
    })
    expect(delivery).toEqual({ state: 'complete', finishReason: 'stop' })
    expect(did).toEqual(['saved {}', '/api/v2/chat/stop', 'asked in a new conversation'])
  })

  it('is left alone, run and all, where another owner has taken over', async () => {
    const { running } = await resume(() => Promise.resolve([]))
    expect(running.endReason).toBe('superseded')
    expect(did).toEqual([])
  })

  it('lets the run go on where nobody can be told that it is to be forgotten', async () => {
    const { delivery } = await resume(() => Promise.reject(new Error('the database is away')))
    expect(delivery).toEqual({ state: 'complete', finishReason: 'stop' })
    expect(did).toEqual(['asked in a new conversation'])
  })
})
