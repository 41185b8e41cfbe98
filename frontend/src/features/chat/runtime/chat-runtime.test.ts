import type { ChatMessage, ChatMessagePage } from '@llmchat/protocol/api/chat-schema'
import { toPlainText } from '@llmchat/protocol/message-part'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ApiError } from '../../../shared/api/api-error.ts'
import { buildBranch } from '../thread/message-tree.ts'
import {
  completed,
  createDelta,
  createMessage,
  createPage,
  createStart,
  finish,
  textStart,
} from '../test-support/answer-events.ts'
import { createManualClock } from '../test-support/manual-clock.ts'
import { createScriptedServer } from '../test-support/scripted-server.ts'
import type { ScriptedRequest, ScriptedStream } from '../test-support/scripted-server.ts'
import { hiddenReleaseMs } from './chat-reader.ts'
import { openChatRuntime } from './chat-runtime.ts'

const storedStart: ChatMessage[] = [
  createMessage({ id: 'u1', parts: [{ type: 'text', id: 't1', text: 'question' }] }),
  createMessage({
    id: 'a1',
    parentId: 'u1',
    role: 'assistant',
    generationId: 'g1',
    parts: [{ type: 'text', id: 't1', text: 'one two' }],
    delivery: { state: 'streaming' },
    createdAt: '2026-01-01T00:00:01.000Z',
  }),
]

function openRuntime(pages: Record<string, ChatMessagePage> = {}, storage = new Map<string, string>()) {
  const server = createScriptedServer()
  const clock = createManualClock()
  const tab = { isVisible: true, listeners: new Set<() => void>() }
  const calls: string[] = []
  let paint: () => void = () => undefined
  let idCount = 0
  const runtime = openChatRuntime({
    userId: 'u',
    request: server.request,
    clock,
    random: () => 0.5,
    createId: () => `m${++idCount}`,
    storage: { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value) },
    onForeignWrite: () => () => undefined,
    onWake: () => () => undefined,
    requestFrame(run) {
      paint = run
      return () => {
        paint = () => undefined
      }
    },
    isVisible: () => tab.isVisible,
    onVisibility(listener) {
      tab.listeners.add(listener)
      return () => tab.listeners.delete(listener)
    },
    api: {
      async listMessages(sessionId) {
        const page = pages[sessionId]
        await Promise.resolve()
        if (page) return page
        throw new ApiError({
          code: 'chat_session_not_found',
          message: 'There is no such chat.',
          requestId: 'r1',
          status: 404,
          retryAfterMs: null,
        })
      },
      async updateSession(sessionId, change) {
        calls.push(`update ${sessionId} ${JSON.stringify(change)}`)
        return Promise.resolve(createPage([]).session)
      },
      async stopAnswer(sessionId, generationId) {
        calls.push(`stop ${sessionId} ${generationId ?? ''}`)
        return Promise.resolve()
      },
      sendFeedback: () => Promise.resolve(),
    },
    onProblem: (problem, error) => calls.push(`${problem} ${error.code}`),
    onEnded: (sessionId, answer) => calls.push(`ended ${sessionId} ${answer?.delivery?.state ?? 'unknown'}`),
    onSessionsChanged: () => undefined,
  })
  onTestFinished(() => runtime.close())
  const getRequest = async (index: number): Promise<ScriptedRequest> => {
    await vi.waitUntil(() => server.requests.length > index)
    const request = server.requests[index]
    if (!request) throw new Error('no such request')
    return request
  }
  const listShown = () => {
    const { messages, live, leafId, outgoing } = runtime.store.getEntry('s1')
    return buildBranch(messages, leafId, outgoing === null).map(({ message }) =>
      toPlainText((live.get(message.id) ?? message).parts),
    )
  }
  const findState = (id: string) => {
    const { live, messages } = runtime.store.getEntry('s1')
    return (live.get(id) ?? messages.get(id))?.delivery?.state
  }
  const setVisible = (isVisible: boolean) => {
    tab.isVisible = isVisible
    for (const listener of tab.listeners) listener()
  }
  return { runtime, server, clock, calls, storage, getRequest, listShown, findState, setVisible, paint: () => paint() }
}

type Opened = ReturnType<typeof openRuntime>

async function beginAnswer(stream: ScriptedStream, questionId: string, { runtime }: Opened): Promise<void> {
  stream.event('g1:1', createStart('g1', questionId, 'a1'))
  stream.event('g1:2', textStart)
  stream.event('g1:3', createDelta('one '))
  await vi.waitUntil(() => runtime.store.getEntry('s1').messages.has('a1'))
}

