import { describe, expect, it, vi } from 'vitest'
import { completed, createStart, finish, textStart } from '../test-support/answer-events.ts'
import { createManualClock } from '../test-support/manual-clock.ts'
import { createScriptedServer } from '../test-support/scripted-server.ts'
import type { ScriptedRequest } from '../test-support/scripted-server.ts'
import { followAnswer, silenceLimitMs } from './answer-stream.ts'
import type { AnswerTarget } from './answer-stream.ts'

function openFollower(target: Partial<AnswerTarget> = {}) {
  const server = createScriptedServer()
  const clock = createManualClock()
  const controller = new AbortController()
  const wakes = new Set<() => void>()
  const frames: (string | null)[] = []
  const losses: (number | null)[] = []
  const end = followAnswer(
    {
      request: server.request,
      clock,
      random: () => 0.5,
      onWake: (wake) => {
        wakes.add(wake)
        return () => wakes.delete(wake)
      },
    },
    { sessionId: 's1', generationId: null, lastFrameId: null, ...target },
    {
      onFrame: (frameId) => frames.push(frameId),
      onLost: (lost) => losses.push(lost ? lost.retryAtMs - clock.now() : null),
    },
    controller.signal,
  )
  const wake = () => [...wakes].forEach((run) => run())
  const getRequest = async (index: number): Promise<ScriptedRequest> => {
    await vi.waitUntil(() => server.requests.length > index)
    const request = server.requests[index]
    if (!request) throw new Error('no such request')
    return request
  }
  return { server, clock, controller, frames, losses, end, wake, getRequest }
}

type Follower = ReturnType<typeof openFollower>

/** The watchdog's timer is gone and the shorter one of the back-off is there. */
async function waitForBackOff({ clock }: Follower): Promise<void> {
  await vi.waitUntil(() => clock.listDelaysMs().length === 1 && (clock.listDelaysMs()[0] ?? 0) < silenceLimitMs)
}

async function passBackOff(follower: Follower): Promise<number> {
  const { clock } = follower
  await waitForBackOff(follower)
  const delayMs = clock.listDelaysMs()[0] ?? 0
  clock.advance(delayMs)
  return delayMs
}