const finishAnswer = (stream: ScriptedStream, fromSeq: number): void => {
  stream.event(`g1:${fromSeq}`, completed)
  stream.event(`g1:${fromSeq + 1}`, finish)
}

describe('sending', () => {
  it('paints the question at once, keeps it until acknowledged, and follows the answer', async () => {
    const opened = openRuntime()
    const { runtime, calls, listShown, findState } = opened
    runtime.show('s1')
    runtime.send({ sessionId: 's1', text: 'hello', agentId: 'agent-1', startsChat: true })
    expect(listShown()).toEqual(['hello'])
    expect(runtime.store.getEntry('s1').outgoing?.phase).toBe('sending')
    const request = await opened.getRequest(0)
    expect(request.options.body).toEqual({
      id: 's1',
      trigger: 'submit-message',
      messages: [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
      agentId: 'agent-1',
      parentId: null,
    })
    expect(runtime.outbox.items.getState()).toHaveLength(1)
    const stream = request.stream()
    await vi.waitUntil(() => runtime.outbox.items.getState().length === 0)
    await beginAnswer(stream, 'm1', opened)
    await vi.waitUntil(() => {
      opened.paint()
      return listShown().at(-1) === 'one '
    })
    finishAnswer(stream, 4)
    await vi.waitUntil(() => findState('a1') === 'complete')
    expect(listShown()).toEqual(['hello', 'one '])
    expect(calls).toContain('ended s1 complete')
  })

  it('takes the question back out of the thread when the network fails, and repeats it under the same id', async () => {
    const { runtime, clock, getRequest, listShown } = openRuntime()
    runtime.show('s1')
    runtime.send({ sessionId: 's1', text: 'hello', agentId: null, startsChat: true })
    ;(await getRequest(0)).fail('network', 0)
    await vi.waitUntil(() => runtime.store.getEntry('s1').outgoing === null)
    expect(listShown()).toEqual([])
    expect(runtime.outbox.items.getState()).toMatchObject([{ id: 'm1', text: 'hello' }])
    await vi.waitUntil(() => clock.listDelaysMs().length === 1)
    clock.advance(clock.listDelaysMs()[0] ?? 0)
    const repeat = await getRequest(1)
    expect(repeat.options.body).toMatchObject({ messages: [{ id: 'm1' }] })
    expect(listShown()).toEqual([])
    repeat.stream()
    await vi.waitUntil(() => listShown()[0] === 'hello')
    expect(runtime.outbox.items.getState()).toEqual([])
  })

  it('queues behind a running answer and hangs the next question on it', async () => {
    const opened = openRuntime()
    const { runtime, server, getRequest } = opened
    runtime.show('s1')
    runtime.send({ sessionId: 's1', text: 'first', agentId: null, startsChat: true })
    const stream = (await getRequest(0)).stream()
    await beginAnswer(stream, 'm1', opened)
    runtime.send({ sessionId: 's1', text: 'second', agentId: null })
    expect(server.requests).toHaveLength(1)
    finishAnswer(stream, 4)
    expect((await getRequest(1)).options.body).toMatchObject({ messages: [{ id: 'm2' }], parentId: 'a1' })
  })

  it('sends after a reload what an earlier visit left', async () => {
    const storage = new Map<string, string>()
    const before = openRuntime({}, storage)
    before.runtime.send({ sessionId: 's1', text: 'kept', agentId: null, startsChat: true })
    before.runtime.close()
    const after = openRuntime({}, storage)
    expect((await after.getRequest(0)).options.body).toMatchObject({ messages: [{ id: 'm1' }] })
  })
})

describe('reading', () => {
  it('goes on after a reload in the middle of an answer, without a gap or a step back', async () => {
    const opened = openRuntime({ s1: createPage(storedStart) })
    const { runtime, getRequest, listShown } = opened
    runtime.show('s1')
    const request = await getRequest(0)
    expect(request.path).toBe('/api/chat/s1/stream?generation=g1')
    const stream = request.stream()
    const seen = new Set<string>()
    const note = () => {
      opened.paint()
      seen.add(listShown().at(-1) ?? '')
    }
    stream.event('g1:1', createStart('g1', 'u1', 'a1'))
    // The first paint of the replay: it has nothing yet, the screen has the stored text.
    await vi.waitUntil(() => {
      note()
      return runtime.store.getEntry('s1').live.has('a1')
    })
    stream.event('g1:2', textStart)
    stream.event('g1:3', createDelta('one '))
    for (const [index, delta] of ['two ', 'three ', 'four'].entries()) {
      stream.event(`g1:${index + 4}`, createDelta(delta))
      await vi.waitUntil(() => {
        note()
        return listShown().at(-1)?.endsWith(delta)
      })
    }
    finishAnswer(stream, 7)
    await vi.waitUntil(() => opened.findState('a1') === 'complete')
    note()
    expect([...seen]).toEqual(['one two', 'one two ', 'one two three ', 'one two three four'])
  })

  it('gives the stream back half a minute after the tab was hidden, and takes it up where it was', async () => {
    const opened = openRuntime({ s1: createPage(storedStart) })
    const { runtime, clock, server, getRequest, setVisible } = opened
    runtime.show('s1')
    const first = await getRequest(0)
    first.stream().event('g1:1', createStart('g1', 'u1', 'a1'))
    await vi.waitUntil(() => runtime.store.getEntry('s1').live.has('a1') || (opened.paint(), false))
    setVisible(false)
    clock.advance(hiddenReleaseMs - 1)
    expect(first.isAborted()).toBe(false)
    clock.advance(1)
    expect(first.isAborted()).toBe(true)
    setVisible(true)
    const second = await getRequest(1)
    expect(second.options.headers).toMatchObject({ 'last-event-id': 'g1:1' })
    expect(server.requests).toHaveLength(2)
  })

  it('asks the server how an answer ended that left no terminal event', async () => {
    const page = createPage(storedStart)
    const pages = { s1: page }
    const { runtime, getRequest, findState } = openRuntime(pages)
    runtime.show('s1')
    const [question, answer] = storedStart
    if (!question || !answer) throw new Error('no messages')
    const ended: ChatMessage = { ...answer, delivery: { state: 'interrupted', reason: 'owner-lost' } }
    const request = await getRequest(0)
    pages.s1 = createPage([question, ended])
    request.reply(204)
    await vi.waitUntil(() => findState('a1') === 'interrupted')
  })

  it('shows an answer that was asked for in another tab', async () => {
    const [question] = storedStart
    if (!question) throw new Error('no messages')
    const pages = { s1: createPage([question]) }
    const { runtime, getRequest } = openRuntime(pages)
    runtime.show('s1')
    await vi.waitUntil(() => runtime.store.getEntry('s1').load.state === 'ready')
    pages.s1 = createPage(storedStart, { state: 'running' })
    runtime.note(pages.s1.session)
    expect((await getRequest(0)).path).toContain('generation=g1')
  })

  it('says so when there is no such chat', async () => {
    const { runtime } = openRuntime()
    runtime.show('nowhere')
    await vi.waitUntil(() => runtime.store.getEntry('nowhere').load.state === 'failed')
  })
})

it('stops the running answer by its id', async () => {
  const opened = openRuntime({ s1: createPage(storedStart) })
  const { runtime, calls, getRequest, findState } = opened
  runtime.show('s1')
  const stream = (await getRequest(0)).stream()
  runtime.stop('s1')
  expect(runtime.store.getEntry('s1').isStopping).toBe(true)
  expect(calls).toContain('stop s1 g1')
  stream.event('g1:1', createStart('g1', 'u1', 'a1'))
  stream.event('g1:2', { type: 'data-delivery', data: { state: 'stopped' } })
  stream.event('g1:3', { type: 'abort', reason: 'stopped' })
  await vi.waitUntil(() => findState('a1') === 'stopped')
  expect(runtime.store.getEntry('s1').isStopping).toBe(false)
})

it('makes an answer again beside the old one', async () => {
  const [question, answer] = storedStart
  if (!question || !answer) throw new Error('no messages')
  const done: ChatMessage = { ...answer, delivery: { state: 'complete', finishReason: 'stop' } }
  const opened = openRuntime({ s1: createPage([question, done]) })
  const { runtime, getRequest, listShown } = opened
  runtime.show('s1')
  await vi.waitUntil(() => runtime.store.getEntry('s1').load.state === 'ready')
  runtime.answerAgain('s1', 'a1', { agentId: null, isContinuation: false })
  expect(listShown()).toEqual(['question'])
  const request = await getRequest(0)
  expect(request.options.body).toEqual({ id: 's1', trigger: 'regenerate-message', messages: [], messageId: 'a1' })
  request.stream().event('g2:1', createStart('g2', 'u1', 'a2'))
  await vi.waitUntil(() => runtime.store.getEntry('s1').leafId === 'a2')
  runtime.showVersion('s1', 'a1')
  expect(listShown()).toEqual(['question', 'one two'])
  expect(opened.calls).toContain('update s1 {"activeLeafId":"a1"}')
})