describe('followAnswer', () => {
  it('ends at the terminal event and announces that it resumes by itself', async () => {
    const follower = openFollower()
    const request = await follower.getRequest(0)
    expect(request.path).toBe('/api/chat/s1/stream')
    expect(request.options.headers).toMatchObject({ 'x-llmchat-resume': '1' })
    const stream = request.stream()
    stream.event('g1:1', createStart('g1', 'u1'))
    stream.event('g1:2', textStart)
    stream.event('g1:3', finish)
    expect(await follower.end).toBe('terminal')
    expect(follower.frames).toEqual(['g1:1', 'g1:2', 'g1:3'])
  })

  it('resumes a lost connection after the last frame, under the generation it has learned', async () => {
    const follower = openFollower()
    const first = (await follower.getRequest(0)).stream()
    first.event('g1:1', createStart('g1', 'u1'))
    first.event('g1:2', textStart)
    await vi.waitUntil(() => follower.frames.length === 2)
    first.break()
    await passBackOff(follower)
    const second = await follower.getRequest(1)
    expect(second.path).toBe('/api/chat/s1/stream?generation=g1')
    expect(second.options.headers).toMatchObject({ 'last-event-id': 'g1:2' })
    second.stream().event('g1:3', finish)
    expect(await follower.end).toBe('terminal')
    expect(follower.frames).toEqual(['g1:1', 'g1:2', 'g1:3'])
    expect(follower.losses.filter((delayMs) => delayMs !== null)).toEqual([])
  })

  it('reads the answer to the POST first and asks only when that broke off', async () => {
    const source = createScriptedServer()
    const answer = source.request('/api/chat', {})
    const stream = source.requests[0]?.stream()
    const follower = openFollower({ response: await answer })
    stream?.event('g1:1', createStart('g1', 'u1'))
    await vi.waitUntil(() => follower.frames.length === 1)
    expect(follower.server.requests).toHaveLength(0)
    stream?.end()
    await passBackOff(follower)
    ;(await follower.getRequest(0)).stream().event('g1:2', finish)
    expect(await follower.end).toBe('terminal')
  })

  it('backs off up to 8 s while the server is away and says when it tries again', async () => {
    const follower = openFollower({ generationId: 'g1', lastFrameId: 'g1:7' })
    const delays: number[] = []
    for (let attempt = 0; attempt < 8; attempt++) {
      ;(await follower.getRequest(attempt)).fail('network', 0)
      delays.push(await passBackOff(follower))
    }
    expect(delays[0]).toBeGreaterThanOrEqual(250)
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
    expect(delays.at(-1)).toBe(6000)
    expect(follower.losses).toEqual(delays)
    ;(await follower.getRequest(8)).stream().event('g1:8', completed)
    await vi.waitUntil(() => follower.frames.length === 1)
    expect(follower.losses.at(-1)).toBeNull()
    follower.controller.abort()
    expect(await follower.end).toBe('released')
  })

  it('tries at once when it is woken', async () => {
    const follower = openFollower()
    for (let attempt = 0; attempt < 5; attempt++) {
      ;(await follower.getRequest(attempt)).fail('network', 0)
      if (attempt < 4) await passBackOff(follower)
    }
    await waitForBackOff(follower)
    follower.wake()
    ;(await follower.getRequest(5)).reply(204)
    expect(await follower.end).toBe('idle')
  })

  it('leaves a connection that has been silent for 35 s, and keeps one with heartbeats', async () => {
    const follower = openFollower()
    const request = await follower.getRequest(0)
    const stream = request.stream()
    stream.event('g1:1', createStart('g1', 'u1'))
    await vi.waitUntil(() => follower.frames.length === 1)
    follower.clock.advance(20_000)
    stream.text(': ping\n\n')
    await vi.waitUntil(() => (follower.clock.listDelaysMs()[0] ?? 0) === silenceLimitMs)
    follower.clock.advance(20_000)
    expect(follower.server.requests).toHaveLength(1)
    follower.clock.advance(15_000)
    await passBackOff(follower)
    expect((await follower.getRequest(1)).options.headers).toMatchObject({ 'last-event-id': 'g1:1' })
    follower.controller.abort()
    await follower.end
  })

  it('gives up a request that gets no answer at all', async () => {
    const follower = openFollower()
    const request = await follower.getRequest(0)
    follower.clock.advance(silenceLimitMs)
    expect(request.isAborted()).toBe(true)
    await passBackOff(follower)
    ;(await follower.getRequest(1)).reply(204)
    expect(await follower.end).toBe('idle')
  })

  it('comes back when a draining instance asks it to, without a word of loss', async () => {
    const follower = openFollower()
    const stream = (await follower.getRequest(0)).stream()
    stream.event('g1:1', createStart('g1', 'u1'))
    stream.text('retry: 40\n\n')
    stream.end()
    await vi.waitUntil(() => follower.clock.listDelaysMs()[0] === 40)
    follower.clock.advance(40)
    ;(await follower.getRequest(1)).stream().event('g1:2', finish)
    expect(await follower.end).toBe('terminal')
    expect(follower.losses).toEqual([null, null])
  })

  it('keeps its place over a move that begins before the first frame and meets the draining instance again', async () => {
    const follower = openFollower({ generationId: 'g1', lastFrameId: 'g1:4' })
    const first = (await follower.getRequest(0)).stream()
    first.text('retry: 0\n\n')
    first.end()
    await vi.waitUntil(() => follower.clock.listDelaysMs()[0] === 0)
    follower.clock.advance(0)
    ;(await follower.getRequest(1)).fail('draining', 503, 2_000)
    await vi.waitUntil(() => follower.clock.listDelaysMs()[0] === 250)
    follower.clock.advance(250)
    const third = await follower.getRequest(2)
    expect(third.path).toBe('/api/chat/s1/stream?generation=g1')
    expect(third.options.headers).toMatchObject({ 'last-event-id': 'g1:4', 'x-llmchat-resume': '1' })
    third.stream().event('g1:5', finish)
    expect(await follower.end).toBe('terminal')
    expect(follower.frames).toEqual(['g1:5'])
    expect(follower.losses.filter((delayMs) => delayMs !== null)).toEqual([])
  })

  it('backs away from a server that sends nothing but hints, and says so', async () => {
    const follower = openFollower({ generationId: 'g1', lastFrameId: 'g1:4' })
    for (let attempt = 0; attempt < 6; attempt++) {
      const stream = (await follower.getRequest(attempt)).stream()
      stream.text('retry: 0\n\n')
      stream.end()
      await vi.waitUntil(() => (follower.clock.listDelaysMs()[0] ?? silenceLimitMs) < silenceLimitMs)
      if (attempt < 5) expect(follower.clock.listDelaysMs()).toEqual([0])
      else expect(follower.clock.listDelaysMs()[0]).toBeGreaterThanOrEqual(250)
      if (attempt < 5) follower.clock.advance(0)
    }
    expect(follower.losses.at(-1)).toBeGreaterThanOrEqual(250)
    follower.controller.abort()
    await follower.end
  })

  it('takes a draining refusal without a hint before it for what it is: a server that is away', async () => {
    const follower = openFollower({ generationId: 'g1', lastFrameId: 'g1:4' })
    ;(await follower.getRequest(0)).fail('draining', 503, 2_000)
    expect(await passBackOff(follower)).toBe(2_000)
    expect(follower.losses).toEqual([2_000])
    follower.controller.abort()
    await follower.end
  })

  it('waits through a lost login and ends on a chat that is not there', async () => {
    const follower = openFollower()
    ;(await follower.getRequest(0)).fail('unauthenticated', 401)
    await passBackOff(follower)
    ;(await follower.getRequest(1)).fail('rate_limited', 429, 9_000)
    expect(await passBackOff(follower)).toBe(9_000)
    ;(await follower.getRequest(2)).fail('chat_session_not_found', 404)
    expect(await follower.end).toBe('gone')
  })
})
